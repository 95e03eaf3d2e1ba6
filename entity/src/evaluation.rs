//! The congress's evaluation of a project, as totals (S03). 满意度测评

use sea_orm::entity::prelude::*;

use crate::id::{County, DepartmentId, ProjectId};

/// The congress's evaluation of a project, as totals (S03). 满意度测评
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evaluation")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Project.
    #[sea_orm(primary_key, auto_increment = false)]
    pub project: ProjectId,
    /// Day. 日期
    #[sea_orm(primary_key, auto_increment = false)]
    pub evaluated_on: Date,
    /// Department that recorded it. 人大办
    pub department: DepartmentId,
    /// Satisfied. 满意
    pub satisfied: i32,
    /// Basically satisfied. 基本满意
    pub acceptable: i32,
    /// Dissatisfied. 不满意
    pub dissatisfied: i32,
    /// When it was recorded.
    pub recorded_at: DateTimeUtc,
    /// Raised by every correction. 版本
    pub version: i32,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
