//! An inspection of a department by supervision (S29). 督导检查

use sea_orm::entity::prelude::*;

use crate::id::{CampaignId, County, DepartmentId, InspectionId};

/// An inspection of a department by supervision (S29). 督导检查
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "inspection")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InspectionId,
    /// Department that inspected. 督查单位
    pub department: DepartmentId,
    /// Department that was inspected. 被督查单位
    pub inspected: DepartmentId,
    /// Campaign. 活动
    pub campaign: CampaignId,
    /// Day. 日期
    pub inspected_on: Date,
    /// What was looked at. 检查情况
    pub summary: String,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// When it was withdrawn; none while it stands. 撤回时间
    pub withdrawn_at: Option<DateTimeUtc>,
    /// Raised by every correction. 版本
    pub version: i32,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
