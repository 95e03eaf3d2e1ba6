//! A suggestion that a project was drawn from; read by the suggestion's collector. 项目来源

use sea_orm::entity::prelude::*;

use crate::id::{County, DepartmentId, ProjectId, SubmissionId, SummaryLineId};

/// A suggestion that a project was drawn from; read by the suggestion's collector. 项目来源
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "project_source")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Project.
    #[sea_orm(primary_key, auto_increment = false)]
    pub project: ProjectId,
    /// Suggestion.
    #[sea_orm(primary_key, auto_increment = false)]
    pub submission: SubmissionId,
    /// Its collector. 征集单位
    pub department: DepartmentId,
    /// Line of the summary table that it came by. 汇总表行
    pub line: Option<SummaryLineId>,
    /// When it was linked.
    pub linked_at: DateTimeUtc,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
