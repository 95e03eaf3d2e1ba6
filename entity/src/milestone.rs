//! A step of carrying out a project (S27). 节点

use sea_orm::entity::prelude::*;

use crate::id::{County, DepartmentId, ProjectId};

/// A step of carrying out a project (S27). 节点
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "milestone")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Project.
    #[sea_orm(primary_key, auto_increment = false)]
    pub project: ProjectId,
    /// Place in the order. 顺序
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// Department that carries it out. 责任单位
    pub department: DepartmentId,
    /// Name. 名称
    pub name: String,
    /// Last day. 期限
    pub due_on: Date,
    /// Day it was reached. 完成日期
    pub done_on: Option<Date>,
    /// Raised by every change. 版本
    pub version: i32,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
