//! Hearing what was committed: on SQLite within this process, on PostgreSQL over one connection that listens, whichever
//! server on the same database committed.
#![expect(
    clippy::disallowed_methods,
    reason = "the kernel is where connections are made and statements leave"
)]

use std::time::Duration;

use sea_orm::sqlx::postgres::{PgListener, PgPoolOptions};
use sea_orm::sqlx::{self, Executor as _};
use sea_orm::{DbBackend, DbErr, RuntimeErr};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use super::notice::Notice;
use super::{Db, Fault};

/// The channel of PostgreSQL; of this database alone.
pub(super) const CHANNEL: &str = "minsheng_change";
/// Longest silence before the connection is asked whether it still lives.
const SILENCE: Duration = Duration::from_secs(30);
/// Longest wait for a connection, and for its answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// An ear on what is committed.
pub struct Ear(Source);

enum Source {
    Process(broadcast::Receiver<Notice>),
    Server(Box<PgListener>),
}

/// What an ear hears.
#[derive(Clone, Debug)]
pub enum Heard {
    /// Something was committed.
    Notice(Notice),
    /// Something may have been missed until now; from now on nothing is.
    Gap,
}

impl Db {
    /// Listens from now on.
    pub async fn listen(&self) -> Result<Ear, Fault> {
        if self.backend() != DbBackend::Postgres {
            return Ok(Ear(Source::Process(self.notices.subscribe())));
        }
        // A pool of its own: what listens is never lent to a request, and requests can't starve it.
        let options = self.reader.get_postgres_connection_pool().connect_options();
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None)
            .acquire_timeout(PATIENCE)
            .connect_lazy_with(options.as_ref().clone());
        let mut listener = PgListener::connect_with(&pool).await.map_err(fault)?;
        listener.listen(CHANNEL).await.map_err(fault)?;
        Ok(Ear(Source::Server(Box::new(listener))))
    }
}

impl Ear {
    /// Waits for the next. After a failure listen anew, and take it for a gap.
    pub async fn next(&mut self) -> Result<Heard, Fault> {
        match &mut self.0 {
            Source::Process(notices) => match notices.recv().await {
                Ok(notice) => Ok(Heard::Notice(notice)),
                Err(RecvError::Lagged(_)) => Ok(Heard::Gap),
                Err(RecvError::Closed) => Err(Fault::Broken("the database is closed".to_owned())),
            },
            Source::Server(listener) => heard(listener).await,
        }
    }
}

async fn heard(listener: &mut PgListener) -> Result<Heard, Fault> {
    loop {
        match tokio::time::timeout(SILENCE, listener.try_recv()).await {
            Ok(Ok(Some(notification))) => {
                if let Some(notice) = Notice::parse(notification.payload()) {
                    return Ok(Heard::Notice(notice));
                }
                tracing::warn!("a notification of another make was passed over");
            }
            // It listens again already, when this is told.
            Ok(Ok(None)) => return Ok(Heard::Gap),
            Ok(Err(error)) => return Err(fault(error)),
            // A connection that a firewall has forgotten would be silent for ever.
            Err(_) => match tokio::time::timeout(PATIENCE, listener.execute("SELECT 1")).await {
                Ok(answered) => {
                    answered.map_err(fault)?;
                }
                Err(_) => return Err(Fault::Busy),
            },
        }
    }
}

fn fault(error: sqlx::Error) -> Fault {
    Fault::Unavailable(DbErr::Conn(RuntimeErr::SqlxError(error.into())))
}
