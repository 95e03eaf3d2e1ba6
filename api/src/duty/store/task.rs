//! The division of labour (H21, H40): the notice's tasks come with the plan, a department adds its own.

use chrono::{DateTime, NaiveDate, Utc};
use entity::duty_task::{ActiveModel, Column, Entity};
use entity::enums::{AuditAction, TaskState};
use entity::id::{CampaignId, TaskId};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{audit, campaign_of};
use crate::app::App;
use crate::db::{Predicate, Tx};
use crate::duty::rules::progress;
use crate::error::Stop;
use crate::refusal::Refusal;
use crate::refusal::input::text;

/// A piece of work as its form says.
#[derive(Clone, Debug)]
pub struct NewTask {
    /// Campaign; none where the id is none.
    pub campaign: Option<CampaignId>,
    /// What is to be done.
    pub text: String,
    /// Who answers for it.
    pub owner: String,
    /// By when.
    pub due_on: Option<NaiveDate>,
}

/// Adds a piece of work of the viewer's department.
pub async fn create(tx: &Tx, app: &App, form: &NewTask, now: DateTime<Utc>) -> Result<TaskId, Stop> {
    let campaign = campaign_of(tx, form.campaign).await?;
    let refusals = [text("text", &form.text, 1, 500).err(), text("owner", &form.owner, 0, 100).err()];
    let refusals: Vec<Refusal> = refusals.into_iter().flatten().collect();
    if !refusals.is_empty() {
        return Err(refusals.into());
    }
    let id = TaskId(app.new_key(now));
    tx.insert(ActiveModel {
        county: Set(tx.viewer().county().clone()),
        id: Set(id),
        department: Set(tx.viewer().department()),
        campaign: Set(campaign.id),
        code: Set(None),
        text: Set(form.text.clone()),
        owner: Set(form.owner.clone()),
        due_on: Set(form.due_on),
        progress: Set(0),
        state: Set(TaskState::Open),
        note: Set(String::new()),
        created_at: Set(now),
        updated_at: Set(now),
        version: Set(1),
    })
    .await?;
    let subject = format!("duty_task:{}", id.0);
    audit(tx, app, AuditAction::TaskCreate, subject, json!({}), now).await?;
    Ok(id)
}

/// How far a piece of work is.
#[derive(Clone, Debug)]
pub struct Step {
    /// Which.
    pub id: TaskId,
    /// The version that the caller has seen.
    pub expected: i32,
    /// Per cent.
    pub progress: i32,
    /// State.
    pub state: TaskState,
    /// Who answers for it from now on; none leaves it.
    pub owner: Option<String>,
    /// By when from now on; none leaves it.
    pub due_on: Option<NaiveDate>,
    /// What there is to say.
    pub note: String,
}

/// Reports how far an own piece of work is.
pub async fn step(tx: &Tx, app: &App, form: &Step, now: DateTime<Utc>) -> Result<(), Stop> {
    let row = tx.from::<Entity>().filter(Predicate::is(Column::Id, form.id)).one().await?;
    let own = row.filter(|row| row.department == tx.viewer().department());
    let row = own.ok_or_else(|| Refusal::not_found("taskId"))?;
    if row.version != form.expected {
        return Err(Refusal::stale().into());
    }
    let owner = form.owner.clone().unwrap_or(row.owner);
    let refusals = [
        progress(form.progress, form.state).err(),
        text("owner", &owner, 0, 100).err(),
        text("note", &form.note, 0, 500).err(),
    ];
    let refusals: Vec<Refusal> = refusals.into_iter().flatten().collect();
    if !refusals.is_empty() {
        return Err(refusals.into());
    }
    let changes = vec![
        (Column::Progress, form.progress.into()),
        (Column::State, form.state.into()),
        (Column::Owner, owner.into()),
        (Column::DueOn, form.due_on.or(row.due_on).into()),
        (Column::Note, form.note.clone().into()),
        (Column::UpdatedAt, now.into()),
        (Column::Version, (row.version + 1).into()),
    ];
    let this = Predicate::is(Column::Id, row.id).and(Predicate::is(Column::Version, row.version));
    if tx.update::<Entity>(this, changes).await? == 0 {
        return Err(Refusal::stale().into());
    }
    let subject = format!("duty_task:{}", row.id.0);
    let detail = json!({ "from": row.progress, "to": form.progress, "state": form.state });
    audit(tx, app, AuditAction::TaskProgress, subject, detail, now).await?;
    Ok(())
}
