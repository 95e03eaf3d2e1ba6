//! The rows of votes and evaluations, written by the departments that the plan names for them.

pub mod correct;

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{AuditAction, MeetingKind};
use entity::id::ProjectId;
use entity::{campaign, evaluation, project, vote};
use serde_json::json;

use super::rules::{self, Totals};
use crate::app::App;
use crate::clock::day_of;
use crate::db::{Predicate, Tx};
use crate::decision::project::{rules::adopted, store as projects};
use crate::decision::{department_row, fresh, note};
use crate::error::Stop;
use crate::refusal::input;
use crate::refusal::{Refusal, UserErrorCode};

/// Writes down how the deputies voted on a project that is on their agenda.
pub async fn record(
    tx: &Tx,
    app: &App,
    id: ProjectId,
    (voted_on, totals): (NaiveDate, Totals),
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let row = entitled(tx, app, id).await?;
    totals.check()?;
    input::past("votedOn", voted_on, day_of(now))?;
    let items = projects::items(tx, id, MeetingKind::CongressVote).await?;
    if !items.iter().any(|item| item.result.is_none()) {
        let (zh, en) = ("该项目未列入票决议题", "It is not on the agenda of a vote");
        return Err(Refusal::of(UserErrorCode::WrongStage, "projectId", zh, en).into());
    }
    let new = tx
        .insert_new(fresh::<vote::ActiveModel>(vote::Model {
            county: row.county.clone(),
            project: id,
            department: tx.viewer().department(),
            voted_on,
            due: totals.due,
            present: totals.present,
            in_favour: totals.in_favour,
            against: totals.against,
            abstained: totals.abstained,
            recorded_at: now,
            version: 1,
        }))
        .await?;
    once(new)?;
    let subject = format!("project:{}", id.0);
    let detail = json!({ "passed": totals.passed() });
    note(tx, app, AuditAction::VoteRecord, subject, detail, now).await?;
    Ok(())
}

/// Writes down how the congress evaluates an adopted project.
pub async fn evaluate(
    tx: &Tx,
    app: &App,
    id: ProjectId,
    (evaluated_on, parts): (NaiveDate, [i32; 3]),
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let row = entitled(tx, app, id).await?;
    let [satisfied, acceptable, dissatisfied] = parts;
    rules::evaluation(satisfied, acceptable, dissatisfied)?;
    input::past("evaluatedOn", evaluated_on, day_of(now))?;
    if !adopted(row.status) {
        let (zh, en) = ("项目尚未审定", "The project is not adopted");
        return Err(Refusal::of(UserErrorCode::WrongStage, "projectId", zh, en).into());
    }
    let new = tx
        .insert_new(fresh::<evaluation::ActiveModel>(evaluation::Model {
            county: row.county.clone(),
            project: id,
            evaluated_on,
            department: tx.viewer().department(),
            satisfied,
            acceptable,
            dissatisfied,
            recorded_at: now,
            version: 1,
        }))
        .await?;
    once(new)?;
    let subject = format!("project:{}", id.0);
    note(tx, app, AuditAction::EvaluationRecord, subject, json!({}), now).await?;
    Ok(())
}

fn once(new: bool) -> Result<(), Refusal> {
    if new {
        return Ok(());
    }
    let (zh, en) = ("已登记过", "It is recorded already");
    Err(Refusal::of(UserErrorCode::Duplicate, "projectId", zh, en))
}

async fn entitled(tx: &Tx, app: &App, id: ProjectId) -> Result<project::Model, Stop> {
    let row = projects::find(tx, id).await?;
    let this = Predicate::is(campaign::Column::Id, row.campaign);
    let campaign = tx.from::<campaign::Entity>().filter(this).one().await?;
    let campaign = campaign.ok_or_else(|| Refusal::not_found("projectId"))?;
    let plan = app.plans.of(&campaign)?;
    let own = department_row(tx, tx.viewer().department(), "").await?;
    rules::entitled(plan.vote_role(), &own.role)?;
    Ok(row)
}
