//! The hash chain over the audit trail of a county. 审计封存

use sea_orm::entity::prelude::*;

use crate::id::{AuditEntryId, County};

/// The hash chain over the audit trail of a county. 审计封存
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_seal")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Place in the chain, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// Sealed line.
    pub entry: AuditEntryId,
    /// SHA-256 over the former hash and the line, hex.
    pub hash: String,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
