//! Who sees a suggestion: one row for its collector and one for each department that handles or reads it. Carries what queues filter and order by, so that lists and counts need this table alone. 份额

use sea_orm::entity::prelude::*;

use crate::enums::{Capability, Stage, SubmissionKind};
use crate::id::{
    AccountId, CampaignId, CategoryId, ChannelId, County, DepartmentId, PostId, StreamId, SubmissionId,
    VillageId,
};

/// Who sees a suggestion: one row for its collector and one for each department that handles or reads it. Carries what queues filter and order by, so that lists and counts need this table alone. 份额
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "share")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Department that sees it. 单位
    #[sea_orm(primary_key, auto_increment = false)]
    pub department: DepartmentId,
    /// Suggestion.
    #[sea_orm(primary_key, auto_increment = false)]
    pub submission: SubmissionId,
    /// What it lets the department do. 份额类型
    pub capability: Capability,
    /// Collector. 征集单位
    pub owner: DepartmentId,
    /// As in the suggestion.
    pub campaign: CampaignId,
    /// As in the suggestion.
    pub stream: StreamId,
    /// As in the suggestion.
    pub channel: ChannelId,
    /// As in the suggestion.
    pub category: Option<CategoryId>,
    /// As in the suggestion.
    pub village: Option<VillageId>,
    /// As in the suggestion.
    pub kind: SubmissionKind,
    /// As in the suggestion.
    pub stage: Stage,
    /// As in the suggestion.
    pub late: bool,
    /// As in the suggestion.
    pub received_at: DateTimeUtc,
    /// As in the suggestion.
    pub received_on: Date,
    /// As in the suggestion, as a rank.
    pub urgency: i32,
    /// As in the suggestion; -1 where nobody said.
    pub beneficiaries: i32,
    /// Whether its citizen proposed a class.
    pub proposed: bool,
    /// As in the suggestion.
    pub entered_by: Option<PostId>,
    /// Day on which it was entered, Asia/Shanghai.
    pub created_on: Date,
    /// Who works on it in this department; the one column that the department itself changes. 经办人
    pub assignee: Option<AccountId>,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
