//! That a department has received the founding document: once, by whoever of it acknowledges first (S01).

use chrono::{DateTime, Utc};
use entity::acknowledgement::{ActiveModel, Column, Entity};
use entity::department;
use entity::enums::AuditAction;
use entity::id::{AcknowledgementId, CampaignId};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{audit, campaign_of};
use crate::app::App;
use crate::db::{Fault, Predicate, Tx};
use crate::duty::rules;
use crate::error::Stop;
use crate::plan::Plan;
use crate::refusal::{Refusal, UserErrorCode};

/// Acknowledges the document for the viewer's department.
pub async fn acknowledge(
    tx: &Tx,
    app: &App,
    campaign: Option<CampaignId>,
    now: DateTime<Utc>,
) -> Result<AcknowledgementId, Stop> {
    let campaign = campaign_of(tx, campaign).await?;
    let (viewer, id) = (tx.viewer(), AcknowledgementId(app.new_key(now)));
    let own = own_code(tx).await?;
    let own = own.ok_or_else(|| Refusal::not_found("campaignId"))?;
    rules::acknowledge(&*app.plans.of(&campaign)?, &own)?;
    let row = ActiveModel {
        county: Set(viewer.county().clone()),
        id: Set(id),
        department: Set(viewer.department()),
        campaign: Set(campaign.id),
        post: Set(viewer.post()),
        acknowledged_at: Set(now),
    };
    match tx.insert(row).await {
        Err(Fault::Taken) => return Err(acknowledged().into()),
        done => done?,
    }
    let subject = format!("campaign:{}", campaign.id.0);
    let (action, detail) = (AuditAction::CampaignAcknowledge, json!({}));
    audit(tx, app, action, subject, detail, now).await?;
    Ok(id)
}

/// Whether the viewer's department is addressed and has not acknowledged the document.
pub async fn awaited(tx: &Tx, plan: &Plan, campaign: CampaignId) -> Result<bool, Fault> {
    let own = own_code(tx).await?;
    if own.is_none_or(|code| rules::acknowledge(plan, &code).is_err()) {
        return Ok(false);
    }
    let this = Predicate::is(Column::Campaign, campaign)
        .and(Predicate::is(Column::Department, tx.viewer().department()));
    Ok(tx.from::<Entity>().filter(this).one().await?.is_none())
}

async fn own_code(tx: &Tx) -> Result<Option<String>, Fault> {
    let this = Predicate::is(department::Column::Id, tx.viewer().department());
    let own = tx.from::<department::Entity>().filter(this).one().await?;
    Ok(own.map(|row| row.code))
}

fn acknowledged() -> Refusal {
    let (zh, en) = ("本单位已确认收文", "The department has acknowledged the document already");
    Refusal::of(UserErrorCode::Duplicate, "campaignId", zh, en)
}
