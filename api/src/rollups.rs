//! Keeping the rollups (统计) of one county, as its operator. What a cell is stands in [`crate::db`].

use entity::enums::AuditAction;
use entity::id::County;
use entity::tally_delta;
use serde_json::json;

use crate::app::App;
use crate::db::{Fault, TallyCheck, Trail};
use crate::scope::system;

/// Folds the changes that wait into the cells and says how many there were; without any it writes nothing.
pub async fn fold(app: &App, county: &County) -> Result<u64, Fault> {
    let operator = system::operator(county.clone());
    let tx = app.db.begin_read(&operator).await?;
    let waiting = tx.from::<tally_delta::Entity>().one().await?;
    drop(tx);
    if waiting.is_none() {
        return Ok(0);
    }
    let tx = app.db.begin_write(&operator).await?;
    let folded = tx.fold_tally().await?;
    tx.commit().await?;
    Ok(folded)
}

/// Compares cells and waiting changes with a recount, in one snapshot.
pub async fn check(app: &App, county: &County) -> Result<TallyCheck, Fault> {
    let tx = app.db.begin_read(&system::operator(county.clone())).await?;
    tx.check_tally().await
}

/// Counts the cells anew, which leaves a line in the audit trail; says how many had been wrong. Nobody takes in a
/// suggestion of any county meanwhile.
pub async fn rebuild(app: &App, county: &County) -> Result<TallyCheck, Fault> {
    let now = app.clock.now();
    let tx = app.db.begin_write(&system::operator(county.clone())).await?;
    tx.take_time().await?;
    let before = tx.check_tally().await?;
    tx.rebuild_tally().await?;
    let TallyCheck { wrong_cells, unfolded } = before;
    tx.audit(Trail {
        id: app.new_key(now),
        at: now,
        action: AuditAction::TallyRebuild,
        subject: format!("county:{county}"),
        detail: json!({ "wrongCells": wrong_cells, "unfolded": unfolded }),
    })
    .await?;
    tx.commit().await?;
    Ok(before)
}
