//! The bytes that were signed, their hash and the server's signature; added once and never changed. 审签文本

use sea_orm::entity::prelude::*;

use crate::id::{County, DepartmentId, SummaryTableId};

/// The bytes that were signed, their hash and the server's signature; added once and never changed. 审签文本
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "summary_document")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Table. 汇总表
    #[sea_orm(primary_key, auto_increment = false)]
    pub summary: SummaryTableId,
    /// Whose it is. 报送单位
    pub department: DepartmentId,
    /// The table as canonical JSON. 规范文本
    pub canonical: String,
    /// SHA-256 of the text, hex. 摘要
    pub sha256: String,
    /// Which of the server's keys signed it. 密钥编号
    pub kid: String,
    /// Ed25519 over the text, base64url. 签名
    pub signature: String,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
