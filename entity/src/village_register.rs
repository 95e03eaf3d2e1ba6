//! A version of a village's register: how many households, which class, from which day on (S05, S06). 户数登记版本

use sea_orm::entity::prelude::*;

use crate::enums::VillageClass;
use crate::id::{County, DepartmentId, VillageId, VillageRegisterId};

/// A version of a village's register: how many households, which class, from which day on (S05, S06). 户数登记版本
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "village_register")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VillageRegisterId,
    /// Village or community. 村、社区
    pub village: VillageId,
    /// Township at that time. 乡镇、街道
    pub department: DepartmentId,
    /// Counts from 1 for each village. 版本
    pub version: i32,
    /// What the coverage rates divide by. 户数
    pub households: i32,
    /// Which target binds it. 覆盖率类别
    pub class: VillageClass,
    /// First day on which it holds. 生效日期
    pub effective_on: Date,
    /// When the plan was applied. 入库时间
    pub created_at: DateTimeUtc,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
