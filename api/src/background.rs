//! What a server does by itself (后台任务): folds the rollups, seals the audit trail, forgets what has expired.
//!
//! Any number of servers may do so on one database: whoever comes second finds nothing to do, or is refused and tries
//! again a second later.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::id::County;
use entity::session;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use crate::access::{store, system};
use crate::app::App;
use crate::audit::{self, Horizon};
use crate::db::Fault;
use crate::graphql::idempotency;
use crate::rollups;

/// Time between two rounds.
const PERIOD: Duration = Duration::from_secs(1);
/// Time between two rounds that also sweep.
const SWEEP: TimeDelta = TimeDelta::hours(1);
/// How long a round that is under way may go on at the end.
const LAST_ROUND: Duration = Duration::from_secs(10);

/// The task of one server process.
pub struct Background {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Background {
    /// Starts the rounds.
    #[must_use]
    pub fn start(app: Arc<App>) -> Self {
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(rounds(app, stopped));
        Self { stop, task }
    }

    /// Lets the round that is under way end and starts no other.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if tokio::time::timeout(LAST_ROUND, self.task).await.is_err() {
            tracing::warn!("the last background round is cut off");
        }
    }
}

/// The counties of the database, in the order of their codes.
pub async fn counties(app: &App) -> Result<Vec<County>, Fault> {
    let Some(doorkeeper) = system::doorkeeper() else {
        return Ok(Vec::new());
    };
    store::counties(&app.db.begin_read(&doorkeeper).await?).await
}

async fn rounds(app: Arc<App>, mut stopped: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut swept: Option<DateTime<Utc>> = None;
    loop {
        tokio::select! {
            biased;
            _ = stopped.changed() => return,
            _ = ticks.tick() => {}
        }
        let now = app.clock.now();
        let sweeps = swept.is_none_or(|last| now - last >= SWEEP);
        if sweeps {
            swept = Some(now);
        }
        round(&app, sweeps).await;
    }
}

/// One round over all counties; a failure is logged and stops neither the others nor the next round.
async fn round(app: &App, sweeps: bool) {
    let counties = match counties(app).await {
        Ok(counties) => counties,
        Err(fault) => return report("list counties", None, &fault),
    };
    let horizon = if sweeps {
        Horizon::Everything
    } else {
        Horizon::Recent(app.clock.now())
    };
    for county in &counties {
        if let Err(fault) = rollups::fold(app, county).await {
            report("fold the rollups", Some(county), &fault);
        }
        if let Err(fault) = audit::seal(app, county, horizon).await {
            report("seal the audit trail", Some(county), &fault);
        }
        if sweeps && let Err(fault) = sweep(app, county).await {
            report("sweep", Some(county), &fault);
        }
    }
}

/// Forgets idempotency keys whose time is over, and sessions that tell nothing any more.
async fn sweep(app: &App, county: &County) -> Result<(), Fault> {
    let now = app.clock.now();
    let tx = app
        .db
        .begin_write(&system::operator(county.clone()))
        .await?;
    idempotency::forget(&tx, now).await?;
    tx.delete::<session::Entity>(store::over(now)).await?;
    tx.commit().await
}

/// Another server at the same work is no news; anything else is for the operator.
fn report(what: &str, county: Option<&County>, fault: &Fault) {
    let county = county.map(County::as_str);
    match fault {
        Fault::Taken | Fault::Busy => {
            tracing::debug!(what, county, "somebody else is at it; next round");
        }
        fault => tracing::warn!(what, county, ?fault, "background work failed; next round"),
    }
}
