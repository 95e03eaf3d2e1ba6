//! A village or community of the register (S05, S06). 村、社区

use sea_orm::entity::prelude::*;

use crate::enums::{VillageClass, VillageKind};
use crate::id::{County, DepartmentId, VillageId};

/// A village or community of the register (S05, S06). 村、社区
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "village")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VillageId,
    /// Township. 乡镇、街道
    pub department: DepartmentId,
    /// Stable code.
    pub code: String,
    /// Name. 名称
    pub name: String,
    /// Rural or urban. 类型
    pub kind: VillageKind,
    /// Which target binds it. 覆盖率类别
    pub class: VillageClass,
    /// Households on the register. 户数
    pub households: i32,
    /// The committee that has accounts of its own. 村（居）委会
    pub committee: Option<DepartmentId>,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
