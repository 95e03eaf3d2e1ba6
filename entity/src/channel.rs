//! A way by which suggestions come in (H08, S13). 渠道

use sea_orm::entity::prelude::*;

use crate::id::{CampaignId, ChannelId, County, DepartmentId};

/// A way by which suggestions come in (H08, S13). 渠道
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "channel")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ChannelId,
    /// Campaign. 活动
    pub campaign: CampaignId,
    /// Stable code, e.g. HOTLINE_12345.
    pub code: String,
    /// Name. 名称
    pub name: String,
    /// Department responsible. 渠道主管单位
    pub owner: Option<DepartmentId>,
    /// Which stream an entry belongs to: `{"routes": […], "fallback": stream code}`. 归口规则
    pub routes: Json,
    /// Place in the plan. 排序
    pub rank: i32,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
