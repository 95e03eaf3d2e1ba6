//! One run of a bulk import, resumable by its file's hash. 导入批次

use sea_orm::entity::prelude::*;

use crate::enums::ImportStatus;
use crate::id::{CampaignId, ChannelId, County, DepartmentId, ImportBatchId};

/// One run of a bulk import, resumable by its file's hash. 导入批次
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_batch")]
pub struct Model {
    /// County; the first part of every key. 县区
    #[sea_orm(primary_key, auto_increment = false)]
    pub county: County,
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ImportBatchId,
    /// Department that imports. 单位
    pub department: DepartmentId,
    /// Campaign. 活动
    pub campaign: CampaignId,
    /// Channel of the rows. 渠道
    pub channel: ChannelId,
    /// Name of the file. 文件名
    pub file_name: String,
    /// SHA-256 of the file, hex.
    pub file_hash: String,
    /// How far. 状态
    pub status: ImportStatus,
    /// First line that is not done yet. 续传行
    pub next_line: i64,
    /// Rows taken. 导入行数
    pub accepted: i64,
    /// Rows already there. 重复行数
    pub repeated: i64,
    /// Rows with errors. 错误行数
    pub refused: i64,
    /// The first 200 failing lines with reasons. 错误明细
    pub failures: Json,
    /// Start.
    pub created_at: DateTimeUtc,
    /// Last batch.
    pub updated_at: DateTimeUtc,
}

/// None: joins go through the scope of each table.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
