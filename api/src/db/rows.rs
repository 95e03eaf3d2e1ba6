//! The thin builder that a transaction hands out: filter, order, page, group. The scope is in it from the start.

use entity::{audit_entry, audit_seal};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Order, Query, SelectStatement, UnionType};
use sea_orm::{DbBackend, FromQueryResult, IntoSimpleExpr, QueryFilter, QuerySelect, QueryTrait, TryGetable};

use super::binding::{Access, Scoped};
use super::fault::Fault;
use super::page::{Direction, Page, PageRequest};
use super::predicate::Predicate;
use super::scoped::within;
use super::search::Needle;
use super::tx::Tx;

/// Rows of `E` in the viewer's scope.
#[must_use = "a query does nothing before it is run"]
pub struct Rows<'tx, E: Scoped> {
    tx: &'tx Tx,
    select: sea_orm::Select<E>,
    order: Vec<(E::Column, Direction)>,
    /// Whether rows come from the text index, on SQLite.
    from_hits: bool,
}

impl<'tx, E: Scoped> Rows<'tx, E> {
    pub(super) fn new(tx: &'tx Tx) -> Self {
        #[expect(clippy::disallowed_methods, reason = "the scope is added in the same expression")]
        let select = E::find().filter(within::<E>(tx.viewer(), Access::Read));
        Self { tx, select, order: Vec::new(), from_hits: false }
    }

    /// Keeps the rows that match.
    pub fn filter(mut self, predicate: Predicate<E::Column>) -> Self {
        self.select = self.select.filter(predicate.into_condition());
        self
    }

    /// Orders by a column, after those named before.
    pub fn order(mut self, column: E::Column, direction: Direction) -> Self {
        self.order.push((column, direction));
        self
    }

    /// At most so many rows.
    pub fn limit(mut self, rows: u64) -> Self {
        self.select = self.select.limit(rows);
        self
    }

    /// Keeps the rows whose suggestion holds the needle; `submission` is the column that names it.
    pub fn mentioning(mut self, submission: E::Column, needle: &Needle) -> Self {
        needle.restrict(self.tx, QuerySelect::query(&mut self.select), submission.into_simple_expr());
        self.from_hits = self.tx.backend() == DbBackend::Sqlite;
        self
    }

    /// All of them.
    pub async fn all(self) -> Result<Vec<E::Model>, Fault> {
        let tx = self.tx;
        let statement = self.statement();
        let rows = tx.query_all(&statement).await?;
        rows.iter().map(|row| Ok(E::Model::from_query_result(row, "")?)).collect()
    }

    /// The first of them.
    pub async fn one(self) -> Result<Option<E::Model>, Fault> {
        Ok(self.limit(1).all().await?.into_iter().next())
    }

    /// The first of them, by one statement with what waits; it doesn't see that yet.
    pub async fn one_beside(self) -> Result<Option<E::Model>, Fault> {
        let (tx, first) = (self.tx, self.limit(1));
        let rows = tx.query_beside(&first.statement()).await?;
        let row = rows.first().map(|row| E::Model::from_query_result(row, ""));
        Ok(row.transpose()?)
    }

    /// How many there are.
    pub async fn count(self) -> Result<u64, Fault> {
        let tx = self.tx;
        let mut statement = self.select.into_query();
        statement.clear_selects().expr_as(Expr::val(1).count(), Alias::new("n"));
        let rows = tx.query_all(&statement).await?;
        let count: i64 = rows.first().map_or(Ok(0), |row| row.try_get("", "n"))?;
        Ok(count.unsigned_abs())
    }

    /// How many there are for each combination of the columns, or the sum of `total` over them.
    pub async fn count_by(
        self,
        columns: &[E::Column],
        total: Option<E::Column>,
    ) -> Result<Vec<Group>, Fault> {
        let tx = self.tx;
        tx.groups(vec![self.grouped(columns, total)]).await
    }

    /// The same as a part of one statement over several tables.
    pub fn grouped(self, columns: &[E::Column], total: Option<E::Column>) -> Grouped {
        let mut statement = self.select.into_query();
        statement.clear_selects();
        for (place, column) in columns.iter().enumerate() {
            statement.expr_as(column.into_simple_expr(), Alias::new(format!("k{place}")));
            statement.add_group_by([column.into_simple_expr()]);
        }
        let figure = match total {
            None => Expr::val(1).count(),
            // PostgreSQL sums bigint to numeric; the cast brings back what a rollup holds.
            Some(column) => Func::cast_as(column.into_simple_expr().sum(), Alias::new("bigint")).into(),
        };
        statement.expr_as(figure, Alias::new("n"));
        Grouped(statement)
    }

    /// For each value of `column`, the last `most` rows in descending order of `by`.
    pub async fn last_of_each(
        self,
        column: E::Column,
        by: E::Column,
        most: u64,
    ) -> Result<Vec<E::Model>, Fault> {
        use sea_orm::sea_query::WindowStatement;
        let tx = self.tx;
        let mut inner = self.select.into_query();
        let mut window = WindowStatement::partition_by(column);
        window.order_by(by, Order::Desc);
        inner.expr_window_as(Func::cust(Alias::new("row_number")), window, Alias::new("place"));
        let mut outer = Query::select();
        outer
            .column(sea_orm::sea_query::Asterisk)
            .from_subquery(inner, Alias::new("ranked"))
            .and_where(Expr::col(Alias::new("place")).lte(most))
            .order_by(Alias::new("place"), Order::Asc);
        let rows = tx.query_all(&outer).await?;
        rows.iter().map(|row| Ok(E::Model::from_query_result(row, "")?)).collect()
    }

    /// One page of an order that ends in a unique column.
    pub async fn page(self, keys: &[E::Column], request: &PageRequest) -> Result<Page<E::Model>, Fault> {
        Ok(Page::of(self.cut(keys, request).all().await?, request))
    }

    /// The rows of a page, and one more to know whether there are any behind it.
    pub(super) fn cut(mut self, keys: &[E::Column], request: &PageRequest) -> Self {
        for bound in request.bounds(keys) {
            self = self.filter(bound);
        }
        for key in keys {
            self = self.order(*key, request.walked());
        }
        self.limit(request.size + 1)
    }

    /// Keeps the rows of a page of what holds the needle; `submission` is the column that names it.
    pub(super) fn of_search(mut self, submission: E::Column, needle: &Needle, request: &PageRequest) -> Self {
        let select = QuerySelect::query(&mut self.select);
        needle.restrict_page(self.tx, select, submission.into_simple_expr(), request);
        self.from_hits = self.tx.backend() == DbBackend::Sqlite;
        self
    }

    /// The transaction that they are read in.
    pub(super) const fn tx(&self) -> &'tx Tx {
        self.tx
    }

    /// The statement that reads them.
    pub(super) fn statement(self) -> SelectStatement {
        let mut statement = self.select.into_query();
        for (column, direction) in self.order {
            let mut key = column.into_simple_expr();
            if self.from_hits {
                // SQLite would walk the order's index and hold each row against the hits; the sign leaves it the hits.
                key = Expr::cust_with_expr("+?", key);
            }
            statement.order_by_expr(key, direction.into());
        }
        statement
    }
}

impl Rows<'_, audit_entry::Entity> {
    /// Keeps the lines of the trail that no seal holds, by the index over the seals' lines.
    pub fn unsealed(mut self) -> Self {
        use audit_entry::Column as Line;
        use audit_seal::Column as Seal;
        let mut seals = Query::select();
        seals
            .expr(Expr::val(1))
            .from(audit_seal::Entity)
            .and_where(Seal::County.into_simple_expr().eq(Line::County.into_simple_expr()))
            .and_where(Seal::Entry.into_simple_expr().eq(Line::Id.into_simple_expr()));
        self.select = self.select.filter(Expr::exists(seals).not());
        self
    }
}

/// A grouped count that has not been asked yet.
pub struct Grouped(SelectStatement);

impl Tx {
    /// The rows of a table that the viewer reaches.
    pub fn from<E: Scoped>(&self) -> Rows<'_, E> {
        Rows::new(self)
    }

    /// The lines of grouped counts of the same columns, one after the other, by one statement.
    pub async fn groups(&self, parts: Vec<Grouped>) -> Result<Vec<Group>, Fault> {
        let mut parts = parts.into_iter();
        let Some(Grouped(mut whole)) = parts.next() else {
            return Ok(Vec::new());
        };
        for Grouped(part) in parts {
            whole.union(UnionType::All, part);
        }
        let rows = self.query_all(&whole).await?;
        Ok(rows.into_iter().map(Group).collect())
    }
}

/// One line of a grouped count.
pub struct Group(sea_orm::QueryResult);

impl Group {
    /// The value of the column that was named at this place.
    pub fn key<T: TryGetable>(&self, place: usize) -> Result<T, Fault> {
        Ok(self.0.try_get("", &format!("k{place}"))?)
    }

    /// The figure.
    pub fn figure(&self) -> Result<i64, Fault> {
        Ok(self.0.try_get::<Option<i64>>("", "n")?.unwrap_or(0))
    }
}
