//! A township, department or office. 单位

use sea_orm::entity::prelude::*;

use crate::enums::RightsProfile;
use crate::id::{County, DepartmentId};

/// A township, department or office. 单位
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "department")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DepartmentId,
    /// Stable code of the plan.
    pub code: String,
    /// Name. 名称
    pub name: String,
    /// Who it is: role code of the plan, e.g. TOWNSHIP. 单位类型
    pub role: String,
    /// The role's Chinese name. 类型名称
    pub role_name: String,
    /// What it may do. 权限类别
    pub profile: RightsProfile,
    /// The township above a village committee. 上级单位
    pub parent: Option<DepartmentId>,
    /// Place in the plan. 排序
    pub rank: i32,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
