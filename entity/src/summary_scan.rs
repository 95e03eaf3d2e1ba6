//! A picture of the sealed page of a signed table; a better one is a further row. 盖章页扫描件

use sea_orm::entity::prelude::*;

use crate::id::{County, DepartmentId, PostId, SummaryScanId, SummaryTableId};

/// A picture of the sealed page of a signed table; a better one is a further row. 盖章页扫描件
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "summary_scan")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SummaryScanId,
    /// Whose it is. 报送单位
    pub department: DepartmentId,
    /// Table. 汇总表
    pub summary: SummaryTableId,
    /// By its first bytes. 文件类型
    pub media_type: String,
    /// The file. 内容
    pub content: Vec<u8>,
    /// SHA-256 of the file, hex. 摘要
    pub sha256: String,
    /// Who attached it. 上传岗位
    pub attached_by: PostId,
    /// When. 上传时间
    pub attached_at: DateTimeUtc,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
