//! An explanation as it was before it was changed or withdrawn; kept for good, so without names and numbers of persons. 说明原稿

use sea_orm::entity::prelude::*;

use crate::enums::ExplanationChannel;
use crate::id::{County, DepartmentId, ExplanationId, PostId};

/// An explanation as it was before it was changed or withdrawn; kept for good, so without names and numbers of persons. 说明原稿
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "explanation_version")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Explanation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub explanation: ExplanationId,
    /// Its version then. 版本
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    /// Collector that explains. 征集单位
    pub department: DepartmentId,
    /// What was to be told. 说明内容
    pub text: String,
    /// By which way. 方式
    pub channel: ExplanationChannel,
    /// Keys of the suggestions that it covered. 覆盖的意见
    pub covered: Json,
    /// Why it was changed or withdrawn. 理由
    pub reason: String,
    /// Post that changed or withdrew it. 经办岗位
    pub replaced_by: Option<PostId>,
    /// When. 时间
    pub replaced_at: DateTimeUtc,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
