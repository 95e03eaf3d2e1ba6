//! A signed-in session: one family of refresh tokens. 会话

use sea_orm::entity::prelude::*;

use crate::id::{AccountId, County, PostId, SessionId};

/// A signed-in session: one family of refresh tokens. 会话
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    /// Who signed in.
    pub account: AccountId,
    /// Post in which it acts; nobody gets in by it once the post is gone. 当前岗位
    pub post: PostId,
    /// The account's epoch that it was opened under; raising that one ends it.
    pub epoch: i32,
    /// SHA-256 of the secret that all of its refresh tokens carry, hex.
    pub refresh_hash: String,
    /// How often it was renewed; the refresh token of this turn is good now.
    pub turn: i32,
    /// Whether the present turn's pair of tokens has been used.
    pub confirmed: bool,
    /// Sign-in.
    pub created_at: DateTimeUtc,
    /// Last rotation.
    pub rotated_at: DateTimeUtc,
    /// End of the family.
    pub expires_at: DateTimeUtc,
    /// When it was ended.
    pub ended_at: Option<DateTimeUtc>,
    /// Keyed hash of the network that the sign-in came from, hex; none of those before this was written down. 来源
    pub address_hash: Option<String>,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
