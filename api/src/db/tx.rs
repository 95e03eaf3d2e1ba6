//! The transaction: the only thing that reaches rows, and only in its viewer's scope.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use entity::id::SubmissionId;
use sea_orm::sea_query::{Expr, OnConflict, Query, UpdateStatement};
use sea_orm::{
    ActiveModelTrait, DbBackend, DbErr, IdenStatic as _, Insert, QueryResult, QueryTrait, Statement,
    StatementBuilder, Value,
};
use tokio::sync::broadcast;
use uuid::Uuid;

use super::admission::{Admission, admission, worked_on};
use super::deadline::Limit;
use super::directory::{Directory, locked};
use super::fault::Fault;
use super::link::Link;
use super::listen::CHANNEL;
use super::notice::Notice;
use super::predicate::Predicate;
use super::rows::Rows;
use super::scoped::{Access, Scoped, frozen, stamps, suggestion, within};
use crate::scope::profiles::Reach;
use crate::scope::viewer::Viewer;

/// An open transaction of one viewer. It neither is nor derefs to a connection.
///
/// ```compile_fail
/// fn escape(tx: &minsheng::db::Tx) -> &dyn sea_orm::ConnectionTrait { tx }
/// ```
///
/// A table that says nothing about whose it is can't be read:
///
/// ```compile_fail
/// # async fn f(tx: &minsheng::db::Tx) { tx.from::<sea_orm_migration::seaql_migrations::Entity>(); }
/// ```
pub struct Tx {
    pub(super) inner: Link,
    viewer: Viewer,
    trips: Arc<AtomicU64>,
    notices: broadcast::Sender<Notice>,
    /// Writes that nobody waits for.
    pub(super) waiting: Mutex<Vec<Statement>>,
    /// Suggestions that were changed, to be told of once that lasts.
    changed: Mutex<BTreeSet<SubmissionId>>,
    /// Suggestions that the viewer is known to work on, from a look or from the share that was added here.
    pub(super) proven: Mutex<BTreeSet<Uuid>>,
    /// What is kept of its county's directory; nothing where it must be read.
    directory: Option<Arc<Directory>>,
    /// Until when it may read; a write has none.
    limit: Option<Limit>,
}

impl Tx {
    pub(super) const fn new(
        inner: Link,
        viewer: Viewer,
        trips: Arc<AtomicU64>,
        notices: broadcast::Sender<Notice>,
    ) -> Self {
        Self {
            inner,
            viewer,
            trips,
            notices,
            waiting: Mutex::new(Vec::new()),
            changed: Mutex::new(BTreeSet::new()),
            proven: Mutex::new(BTreeSet::new()),
            directory: None,
            limit: None,
        }
    }

    /// The same until a deadline.
    pub(super) fn until(self, limit: Option<Limit>) -> Self {
        Self { limit, ..self }
    }

    /// The same with what is kept of its county.
    pub(super) fn with_directory(self, directory: Option<Arc<Directory>>) -> Self {
        Self { directory, ..self }
    }

    /// What is kept of its county's directory, for a viewer who reads all of it.
    pub(super) fn directory(&self) -> Option<&Directory> {
        let whole = self.viewer.scope().reads != Reach::Public;
        self.directory.as_deref().filter(|_| whole)
    }

    /// The same for another viewer, in whose scope the settings are already.
    pub(super) fn of(self, viewer: Viewer) -> Self {
        Self { viewer, ..self }
    }

    /// The kernel's own settings, in one trip.
    pub(super) async fn set(&self, settings: String) -> Result<(), Fault> {
        self.trip();
        self.run(self.inner.ask(settings)).await?;
        Ok(())
    }

    /// For whom it was opened.
    #[must_use]
    pub const fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    /// Which database this is.
    #[must_use]
    pub const fn backend(&self) -> DbBackend {
        self.inner.backend()
    }

    /// The rows of a table that the viewer reaches.
    pub fn from<E: Scoped>(&self) -> Rows<'_, E> {
        Rows::new(self)
    }

    /// Adds one row, stamped with the viewer's county and, unless the plan gave it, department.
    pub async fn insert<A>(&self, row: A) -> Result<(), Fault>
    where
        A: ActiveModelTrait,
        A::Entity: Scoped,
    {
        self.insert_many(vec![row]).await
    }

    /// Adds rows in one statement.
    pub async fn insert_many<A>(&self, rows: Vec<A>) -> Result<(), Fault>
    where
        A: ActiveModelTrait,
        A::Entity: Scoped,
    {
        // Both databases bound the number of parameters; 100 rows of the widest table stay below either.
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let mut chunk: Vec<A> = rows.by_ref().take(100).collect();
            self.admit(self.stamped(&mut chunk)).await?;
            let shares = chunk.iter().filter_map(|row| worked_on(&self.viewer, row));
            let shares: Vec<Uuid> = shares.collect();
            let statement = Insert::many(chunk).into_query();
            self.execute(&statement).await?;
            self.shares_added(shares);
        }
        Ok(())
    }

    /// Adds a row unless its key exists; says whether it was added.
    pub async fn insert_new<A>(&self, row: A) -> Result<bool, Fault>
    where
        A: ActiveModelTrait,
        A::Entity: Scoped,
    {
        let mut rows = [row];
        self.admit(self.stamped(&mut rows)).await?;
        let mut statement = Insert::many(rows).into_query();
        statement.on_conflict(OnConflict::new().do_nothing().to_owned());
        Ok(self.execute(&statement).await? > 0)
    }

    /// Changes columns of the rows in scope that match; says how many. County and owner never change.
    pub async fn update<E: Scoped>(
        &self,
        filter: Predicate<E::Column>,
        changes: Vec<(E::Column, Value)>,
    ) -> Result<u64, Fault> {
        let mut statement = self.updating::<E>(filter, changes)?;
        let Some(column) = suggestion::<E>() else {
            return self.execute(&statement).await;
        };
        statement.returning_col(column);
        self.note_all(&self.query_all(&statement).await?)
    }

    /// The same at the latest with the commit, for rows that hang on no suggestion.
    pub async fn update_later<E: Scoped>(
        &self,
        filter: Predicate<E::Column>,
        changes: Vec<(E::Column, Value)>,
    ) -> Result<(), Fault> {
        let statement = self.updating::<E>(filter, changes)?;
        if suggestion::<E>().is_some() {
            return Err(Fault::Broken("whose change is told can't wait".to_owned()));
        }
        self.later(&statement).await
    }

    fn updating<E: Scoped>(
        &self,
        filter: Predicate<E::Column>,
        changes: Vec<(E::Column, Value)>,
    ) -> Result<UpdateStatement, Fault> {
        let mut statement = Query::update();
        statement.table(E::default());
        for (column, value) in changes {
            if frozen::<E>(&self.viewer, &column, &value) {
                return Err(Fault::Broken(format!("{} never changes", column.as_str())));
            }
            statement.value(column, Expr::val(value));
        }
        statement.cond_where(filter.into_condition());
        statement.cond_where(within::<E>(&self.viewer, Access::Change));
        Ok(statement)
    }

    /// Removes the rows in scope that match; says how many.
    pub async fn delete<E: Scoped>(&self, filter: Predicate<E::Column>) -> Result<u64, Fault> {
        self.shares_removed::<E>();
        let mut statement = Query::delete();
        statement.from_table(E::default());
        statement.cond_where(filter.into_condition());
        statement.cond_where(within::<E>(&self.viewer, Access::Change));
        let Some(column) = suggestion::<E>() else {
            return self.execute(&statement).await;
        };
        statement.returning_col(column);
        self.note_all(&self.query_all(&statement).await?)
    }

    /// Makes the writes last, and tells which suggestions they changed. Acknowledge nothing before this returns.
    pub async fn commit(self) -> Result<(), Fault> {
        self.settle().await?;
        let changed = std::mem::take(&mut *locked(&self.changed));
        let notice = Notice::of(self.viewer.county(), changed);
        // PostgreSQL sends it with the commit itself, to every server that listens.
        let (backend, notices) = (self.backend(), self.notices);
        let postgres = backend == DbBackend::Postgres;
        self.trips.fetch_add(1, Ordering::Relaxed);
        let told = notice.as_ref().filter(|_| postgres).map(|notice| {
            let text = notice.to_text().replace('\'', "''");
            format!("SELECT pg_notify('{CHANNEL}', '{text}')")
        });
        self.inner.commit(told).await?;
        if let (Some(notice), DbBackend::Sqlite) = (notice, backend) {
            // Fails only when nobody listens.
            let _ = notices.send(notice);
        }
        Ok(())
    }

    fn note(&self, changed: SubmissionId) {
        locked(&self.changed).insert(changed);
    }

    /// Notes the suggestions that a statement returned; says how many rows there were.
    fn note_all(&self, rows: &[QueryResult]) -> Result<u64, Fault> {
        for row in rows {
            self.note(row.try_get_by_index(0)?);
        }
        Ok(rows.len() as u64)
    }

    /// Stamps rows with whose they are; says of each whether it may be added.
    pub(super) fn stamped<A>(&self, rows: &mut [A]) -> Vec<Admission>
    where
        A: ActiveModelTrait,
        A::Entity: Scoped,
    {
        let stamped = rows.iter_mut().map(|row| {
            for (column, value) in stamps::<A::Entity>(&self.viewer) {
                row.set(column, value);
            }
            let named = suggestion::<A::Entity>().and_then(|column| row.get(column).into_value());
            if let Some(Value::Uuid(Some(changed))) = named {
                self.note(SubmissionId(changed));
            }
            admission(&self.viewer, row)
        });
        stamped.collect()
    }

    pub(super) async fn execute<S: StatementBuilder>(&self, statement: &S) -> Result<u64, Fault> {
        self.execute_built(self.backend().build(statement)).await
    }

    pub(super) async fn query_all<S: StatementBuilder>(
        &self,
        statement: &S,
    ) -> Result<Vec<QueryResult>, Fault> {
        self.query_built(self.backend().build(statement)).await
    }

    /// The kernel's own statements, for what SeaQuery can't say; parameters only, never text from outside.
    pub(super) async fn execute_kernel(&self, sql: &str, values: Vec<Value>) -> Result<u64, Fault> {
        let statement = Statement::from_sql_and_values(self.backend(), sql, values);
        self.execute_built(statement).await
    }

    pub(super) async fn query_kernel(
        &self,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<Vec<QueryResult>, Fault> {
        let statement = Statement::from_sql_and_values(self.backend(), sql, values);
        self.query_built(statement).await
    }

    async fn execute_built(&self, statement: Statement) -> Result<u64, Fault> {
        self.settle().await?;
        self.trip();
        self.run(self.inner.execute(statement)).await
    }

    pub(super) async fn query_built(&self, statement: Statement) -> Result<Vec<QueryResult>, Fault> {
        self.settle().await?;
        self.trip();
        self.run(self.inner.query(statement)).await
    }

    pub(super) fn trip(&self) {
        self.trips.fetch_add(1, Ordering::Relaxed);
    }

    /// Sends a statement, if there is time left for it.
    pub(super) async fn run<T>(&self, statement: impl Future<Output = Result<T, DbErr>>) -> Result<T, Fault> {
        let Some(limit) = &self.limit else {
            return Ok(statement.await?);
        };
        let _turn = limit.turn(&self.inner).await?;
        statement.await.map_err(|error| limit.fault(error))
    }
}
