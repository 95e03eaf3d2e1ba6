//! The list of jobs (后台任务表) that a server does by itself.

use std::sync::Arc;

use chrono::TimeDelta;
use entity::id::County;
use entity::session;

use crate::access::store;
use crate::app::App;
use crate::app::board::Effect;
use crate::app::counties::{counties, trails};
use crate::app::notes::Which;
use crate::audit::{self, Horizon};
use crate::background::job::{Job, Turn, work};
use crate::db::Fault;
use crate::graphql::idempotency;
use crate::rollups;
use crate::scope::system;

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
