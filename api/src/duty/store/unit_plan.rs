//! Departments' own plans (H37): handed in, returned or accepted; every draft is kept.

use chrono::{DateTime, Utc};
use entity::enums::{AuditAction, UnitPlanState};
use entity::id::{CampaignId, UnitPlanId};
use entity::unit_plan::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{audit, campaign_of};
use crate::app::App;
use crate::clock::day_of;
use crate::db::{Direction, Predicate, Tx};
use crate::duty::rules::{hand_in, review};
use crate::error::Stop;
use crate::refusal::Refusal;
use crate::refusal::input::text;

/// Hands in a draft of the viewer's department.
pub async fn submit(
    tx: &Tx,
    app: &App,
    campaign: Option<CampaignId>,
    (title, content): (&str, &str),
    now: DateTime<Utc>,
) -> Result<UnitPlanId, Stop> {
    let campaign = campaign_of(tx, campaign).await?;
    let refusals = [text("title", title, 1, 200).err(), text("content", content, 1, 20_000).err()];
    let refusals: Vec<Refusal> = refusals.into_iter().flatten().collect();
    if !refusals.is_empty() {
        return Err(refusals.into());
    }
    tx.one_at_a_time("unit_plan").await?;
    let own = Predicate::is(Column::Department, tx.viewer().department())
        .and(Predicate::is(Column::Campaign, campaign.id));
    let last = tx.from::<Entity>().filter(own).order(Column::Number, Direction::Descending);
    let last = last.one().await?;
    hand_in(last.as_ref().map(|row| row.state))?;
    let number = last.map_or(1, |row| row.number + 1);
    let id = UnitPlanId(app.new_key(now));
    tx.insert(ActiveModel {
        county: Set(tx.viewer().county().clone()),
        id: Set(id),
        department: Set(tx.viewer().department()),
        campaign: Set(campaign.id),
        number: Set(number),
        title: Set(title.to_owned()),
        content: Set(content.to_owned()),
        state: Set(UnitPlanState::Submitted),
        submitted_at: Set(now),
        submitted_on: Set(day_of(now)),
        submitted_by: Set(tx.viewer().post()),
        reviewed_at: Set(None),
        reason: Set(None),
        version: Set(1),
    })
    .await?;
    let subject = format!("unit_plan:{}", id.0);
    let detail = json!({ "number": number });
    audit(tx, app, AuditAction::UnitPlanSubmit, subject, detail, now).await?;
    Ok(id)
}

/// What the office decides on a draft.
#[derive(Clone, Copy, Debug)]
pub enum Decision<'a> {
    /// Back for revision, with the reason.
    Return(&'a str),
    /// Accepted.
    Accept,
}

/// Decides on a draft that was handed in.
pub async fn decide(
    tx: &Tx,
    app: &App,
    id: UnitPlanId,
    expected: i32,
    decision: Decision<'_>,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let row = tx.from::<Entity>().filter(Predicate::is(Column::Id, id)).one().await?;
    let row: Model = row.ok_or_else(|| Refusal::not_found("unitPlanId"))?;
    if row.version != expected {
        return Err(Refusal::stale().into());
    }
    review(row.state)?;
    let (state, reason, action) = match decision {
        Decision::Accept => (UnitPlanState::Accepted, None, AuditAction::UnitPlanAccept),
        Decision::Return(reason) => {
            text("reason", reason, 2, 500)?;
            let action = AuditAction::UnitPlanReturn;
            (UnitPlanState::Returned, Some(reason.to_owned()), action)
        }
    };
    let this = Predicate::is(Column::Id, id).and(Predicate::is(Column::Version, expected));
    let detail = json!({ "number": row.number, "reason": reason });
    let changes = vec![
        (Column::State, state.into()),
        (Column::Reason, reason.into()),
        (Column::ReviewedAt, now.into()),
        (Column::Version, (expected + 1).into()),
    ];
    if tx.update::<Entity>(this, changes).await? == 0 {
        return Err(Refusal::stale().into());
    }
    audit(tx, app, action, format!("unit_plan:{}", id.0), detail, now).await?;
    Ok(())
}
