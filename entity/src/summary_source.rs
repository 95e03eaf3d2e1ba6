//! A suggestion that a line of a summary table was made of. 汇总来源

use sea_orm::entity::prelude::*;

use crate::id::{County, DepartmentId, SubmissionId, SummaryLineId, SummaryTableId};

/// A suggestion that a line of a summary table was made of. 汇总来源
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "summary_source")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Table. 汇总表
    #[sea_orm(primary_key, auto_increment = false)]
    pub summary: SummaryTableId,
    /// Suggestion. 意见建议
    #[sea_orm(primary_key, auto_increment = false)]
    pub submission: SubmissionId,
    /// Line. 汇总行
    pub line: SummaryLineId,
    /// Its case number, which the signed table prints. 编号
    pub number: String,
    /// Whose it is. 报送单位
    pub department: DepartmentId,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
