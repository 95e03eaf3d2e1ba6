//! One connection in a transaction, beneath [`super::tx::Tx`]. sea-orm builds the statements and reads the rows; the
//! connection is sqlx's own, because sea-orm's transaction takes one trip to begin and another for each list of settings,
//! where PostgreSQL needs one message for both and for a first question beside.

use deadpool::managed::Object;
use sea_orm::sqlx::{self, AssertSqlSafe, Sqlite, SqlitePool, Transaction};
use sea_orm::{ConnAcquireErr, DbBackend, DbErr, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use tokio::sync::Mutex;

use super::fault::Fault;
use super::pool::{Connections, Lent, lend};

/// A connection whose transaction is open; it is rolled back when it is dropped.
pub(super) struct Link {
    /// Boxed: whoever holds a transaction over an await would hold all of its connection in place.
    open: Box<Mutex<Open>>,
    backend: DbBackend,
}

enum Open {
    Postgres(OnPostgres),
    Sqlite(Transaction<'static, Sqlite>),
}

/// Goes back to its pool after its transaction has ended, not before.
struct OnPostgres(Option<Lent>);

/// The same on the connection of either database, whose types differ.
macro_rules! on_either {
    ($link:ident, $connection:ident => $run:expr) => {
        match &mut *$link.open.lock().await {
            Open::Postgres(OnPostgres(Some(held))) => {
                let $connection = &mut **held;
                $run
            }
            Open::Sqlite(held) => {
                let $connection = &mut **held;
                $run
            }
            Open::Postgres(OnPostgres(None)) => Err(ended()),
        }
    };
}

impl Link {
    /// Begins on SQLite, by this statement.
    pub(super) async fn sqlite(pool: &SqlitePool, begin: &'static str) -> Result<Self, Fault> {
        let inner = pool.begin_with(begin).await.map_err(not_acquired)?;
        Ok(Self { open: Box::new(Mutex::new(Open::Sqlite(inner))), backend: DbBackend::Sqlite })
    }

    /// Takes a connection of PostgreSQL, on which nothing has begun: the caller's first message does that.
    pub(super) async fn postgres(pool: &Connections) -> Result<Self, Fault> {
        let open = Open::Postgres(OnPostgres(Some(lend(pool).await?)));
        Ok(Self { open: Box::new(Mutex::new(open)), backend: DbBackend::Postgres })
    }

    /// Gives the connection back as it is: its transaction has ended, by a message that said so itself.
    pub(super) fn give_back(self) {
        if let Open::Postgres(mut open) = self.open.into_inner() {
            open.0 = None;
        }
    }

    /// Which database this is.
    pub(super) const fn backend(&self) -> DbBackend {
        self.backend
    }

    /// Sends a text of one or more statements, without parameters and without a plan that is kept.
    pub(super) async fn ask(&self, text: String) -> Result<Vec<QueryResult>, DbErr> {
        let query = sqlx::raw_sql(AssertSqlSafe(text));
        on_either!(self, connection => {
            let rows = query.fetch_all(connection).await.map_err(failed)?;
            Ok(rows.into_iter().map(Into::into).collect())
        })
    }

    /// Runs a statement; says how many rows it touched.
    pub(super) async fn execute(&self, statement: Statement) -> Result<u64, DbErr> {
        let (text, values) = parts(statement);
        on_either!(self, connection => {
            let query = sqlx::query_with(text, values);
            let done = query.execute(connection).await.map_err(failed)?;
            Ok(done.rows_affected())
        })
    }

    /// Runs a statement; gives back its rows.
    pub(super) async fn query(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let (text, values) = parts(statement);
        on_either!(self, connection => {
            let query = sqlx::query_with(text, values);
            let rows = query.fetch_all(connection).await.map_err(failed)?;
            Ok(rows.into_iter().map(Into::into).collect())
        })
    }

    /// Makes what was written last; on PostgreSQL with a last statement in the same message.
    pub(super) async fn commit(self, last: Option<String>) -> Result<(), DbErr> {
        match self.open.into_inner() {
            Open::Postgres(mut open) => {
                let connection = open.0.as_mut().ok_or_else(ended)?;
                let text = last.map_or_else(|| "COMMIT".to_owned(), |last| format!("{last}; COMMIT"));
                let done = sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut **connection);
                done.await.map_err(failed)?;
                open.0 = None;
                Ok(())
            }
            Open::Sqlite(inner) => inner.commit().await.map_err(failed),
        }
    }
}

impl Drop for OnPostgres {
    /// A connection that can't be rolled back is closed, which the database takes for the same.
    fn drop(&mut self) {
        let Some(mut connection) = self.0.take() else {
            return;
        };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            drop(Object::take(connection));
            return;
        };
        runtime.spawn(async move {
            if sqlx::raw_sql("ROLLBACK").execute(&mut *connection).await.is_err() {
                drop(Object::take(connection));
            }
        });
    }
}

fn parts(statement: Statement) -> (AssertSqlSafe<String>, SqlxValues) {
    let values = statement.values.unwrap_or(sea_orm::Values(Vec::new()));
    (AssertSqlSafe(statement.sql), SqlxValues(values))
}

fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

fn not_acquired(error: sqlx::Error) -> DbErr {
    match error {
        sqlx::Error::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
        sqlx::Error::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
        error => DbErr::Conn(RuntimeErr::SqlxError(error.into())),
    }
}

fn ended() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal("the transaction has ended".to_owned()))
}
