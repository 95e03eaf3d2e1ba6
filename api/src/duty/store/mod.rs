//! Rosters, unit plans and tasks in and out.

mod acknowledgement;
mod roster;
mod task;
mod unit_plan;

pub use acknowledgement::{acknowledge, awaited as acknowledgement_awaited};
pub use roster::{Status, contact_of, lines_of, rosters, statuses, submit as submit_roster};
pub use task::{NewTask, Step as TaskStep, create, step};
pub use unit_plan::{Decision, decide, submit as submit_unit_plan};

use chrono::{DateTime, Utc};
use entity::campaign;
use entity::enums::AuditAction;
use entity::id::CampaignId;
use serde_json::Value as Json;

use crate::app::App;
use crate::db::{Fault, Predicate, Trail, Tx};
use crate::error::Stop;
use crate::refusal::Refusal;

async fn campaign_of(tx: &Tx, id: Option<CampaignId>) -> Result<campaign::Model, Stop> {
    let row = match id {
        None => None,
        Some(id) => {
            let this = Predicate::is(campaign::Column::Id, id);
            tx.from::<campaign::Entity>().filter(this).one().await?
        }
    };
    row.ok_or_else(|| Refusal::not_found("campaignId").into())
}

async fn audit(
    tx: &Tx,
    app: &App,
    action: AuditAction,
    subject: String,
    detail: Json,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    tx.audit(Trail { id: app.new_key(now), at: now, action, subject, detail }).await
}
