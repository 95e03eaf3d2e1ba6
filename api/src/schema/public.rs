//! Operations for anybody (无须登录): those all of whose root fields the schema itself marks `@public`.

use std::collections::HashSet;
use std::sync::LazyLock;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet, TypeKind,
    TypeSystemDefinition,
};

use crate::schema::definitions;

static FIELDS: LazyLock<PublicFields> = LazyLock::new(|| PublicFields::of(&definitions()));

/// Whether an operation asks for nothing but what is for anybody, fragments expanded.
#[must_use]
pub fn is_public(document: &ExecutableDocument, operation: &OperationDefinition) -> bool {
    FIELDS.cover(document, operation)
}

/// Names of the marked fields of both roots. A subscription is of somebody who stays, so it has none.
struct PublicFields {
    queries: HashSet<String>,
    mutations: HashSet<String>,
}

impl PublicFields {
    fn of(sdl: &str) -> Self {
        // The text is made by this program; of an unreadable one nothing is public.
        let definitions = parse_schema(sdl).map(|document| document.definitions).unwrap_or_default();
        let marked = |root: &str| {
            let roots = definitions.iter().filter_map(|definition| match definition {
                TypeSystemDefinition::Type(definition) if definition.node.name.node == root => {
                    match &definition.node.kind {
                        TypeKind::Object(object) => Some(&object.fields),
                        _ => None,
                    }
                }
                _ => None,
            });
            let fields = roots.flatten().map(|field| &field.node);
            fields
                .filter(|field| field.directives.iter().any(|mark| mark.node.name.node == "public"))
                .map(|field| field.name.node.to_string())
                .collect()
        };
        Self { queries: marked("Query"), mutations: marked("Mutation") }
    }

    fn cover(&self, document: &ExecutableDocument, operation: &OperationDefinition) -> bool {
        let fields = match operation.ty {
            OperationType::Query => &self.queries,
            OperationType::Mutation => &self.mutations,
            OperationType::Subscription => return false,
        };
        let mut look = Look { document, fields, entered: HashSet::new() };
        look.covers(&operation.selection_set.node)
    }
}

struct Look<'d> {
    document: &'d ExecutableDocument,
    fields: &'d HashSet<String>,
    /// Fragments that were looked into: each once, however often it is spread.
    entered: HashSet<&'d str>,
}

impl<'d> Look<'d> {
    fn covers(&mut self, set: &'d SelectionSet) -> bool {
        set.items.iter().all(|item| match &item.node {
            Selection::Field(field) => {
                let name = field.node.name.node.as_str();
                name == "__typename" || self.fields.contains(name)
            }
            Selection::InlineFragment(fragment) => self.covers(&fragment.node.selection_set.node),
            Selection::FragmentSpread(spread) => self.spread(&spread.node.fragment_name.node),
        })
    }

    fn spread(&mut self, name: &str) -> bool {
        match self.document.fragments.get_key_value(name) {
            Some((name, fragment)) => {
                !self.entered.insert(name.as_str()) || self.covers(&fragment.node.selection_set.node)
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use async_graphql::parser::parse_query;

    use super::*;

    const SDL: &str = "directive @public on FIELD_DEFINITION
        type Query { time: Int! @public viewer: Int receipt(code: ID!): Int @public }
        type Mutation { login: Int @public record: Int }
        type Subscription { time: Int @public }";

    fn public(text: &str) -> bool {
        let document = parse_query(text).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        PublicFields::of(SDL).cover(&document, &operation.node)
    }

    #[test]
    fn what_is_marked_is_public_whatever_it_is_called() {
        assert!(public("{ __typename time viewer: receipt(code: 1) }"));
        assert!(public("mutation { login }"));
        assert!(public(
            "{ ...a ... { time } } fragment a on Query { ...b ...b } fragment b on Query { time }"
        ));
    }

    #[test]
    fn one_other_field_makes_it_somebody_s() {
        assert!(!public("{ time viewer }"));
        assert!(!public("{ time: viewer }"));
        assert!(!public("{ time ... @include(if: false) { viewer } }"));
        assert!(!public("{ ...a } fragment a on Query { time ...b } fragment b on Query { viewer }"));
        assert!(!public("{ ...none }"));
        assert!(!public("{ __schema { types { name } } }"));
        assert!(!public("mutation { time }"), "a field of the other root");
        assert!(!public("mutation { login record }"));
        assert!(!public("subscription { time }"));
    }

    #[test]
    fn fragments_that_double_are_looked_into_once() {
        let mut text = String::from("{ ...f0 }");
        for step in 0..60 {
            let next = step + 1;
            write!(text, " fragment f{step} on Query {{ ...f{next} ...f{next} }}").unwrap();
        }
        assert!(public(&format!("{text} fragment f60 on Query {{ time }}")));
        assert!(!public(&format!("{text} fragment f60 on Query {{ viewer }}")));
    }

    #[test]
    fn of_an_unreadable_schema_nothing_is_public() {
        assert!(PublicFields::of("type {").queries.is_empty());
    }
}
