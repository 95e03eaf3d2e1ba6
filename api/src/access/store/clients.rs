//! Credentials of portals (门户凭据).

use entity::enums::AuditAction;
use entity::id::{CampaignId, ChannelId, PortalClientId};
use entity::{campaign, channel, portal_client};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::Moment;
use crate::access::profiles::Operation;
use crate::access::rules;
use crate::db::{Fault, Predicate, Tx};
use crate::graphql::error::{Refusal, Stop};

/// A portal credential about to be made.
pub struct NewClient {
    /// Key, part of the bearer text.
    pub id: PortalClientId,
    /// What the portal is called. 名称
    pub name: String,
    /// Campaign. 活动
    pub campaign: CampaignId,
    /// Channel of that campaign. 渠道
    pub channel: ChannelId,
    /// What it may call. 可用操作
    pub actions: Vec<Operation>,
    /// SHA-256 of the secret.
    pub secret_hash: String,
}

/// A credential with its channel; nothing when it is absent or disabled.
pub async fn client(
    tx: &Tx,
    id: PortalClientId,
) -> Result<Option<(portal_client::Model, channel::Model)>, Fault> {
    let named = Predicate::is(portal_client::Column::Id, id)
        .and(Predicate::Empty(portal_client::Column::DisabledAt));
    let Some(row) = tx
        .from::<portal_client::Entity>()
        .filter(named)
        .one()
        .await?
    else {
        return Ok(None);
    };
    let named = Predicate::is(channel::Column::Id, row.channel);
    let channel = tx.from::<channel::Entity>().filter(named).one().await?;
    Ok(channel.map(|channel| (row, channel)))
}

/// The channel of a code in the campaign of a code; for the command line.
pub async fn channel_of_codes(
    tx: &Tx,
    campaign: &str,
    channel: &str,
) -> Result<Option<channel::Model>, Fault> {
    let named = Predicate::is(campaign::Column::Code, campaign);
    let Some(campaign) = tx.from::<campaign::Entity>().filter(named).one().await? else {
        return Ok(None);
    };
    let named = Predicate::is(channel::Column::Code, channel)
        .and(Predicate::is(channel::Column::Campaign, campaign.id));
    tx.from::<channel::Entity>().filter(named).one().await
}

/// Makes a credential and writes the audit line.
///
/// # Errors
/// A refusal when the name or an action is not in form, or the channel is not one of the campaign.
pub async fn create_client(
    tx: &Tx,
    new: NewClient,
    moment: Moment<'_>,
) -> Result<PortalClientId, Stop> {
    let name = rules::client_name(&new.name)?;
    let actions = json!(rules::client_actions(&new.actions)?);
    let of_campaign = Predicate::is(channel::Column::Id, new.channel)
        .and(Predicate::is(channel::Column::Campaign, new.campaign));
    if tx
        .from::<channel::Entity>()
        .filter(of_campaign)
        .count()
        .await?
        == 0
    {
        return Err(Refusal::not_found("channelId").into());
    }
    tx.insert(portal_client::ActiveModel {
        county: Set(tx.viewer().county().clone()),
        id: Set(new.id),
        campaign: Set(new.campaign),
        channel: Set(new.channel),
        name: Set(name),
        secret_hash: Set(new.secret_hash),
        actions: Set(actions.clone()),
        disabled_at: Set(None),
        created_at: Set(moment.now),
    })
    .await?;
    let detail = json!({ "channel": new.channel, "actions": actions });
    moment
        .audit(
            tx,
            AuditAction::ClientCreate,
            format!("portal:{}", new.id.0),
            detail,
        )
        .await?;
    Ok(new.id)
}
