//! That a department has read an issued circular (S30). 通报签收

use sea_orm::entity::prelude::*;

use crate::id::{CircularId, County, DepartmentId, PostId};

/// That a department has read an issued circular (S30). 通报签收
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "circular_receipt")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Circular.
    #[sea_orm(primary_key, auto_increment = false)]
    pub circular: CircularId,
    /// Department that read it. 单位
    #[sea_orm(primary_key, auto_increment = false)]
    pub department: DepartmentId,
    /// Post that acknowledged it. 签收岗位
    pub post: Option<PostId>,
    /// When. 时间
    pub at: DateTimeUtc,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
