//! The list of jobs (后台任务表), and what a turn of one of them has.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use entity::id::County;
use entity::session;
use futures::future::BoxFuture;
use uuid::Uuid;

use super::{counties, lease, trails};
use crate::access::{store, system};
use crate::app::App;
use crate::audit::{self, Horizon, Which};
use crate::db::Fault;
use crate::graphql::idempotency;
use crate::rollups;

/// What a job does in a turn.
pub type Work = Arc<dyn Fn(Turn) -> BoxFuture<'static, Result<(), Fault>> + Send + Sync>;

/// What becomes of readiness when a job stands still. A database that refuses a job's writes refuses everybody's, and
/// then reads should go on: so no job that fails takes a server away, and only one that never ends a turn does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// `/health/ready` says `degraded` and names it, with status 200: any server may do the work.
    Warns,
    /// The same; and where no turn ends any more, neither well nor ill, status 503: the work is this server's alone, and
    /// what it holds in memory would be lost.
    Stops,
}

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
    /// Whether another turn is due, the last one having begun at `last`.
    #[must_use]
    pub fn due(&self, last: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        self.period <= TimeDelta::seconds(1) || now - last >= self.period
    }
}

/// Every job of a server. What several servers share is leased by county: see the calls of [`Turn::in_each`].
#[must_use]
pub fn all() -> Vec<Job> {
    let second = TimeDelta::seconds(1);
    let minutes = TimeDelta::minutes;
    let job = |name, period, patience, effect, work| Job { name, period, patience, effect, work };
    vec![
        job("notes", second, minutes(2), Effect::Stops, work(notes)),
        job("fold", second, minutes(5), Effect::Warns, work(fold)),
        job("seal", second, minutes(5), Effect::Warns, work(seal)),
        job("seal-late", minutes(60), minutes(180), Effect::Warns, work(seal_late)),
        job("sweep", minutes(60), minutes(180), Effect::Warns, work(sweep)),
    ]
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

/// Writes the notes of this server: its own memory, so there is no lease.
async fn notes(turn: Turn) -> Result<(), Fault> {
    audit::write_notes(&turn.app, Which::Due).await.map(|_| ())
}

async fn fold(turn: Turn) -> Result<(), Fault> {
    let fold = |app: Arc<App>, county: County| async move { rollups::fold(&app, &county).await.map(|_| ()) };
    turn.in_each(counties(&turn.app).await?, fold).await
}

async fn seal(turn: Turn) -> Result<(), Fault> {
    let horizon = Horizon::Recent(turn.app.clock.now());
    seal_all(&turn, horizon).await
}

/// Seals what the usual look over the last minutes did not see.
async fn seal_late(turn: Turn) -> Result<(), Fault> {
    seal_all(&turn, Horizon::Everything).await
}

async fn seal_all(turn: &Turn, horizon: Horizon) -> Result<(), Fault> {
    let seal =
        |app: Arc<App>, county: County| async move { audit::seal(&app, &county, horizon).await.map(|_| ()) };
    turn.in_each(trails(&turn.app).await?, seal).await
}

/// Forgets idempotency keys whose time is over, and sessions that tell nothing any more.
async fn sweep(turn: Turn) -> Result<(), Fault> {
    let sweep = |app: Arc<App>, county: County| async move {
        let now = app.clock.now();
        let tx = app.db.begin_write(&system::operator(county)).await?;
        idempotency::forget(&tx, now).await?;
        tx.delete::<session::Entity>(store::over(now)).await?;
        tx.commit().await
    };
    turn.in_each(counties(&turn.app).await?, sweep).await
}
