//! What the schema says of each field: its type, and how many rows it brings. It is read from the schema's own text, so that
//! a new list can't be forgotten.

use std::collections::HashMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, Type, TypeDefinition, TypeKind, TypeSystemDefinition,
};

use super::lists::{LISTS, USUAL_LIST};

/// How many times the fields below a field are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// A scalar or an enum: nothing stands below it.
    Leaf,
    /// Once at most.
    One,
    /// So many, as a rule.
    Fixed(usize),
    /// A connection, which hands the size of its page to its lists.
    Connection,
    /// A list in a connection.
    OfPage,
    /// A list as long as `first` or `last` says.
    Asked,
    /// A list as long as `ids`.
    Ids,
}

/// What is known of a field.
pub(super) struct Known {
    pub(super) ty: String,
    pub(super) rows: Rows,
    /// Whether it takes the filter of suggestions.
    pub(super) filters: bool,
}

/// Types, and their fields. A scalar or an enum has none and is not here.
pub(super) struct Fields(pub(super) HashMap<String, HashMap<String, Known>>);

impl Fields {
    pub(super) fn of(sdl: &str) -> Self {
        // The text is made by this program; an unreadable one prices every field at nothing and fails the tests.
        let definitions = parse_schema(sdl).map(|document| document.definitions).unwrap_or_default();
        let types = definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => Some(definition.node),
            _ => None,
        });
        let written: HashMap<String, Vec<FieldDefinition>> = types.filter_map(composite).collect();
        let fields_of = |(name, fields): (&String, &Vec<FieldDefinition>)| {
            let known = fields.iter().map(|field| known(&written, name, field));
            (name.clone(), known.collect())
        };
        Self(written.iter().map(fields_of).collect())
    }

    /// A field of a type; that of no type for one that the schema does not have.
    pub(super) fn find(&self, parent: &str, name: &str) -> (&str, Rows, bool) {
        match name {
            "__schema" => ("__Schema", Rows::One, false),
            "__type" => ("__Type", Rows::One, false),
            _ => match self.0.get(parent).and_then(|fields| fields.get(name)) {
                Some(field) => (&field.ty, field.rows, field.filters),
                None => ("", Rows::Leaf, false),
            },
        }
    }
}

/// A type that has fields or stands for some that have.
fn composite(definition: TypeDefinition) -> Option<(String, Vec<FieldDefinition>)> {
    let fields = match definition.kind {
        TypeKind::Object(object) => object.fields,
        TypeKind::Interface(interface) => interface.fields,
        TypeKind::Union(_) => Vec::new(),
        _ => return None,
    };
    let fields = fields.into_iter().map(|field| field.node).collect();
    Some((definition.name.node.to_string(), fields))
}

fn known(
    composites: &HashMap<String, Vec<FieldDefinition>>,
    parent: &str,
    field: &FieldDefinition,
) -> (String, Known) {
    let name = field.name.node.to_string();
    let (ty, list) = base(&field.ty.node);
    let takes = |name: &str| field.arguments.iter().any(|argument| argument.node.name.node == name);
    let rows = if !composites.contains_key(&ty) {
        Rows::Leaf
    } else if ty.ends_with("Connection") {
        Rows::Connection
    } else if !list {
        Rows::One
    } else if parent.ends_with("Connection") {
        Rows::OfPage
    } else if takes("first") || takes("last") {
        Rows::Asked
    } else if takes("ids") {
        Rows::Ids
    } else {
        let listed = LISTS.iter().find(|(of, field, _)| *of == parent && *field == name);
        Rows::Fixed(listed.map_or(USUAL_LIST, |(_, _, rows)| *rows))
    };
    let filters = field.arguments.iter().any(|argument| base(&argument.node.ty.node).0 == "SubmissionFilter");
    (name, Known { ty, rows, filters })
}

fn base(ty: &Type) -> (String, bool) {
    match &ty.base {
        BaseType::Named(name) => (name.to_string(), false),
        BaseType::List(inner) => (base(inner).0, true),
    }
}
