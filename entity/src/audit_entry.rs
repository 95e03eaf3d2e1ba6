//! One line of the audit trail; never changed. 审计记录

use sea_orm::entity::prelude::*;

use crate::enums::{AuditAction, Position, RightsProfile};
use crate::id::{AuditEntryId, County, DepartmentId, PostId};

/// One line of the audit trail; never changed. 审计记录
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditEntryId,
    /// When. 时间
    pub at: DateTimeUtc,
    /// Account, portal client or named system actor. 何人
    pub actor: String,
    /// Rights it acted under. 权限类别
    pub profile: Option<RightsProfile>,
    /// Department it acted for. 单位
    pub department: Option<DepartmentId>,
    /// Post it acted in; none for portals, the system and lines of former releases. 岗位
    pub post: Option<PostId>,
    /// Rank of that post. 职务
    pub position: Option<Position>,
    /// What was done. 动作
    pub action: AuditAction,
    /// Kind and key of what it was done to. 对象
    pub subject: String,
    /// Reason and figures; never personal data. 说明
    pub detail: Json,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
