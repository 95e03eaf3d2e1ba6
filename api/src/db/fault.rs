//! What can go wrong below the rules. No `Display`, so that `?` in a resolver can't send SQL to a client.

use sea_orm::sqlx::{self, error::DatabaseError};
use sea_orm::{DbErr, RuntimeErr, SqlErr};

use crate::refusal::Message;

/// A failure of the store.
#[derive(Debug)]
pub enum Fault {
    /// A unique key exists already; the rules decide what that means.
    Taken,
    /// The database refused a write because of locks or a concurrent change; sending it again may succeed.
    Busy,
    /// No connection in time, or the server is gone.
    Unavailable(DbErr),
    /// The request's deadline passed before or while it was read.
    Late,
    /// The database or its address is not fit to be used; the operator is told what was found and what to do.
    Unfit(Message),
    /// Anything else: a defect of ours or of the data. The text goes to the log only.
    Broken(String),
}

impl From<DbErr> for Fault {
    fn from(error: DbErr) -> Self {
        if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) {
            return Self::Taken;
        }
        let runtime = match &error {
            DbErr::Conn(RuntimeErr::SqlxError(inner))
            | DbErr::Exec(RuntimeErr::SqlxError(inner))
            | DbErr::Query(RuntimeErr::SqlxError(inner)) => inner,
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => return Self::Unavailable(error),
            _ => return Self::Broken(error.to_string()),
        };
        let cut_off = matches!(error, DbErr::Conn(_)) || matches!(**runtime, sqlx::Error::Io(_));
        let code = runtime.as_database_error().and_then(DatabaseError::code);
        match code.as_deref() {
            Some("40001" | "40P01" | "55P03" | "57014" | "5" | "517") => Self::Busy,
            // Shut down, crashed, starting up, full; ended for having been idle within a transaction.
            Some("57P01" | "57P02" | "57P03" | "53300" | "25P03") => Self::Unavailable(error),
            None if cut_off => Self::Unavailable(error),
            // What the server answered else is no absence: a wrong password does not mend itself.
            _ => Self::Broken(error.to_string()),
        }
    }
}
