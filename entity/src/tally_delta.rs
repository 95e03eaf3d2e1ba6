//! A change of a rollup cell that is not folded yet; plainly inserted by the triggers on `share`, so writers never queue. 统计增量

use sea_orm::entity::prelude::*;

use crate::enums::{Relation as Share, Stage, TallyDimension};
use crate::id::{CampaignId, County, DepartmentId};

/// A change of a rollup cell that is not folded yet; plainly inserted by the triggers on `share`, so writers never queue. 统计增量
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tally_delta")]
pub struct Model {
    /// County. 县区
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = true)]
    pub id: i64,
    /// Department. 单位
    pub department: DepartmentId,
    /// Campaign. 活动
    pub campaign: CampaignId,
    /// By which share. 口径
    pub relation: Share,
    /// Which dimension. 维度
    pub dimension: TallyDimension,
    /// Value of the dimension: an id or a code. 取值
    pub key: String,
    /// Stage. 环节
    pub stage: Stage,
    /// Day of receipt. 日期
    pub day: Date,
    /// Suggestions more or fewer. 增减
    pub delta: i64,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
