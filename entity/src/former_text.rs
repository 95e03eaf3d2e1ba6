//! The words of a suggestion as they stood before a correction: nobody's words are overwritten. An erasure of the person takes
//! name and numbers out of them, and nothing else changes them. 原文留存

use sea_orm::entity::prelude::*;

use crate::enums::{Position, SubmissionKind};
use crate::id::{AccountId, County, DepartmentId, PostId, SubmissionId};

/// The words of a suggestion as they stood before a correction. 原文留存
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "former_text")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Suggestion.
    #[sea_orm(primary_key, auto_increment = false)]
    pub submission: SubmissionId,
    /// Its version while these words stood in it. 版本
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    /// Title. 标题
    pub title: String,
    /// Text. 内容
    pub content: String,
    /// What the person wanted. 诉求类型
    pub kind: SubmissionKind,
    /// Extra fields of the stream's form. 附加项
    pub extra: Json,
    /// Post that corrected it. 经办岗位
    pub post: Option<PostId>,
    /// Account that did. 经办人
    pub by_account: Option<AccountId>,
    /// Department it acted for. 经办单位
    pub by_department: Option<DepartmentId>,
    /// Rank of the post. 经办人职务
    pub by_position: Option<Position>,
    /// When it was corrected. 更正时间
    pub replaced_at: DateTimeUtc,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
