//! The fields of an answer in the order in which they were asked for, as the specification wants it and readers expect.
//! The library resolves fields side by side and notes each as it is ready.

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, Selection, SelectionSet};
use async_graphql::{Name, Value};

/// Names of an answer in their order, each with the order below it.
#[derive(Debug, Default)]
pub(super) struct Order(IndexMap<Name, Order>);

impl Order {
    /// Of an operation whose expanded fields and fragments have been counted: this walks each as often as it is spread, and
    /// what doubles or goes round was refused.
    pub(super) fn of(document: &ExecutableDocument, operation: &OperationDefinition) -> Self {
        let mut order = Self::default();
        order.add(document, &operation.selection_set.node);
        order
    }

    fn add(&mut self, document: &ExecutableDocument, selected: &SelectionSet) {
        for selection in &selected.items {
            match &selection.node {
                Selection::Field(field) => {
                    let name = field.node.response_key().node.clone();
                    let below = self.0.entry(name).or_default();
                    below.add(document, &field.node.selection_set.node);
                }
                Selection::InlineFragment(fragment) => {
                    self.add(document, &fragment.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if let Some(fragment) = document.fragments.get(name) {
                        self.add(document, &fragment.node.selection_set.node);
                    }
                }
            }
        }
    }

    /// Puts an answer into this order.
    pub(super) fn arrange(&self, value: &mut Value) {
        match value {
            Value::List(items) => {
                for item in items {
                    self.arrange(item);
                }
            }
            // Below a scalar nothing was selected: what it holds is its own.
            Value::Object(fields) if !self.0.is_empty() => {
                let place = |name: &Name| self.0.get_index_of(name);
                fields.sort_by(|one, _, other, _| place(one).cmp(&place(other)));
                for (name, value) in fields {
                    if let Some(below) = self.0.get(name) {
                        below.arrange(value);
                    }
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::json;

    use super::*;

    fn arranged(query: &str, answer: serde_json::Value) -> String {
        let document = parse_query(query).unwrap();
        let operation = document.operations.iter().next().unwrap().1;
        let mut value = Value::from_json(answer).unwrap();
        Order::of(&document, &operation.node).arrange(&mut value);
        serde_json::to_string(&value).unwrap()
    }

    #[test]
    fn names_stand_as_selected_through_lists_aliases_and_fragments() {
        let query = "{ z: list { ...F c a } a } fragment F on T { b ... on U { d { y x } } }";
        let answer = json!({ "a": 1, "z": [
            { "a": 2, "d": { "x": 1, "y": 2 }, "b": 3, "c": null },
            { "c": 4, "a": 5 },
        ] });
        assert_eq!(
            arranged(query, answer),
            r#"{"z":[{"b":3,"d":{"y":2,"x":1},"c":null,"a":2},{"c":4,"a":5}],"a":1}"#
        );
    }

    #[test]
    fn what_a_scalar_holds_stays_as_it_is() {
        let answer = json!({ "b": 1, "extra": { "y": 1, "x": 2 } });
        assert_eq!(arranged("{ extra b }", answer), r#"{"extra":{"x":2,"y":1},"b":1}"#);
    }
}
