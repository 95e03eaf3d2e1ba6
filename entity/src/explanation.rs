//! Why suggestions were not adopted, told to those who made them (S28). 解释说明

use sea_orm::entity::prelude::*;

use crate::enums::ExplanationChannel;
use crate::id::{CampaignId, County, DepartmentId, ExplanationId};

/// Why suggestions were not adopted, told to those who made them (S28). 解释说明
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "explanation")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ExplanationId,
    /// Collector that explains. 征集单位
    pub department: DepartmentId,
    /// Campaign. 活动
    pub campaign: CampaignId,
    /// What is told. 说明内容
    pub text: String,
    /// By which way. 方式
    pub channel: ExplanationChannel,
    /// Day it was told; none until then. 送达日期
    pub delivered_on: Option<Date>,
    /// What proves it. 凭证
    pub proof: String,
    /// How many suggestions it covers. 覆盖件数
    pub covered: i32,
    /// When it was withdrawn before it was delivered; none while it stands. 撤回时间
    pub withdrawn_at: Option<DateTimeUtc>,
    /// When the row was made.
    pub created_at: DateTimeUtc,
    /// Raised by every step. 版本
    pub version: i32,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
