//! When a household was first reached, by each way of counting; kept by triggers on `visit` (S05, S06). 已访户

use sea_orm::entity::prelude::*;

use crate::id::{CampaignId, County, DepartmentId, VillageId};

/// When a household was first reached, by each way of counting; kept by triggers on `visit` (S05, S06). 已访户
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "household_reach")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Campaign. 活动
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign: CampaignId,
    /// Village or community. 村、社区
    #[sea_orm(primary_key, auto_increment = false)]
    pub village: VillageId,
    /// Number of the household. 户号
    #[sea_orm(primary_key, auto_increment = false)]
    pub household: i32,
    /// Township that answers for the village. 乡镇、街道
    pub department: DepartmentId,
    /// Committee of the village. 村（居）委会
    pub committee: Option<DepartmentId>,
    /// First reached in any way. 首次征集日期
    pub reached_on: Date,
    /// First visited at the door. 首次入户日期
    pub at_door_on: Option<Date>,
    /// First reached with an opinion. 首次带回意见日期
    pub spoke_on: Option<Date>,
    /// First visited at the door with an opinion. 首次入户带回意见日期
    pub spoke_at_door_on: Option<Date>,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
