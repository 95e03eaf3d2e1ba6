//! What an inspection found, until when it is to be put right, and whether it was (S29). 问题

use sea_orm::entity::prelude::*;

use crate::enums::RecheckResult;
use crate::id::{County, DepartmentId, InspectionId};

/// What an inspection found, until when it is to be put right, and whether it was (S29). 问题
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "finding")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Inspection.
    #[sea_orm(primary_key, auto_increment = false)]
    pub inspection: InspectionId,
    /// Place in the list. 序号
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// Department that inspected. 督查单位
    pub department: DepartmentId,
    /// Department that was inspected. 被督查单位
    pub inspected: DepartmentId,
    /// What was found. 问题
    pub text: String,
    /// Last day to put it right. 整改期限
    pub rectify_by: Date,
    /// What the recheck found; none until then. 复查结果
    pub recheck: Option<RecheckResult>,
    /// Day of the recheck. 复查日期
    pub rechecked_on: Option<Date>,
    /// Remark of the recheck. 复查说明
    pub recheck_note: String,
    /// Raised by every recheck. 版本
    pub version: i32,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
