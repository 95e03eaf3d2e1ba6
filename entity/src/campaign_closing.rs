//! That a campaign was closed, and how its suggestions ended. 活动结束

use sea_orm::entity::prelude::*;

use crate::id::{CampaignId, County, DepartmentId};

/// That a campaign was closed, and how its suggestions ended. 活动结束
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "campaign_closing")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Campaign. 活动
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign: CampaignId,
    /// Office that closed it. 征集办
    pub department: DepartmentId,
    /// When. 时间
    pub closed_at: DateTimeUtc,
    /// Remark. 说明
    pub remark: String,
    /// How many suggestions ended in which way. 各类结果件数
    pub figures: Json,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
