//! A project on the agenda of a meeting, and what came of it (S25). 议题

use sea_orm::entity::prelude::*;

use crate::enums::{DecisionResult, MeetingKind};
use crate::id::{County, DepartmentId, MeetingId, ProjectId};

/// A project on the agenda of a meeting, and what came of it (S25). 议题
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agenda_item")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Meeting.
    #[sea_orm(primary_key, auto_increment = false)]
    pub meeting: MeetingId,
    /// Project.
    #[sea_orm(primary_key, auto_increment = false)]
    pub project: ProjectId,
    /// Office that put it there. 征集办
    pub department: DepartmentId,
    /// Which meeting. 会议类型
    pub kind: MeetingKind,
    /// Its day. 日期
    pub held_on: Date,
    /// Place on the agenda. 顺序
    pub position: i32,
    /// What was decided; none until then. 结论
    pub result: Option<DecisionResult>,
    /// Why. 理由
    pub reason: String,
    /// What is to be changed. 调整意见
    pub changes: String,
    /// Where one that was put off goes. 去向
    pub deferred_to: String,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
