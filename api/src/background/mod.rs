//! What a server does by itself (后台任务), from a list that it is given at its start: `jobs::all` is that list. Each job
//! runs in a task of its own, so that one that fails or panics stops no
//! other, and is told about in `/metrics` and `/health/ready`.
//!
//! Any number of servers may share a database: a job over rows that they share is done by the one that holds the county's
//! lease for it.

pub mod job;
mod lease;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use futures::FutureExt as _;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

pub use job::{Job, Turn, Work};

use crate::app::App;
use crate::app::notes::Which;
use crate::audit;
use crate::db::Fault;

/// Time between two looks at what is due.
const TICK: Duration = Duration::from_secs(1);
/// How long turns that are under way may go on at the end, and how long the last notes may take.
const LAST_TURN: Duration = Duration::from_secs(5);
/// How long handing back the leases may take; they run out by themselves.
const HAND_BACK: Duration = Duration::from_secs(1);
/// Time between two attempts to write the last notes.
const AGAIN: Duration = Duration::from_millis(200);

/// The tasks of one server process.
pub struct Background {
    app: Arc<App>,
    server: Uuid,
    names: Vec<&'static str>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Background {
    /// Starts the jobs.
    #[must_use]
    pub fn start(app: Arc<App>, jobs: Vec<Job>) -> Self {
        let now = app.clock.now();
        let server = app.new_key(now);
        app.jobs.expect(jobs.iter().map(Job::expected), now);
        let (stop, _) = watch::channel(false);
        let names = jobs.iter().map(|job| job.name).collect();
        let run = |job| tokio::spawn(turns(Arc::clone(&app), job, server, stop.subscribe()));
        let tasks = jobs.into_iter().map(run).collect();
        Self { app, server, names, stop, tasks }
    }

    /// Lets the turns that are under way end and starts no other, writes the notes that still wait, and hands the leases
    /// back.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        let ended = futures::future::join_all(self.tasks);
        if tokio::time::timeout(LAST_TURN, ended).await.is_err() {
            tracing::warn!("the last background work is cut off");
        }
        if tokio::time::timeout(LAST_TURN, last_notes(&self.app)).await.is_err() {
            tracing::error!("the last lines of the audit trail could not be written");
        }
        let handed_back = lease::hand_back(&self.app, self.server, &self.names);
        let handed_back = tokio::time::timeout(HAND_BACK, handed_back).await;
        tracing::debug!(?handed_back, "leases");
    }
}

/// A refusal that was answered is in the trail when the process has ended.
async fn last_notes(app: &App) {
    while let Err(fault) = audit::write_notes(app, Which::All).await {
        tracing::warn!(?fault, "the last lines of the audit trail are tried again");
        tokio::time::sleep(AGAIN).await;
    }
}

/// The turns of one job, as long as the server serves.
async fn turns(app: Arc<App>, job: Job, server: Uuid, mut stopped: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let turn = Turn::new(Arc::clone(&app), job.name, server);
    let mut began: Option<DateTime<Utc>> = None;
    loop {
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stopped| *stopped) => return,
            _ = ticks.tick() => {}
        }
        let now = app.clock.now();
        if began.is_some_and(|last| !job.due(last, now)) {
            continue;
        }
        began = Some(now);
        one(&app, &job, turn.clone()).await;
    }
}

/// One turn, of which nothing but its outcome comes out: a panic is a failure too.
async fn one(app: &App, job: &Job, turn: Turn) {
    let begin = Instant::now();
    let outcome = AssertUnwindSafe((job.work)(turn)).catch_unwind().await;
    let took = begin.elapsed();
    match outcome {
        // Another server at the same work is no news.
        Ok(Ok(()) | Err(Fault::Taken | Fault::Busy)) => {
            app.jobs.succeeded(job.name, app.clock.now(), took);
        }
        Ok(Err(fault)) => {
            tracing::warn!(job = job.name, ?fault, "background work failed; it is tried again");
            app.jobs.failed(job.name, app.clock.now(), took);
        }
        Err(_) => {
            tracing::error!(job = job.name, "background work panicked; it is started again");
            app.jobs.panicked(job.name, took);
        }
    }
}
