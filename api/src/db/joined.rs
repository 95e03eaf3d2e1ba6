//! Rows that name each other, in one statement: each table in the viewer's scope, as if it were asked alone.

use sea_orm::sea_query::{Alias, Cond, Condition, ExprTrait as _, Query, SelectStatement};
use sea_orm::{FromQueryResult as _, IdenStatic as _, IntoSimpleExpr as _, Iterable as _, QueryResult};

use super::binding::{Access, Scoped};
use super::fault::Fault;
use super::page::{Page, PageRequest};
use super::predicate::Predicate;
use super::scoped::within;
use super::tx::Tx;
use crate::scope::viewer::Viewer;

/// One row of each of four tables.
pub type Four<A, B, C, D> = (
    <A as sea_orm::EntityTrait>::Model,
    <B as sea_orm::EntityTrait>::Model,
    <C as sea_orm::EntityTrait>::Model,
    <D as sea_orm::EntityTrait>::Model,
);

impl Tx {
    /// The rows of `A` that match, each with the row of `B` and of `C` that it names, and the row of `D` that the one of
    /// `C` names; left out where any of them is missing or out of scope.
    pub async fn with_named<A, B, C, D>(
        &self,
        filter: Predicate<A::Column>,
        to_b: (A::Column, B::Column),
        to_c: (A::Column, C::Column),
        to_d: (C::Column, D::Column),
    ) -> Result<Vec<Four<A, B, C, D>>, Fault>
    where
        A: Scoped,
        B: Scoped,
        C: Scoped,
        D: Scoped,
    {
        let statement = statement::<A, B, C, D>(self.viewer(), filter, to_b, to_c, to_d);
        four::<A, B, C, D>(&self.query_all(&statement).await?)
    }
}

impl Tx {
    /// One page of the rows of `A` in an order that ends in a unique column of it, each with the row of `B` that it names, where
    /// that one is in scope and matches.
    pub async fn page_with_named<A: Scoped, B: Scoped>(
        &self,
        to_b: (A::Column, B::Column),
        filter: Predicate<B::Column>,
        keys: &[A::Column],
        request: &PageRequest,
    ) -> Result<Page<(A::Model, B::Model)>, Fault> {
        let mut statement = Query::select();
        statement.from(A::default());
        show::<A>(self.viewer(), &mut statement, "a");
        join::<A, B>(self.viewer(), &mut statement, "b", to_b);
        statement.cond_where(filter.into_condition());
        for bound in request.bounds(keys) {
            statement.cond_where(bound.into_condition());
        }
        for key in keys {
            statement.order_by_expr(key.into_simple_expr(), request.walked().into());
        }
        statement.limit(request.size + 1);
        let rows = self.query_all(&statement).await?;
        let rows = rows.iter().map(|row| Ok((shown::<A>(row, "a")?, shown::<B>(row, "b")?)));
        Ok(Page::of(rows.collect::<Result<_, Fault>>()?, request))
    }
}

/// What [`Tx::with_named`] asks.
pub(super) fn statement<A: Scoped, B: Scoped, C: Scoped, D: Scoped>(
    viewer: &Viewer,
    filter: Predicate<A::Column>,
    to_b: (A::Column, B::Column),
    to_c: (A::Column, C::Column),
    to_d: (C::Column, D::Column),
) -> SelectStatement {
    let mut statement = Query::select();
    statement.from(A::default());
    show::<A>(viewer, &mut statement, "a");
    join::<A, B>(viewer, &mut statement, "b", to_b);
    join::<A, C>(viewer, &mut statement, "c", to_c);
    join::<C, D>(viewer, &mut statement, "d", to_d);
    statement.cond_where(filter.into_condition());
    statement
}

/// The rows of such a statement.
pub(super) fn four<A: Scoped, B: Scoped, C: Scoped, D: Scoped>(
    rows: &[QueryResult],
) -> Result<Vec<Four<A, B, C, D>>, Fault> {
    let each = rows.iter().map(|row| {
        Ok((shown::<A>(row, "a")?, shown::<B>(row, "b")?, shown::<C>(row, "c")?, shown::<D>(row, "d")?))
    });
    each.collect()
}

fn join<From: Scoped, To: Scoped>(
    viewer: &Viewer,
    statement: &mut SelectStatement,
    prefix: &str,
    (by, key): (From::Column, To::Column),
) {
    let same = |own: To::Column, other: From::Column| own.into_simple_expr().eq(other.into_simple_expr());
    let on: Condition = Cond::all().add(same(To::county(), From::county())).add(same(key, by));
    statement.inner_join(To::default(), on);
    show::<To>(viewer, statement, prefix);
}

/// Selects the columns of a table under a prefix, in the viewer's scope.
fn show<E: Scoped>(viewer: &Viewer, statement: &mut SelectStatement, prefix: &str) {
    for column in E::Column::iter() {
        let name = Alias::new(format!("{prefix}{}", column.as_str()));
        statement.expr_as(column.into_simple_expr(), name);
    }
    statement.cond_where(within::<E>(viewer, Access::Read));
}

fn shown<E: Scoped>(row: &QueryResult, prefix: &str) -> Result<E::Model, Fault> {
    Ok(E::Model::from_query_result(row, prefix)?)
}
