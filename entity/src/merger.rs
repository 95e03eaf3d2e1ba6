//! One suggestion merged into another by the office (S24); read by the office and the unified view alone, for a department learns that its own was merged and not with whose. 并案

use sea_orm::entity::prelude::*;

use crate::enums::Stage;
use crate::id::{CampaignId, County, DepartmentId, MergerId, PostId, SubmissionId};

/// One suggestion merged into another by the office (S24); read by the office and the unified view alone, for a department learns that its own was merged and not with whose. 并案
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "merger")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MergerId,
    /// Office that merged them. 征集办
    pub department: DepartmentId,
    /// Campaign. 活动
    pub campaign: CampaignId,
    /// The one that goes on. 主件
    pub target: SubmissionId,
    /// The one that was merged into it. 被并件
    pub merged: SubmissionId,
    /// Where the merged one stood before. 原环节
    pub former_stage: Stage,
    /// Why. 理由
    pub reason: String,
    /// Post that merged them. 经办岗位
    pub merged_by: Option<PostId>,
    /// When. 时间
    pub merged_at: DateTimeUtc,
    /// Post that undid it. 撤销岗位
    pub undone_by: Option<PostId>,
    /// When it was undone; none while it holds. 撤销时间
    pub undone_at: Option<DateTimeUtc>,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
