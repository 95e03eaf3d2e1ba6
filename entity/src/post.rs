//! A person's place in a department; a session acts in one. 岗位

use sea_orm::entity::prelude::*;

use crate::enums::Position;
use crate::id::{AccountId, County, DepartmentId, PostId};

/// A person's place in a department; a session acts in one. 岗位
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "post")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PostId,
    /// Department. 单位
    pub department: DepartmentId,
    /// Holder. 任职人
    pub account: AccountId,
    /// Rank. 职务
    pub position: Position,
    /// What the post does, as the plan says. 职责
    pub duty: String,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
