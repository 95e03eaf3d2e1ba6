//! A suggestion that an explanation covers; each at most once. 说明覆盖

use sea_orm::entity::prelude::*;

use crate::id::{County, DepartmentId, ExplanationId, SubmissionId};

/// A suggestion that an explanation covers; each at most once. 说明覆盖
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "explanation_cover")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Suggestion.
    #[sea_orm(primary_key, auto_increment = false)]
    pub submission: SubmissionId,
    /// Explanation.
    pub explanation: ExplanationId,
    /// Collector of both. 征集单位
    pub department: DepartmentId,
    /// When it was covered.
    pub covered_at: DateTimeUtc,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
