//! That a collector proposed not to accept a suggestion, and how the office ruled. 不予受理

use sea_orm::entity::prelude::*;

use crate::enums::{InvalidReason, InvalidationStatus};
use crate::id::{County, PostId, SubmissionId};

/// That a collector proposed not to accept a suggestion, and how the office ruled. 不予受理
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invalidation")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Suggestion.
    #[sea_orm(primary_key, auto_increment = false)]
    pub submission: SubmissionId,
    /// Its version before the proposal, which tells several proposals apart. 版本
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    /// Why. 理由
    pub reason: InvalidReason,
    /// Further remark, without names and numbers of persons. 说明
    pub note: String,
    /// How far it has come. 状态
    pub status: InvalidationStatus,
    /// Post that proposed it. 提请岗位
    pub proposed_by: Option<PostId>,
    /// When. 提请时间
    pub proposed_at: DateTimeUtc,
    /// What the office said to it, without names and numbers of persons. 裁定说明
    pub ruling: String,
    /// Post that ruled. 裁定岗位
    pub ruled_by: Option<PostId>,
    /// When. 裁定时间
    pub ruled_at: Option<DateTimeUtc>,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
