//! A portal's machine credential, bound to one campaign and channel. 门户凭据

use sea_orm::entity::prelude::*;

use crate::id::{CampaignId, ChannelId, County, PortalClientId};

/// A portal's machine credential, bound to one campaign and channel. 门户凭据
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "portal_client")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PortalClientId,
    /// Campaign. 活动
    pub campaign: CampaignId,
    /// Channel. 渠道
    pub channel: ChannelId,
    /// What the portal is called. 名称
    pub name: String,
    /// SHA-256 of the secret, hex.
    pub secret_hash: String,
    /// Operations it may call. 可用操作
    pub actions: Json,
    /// When it was revoked. 吊销时间
    pub disabled_at: Option<DateTimeUtc>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When the secret ends; none for those made before credentials had an end. 到期时间
    pub expires_at: Option<DateTimeUtc>,
    /// SHA-256 of the secret before it, hex.
    pub former_hash: Option<String>,
    /// When the secret before it ends.
    pub former_until: Option<DateTimeUtc>,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
