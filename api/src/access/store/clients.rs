//! Credentials of portals (门户凭据).

use chrono::{DateTime, Utc};
use entity::enums::AuditAction;
use entity::id::{CampaignId, ChannelId, PortalClientId};
use entity::{channel, portal_client};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::Moment;
use crate::access::{portals, rules};
use crate::db::{Direction, Fault, Predicate, Tx};
use crate::error::Stop;
use crate::refusal::Refusal;
use crate::scope::profiles::Operation;

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
    /// When the secret ends. 到期时间
    pub expires_at: DateTime<Utc>,
}

/// A new secret for a credential.
pub struct Renewal {
    /// SHA-256 of the new secret.
    pub secret_hash: String,
    /// When it ends. 到期时间
    pub expires_at: DateTime<Utc>,
    /// Hours that the secret before it goes on. 重叠小时数
    pub overlap_hours: i32,
}

/// A credential with its channel, whether it still lets in or not.
pub async fn client(
    tx: &Tx,
    id: PortalClientId,
) -> Result<Option<(portal_client::Model, channel::Model)>, Fault> {
    let Some(row) = row(tx, id).await? else {
        return Ok(None);
    };
    let named = Predicate::is(channel::Column::Id, row.channel);
    let channel = tx.from::<channel::Entity>().filter(named).one().await?;
    Ok(channel.map(|channel| (row, channel)))
}

async fn row(tx: &Tx, id: PortalClientId) -> Result<Option<portal_client::Model>, Fault> {
    let named = Predicate::is(portal_client::Column::Id, id);
    let rows = tx.from::<portal_client::Entity>().filter(named);
    rows.one().await
}

/// Every credential of the county with its channel, the latest first; for the command line.
pub async fn clients(tx: &Tx) -> Result<Vec<(portal_client::Model, channel::Model)>, Fault> {
    let rows = tx.from::<portal_client::Entity>();
    let rows = rows.order(portal_client::Column::CreatedAt, Direction::Descending);
    let rows = rows.all().await?;
    let named = Predicate::among(channel::Column::Id, rows.iter().map(|row| row.channel));
    let channels = tx.from::<channel::Entity>().filter(named).all().await?;
    let with_channel = |row: portal_client::Model| {
        let channel = channels.iter().find(|channel| channel.id == row.channel)?;
        Some((row, channel.clone()))
    };
    Ok(rows.into_iter().filter_map(with_channel).collect())
}

/// Makes a credential and writes the audit line.
///
/// # Errors
/// A refusal when the name or an action is not in form, or the channel is not one of the campaign.
pub async fn create_client(tx: &Tx, new: NewClient, moment: Moment<'_>) -> Result<PortalClientId, Stop> {
    let name = rules::client_name(&new.name)?;
    let actions = json!(rules::client_actions(&new.actions)?);
    let of_campaign = Predicate::is(channel::Column::Id, new.channel)
        .and(Predicate::is(channel::Column::Campaign, new.campaign));
    if tx.from::<channel::Entity>().filter(of_campaign).count().await? == 0 {
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
        expires_at: Set(Some(new.expires_at)),
        former_hash: Set(None),
        former_until: Set(None),
    })
    .await?;
    let detail = json!({ "channel": new.channel, "actions": actions, "expiresAt": new.expires_at });
    audit(tx, AuditAction::ClientCreate, new.id, detail, moment).await?;
    Ok(new.id)
}

/// Gives a credential a new secret and writes the audit line; the one before it goes on for some hours, and the one
/// before that ends.
///
/// # Errors
/// NOT_FOUND outside the scope; a refusal when it was revoked, or renewed by somebody else in the meantime.
pub async fn rotate_client(
    tx: &Tx,
    id: PortalClientId,
    new: Renewal,
    moment: Moment<'_>,
) -> Result<(), Stop> {
    use portal_client::Column as C;
    let known = row(tx, id).await?;
    let known = known.ok_or_else(|| Refusal::not_found("clientId"))?;
    if known.disabled_at.is_some() {
        return Err(portals::revoked().into());
    }
    let former_until = portals::former_until(&known, new.overlap_hours, moment.now)?;
    let as_read = Predicate::All(vec![
        Predicate::is(C::Id, id),
        Predicate::is(C::SecretHash, &*known.secret_hash),
        Predicate::Empty(C::DisabledAt),
    ]);
    let changes = vec![
        (C::SecretHash, new.secret_hash.into()),
        (C::ExpiresAt, new.expires_at.into()),
        (C::FormerHash, known.secret_hash.into()),
        (C::FormerUntil, former_until.into()),
    ];
    if tx.update::<portal_client::Entity>(as_read, changes).await? == 0 {
        return Err(portals::renewed().into());
    }
    let detail = json!({ "expiresAt": new.expires_at, "formerUntil": former_until });
    Ok(audit(tx, AuditAction::ClientRotate, id, detail, moment).await?)
}

/// Ends a credential with both of its secrets at once and writes the audit line. Doing it again is no error.
///
/// # Errors
/// NOT_FOUND outside the scope.
pub async fn revoke_client(tx: &Tx, id: PortalClientId, moment: Moment<'_>) -> Result<(), Stop> {
    use portal_client::Column as C;
    let known = row(tx, id).await?;
    let known = known.ok_or_else(|| Refusal::not_found("clientId"))?;
    if known.disabled_at.is_some() {
        return Ok(());
    }
    let changes = vec![(C::DisabledAt, moment.now.into())];
    tx.update::<portal_client::Entity>(Predicate::is(C::Id, id), changes).await?;
    Ok(audit(tx, AuditAction::ClientRevoke, id, json!({}), moment).await?)
}

async fn audit(
    tx: &Tx,
    action: AuditAction,
    id: PortalClientId,
    detail: serde_json::Value,
    moment: Moment<'_>,
) -> Result<(), Fault> {
    moment.audit(tx, action, format!("portal:{}", id.0), detail).await
}
