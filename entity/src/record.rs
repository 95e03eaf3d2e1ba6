//! The append-only handling record, numbered per department (H30). 办理记录

use sea_orm::entity::prelude::*;

use crate::enums::{Position, RecordAction, Stage};
use crate::id::{AccountId, County, DepartmentId, PostId, RecordId, SubmissionId};

/// The append-only handling record, numbered per department (H30). 办理记录
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "record")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RecordId,
    /// Department whose ledger it stands in. 单位
    pub department: DepartmentId,
    /// Number in that ledger, without gaps. 序号
    pub number: i64,
    /// Suggestion.
    pub submission: SubmissionId,
    /// What was done. 动作
    pub action: RecordAction,
    /// Stage before. 原环节
    pub from_stage: Option<Stage>,
    /// Stage after. 现环节
    pub to_stage: Stage,
    /// Post that did it. 经办岗位
    pub post: Option<PostId>,
    /// Account that did it; none where a citizen or the program did. 经办人
    pub by_account: Option<AccountId>,
    /// Department it acted for: of a village committee's entry not the one whose ledger this is. 经办单位
    pub by_department: Option<DepartmentId>,
    /// Rank of the post. 经办人职务
    pub by_position: Option<Position>,
    /// Reason or remark. 说明
    pub note: String,
    /// What changed. 变动
    pub detail: Json,
    /// When. 时间
    pub at: DateTimeUtc,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
