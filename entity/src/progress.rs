//! A line about carrying out a project: progress, or coordination with a higher level (S27). 推进记录

use sea_orm::entity::prelude::*;

use crate::enums::ProgressKind;
use crate::id::{County, DepartmentId, PostId, ProgressId, ProjectId};

/// A line about carrying out a project: progress, or coordination with a higher level (S27). 推进记录
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "progress")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProgressId,
    /// Project.
    pub project: ProjectId,
    /// Department that wrote it. 责任单位
    pub department: DepartmentId,
    /// What it tells. 类型
    pub kind: ProgressKind,
    /// Text. 内容
    pub text: String,
    /// With whom it was coordinated. 对接单位
    pub counterpart: Option<String>,
    /// Post that wrote it. 经办岗位
    pub post: Option<PostId>,
    /// When. 时间
    pub at: DateTimeUtc,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
