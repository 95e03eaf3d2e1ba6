//! A database with its connections, and the store's two doors.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use sea_orm::sqlx::SqlitePool;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend};
use tokio::sync::broadcast;

use super::address::Address;
use super::deadline::{self, Limit};
use super::directory::Directories;
use super::fault::Fault;
use super::hearing::Hearing;
use super::link::Link;
use super::notice::Notice;
use super::pool::{self, Connections, PoolSize};
use super::settings::{PATIENCE, reading, writing};
use super::tx::Tx;
use super::{kept, question};
use crate::scope::viewer::Viewer;

/// A database, its connections private.
#[derive(Clone)]
pub struct Db {
    address: Address,
    pub(super) serving: Serving,
    /// One connection beside those that serve, for what is asked of the database itself: readiness must tell of it and not
    /// of a full pool.
    pub(super) probe: DatabaseConnection,
    /// Whether the last probe found the database away.
    away: Arc<AtomicBool>,
    trips: Arc<AtomicU64>,
    /// What this process commits on SQLite; PostgreSQL tells by itself.
    pub(super) notices: broadcast::Sender<Notice>,
    connections: u32,
    pub(super) hearing: Hearing,
    pub(super) directories: Directories,
}

/// The connections on which requests run.
#[derive(Clone)]
pub(super) enum Serving {
    Postgres(Connections),
    /// SQLite has one writer; its readers can't write.
    Sqlite {
        reader: SqlitePool,
        writer: SqlitePool,
    },
}

/// How many notices a slow listener may lag before it misses some.
const NOTICES_KEPT: usize = 1024;

impl Db {
    /// Connects by address: `postgres://…` or `sqlite://path?mode=rwc`.
    pub async fn connect(url: &str, size: PoolSize) -> Result<Self, Fault> {
        let db = Self::prepare(url, size).await?;
        db.ping().await?;
        Ok(db)
    }

    /// As [`Db::connect`], but a PostgreSQL server that is away is first noticed by the first statement.
    pub async fn prepare(url: &str, size: PoolSize) -> Result<Self, Fault> {
        let address = Address::read(url).map_err(Fault::Unfit)?;
        address.check().map_err(Fault::Unfit)?;
        let (serving, probe) = match &address {
            Address::Sqlite { .. } => sqlite(url, &address, size).await?,
            Address::Postgres { .. } => postgres(url, size).await?,
        };
        Ok(Self {
            address,
            serving,
            probe,
            away: Arc::default(),
            trips: Arc::new(AtomicU64::new(0)),
            notices: broadcast::channel(NOTICES_KEPT).0,
            connections: size.connections,
            hearing: Hearing::default(),
            directories: Directories::default(),
        })
    }

    /// Where it is.
    #[must_use]
    pub const fn address(&self) -> &Address {
        &self.address
    }

    /// Which database this is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.probe.get_database_backend()
    }

    /// Opens a read: one snapshot, nothing can be written, the viewer's scope on every statement.
    pub async fn begin_read(&self, viewer: &Viewer) -> Result<Tx, Fault> {
        kept::let_go();
        let limit = Limit::of_request(PATIENCE)?;
        let link = match &self.serving {
            Serving::Sqlite { reader, .. } => Link::sqlite(reader, "BEGIN").await?,
            Serving::Postgres(pool) => {
                let begin = reading(viewer, limit.as_ref()).await;
                begin_on_postgres(pool, begin).await?
            }
        };
        self.trip();
        Ok(self.transaction(link, viewer).until(limit))
    }

    /// Opens a write in the viewer's scope; nothing lasts before [`Tx::commit`].
    pub async fn begin_write(&self, viewer: &Viewer) -> Result<Tx, Fault> {
        deadline::lift();
        if let Some(write) = kept::kept_for(viewer) {
            return Ok(write);
        }
        let link = match &self.serving {
            Serving::Sqlite { writer, .. } => Link::sqlite(writer, "BEGIN IMMEDIATE").await?,
            Serving::Postgres(pool) => begin_on_postgres(pool, writing(viewer)).await?,
        };
        self.trip();
        Ok(self.transaction(link, viewer))
    }

    /// Round trips so far: each begin with its settings, each statement. Pings and the end of a read do not count.
    #[must_use]
    pub fn trips(&self) -> u64 {
        self.trips.load(Ordering::Relaxed)
    }

    /// Whether the database answers in time, whatever the other connections do; for readiness. After it was away, those
    /// that broke meanwhile are let go first: each request would meet one.
    pub async fn probe(&self, patience: Duration) -> Result<(), Fault> {
        let asked = self.probe.execute_unprepared("SELECT 1");
        let answered = match tokio::time::timeout(patience, asked).await {
            Ok(answered) => answered.map(|_| ()).map_err(Fault::from),
            Err(_) => Err(Fault::Late),
        };
        if answered.is_err() {
            self.away.store(true, Ordering::Relaxed);
        } else if self.away.swap(false, Ordering::Relaxed)
            && let Serving::Postgres(pool) = &self.serving
        {
            pool::renew(pool);
        }
        answered
    }

    /// Whether the database answers at all; for whoever waits for it.
    pub async fn ping(&self) -> Result<(), Fault> {
        let asked = self.probe.execute_unprepared("SELECT 1").await;
        asked.map(|_| ()).map_err(|error| self.address.explain(error))
    }

    /// What the serving connection promises about durability, for the log at start and the tests.
    pub async fn durability(&self) -> Result<Vec<(String, String)>, Fault> {
        let (link, names): (_, &[(&str, &str)]) = match &self.serving {
            Serving::Sqlite { writer, .. } => {
                let names = &[("journal_mode", "PRAGMA journal_mode"), ("synchronous", "PRAGMA synchronous")];
                (Link::sqlite(writer, "BEGIN").await?, names)
            }
            Serving::Postgres(pool) => {
                let names = &[("fsync", "SHOW fsync"), ("synchronous_commit", "SHOW synchronous_commit")];
                (begin_on_postgres(pool, "BEGIN".to_owned()).await?, names)
            }
        };
        let mut answers = Vec::new();
        for (name, sql) in names {
            let rows = link.ask((*sql).to_owned()).await?;
            let Some(row) = rows.first() else { continue };
            let text = row
                .try_get_by_index::<String>(0)
                .or_else(|_| row.try_get_by_index::<i64>(0).map(|n| n.to_string()))?;
            answers.push(((*name).to_owned(), text));
        }
        Ok(answers)
    }

    /// Most connections that are open for reading at once.
    #[must_use]
    pub const fn connections(&self) -> u32 {
        self.connections
    }

    pub(super) fn transaction(&self, inner: Link, viewer: &Viewer) -> Tx {
        let (trips, notices) = (Arc::clone(&self.trips), self.notices.clone());
        Tx::new(inner, viewer.clone(), trips, notices)
    }

    pub(super) fn trip(&self) {
        self.trips.fetch_add(1, Ordering::Relaxed);
    }
}

async fn begin_on_postgres(pool: &Connections, begin: String) -> Result<Link, Fault> {
    let link = Link::postgres(pool).await?;
    link.ask(begin).await?;
    Ok(link)
}

/// The probe is opened by the first use, and looked at before each: a connection that broke says nothing about the database.
async fn postgres(url: &str, size: PoolSize) -> Result<(Serving, DatabaseConnection), Fault> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(1)
        .min_connections(0)
        .acquire_timeout(size.wait)
        .test_before_acquire(true)
        .connect_lazy(true)
        .sqlx_logging(false);
    let probe = open(options).await?;
    let address = probe.get_postgres_connection_pool().connect_options();
    let serving = pool::connections(address.as_ref().clone(), question::prepare, size)?;
    Ok((Serving::Postgres(serving), probe))
}

/// Longest wait of a write for those of this process before it, on SQLite. With [`BUSY`] it stays below the deadline of a
/// request, so that the caller is told to try again.
const TURN: Duration = Duration::from_secs(8);
/// Longest wait of a write for one of another process, on SQLite.
const BUSY: Duration = Duration::from_secs(10);

/// One writer, for SQLite has one; a pool of readers that can't write; and one reader for probes.
async fn sqlite(
    url: &str,
    address: &Address,
    size: PoolSize,
) -> Result<(Serving, DatabaseConnection), Fault> {
    use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
    address.make_private().map_err(Fault::Unfit)?;
    let durable = |options: sea_orm::sqlx::sqlite::SqliteConnectOptions| {
        options
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY)
            .foreign_keys(true)
    };
    let mut writing = ConnectOptions::new(url);
    writing
        .max_connections(1)
        .min_connections(1)
        .acquire_timeout(TURN)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(durable);
    let reading = |most: u32| {
        let mut reading = ConnectOptions::new(url);
        reading
            .max_connections(most)
            .min_connections(1)
            .acquire_timeout(size.wait)
            .test_before_acquire(false)
            .sqlx_logging(false)
            .map_sqlx_sqlite_opts(move |options| durable(options).pragma("query_only", "on"))
            .map_sqlx_sqlite_pool_opts(deadline::watching);
        reading
    };
    let writer = opened(writing, address).await?.get_sqlite_connection_pool().clone();
    let reader = opened(reading(size.connections), address).await?.get_sqlite_connection_pool().clone();
    let probe = opened(reading(1), address).await?;
    Ok((Serving::Sqlite { reader, writer }, probe))
}

async fn opened(options: ConnectOptions, address: &Address) -> Result<DatabaseConnection, Fault> {
    open(options).await.map_err(|error| address.explain(error))
}

async fn open(options: ConnectOptions) -> Result<DatabaseConnection, sea_orm::DbErr> {
    Database::connect(options).await
}
