//! A circular on how the departments do, with frozen figures (S30). 通报

use sea_orm::entity::prelude::*;

use crate::enums::{CircularRate, CircularStatus};
use crate::id::{AccountId, CampaignId, CircularId, County, DepartmentId};

/// A circular on how the departments do, with frozen figures (S30). 通报
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "circular")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CircularId,
    /// Department that drafts it. 起草单位
    pub department: DepartmentId,
    /// Campaign. 活动
    pub campaign: CampaignId,
    /// Number, by department; 0 until it is issued. 期号
    pub number: i32,
    /// Heading. 标题
    pub title: String,
    /// Text. 正文
    pub text: String,
    /// First day of the period. 起
    pub period_from: Date,
    /// Last day of the period, itself included. 止
    pub period_to: Date,
    /// What departments are ranked by. 排名指标
    pub rate: CircularRate,
    /// Least denominator that is ranked. 排名最小件数
    pub smallest: i32,
    /// Figures as they were at drafting. 数据
    pub figures: Json,
    /// How far it has come. 状态
    pub status: CircularStatus,
    /// Who drafted it. 起草人
    pub drafted_by: AccountId,
    /// Who approved it. 审批人
    pub approved_by: Option<AccountId>,
    /// When it was issued; none until then. 印发时间
    pub issued_at: Option<DateTimeUtc>,
    /// When it was drafted.
    pub created_at: DateTimeUtc,
    /// Raised by every step. 版本
    pub version: i32,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
