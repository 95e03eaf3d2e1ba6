//! A person's sign-in account. 账号

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, County, DepartmentId};

/// A person's sign-in account. 账号
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountId,
    /// Department that keeps it. 所属单位
    pub department: DepartmentId,
    /// Name to sign in with, unique in the system; begins with the county. 账号名
    pub login: String,
    /// Name shown to colleagues. 显示名
    pub display_name: String,
    /// argon2id PHC string.
    pub password_hash: String,
    /// Whether the password was given out and must be changed at the next sign-in. 一次性口令
    pub password_once: bool,
    /// Raised by whatever must end every session at once.
    pub epoch: i32,
    /// When it was disabled. 停用时间
    pub disabled_at: Option<DateTimeUtc>,
    /// When somebody said at the door that its password was forgotten; none once that is settled. 忘记口令
    pub forgot_at: Option<DateTimeUtc>,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
