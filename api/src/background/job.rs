//! A job (后台任务), and what a turn of one has.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use entity::id::County;
use futures::future::BoxFuture;
use uuid::Uuid;

use super::lease;
use crate::app::App;
use crate::app::board::{Effect, Expected};
use crate::db::Fault;

/// What a job does in a turn.
pub type Work = Arc<dyn Fn(Turn) -> BoxFuture<'static, Result<(), Fault>> + Send + Sync>;

/// A piece of work that a server does again and again.
pub struct Job {
    /// Name in logs, metrics and leases.
    pub name: &'static str,
    /// Time between the beginnings of two turns; up to a second means at each tick.
    pub period: TimeDelta,
    /// How long without success before it counts as standing still.
    pub patience: TimeDelta,
    /// What that does to readiness.
    pub effect: Effect,
    /// What is done.
    pub work: Work,
}

impl Job {
    /// What is expected of it.
    #[must_use]
    pub const fn expected(&self) -> Expected {
        Expected { job: self.name, patience: self.patience, effect: self.effect }
    }

    /// Whether another turn is due, the last one having begun at `last`.
    #[must_use]
    pub fn due(&self, last: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        self.period <= TimeDelta::seconds(1) || now - last >= self.period
    }
}

/// A function as the work of a job.
pub fn work<F>(act: impl Fn(Turn) -> F + Send + Sync + 'static) -> Work
where
    F: Future<Output = Result<(), Fault>> + Send + 'static,
{
    Arc::new(move |turn| Box::pin(act(turn)))
}

/// One turn of a job.
#[derive(Clone)]
pub struct Turn {
    /// The application.
    pub app: Arc<App>,
    job: &'static str,
    leases: Arc<lease::Leases>,
}

impl Turn {
    pub(super) fn new(app: Arc<App>, job: &'static str, server: Uuid) -> Self {
        Self { app, job, leases: Arc::new(lease::Leases::new(server)) }
    }

    /// Does something in each of these counties whose lease this server has or gets; a failure in one stops no other.
    /// Whoever fails hands its lease back, for another server may do better.
    pub async fn in_each<F>(
        &self,
        counties: Vec<County>,
        act: impl Fn(Arc<App>, County) -> F + Send,
    ) -> Result<(), Fault>
    where
        F: Future<Output = Result<(), Fault>> + Send,
    {
        let mut failed = None;
        for county in counties {
            let done = match self.leases.hold(&self.app, &county, self.job).await {
                Ok(true) => act(Arc::clone(&self.app), county.clone()).await,
                Ok(false) => Ok(()),
                Err(fault) => Err(fault),
            };
            match done {
                Ok(()) | Err(Fault::Taken | Fault::Busy) => {}
                Err(fault) => {
                    self.leases.let_go(&self.app, &county, self.job).await;
                    failed = failed.or(Some(fault));
                }
            }
        }
        failed.map_or(Ok(()), Err)
    }
}
