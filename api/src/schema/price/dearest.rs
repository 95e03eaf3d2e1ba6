//! Which fields of a refused operation cost most, so that its author knows what to take out.

use std::cmp::Reverse;

use async_graphql::parser::types::{ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet};
use async_graphql::{Name, Value, Variables};

use super::count::{Around, Count, root};
use crate::error::{ApiError, ErrorCode};

/// Most fields that a refusal names.
const NAMED: usize = 5;

/// A field, and what it costs with everything below it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dear {
    /// Its place in the answer, as deep as one field is most of the cost: `campaign.villages.nodes`.
    pub(super) path: String,
    /// Units.
    pub(super) cost: usize,
}

/// The dearest fields of an operation, dearest first.
pub(super) fn fields(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
) -> Vec<Dear> {
    let mut count = Count::new(document, operation, variables);
    let set = &operation.selection_set.node;
    let mut below = Vec::new();
    listed(document, set, root(operation), &mut below);
    let priced = below.into_iter().map(|(field, parent)| {
        let cost = count.field(field, parent, Around::default()).units;
        (cost, field, parent)
    });
    let mut priced: Vec<_> = priced.collect();
    priced.sort_by_key(|(cost, ..)| Reverse(*cost));
    priced.truncate(NAMED);
    let named = priced.into_iter();
    named.map(|(cost, field, parent)| Dear { path: count.path(field, parent), cost }).collect()
}

/// The fields of a selection, fragments resolved, each with the type that it is of.
fn listed<'d>(
    document: &'d ExecutableDocument,
    set: &'d SelectionSet,
    parent: &'d str,
    found: &mut Vec<(&'d Field, &'d str)>,
) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => found.push((&field.node, parent)),
            Selection::InlineFragment(fragment) => {
                let condition = fragment.node.type_condition.as_ref();
                let ty = condition.map_or(parent, |condition| condition.node.on.node.as_str());
                listed(document, &fragment.node.selection_set.node, ty, found);
            }
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    let ty = fragment.node.type_condition.node.on.node.as_str();
                    listed(document, &fragment.node.selection_set.node, ty, found);
                }
            }
        }
    }
}

impl<'d> Count<'d> {
    /// The way down from a field, as long as one field below is more than half of the cost.
    fn path(&mut self, field: &'d Field, parent: &'d str) -> String {
        let mut path = field.response_key().node.to_string();
        let (mut field, mut parent, mut around) = (field, parent, Around::default());
        loop {
            let whole = self.field(field, parent, around).units;
            let alone = self.alone(field, parent, around);
            let mut below = Vec::new();
            listed(self.document, &field.selection_set.node, alone.ty, &mut below);
            let priced = below.into_iter().map(|(field, parent)| {
                let cost = self.field(field, parent, alone.inside).units.saturating_mul(alone.times);
                (cost, field, parent)
            });
            let Some((cost, next, of)) = priced.max_by_key(|(cost, ..)| *cost) else { return path };
            if cost <= whole / 2 {
                return path;
            }
            path = format!("{path}.{}", next.response_key().node);
            (field, parent, around) = (next, of, alone.inside);
        }
    }
}

/// QUERY_TOO_COMPLEX, with what costs most: in words, and as `extensions.costs`.
pub(super) fn too_dear(cost: usize, most: usize, dearest: &[Dear]) -> ApiError {
    let told = |separator: &str| {
        let each = dearest.iter().map(|dear| format!("{} {}", dear.path, dear.cost));
        each.collect::<Vec<_>>().join(separator)
    };
    let (zh, en) = (told("、"), told(", "));
    let costs = dearest.iter().map(|dear| {
        let pairs = [("path", Value::from(dear.path.as_str())), ("cost", Value::from(dear.cost))];
        Value::Object(pairs.into_iter().map(|(name, value)| (Name::new(name), value)).collect())
    });
    ApiError::new(
        ErrorCode::QueryTooComplex,
        format!("查询过于复杂：费用 {cost}，最多 {most}；其中 {zh}。请减少检索、计数、明细或每页条数"),
        format!(
            "The query costs {cost}, and at most {most}. Of that: {en}. Ask for fewer searches, counts, objects or rows"
        ),
    )
    .with("costs", Value::List(costs.collect()))
}
