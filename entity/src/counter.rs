//! Next number of a department's record or a stream's year. 计数器

use sea_orm::entity::prelude::*;

use crate::id::{County, DepartmentId};

/// Next number of a department's record or a stream's year. 计数器
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "counter")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Department. 单位
    #[sea_orm(primary_key, auto_increment = false)]
    pub department: DepartmentId,
    /// Which number: `record`, or a stream's code and year.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// The next number to give.
    pub next: i64,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
