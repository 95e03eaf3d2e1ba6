//! The closed predicate that filters speak: column, operator, value, and / or. No subquery, no expression of one's own.

use sea_orm::sea_query::{Cond, Condition, Expr, ExprTrait};
use sea_orm::{ColumnTrait, IntoSimpleExpr, Value};

/// Columns of closed types by which an index holds some of the rows only. A value of theirs stands in the text of the
/// statement: a plan that is kept for all parameters could not use such an index.
pub const STATED: [&str; 3] = ["capability", "late", "proposed"];

/// A condition over the columns of one table.
#[derive(Clone, Debug)]
pub enum Predicate<C> {
    /// Equal to the value.
    Is(C, Value),
    /// One of the values; an empty list matches nothing.
    In(C, Vec<Value>),
    /// At least the value.
    AtLeast(C, Value),
    /// Less than the value.
    Below(C, Value),
    /// No value.
    Empty(C),
    /// Some value.
    Present(C),
    /// All of these; none means everything.
    All(Vec<Predicate<C>>),
    /// One of these; none means nothing.
    Any(Vec<Predicate<C>>),
    /// In a keyset order, strictly past this place.
    Past(Vec<C>, Vec<Value>, Side),
}

/// Which side of a place in an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Greater keys.
    Above,
    /// Smaller keys.
    Below,
}

impl<C: ColumnTrait> Predicate<C> {
    /// Everything.
    #[must_use]
    pub fn everything() -> Self {
        Self::All(Vec::new())
    }

    /// Equal to the value.
    pub fn is(column: C, value: impl Into<Value>) -> Self {
        Self::Is(column, value.into())
    }

    /// One of the values.
    pub fn among<V: Into<Value>>(column: C, values: impl IntoIterator<Item = V>) -> Self {
        Self::In(column, values.into_iter().map(Into::into).collect())
    }

    /// Both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::All(vec![self, other])
    }

    pub(super) fn into_condition(self) -> Condition {
        match self {
            Self::Is(column, value) if STATED.contains(&column.as_str()) => {
                one(column.into_simple_expr().eq(Expr::Constant(value)))
            }
            Self::Is(column, value) => one(column.into_simple_expr().eq(value)),
            Self::In(_, values) if values.is_empty() => one(Expr::val(1).eq(0)),
            Self::In(column, values) => one(column.into_simple_expr().is_in(padded(values))),
            Self::AtLeast(column, value) => one(column.into_simple_expr().gte(value)),
            Self::Below(column, value) => one(column.into_simple_expr().lt(value)),
            Self::Empty(column) => one(column.is_null()),
            Self::Present(column) => one(column.is_not_null()),
            Self::All(parts) => {
                parts.into_iter().fold(Cond::all(), |all, part| all.add(part.into_condition()))
            }
            Self::Any(parts) if parts.is_empty() => one(Expr::val(1).eq(0)),
            Self::Any(parts) => {
                parts.into_iter().fold(Cond::any(), |any, part| any.add(part.into_condition()))
            }
            Self::Past(columns, values, side) => {
                let place = Expr::tuple(columns.into_iter().map(IntoSimpleExpr::into_simple_expr));
                let bound = Expr::tuple(values.into_iter().map(Expr::val));
                one(match side {
                    Side::Above => place.gt(bound),
                    Side::Below => place.lt(bound),
                })
            }
        }
    }
}

fn one(expr: Expr) -> Condition {
    Cond::all().add(expr)
}

/// The same list, its last value repeated up to the next power of two: a list of any length then makes one of few texts,
/// and the statements that a connection has prepared are found again.
fn padded(mut values: Vec<Value>) -> Vec<Value> {
    if let Some(last) = values.last().cloned() {
        values.resize(values.len().next_power_of_two(), last);
    }
    values
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use entity::enums::{Capability, Stage};
    use entity::id::SubmissionId;
    use entity::{share, submission};
    use sea_orm::DbBackend;
    use sea_orm::sea_query::Query;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_value_by_which_an_index_holds_some_rows_stands_in_the_text() {
        let text = |condition: Predicate<share::Column>| {
            let mut statement = Query::select();
            statement.from(share::Entity).cond_where(condition.into_condition());
            DbBackend::Postgres.build(&statement).sql
        };
        let collected = Predicate::is(share::Column::Capability, Capability::Collect);
        assert!(text(collected).ends_with("\"capability\" = 'COLLECT'"));
        let late = Predicate::is(share::Column::Late, true);
        assert!(text(late).ends_with("\"late\" = TRUE"));
        let open = Predicate::is(share::Column::Stage, Stage::Classified);
        assert!(text(open).ends_with("\"stage\" = $1"));
    }

    #[test]
    fn lists_of_any_length_make_few_texts() {
        let text = |length: u128| {
            let ids = (0..length).map(|id| SubmissionId(Uuid::from_u128(id)));
            let these = Predicate::among(submission::Column::Id, ids);
            let mut statement = Query::select();
            statement.from(submission::Entity).cond_where(these.into_condition());
            DbBackend::Postgres.build(&statement).sql
        };
        let texts: BTreeSet<String> = (0..=100).map(text).collect();
        // None, 1, 2, 4 … 128.
        assert_eq!(texts.len(), 9);
    }
}
