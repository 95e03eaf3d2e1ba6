//! What a key's first sender was answered (kept 7 days). 幂等记录

use sea_orm::entity::prelude::*;

use crate::id::County;

/// What a key's first sender was answered (kept 7 days). 幂等记录
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Account or portal client.
    #[sea_orm(primary_key, auto_increment = false)]
    pub actor: Uuid,
    /// Operation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub operation: String,
    /// SHA-256 of the key, hex.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key_hash: String,
    /// SHA-256 of the input, hex.
    pub input_hash: String,
    /// Ids to read again in the sender's scope.
    pub result: Json,
    /// When.
    pub created_at: DateTimeUtc,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
