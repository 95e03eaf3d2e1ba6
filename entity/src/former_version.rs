//! What stood in a paper before it was moved, corrected or taken back; kept for good, so without names and numbers of persons. 原稿

use sea_orm::entity::prelude::*;

use crate::enums::PaperKind;
use crate::id::{County, DepartmentId, PostId, ProjectId};

/// What stood in a paper before it was moved, corrected or taken back; kept for good, so without names and numbers of persons. 原稿
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "former_version")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Which paper. 类别
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: PaperKind,
    /// Key of the paper; of a vote and an evaluation that of the project.
    #[sea_orm(primary_key, auto_increment = false)]
    pub paper: Uuid,
    /// Which part of it, such as the day of an evaluation; empty for the whole.
    #[sea_orm(primary_key, auto_increment = false)]
    pub part: String,
    /// Its version then. 版本
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    /// Department that replaced it. 经办单位
    pub department: DepartmentId,
    /// The project that it is about: whoever sees that reads it too. 项目
    pub project: Option<ProjectId>,
    /// The department that it is about beside: it reads it too. 相关单位
    pub concerned: Option<DepartmentId>,
    /// What stood, as a list of names and values. 内容
    pub stood: Json,
    /// Why it was replaced. 理由
    pub reason: String,
    /// Post that replaced it. 经办岗位
    pub replaced_by: Option<PostId>,
    /// When. 时间
    pub replaced_at: DateTimeUtc,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
