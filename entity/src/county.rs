//! A county or district: one tenant. 县区

use sea_orm::entity::prelude::*;

use crate::id::County;

/// A county or district: one tenant. 县区
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "county")]
pub struct Model {
    /// GB/T 2260 code. 行政区划代码
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: County,
    /// Name. 名称
    pub name: String,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
