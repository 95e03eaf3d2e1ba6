//! A department's table of what it heard, from draft to acceptance; each return makes a further edition (S20–S23). 分类汇总表

use sea_orm::entity::prelude::*;

use crate::enums::{SummaryKind, SummaryStatus};
use crate::id::{CampaignId, County, DepartmentId, SummaryTableId};

/// A department's table of what it heard, from draft to acceptance; each return makes a further edition (S20–S23). 分类汇总表
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "summary_table")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SummaryTableId,
    /// Whose it is. 报送单位
    pub department: DepartmentId,
    /// Campaign. 活动
    pub campaign: CampaignId,
    /// The main table, or what came later. 类型
    pub kind: SummaryKind,
    /// 1 for the main table, then each supplementary one. 表号
    pub number: i32,
    /// From 1; one more after each return. 版次
    pub edition: i32,
    /// Raised by every step; sent back as expectedVersion. 版本
    pub version: i32,
    /// Where it stands. 状态
    pub status: SummaryStatus,
    /// The edition that was returned. 前一版
    pub former: Option<SummaryTableId>,
    /// Why the office returned it. 退回理由
    pub return_reason: Option<String>,
    /// Names and columns as they were when it was signed. 冻结表头
    pub frame: Option<Json>,
    /// Name and rank of who reviewed it. 审核人
    pub reviewed_by: Option<String>,
    /// When it was reviewed. 审核时间
    pub reviewed_at: Option<DateTimeUtc>,
    /// Name and rank of who signed it. 审签人
    pub signed_by: Option<String>,
    /// When it was signed; from then on it never changes. 审签时间
    pub signed_at: Option<DateTimeUtc>,
    /// When the office accepted or returned it. 接收或退回时间
    pub decided_at: Option<DateTimeUtc>,
    /// When it was begun. 起草时间
    pub created_at: DateTimeUtc,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
