//! What the inspected department says that it did about a finding (S29). 整改报告

use sea_orm::entity::prelude::*;

use crate::id::{County, DepartmentId, InspectionId, PostId, RectificationId};

/// What the inspected department says that it did about a finding (S29). 整改报告
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rectification")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RectificationId,
    /// Inspection.
    pub inspection: InspectionId,
    /// Place of the finding. 问题序号
    pub position: i32,
    /// Department that reports. 被督查单位
    pub department: DepartmentId,
    /// What was done. 整改情况
    pub text: String,
    /// Day. 完成日期
    pub done_on: Date,
    /// Post that reported. 经办岗位
    pub post: Option<PostId>,
    /// When it was reported.
    pub reported_at: DateTimeUtc,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
