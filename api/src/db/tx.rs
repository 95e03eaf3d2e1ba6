//! The transaction: the only thing that reaches rows, and only in its viewer's scope.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use entity::id::SubmissionId;
use sea_orm::{DbBackend, DbErr, QueryResult, Statement, StatementBuilder, Value};
use tokio::sync::broadcast;
use uuid::Uuid;

use super::before::Before;
use super::binding::Scoped;
use super::deadline::Limit;
use super::directory::Directory;
use super::fault::Fault;
use super::hearing::CHANNEL;
use super::link::Link;
use super::lock::locked;
use super::notice::Notice;
use super::scoped::is_work;
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
    /// Suggestions that were changed and where they stood before, to be told of once that lasts.
    changed: Mutex<BTreeMap<SubmissionId, Before>>,
    /// Whether anything else was changed that people work by.
    work: AtomicBool,
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
            changed: Mutex::new(BTreeMap::new()),
            work: AtomicBool::new(false),
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

    /// Makes the writes last, and tells which suggestions they changed. Acknowledge nothing before this returns.
    pub async fn commit(self) -> Result<(), Fault> {
        self.settle().await?;
        let changed = std::mem::take(&mut *locked(&self.changed));
        let work = self.work.load(Ordering::Relaxed);
        let notice = Notice::of(self.viewer.county(), changed, work);
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

    /// Notes that rows of a table may have changed, where people work by them.
    pub(super) fn note_work<E: Scoped>(&self) {
        if is_work::<E>() {
            self.work.store(true, Ordering::Relaxed);
        }
    }

    pub(super) fn note(&self, changed: SubmissionId) {
        self.note_before(changed, Before::Same);
    }

    /// Notes a suggestion that changes, and where it stood before that.
    pub(super) fn note_before(&self, changed: SubmissionId, before: Before) {
        let mut all = locked(&self.changed);
        let known = all.remove(&changed).unwrap_or(Before::Same);
        all.insert(changed, known.then(before));
    }

    /// Whether it is known where a suggestion stood before this transaction.
    pub(super) fn knows_before(&self, changed: SubmissionId) -> bool {
        locked(&self.changed).get(&changed).is_some_and(|before| *before != Before::Same)
    }

    /// Notes the suggestions that a statement returned; says how many rows there were.
    pub(super) fn note_all(&self, rows: &[QueryResult]) -> Result<u64, Fault> {
        for row in rows {
            self.note(row.try_get_by_index(0)?);
        }
        Ok(rows.len() as u64)
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
