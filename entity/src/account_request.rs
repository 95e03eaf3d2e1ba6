//! A step about an account that a second person must approve. 账号申请

use sea_orm::entity::prelude::*;
use uuid::Uuid;

use crate::enums::{AccountRequestKind, AccountRequestStatus, Position};
use crate::id::{AccountId, AccountRequestId, County, DepartmentId};

/// A step about an account that a second person must approve. 账号申请
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_request")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountRequestId,
    /// Department of the post, or the one that keeps the account. 单位
    pub department: DepartmentId,
    /// The account; none before it is made. 账号
    pub account: Option<AccountId>,
    /// What is asked for. 事项
    pub kind: AccountRequestKind,
    /// How far it has come; one whose time is over stays open here. 状态
    pub status: AccountRequestStatus,
    /// Name to sign in with. 账号名
    pub login: String,
    /// Name shown to colleagues. 显示名
    pub display_name: String,
    /// Rank of the post; none when a password is to be set anew. 职务
    pub position: Option<Position>,
    /// What the post does. 职责
    pub duty: String,
    /// Which key the first half of the password is derived with.
    pub half_key: String,
    /// Account that asked; nil for the operator. 申请人
    pub requested_by: Uuid,
    /// Its name on that day. 申请人姓名
    pub requester: String,
    /// When it was asked.
    pub requested_at: DateTimeUtc,
    /// Until when it may be approved.
    pub expires_at: DateTimeUtc,
    /// Account that approved, rejected or withdrew it; nil for the operator.
    pub decided_by: Option<Uuid>,
    /// When.
    pub decided_at: Option<DateTimeUtc>,
    /// Why it was rejected; empty otherwise. 理由
    pub reason: String,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
