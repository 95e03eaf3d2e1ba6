//! The rows of the publicity log.

pub mod change;

use chrono::{DateTime, Utc};
use entity::campaign;
use entity::enums::AuditAction;
use entity::id::{CampaignId, PublicityId};
use entity::publicity::ActiveModel;
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::rules::{Piece, check};
use crate::app::App;
use crate::clock::day_of;
use crate::db::{Predicate, Trail, Tx};
use crate::error::Stop;
use crate::refusal::Refusal;

/// Enters a piece that the viewer's department published.
pub async fn record(
    tx: &Tx,
    app: &App,
    campaign: CampaignId,
    piece: Piece,
    now: DateTime<Utc>,
) -> Result<PublicityId, Stop> {
    let this = Predicate::is(campaign::Column::Id, campaign);
    let known = tx.from::<campaign::Entity>().filter(this).one().await?;
    let campaign = known.ok_or_else(|| Refusal::not_found("campaignId"))?;
    let refusals = check(&piece, day_of(now));
    if !refusals.is_empty() {
        return Err(refusals.into());
    }
    let id = PublicityId(app.new_key(now));
    tx.insert(ActiveModel {
        county: Set(tx.viewer().county().clone()),
        id: Set(id),
        department: Set(tx.viewer().department()),
        campaign: Set(campaign.id),
        published_on: Set(piece.published_on),
        medium: Set(piece.medium),
        title: Set(piece.title),
        reference: Set(piece.reference),
        recorded_at: Set(now),
        withdrawn_at: Set(None),
        version: Set(1),
    })
    .await?;
    tx.audit(Trail {
        id: app.new_key(now),
        at: now,
        action: AuditAction::PublicityRecord,
        subject: format!("publicity:{}", id.0),
        detail: json!({ "publishedOn": piece.published_on }),
    })
    .await?;
    Ok(id)
}
