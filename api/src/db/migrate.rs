//! Making and upgrading the tables, as the owner: the only other place that connects.

use std::time::Duration;

use migration::{Migrator, MigratorTrait, anew};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, SqliteTransactionMode,
    Statement, TransactionOptions, TransactionTrait,
};

use super::address::Address;
use super::database::Db;
use super::fault::Fault;
use super::{release, walls};
use crate::refusal::{Message, message};

/// Longest wait for a server that does not answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// One at a time over all servers of a database: a number that nothing else locks.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7240613513087341)";

/// Brings a database up to date in one transaction: all of it or nothing, and of two at once, one waits and then finds
/// nothing to do.
pub async fn migrate(url: &str) -> Result<(), Fault> {
    let address = Address::read(url).map_err(Fault::Unfit)?;
    address.check().and_then(|()| address.make_private()).map_err(Fault::Unfit)?;
    let connection = connect(url).await.map_err(|error| match address.explain(error) {
        Fault::Unavailable(error) => Fault::Unfit(address.unanswered(&error)),
        fault => fault,
    })?;
    let mut outcome = bring_up(&connection).await;
    if let Err(Fault::Broken(reason)) = &outcome
        && NO_RIGHT.iter().any(|right| reason.contains(right))
    {
        outcome = Err(Fault::Unfit(lacks_right(&connection, reason).await?));
    }
    connection.close().await?;
    outcome
}

/// How PostgreSQL says that the owner may not make what it was asked to make.
const NO_RIGHT: [&str; 2] = ["permission denied for schema public", "permission denied to create extension"];

/// What a superuser has to do for the owner to be one.
async fn lacks_right(connection: &DatabaseConnection, reason: &str) -> Result<Message, Fault> {
    let names = "SELECT format('ALTER DATABASE %I OWNER TO %I', current_database(), current_user)";
    let asked = rows(connection, names).await?;
    let mend: String = asked.first().map_or(Ok(String::new()), |row| row.try_get_by_index(0))?;
    Ok(message!(
        "MINSHENG_OWNER_URL 的角色无权在此建表（{reason}）；请由超级用户执行一次：{mend}",
        "the role of MINSHENG_OWNER_URL may not make tables here ({reason}); let a superuser run once: {mend}"
    ))
}

impl Db {
    /// Names of the migrations that this program knows and the database lacks.
    pub async fn missing_migrations(&self) -> Result<Vec<String>, Fault> {
        let done = applied(&self.probe).await?;
        Ok(known().into_iter().filter(|name| !done.contains(name)).collect())
    }

    /// Refuses a database that was not migrated, or by a later release, and says what to do.
    pub async fn check_release(&self) -> Result<(), Fault> {
        let done = applied(&self.probe).await?;
        release::older(&done, &known()).and_then(|()| release::newer(&done, &known())).map_err(Fault::Unfit)
    }
}

#[expect(clippy::disallowed_methods, reason = "the owner's connection, used for nothing but migrations")]
async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).min_connections(1).acquire_timeout(PATIENCE).sqlx_logging(false);
    let connection = Database::connect(options).await?;
    if connection.get_database_backend() == DbBackend::Sqlite {
        // SQLite looks into its file no earlier.
        connection.execute_unprepared("SELECT 1 FROM sqlite_master").await?;
    }
    Ok(connection)
}

async fn bring_up(connection: &DatabaseConnection) -> Result<(), Fault> {
    let backend = connection.get_database_backend();
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    #[expect(clippy::disallowed_methods, reason = "before its tables exist there is no viewer to open for")]
    let transaction = connection.begin_with_options(options).await?;
    if backend == DbBackend::Postgres {
        run(&transaction, LOCK).await?;
    }
    release::newer(&applied(&transaction).await?, &known()).map_err(Fault::Unfit)?;
    Migrator::up(&transaction, None).await?;
    run(&transaction, &anew::script(backend)).await?;
    if backend == DbBackend::Postgres {
        walls::write_down(&transaction).await?;
    }
    Ok(transaction.commit().await?)
}

fn known() -> Vec<String> {
    Migrator::migrations().into_iter().map(|migration| migration.name().to_owned()).collect()
}

async fn applied(connection: &impl ConnectionTrait) -> Result<Vec<String>, Fault> {
    let backend = connection.get_database_backend();
    let exists = match backend {
        DbBackend::Postgres => "SELECT 1 WHERE to_regclass('seaql_migrations') IS NOT NULL",
        _ => "SELECT 1 FROM sqlite_master WHERE name = 'seaql_migrations'",
    };
    if rows(connection, exists).await?.is_empty() {
        return Ok(Vec::new());
    }
    let names = rows(connection, "SELECT version FROM seaql_migrations").await?;
    names.iter().map(|row| Ok(row.try_get_by_index::<String>(0)?)).collect()
}

#[expect(clippy::disallowed_methods, reason = "the list of migrations belongs to nobody")]
async fn rows(connection: &impl ConnectionTrait, sql: &str) -> Result<Vec<sea_orm::QueryResult>, Fault> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    Ok(connection.query_all_raw(statement).await?)
}

#[expect(clippy::disallowed_methods, reason = "statements of the owner, before any viewer exists")]
async fn run(connection: &impl ConnectionTrait, sql: &str) -> Result<(), Fault> {
    Ok(connection.execute_unprepared(sql).await.map(|_| ())?)
}
