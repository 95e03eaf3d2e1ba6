//! A database of its own for each test: migrated once per process, then copied.

use std::time::Duration;

use minsheng::db::{Db, PoolSize, migrate::migrate};
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use super::postgres;

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Backend {
    /// A file in a temporary directory.
    Sqlite,
    /// A database of the server that `tests/run` starts.
    Postgres,
}

/// A fresh, migrated database; removed when it is dropped.
pub(crate) enum TestDatabase {
    /// The file lives as long as its directory.
    Sqlite(TempDir),
    /// Its name on the server.
    Postgres(String),
}

/// A database with content, to be copied.
pub(crate) enum Template {
    /// The file.
    Sqlite(Vec<u8>),
    /// Its name on the server.
    Postgres(String),
}

impl TestDatabase {
    pub(crate) async fn create(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => {
                let directory = tempfile::tempdir().unwrap();
                std::fs::write(directory.path().join(FILE), sqlite_template().await).unwrap();
                Self::Sqlite(directory)
            }
            Backend::Postgres => {
                let name = postgres::fresh_database_name();
                let create = postgres::create_database(&name, postgres_template().await);
                run(&postgres::owner_url(postgres::MAINTENANCE_DATABASE), &create).await;
                Self::Postgres(name)
            }
        }
    }

    /// The address that is served: on PostgreSQL as the role that row-level security binds.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite(directory) => sqlite_url(directory),
            Self::Postgres(name) => postgres::app_url(name),
        }
    }

    /// The address that both walls do not stand in front of: the superuser's, or the file's.
    pub(crate) fn unscoped_url(&self) -> String {
        match self {
            Self::Sqlite(directory) => sqlite_url(directory),
            Self::Postgres(name) => postgres::superuser_url(name),
        }
    }

    /// A database of its own that begins as a copy.
    pub(crate) async fn copy_of(template: &Template) -> Self {
        match template {
            Template::Sqlite(bytes) => {
                let directory = tempfile::tempdir().unwrap();
                std::fs::write(directory.path().join(FILE), bytes).unwrap();
                Self::Sqlite(directory)
            }
            Template::Postgres(template) => {
                let name = postgres::fresh_database_name();
                let create = postgres::create_database(&name, template);
                run(&postgres::owner_url(postgres::MAINTENANCE_DATABASE), &create).await;
                Self::Postgres(name)
            }
        }
    }

    /// Turns the database into one to copy from; nothing may be connected to it any more but what can be cut off.
    pub(crate) async fn into_template(self) -> Template {
        match &self {
            Self::Sqlite(directory) => {
                let copy = directory.path().join("copy.sqlite");
                run(&sqlite_url(directory), &format!("VACUUM INTO '{}'", copy.display())).await;
                Template::Sqlite(std::fs::read(copy).unwrap())
            }
            Self::Postgres(name) => {
                let cut = format!(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'"
                );
                run(&postgres::superuser_url(postgres::MAINTENANCE_DATABASE), &cut).await;
                let template = Template::Postgres(name.clone());
                // Kept for the copies; the server is thrown away at the end of the run.
                std::mem::forget(self);
                template
            }
        }
    }

    /// Its name on the server; none for a file.
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(name) => Some(name),
        }
    }

    pub(crate) async fn connect(&self) -> Db {
        let size = PoolSize { connections: 4, wait: Duration::from_secs(10) };
        Db::connect(&self.url(), size).await.unwrap()
    }
}

impl Drop for TestDatabase {
    /// As well as it can: the server is thrown away at the end of the run anyway.
    fn drop(&mut self) {
        let Self::Postgres(name) = self else { return };
        let drop_it = postgres::drop_database(name);
        let url = postgres::superuser_url(postgres::MAINTENANCE_DATABASE);
        // The test's own runtime is busy with this very drop.
        let other = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(run(&url, &drop_it));
        });
        if other.join().is_err() {
            eprintln!("database {name} was left behind");
        }
    }
}

/// Statements that a trial runs as superuser on the migrated template.
const TRIAL: &str = "MINSHENG_TRIAL_SQL";

const FILE: &str = "test.sqlite";

fn sqlite_url(directory: &TempDir) -> String {
    format!("sqlite://{}?mode=rwc", directory.path().join(FILE).display())
}

async fn sqlite_template() -> &'static [u8] {
    static TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();
    let make = async || {
        let directory = tempfile::tempdir().unwrap();
        migrate(&sqlite_url(&directory)).await.unwrap();
        std::fs::read(directory.path().join(FILE)).unwrap()
    };
    TEMPLATE.get_or_init(make).await
}

async fn postgres_template() -> &'static str {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    let make = async || {
        let name = format!("{}_template", postgres::fresh_database_name());
        let create = postgres::create_database(&name, "template0");
        run(&postgres::owner_url(postgres::MAINTENANCE_DATABASE), &create).await;
        migrate(&postgres::owner_url(&name)).await.unwrap();
        // A trial weakens the second wall here, under the whole suite, and counts what fails.
        if let Ok(trial) = std::env::var(TRIAL) {
            run(&postgres::superuser_url(&name), &trial).await;
        }
        name
    };
    TEMPLATE.get_or_init(make).await
}

/// One statement on a connection of its own, outside any transaction.
#[expect(clippy::disallowed_methods, reason = "databases are made and dropped as no viewer")]
pub(crate) async fn run(url: &str, statement: &str) {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let connection = Database::connect(options).await.unwrap();
    connection.execute_unprepared(statement).await.unwrap();
    connection.close().await.unwrap();
}
