//! What a department reported for one period, with the figures of that moment; a correction is a further row (S19, H02). 周报

use sea_orm::entity::prelude::*;

use crate::id::{CampaignId, County, DepartmentId, PostId, WeeklyReportId};

/// What a department reported for one period, with the figures of that moment; a correction is a further row (S19, H02). 周报
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "weekly_report")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WeeklyReportId,
    /// Who reports. 报送单位
    pub department: DepartmentId,
    /// Campaign. 活动
    pub campaign: CampaignId,
    /// Which due date of the plan it answers. 期限代码
    pub due_key: String,
    /// First day of the period. 起
    pub period_start: Date,
    /// Last day of the period, on which it is due. 止
    pub period_end: Date,
    /// From 1; each correction adds one. 版次
    pub edition: i32,
    /// What the department says. 工作进展
    pub narrative: String,
    /// Figures as they stood when it was handed in. 冻结统计
    pub figures: Json,
    /// Who handed it in. 报送岗位
    pub submitted_by: PostId,
    /// When. 报送时间
    pub submitted_at: DateTimeUtc,
    /// After the end of the day on which it was due. 迟报
    pub late: bool,
    /// Counts what was entered after this instant; none from the beginning, and in reports of former releases. 统计起点
    pub counted_after: Option<DateTimeUtc>,
    /// And up to this one, its cut; none in reports of former releases, which count by day of receipt. 统计截点
    pub counted_until: Option<DateTimeUtc>,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
