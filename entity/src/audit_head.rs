//! Signed ends of the chain over the audit trail of a county. 审计链签名

use sea_orm::entity::prelude::*;

use crate::id::County;

/// Signed ends of the chain over the audit trail of a county; never changed. 审计链签名
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_head")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Place in the chain that was its end when it was signed.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// Hash of the chain up to there, hex.
    pub hash: String,
    /// Key that signed.
    pub kid: String,
    /// Ed25519 over county, place and hash, base64url.
    pub signature: String,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
