//! Global: which suggestion a receipt code belongs to, read before a viewer exists. 查询码索引

use sea_orm::entity::prelude::*;

use crate::id::{County, DepartmentId, SubmissionId};

/// Global: which suggestion a receipt code belongs to, read before a viewer exists. 查询码索引
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "receipt_index")]
pub struct Model {
    /// Keyed hash of the receipt code, hex.
    #[sea_orm(primary_key, auto_increment = false)]
    pub receipt_hash: String,
    /// County. 县区
    pub county: County,
    /// Collector. 征集单位
    pub department: DepartmentId,
    /// Suggestion.
    pub submission: SubmissionId,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
