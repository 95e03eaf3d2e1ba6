//! Which departments see a project: its owner, those with a suggestion among its sources, and whoever votes on it. 项目可见单位

use sea_orm::entity::prelude::*;

use crate::id::{County, DepartmentId, ProjectId};

/// Which departments see a project: its owner, those with a suggestion among its sources, and whoever votes on it. 项目可见单位
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "project_view")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Department that sees it. 单位
    #[sea_orm(primary_key, auto_increment = false)]
    pub department: DepartmentId,
    /// Project.
    #[sea_orm(primary_key, auto_increment = false)]
    pub project: ProjectId,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
