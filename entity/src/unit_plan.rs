//! A version of a department's own plan (H37). 单位实施方案

use sea_orm::entity::prelude::*;

use crate::enums::UnitPlanState;
use crate::id::{CampaignId, County, DepartmentId, PostId, UnitPlanId};

/// A version of a department's own plan (H37). 单位实施方案
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit_plan")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UnitPlanId,
    /// Department. 单位
    pub department: DepartmentId,
    /// Campaign. 活动
    pub campaign: CampaignId,
    /// Counts from 1 for each department. 稿次
    pub number: i32,
    /// Title. 标题
    pub title: String,
    /// Goals, division of labour, schedule. 内容
    pub content: String,
    /// Where it stands. 状态
    pub state: UnitPlanState,
    /// When it was handed in. 报送时间
    pub submitted_at: DateTimeUtc,
    /// Day of that. 报送日期
    pub submitted_on: Date,
    /// Post that handed it in. 报送岗位
    pub submitted_by: Option<PostId>,
    /// When the office decided. 审核时间
    pub reviewed_at: Option<DateTimeUtc>,
    /// Why it was returned. 退回理由
    pub reason: Option<String>,
    /// Version of the row. 版本
    pub version: i32,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
