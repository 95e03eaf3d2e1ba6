//! The connections to PostgreSQL on which requests run. deadpool hands them out, because sqlx's own pool sends a message
//! on each connection that comes back, only to learn that it is sound: one more trip for every request.

use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{
    self, Manager, Metrics, Object, PoolError, RecycleError, RecycleResult, TimeoutType,
};
use futures::future::BoxFuture;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection};
use sea_orm::sqlx::{self, ConnectOptions as _};
use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr};

use super::fault::Fault;

/// How many connections to keep, and how long to wait for one.
#[derive(Clone, Copy, Debug)]
pub struct PoolSize {
    /// Most connections open at once.
    pub connections: u32,
    /// Longest wait for a free one.
    pub wait: Duration,
}

impl Default for PoolSize {
    fn default() -> Self {
        Self { connections: 16, wait: Duration::from_secs(5) }
    }
}

/// The pool of a serving process.
pub(super) type Connections = managed::Pool<Server>;
/// A connection that goes back to its pool when it is dropped.
pub(super) type Lent = Object<Server>;

/// Longest life of a connection: what PostgreSQL keeps for it (plans, catalogue) only grows.
const LIFE: Duration = Duration::from_mins(30);
/// Longest time that a connection lies idle: a firewall may have forgotten it by then.
const IDLE: Duration = Duration::from_mins(10);

/// What a new connection is told before it serves.
pub(super) type Prepare = for<'c> fn(&'c mut PgConnection) -> BoxFuture<'c, Result<(), sqlx::Error>>;

/// Where connections lead.
pub(super) struct Server {
    options: PgConnectOptions,
    prepare: Prepare,
}

/// A pool whose first connection is made by the first request.
pub(super) fn connections(
    options: PgConnectOptions,
    prepare: Prepare,
    size: PoolSize,
) -> Result<Connections, Fault> {
    let pool = managed::Pool::builder(Server { options, prepare })
        .max_size(size.connections as usize)
        .wait_timeout(Some(size.wait))
        .create_timeout(Some(size.wait))
        .runtime(Runtime::Tokio1);
    pool.build().map_err(|error| Fault::Broken(error.to_string()))
}

/// Takes a connection, on which nothing has begun.
pub(super) async fn lend(pool: &Connections) -> Result<Lent, Fault> {
    let lent = pool.get().await.map_err(|error| match error {
        PoolError::Timeout(TimeoutType::Wait) => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
        PoolError::Backend(error) => DbErr::Conn(RuntimeErr::SqlxError(error.into())),
        error => DbErr::Conn(RuntimeErr::Internal(error.to_string())),
    });
    Ok(lent?)
}

/// Closes the connections that lie idle: after the database was away, each of them is broken.
pub(super) fn renew(pool: &Connections) {
    let _ = pool.retain(|_, _| false);
}

impl Server {
    /// Address, role and password.
    pub(super) const fn options(&self) -> &PgConnectOptions {
        &self.options
    }
}

impl Manager for Server {
    type Type = PgConnection;
    type Error = sqlx::Error;

    /// In a task of its own: whoever needs a connection may stand deep in a resolver, and connecting needs a deep stack too.
    async fn create(&self) -> Result<PgConnection, sqlx::Error> {
        let (options, prepare) = (self.options.clone(), self.prepare);
        let connecting = tokio::spawn(async move {
            let mut connection = options.connect().await?;
            prepare(&mut connection).await?;
            Ok(connection)
        });
        connecting.await.unwrap_or(Err(sqlx::Error::WorkerCrashed))
    }

    /// Whoever had it gave it back without an open transaction, or closed it.
    async fn recycle(&self, _: &mut PgConnection, metrics: &Metrics) -> RecycleResult<sqlx::Error> {
        if worn(metrics) { Err(RecycleError::message("too old")) } else { Ok(()) }
    }
}

/// Whether a connection is closed instead of being lent once more.
fn worn(metrics: &Metrics) -> bool {
    metrics.age() > LIFE || metrics.last_used() > IDLE
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn used(made: Duration, lent: Option<Duration>) -> Metrics {
        let before = |time| Instant::now().checked_sub(time).unwrap();
        Metrics { created: before(made), recycled: lent.map(before), ..Metrics::default() }
    }

    #[test]
    fn a_connection_is_closed_when_it_is_old_or_lay_idle() {
        let soon = Duration::from_secs(1);
        assert!(!worn(&used(soon, None)));
        assert!(!worn(&used(IDLE + soon, Some(soon))));
        assert!(worn(&used(IDLE + soon, None)));
        assert!(worn(&used(IDLE + 2 * soon, Some(IDLE + soon))));
        assert!(worn(&used(LIFE + soon, Some(soon))));
    }
}
