//! Until when a request may read: no statement of its reads starts later, and one that still runs is ended by the
//! database, so that nobody's query goes on unheard. A write is never cut off half way: once one has begun, what the
//! request reads from then on has no deadline.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sea_orm::sqlx::pool::PoolOptions;
use sea_orm::sqlx::{Error, Sqlite, sqlite::SqliteConnection};
use sea_orm::{DbBackend, DbErr};
use tokio::sync::{Mutex, MutexGuard};

use super::fault::Fault;
use super::link::Link;

/// How much longer than its request a statement runs: the request's own answer, TIMEOUT, comes first.
const GRACE: Duration = Duration::from_millis(100);

/// SQLite asks whether to go on after so many of its instructions, a millisecond or two.
const INSTRUCTIONS: i32 = 20_000;

tokio::task_local! {
    static OF_REQUEST: Arc<Deadline>;
}

struct Deadline {
    at: Instant,
    /// Whether a write has begun.
    lifted: AtomicBool,
}

impl Deadline {
    fn at(at: Instant) -> Arc<Self> {
        Arc::new(Self { at, lifted: AtomicBool::new(false) })
    }
}

/// Runs a request whose reads end within this time.
pub(super) async fn within<T>(time: Duration, request: impl Future<Output = T>) -> T {
    let deadline = Deadline::at(Instant::now() + time + GRACE);
    OF_REQUEST.scope(deadline, request).await
}

/// A part of a request whose writes leave the rest of it its deadline: whoever is let in may first have to be noted.
pub(super) async fn apart<T>(part: impl Future<Output = T>) -> T {
    let Some(at) = of_reads() else {
        return part.await;
    };
    OF_REQUEST.scope(Deadline::at(at), part).await
}

/// A write begins: the request goes on to its end from here.
pub(super) fn lift() {
    // Outside of a request there is none.
    let _ = OF_REQUEST.try_with(|deadline| deadline.lifted.store(true, Ordering::Relaxed));
}

fn of_reads() -> Option<Instant> {
    let at = |deadline: &Arc<Deadline>| (!deadline.lifted.load(Ordering::Relaxed)).then_some(deadline.at);
    OF_REQUEST.try_with(at).ok().flatten()
}

/// Until when one read transaction may go on.
pub(super) struct Limit {
    at: Instant,
    /// How long the present setting lets a statement run, on PostgreSQL. Held while one runs: statements of a
    /// transaction wait for each other, and must not begin after the deadline because of that.
    allowed: Mutex<Duration>,
}

impl Limit {
    /// That of the present request, for statements that may take `most`. Nothing where there is no request.
    pub(super) fn of_request(most: Duration) -> Result<Option<Self>, Fault> {
        let Some(at) = of_reads() else {
            return Ok(None);
        };
        let allowed = left(at)?.min(most);
        Ok(Some(Self { at, allowed: Mutex::new(allowed) }))
    }

    /// How long a statement may run now.
    pub(super) async fn allowed(&self) -> Duration {
        *self.allowed.lock().await
    }

    /// Waits until no other statement of the transaction runs, and makes sure that the next ends in time.
    pub(super) async fn turn(&self, link: &Link) -> Result<MutexGuard<'_, Duration>, Fault> {
        let mut allowed = self.allowed.lock().await;
        let left = left(self.at)?;
        if left < *allowed && link.backend() == DbBackend::Postgres {
            link.ask(statement_timeout(left)).await?;
            *allowed = left;
        }
        Ok(allowed)
    }

    /// What a failure is: after the deadline it is that.
    pub(super) fn fault(&self, error: DbErr) -> Fault {
        left(self.at).err().unwrap_or_else(|| error.into())
    }
}

/// The setting of PostgreSQL. Rounded up: zero would be no limit at all, and a statement that is ended before the
/// deadline would be told as a failure of the database, not as a lack of time.
pub(super) fn statement_timeout(time: Duration) -> String {
    let milliseconds = time.as_millis() + 1;
    format!("SET LOCAL statement_timeout = {milliseconds}")
}

fn left(at: Instant) -> Result<Duration, Fault> {
    let left = at.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(Fault::Late) } else { Ok(left) }
}

/// Makes each connection of a pool of SQLite watch the deadline of whoever takes it.
pub(super) fn watching(options: PoolOptions<Sqlite>) -> PoolOptions<Sqlite> {
    options.after_connect(|connection, _| Box::pin(watch(connection))).before_acquire(|connection, _| {
        Box::pin(async move {
            watch(connection).await?;
            Ok(true)
        })
    })
}

async fn watch(connection: &mut SqliteConnection) -> Result<(), Error> {
    let mut handle = connection.lock_handle().await?;
    match of_reads() {
        Some(at) => handle.set_progress_handler(INSTRUCTIONS, move || Instant::now() < at),
        None => handle.remove_progress_handler(),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use sea_orm::Value;

    use super::*;
    use crate::db::{Db, PoolSize};
    use crate::scope::system;

    /// Counts for many seconds.
    const SLOW: &str = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 50000000) \
                        SELECT count(*) FROM c WHERE n > ?";
    const SHORT: Duration = Duration::from_millis(50);

    async fn one_connection() -> (Db, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("a.db").display());
        let size = PoolSize { connections: 1, wait: Duration::from_secs(1) };
        (Db::connect(&url, size).await.unwrap(), folder)
    }

    async fn slow(db: &Db) -> Fault {
        let tx = db.begin_read(&system::doorkeeper().unwrap()).await.unwrap();
        let none: Vec<Value> = vec![0.into()];
        tx.query_kernel(SLOW, none).await.err().unwrap()
    }

    #[tokio::test]
    async fn a_statement_of_sqlite_ends_with_its_request_and_its_connection_is_free() {
        let (db, _folder) = one_connection().await;
        let begun = Instant::now();
        let fault = within(SHORT, slow(&db)).await;
        assert!(matches!(fault, Fault::Late), "{fault:?}");
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
        // The only connection is there for the next, who has no deadline any more.
        let tx = db.begin_read(&system::doorkeeper().unwrap()).await.unwrap();
        tokio::time::sleep(2 * SHORT).await;
        let answered = tx.query_kernel("SELECT ?", vec![0.into()]).await;
        assert_eq!(answered.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn no_statement_and_no_read_begins_after_the_deadline() {
        let (db, _folder) = one_connection().await;
        let late = async {
            let tx = db.begin_read(&system::doorkeeper().unwrap()).await.unwrap();
            tokio::time::sleep(SHORT + 2 * GRACE).await;
            let statement = tx.query_kernel("SELECT ?", vec![0.into()]).await.err();
            drop(tx);
            let read = db.begin_read(&system::doorkeeper().unwrap()).await.err();
            (statement, read)
        };
        let outcome = within(SHORT, late).await;
        assert!(matches!(outcome, (Some(Fault::Late), Some(Fault::Late))), "{outcome:?}");
    }

    #[tokio::test]
    async fn a_write_apart_leaves_the_rest_its_deadline() {
        let (db, _folder) = one_connection().await;
        let request = async {
            let write = apart(db.begin_write(&system::doorkeeper().unwrap())).await;
            write.unwrap().commit().await.unwrap();
            slow(&db).await
        };
        let fault = Box::pin(within(SHORT, request)).await;
        assert!(matches!(fault, Fault::Late), "{fault:?}");
    }

    #[tokio::test]
    async fn what_is_read_after_a_write_began_has_no_deadline() {
        let (db, _folder) = one_connection().await;
        let write = async {
            let write = db.begin_write(&system::doorkeeper().unwrap()).await.unwrap();
            tokio::time::sleep(SHORT + 2 * GRACE).await;
            write.commit().await.unwrap();
            let tx = db.begin_read(&system::doorkeeper().unwrap()).await.unwrap();
            tx.query_kernel("SELECT ?", vec![0.into()]).await.is_ok()
        };
        assert!(within(SHORT, write).await);
    }
}
