//! A meeting that decides on projects (S25). 会议

use sea_orm::entity::prelude::*;

use crate::enums::{MeetingKind, MeetingStatus};
use crate::id::{CampaignId, County, DepartmentId, MeetingId};

/// A meeting that decides on projects (S25). 会议
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "meeting")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MeetingId,
    /// Office that keeps it. 征集办
    pub department: DepartmentId,
    /// Campaign. 活动
    pub campaign: CampaignId,
    /// Which meeting. 会议类型
    pub kind: MeetingKind,
    /// Day. 日期
    pub held_on: Date,
    /// Number of the minutes, once there are results. 会议纪要文号
    pub minutes_number: Option<String>,
    /// Whether it has been held. 状态
    pub status: MeetingStatus,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// Raised by every step. 版本
    pub version: i32,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
