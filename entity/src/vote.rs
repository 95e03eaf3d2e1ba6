//! The deputies' vote on a project, as totals (S03). 代表票决

use sea_orm::entity::prelude::*;

use crate::id::{County, DepartmentId, ProjectId};

/// The deputies' vote on a project, as totals (S03). 代表票决
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "vote")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Project.
    #[sea_orm(primary_key, auto_increment = false)]
    pub project: ProjectId,
    /// Department that recorded it. 人大办
    pub department: DepartmentId,
    /// Day. 日期
    pub voted_on: Date,
    /// Deputies who should attend. 应到
    pub due: i32,
    /// Who were there. 实到
    pub present: i32,
    /// For. 赞成
    pub in_favour: i32,
    /// Against. 反对
    pub against: i32,
    /// Abstained. 弃权
    pub abstained: i32,
    /// When it was recorded.
    pub recorded_at: DateTimeUtc,
    /// Raised by every correction. 版本
    pub version: i32,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
