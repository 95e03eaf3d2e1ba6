//! Whether a campaign still takes anything: one that is closed takes no more.

use entity::id::CampaignId;
use entity::{campaign, campaign_closing};

use crate::db::{Predicate, Tx};
use crate::error::Stop;
use crate::refusal::{Refusal, UserErrorCode};

/// The campaign of a key, while it is not closed.
pub(crate) async fn open_campaign(tx: &Tx, id: CampaignId) -> Result<campaign::Model, Stop> {
    let this = Predicate::is(campaign::Column::Id, id);
    let row = tx.from::<campaign::Entity>().filter(this).one().await?;
    let row = row.ok_or_else(|| Refusal::not_found("campaignId"))?;
    refuse_closed(tx, id, "campaignId").await?;
    Ok(row)
}

/// Refuses what a closed campaign takes no more.
pub async fn refuse_closed(tx: &Tx, campaign: CampaignId, field: &str) -> Result<(), Stop> {
    let this = Predicate::is(campaign_closing::Column::Campaign, campaign);
    if tx.from::<campaign_closing::Entity>().filter(this).one().await?.is_none() {
        return Ok(());
    }
    let (zh, en) = ("征集活动已结束", "The campaign is closed");
    Err(Refusal::of(UserErrorCode::CampaignClosed, field, zh, en).into())
}
