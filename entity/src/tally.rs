//! A folded rollup cell: department × one dimension × stage × time. 统计

use sea_orm::entity::prelude::*;

use crate::enums::{Grain, Relation as Share, Stage, TallyDimension};
use crate::id::{CampaignId, County, DepartmentId};

/// A folded rollup cell: department × one dimension × stage × time. 统计
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tally")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Department. 单位
    #[sea_orm(primary_key, auto_increment = false)]
    pub department: DepartmentId,
    /// Campaign. 活动
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign: CampaignId,
    /// By which share. 口径
    #[sea_orm(primary_key, auto_increment = false)]
    pub relation: Share,
    /// Which dimension. 维度
    #[sea_orm(primary_key, auto_increment = false)]
    pub dimension: TallyDimension,
    /// Value of the dimension: an id or a code. 取值
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// Stage. 环节
    #[sea_orm(primary_key, auto_increment = false)]
    pub stage: Stage,
    /// How much time it covers. 粒度
    #[sea_orm(primary_key, auto_increment = false)]
    pub grain: Grain,
    /// Its first day. 日期
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    /// Suggestions. 件数
    pub count: i64,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
