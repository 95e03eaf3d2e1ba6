//! A version of a department's list of responsible persons (S16, S17). 责任人名单

use sea_orm::entity::prelude::*;

use crate::id::{CampaignId, County, DepartmentId, PostId, RosterId};

/// A version of a department's list of responsible persons (S16, S17). 责任人名单
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roster")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RosterId,
    /// Department. 单位
    pub department: DepartmentId,
    /// Campaign. 活动
    pub campaign: CampaignId,
    /// Counts from 1 for each department. 版本
    pub version: i32,
    /// When it was handed in. 报送时间
    pub submitted_at: DateTimeUtc,
    /// Day of that. 报送日期
    pub submitted_on: Date,
    /// Post that handed it in. 报送岗位
    pub submitted_by: Option<PostId>,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
