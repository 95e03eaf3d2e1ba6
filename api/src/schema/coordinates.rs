//! What the schema calls a field of an answer (字段坐标): `Mutation.submissionSubmit`, whatever name the document gave it.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, ExecutableDocument, Field, FieldDefinition, OperationDefinition, OperationType, Selection,
    SelectionSet, Type, TypeKind, TypeSystemDefinition,
};
use async_graphql::{Pos, Positioned};

use crate::schema::definitions;

/// Name of the type of each field, by the type that has it.
type Types = HashMap<String, HashMap<String, String>>;

static TYPES: LazyLock<Types> = LazyLock::new(types);

/// The coordinates of the field to which these names of an answer lead; where two types give one name to two fields, the
/// one that stands at `place`. What leads nowhere is called by the operation's own type.
#[must_use]
pub fn coordinates(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    names: &[&str],
    place: Option<Pos>,
) -> String {
    let root = match operation.ty {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    };
    let mut level = vec![(&operation.selection_set.node, root)];
    let mut found = Vec::new();
    for name in names {
        found = fields(document, &level, name);
        let below = found.iter().filter_map(|(field, parent)| {
            let ty = TYPES.get(*parent)?.get(field.node.name.node.as_str())?;
            Some((&field.node.selection_set.node, ty.as_str()))
        });
        level = below.collect();
    }
    let exact = found.iter().find(|(field, _)| Some(field.pos) == place);
    exact
        .or(found.first())
        .map_or_else(|| root.to_owned(), |(field, parent)| format!("{parent}.{}", field.node.name.node))
}

/// The fields that answer under a name, each with the type that it belongs to.
fn fields<'d>(
    document: &'d ExecutableDocument,
    level: &[(&'d SelectionSet, &'d str)],
    name: &str,
) -> Vec<(&'d Positioned<Field>, &'d str)> {
    let mut search = Search { document, name, entered: HashSet::new(), found: Vec::new() };
    for (set, parent) in level {
        search.look_into(set, parent);
    }
    search.found
}

struct Search<'d, 'n> {
    document: &'d ExecutableDocument,
    name: &'n str,
    /// Fragments that were looked into: each once, however often it is spread.
    entered: HashSet<&'d str>,
    found: Vec<(&'d Positioned<Field>, &'d str)>,
}

impl<'d> Search<'d, '_> {
    fn look_into(&mut self, set: &'d SelectionSet, parent: &'d str) {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => {
                    if field.node.response_key().node == self.name {
                        self.found.push((field, parent));
                    }
                }
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref();
                    let ty = condition.map_or(parent, |condition| &condition.node.on.node);
                    self.look_into(&fragment.node.selection_set.node, ty);
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    if let Some(fragment) = self.document.fragments.get(name)
                        && self.entered.insert(name)
                    {
                        let ty = &fragment.node.type_condition.node.on.node;
                        self.look_into(&fragment.node.selection_set.node, ty);
                    }
                }
            }
        }
    }
}

fn types() -> Types {
    // The text is made by this program; an unreadable one names root fields alone and fails the tests.
    let definitions = parse_schema(definitions()).map(|document| document.definitions).unwrap_or_default();
    let fields = |fields: Vec<Positioned<FieldDefinition>>| {
        let fields = fields.into_iter().map(|field| field.node);
        fields.map(|field| (field.name.node.to_string(), base(&field.ty.node))).collect()
    };
    let named = |definition| match definition {
        TypeSystemDefinition::Type(definition) => {
            let name = definition.node.name.node.to_string();
            match definition.node.kind {
                TypeKind::Object(object) => Some((name, fields(object.fields))),
                TypeKind::Interface(interface) => Some((name, fields(interface.fields))),
                _ => None,
            }
        }
        _ => None,
    };
    definitions.into_iter().filter_map(named).collect()
}

fn base(ty: &Type) -> String {
    match &ty.base {
        BaseType::Named(name) => name.to_string(),
        BaseType::List(inner) => base(inner),
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn named(query: &str, names: &[&str], place: Option<Pos>) -> String {
        let document = parse_query(query).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        coordinates(&document, &operation.node, names, place)
    }

    #[test]
    fn aliases_fragments_and_lists_lead_to_the_schema_s_own_name() {
        assert_eq!(
            named("{ viewer: auditEntries { nodes { id } } }", &["viewer"], None),
            "Query.auditEntries"
        );
        let query = "query { ...F } fragment F on Query { x: node(id: 1) { ... on Account { y: login } } }";
        assert_eq!(named(query, &["x"], None), "Query.node");
        assert_eq!(named(query, &["x", "y"], None), "Account.login");
        let query = "mutation { a: submissionRecord(input: {}) { b: submission { c: title } } }";
        assert_eq!(named(query, &["a", "b", "c"], None), "Submission.title");
        assert_eq!(named("mutation { a }", &["b", "c"], None), "Mutation");
    }

    #[test]
    fn of_two_fields_under_one_name_the_one_that_failed_is_named() {
        let query = "{ node(id: 1) { ... on Account { x: login } ... on Post { x: duty } } }";
        let column = query.find("x: duty").unwrap() + 1;
        let place = Pos { line: 1, column };
        assert_eq!(named(query, &["node", "x"], Some(place)), "Post.duty");
    }

    #[test]
    fn doubling_fragments_are_looked_into_once() {
        let doubling = (0..60).map(|n| format!("fragment f{n} on Query {{ ...f{0} ...f{0} }}", n + 1));
        let fragments: Vec<String> = doubling.collect();
        let query = format!("{{ ...f0 }} {} fragment f60 on Query {{ x: serverTime }}", fragments.join(" "));
        assert_eq!(named(&query, &["x"], None), "Query.serverTime");
    }
}
