//! What a type of the schema lets one name (可用名称): the values of an enum, the fields of an input.

use std::collections::HashMap;
use std::sync::LazyLock;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{TypeDefinition, TypeKind, TypeSystemDefinition};

use crate::schema::definitions;

static NAMES: LazyLock<HashMap<String, Vec<String>>> = LazyLock::new(names);

/// The names of a type; none of one that has none.
pub fn of(ty: &str) -> impl Iterator<Item = &'static str> {
    NAMES.get(ty).into_iter().flatten().map(String::as_str)
}

fn names() -> HashMap<String, Vec<String>> {
    // The text is made by this program; of an unreadable one nothing is suggested, and the tests fail.
    let definitions = parse_schema(definitions()).map(|document| document.definitions).unwrap_or_default();
    let types = definitions.into_iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(definition) => Some(definition.node),
        _ => None,
    });
    types.filter_map(|ty| Some((ty.name.node.to_string(), names_of(ty)?))).collect()
}

fn names_of(ty: TypeDefinition) -> Option<Vec<String>> {
    match ty.kind {
        TypeKind::Enum(values) => {
            Some(values.values.iter().map(|value| value.node.value.node.to_string()).collect())
        }
        TypeKind::InputObject(input) => {
            Some(input.fields.iter().map(|field| field.node.name.node.to_string()).collect())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enums_and_inputs_have_names_and_objects_none() {
        assert!(of("UserErrorCode").any(|name| name == "STALE_VERSION"));
        assert!(of("VisitRecordInput").any(|name| name == "visitedOn"));
        assert_eq!(of("Query").count() + of("Nothing").count(), 0);
    }
}
