//! A run of an import as it is kept, and what is told of single rows.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::enums::ImportStatus;
use entity::import_batch;

use crate::campaign::graphql::{Channel, Department};
use crate::error::ApiError;
use crate::graphql::context::RequestOf;
use crate::graphql::keyed::keyed;
use crate::graphql::scalars::DateTime;
use crate::ids::Kind;
use crate::intake::store::import::{self as store, Failure};
use crate::refusal::Language;
use crate::snapshot::loaders::must;

/// One run of a bulk import. 导入批次
#[derive(Clone, Debug)]
pub struct ImportBatch(pub import_batch::Model);

keyed! {
    ImportBatch: import_batch;
}

/// One run of a bulk import. 导入批次
#[Object]
impl ImportBatch {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::ImportBatch, self.0.id))
    }

    /// Department that imports. 单位
    async fn department(&self, ctx: &Context<'_>) -> Result<Department, ApiError> {
        Department::by_id(ctx, self.0.department).await
    }

    /// What the file was called. 文件名
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }

    /// How far it has come. 状态
    async fn status(&self) -> ImportStatus {
        self.0.status
    }

    /// Rows taken in. 导入行数
    async fn accepted(&self) -> i64 {
        self.0.accepted
    }

    /// Rows that were there already, by channel and reference. 重复行数
    async fn repeated(&self) -> i64 {
        self.0.repeated
    }

    /// Rows with errors. 错误行数
    async fn refused(&self) -> i64 {
        self.0.refused
    }

    /// When the file was first imported. 首次导入时间
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Channel of the rows that name no other. 渠道
    async fn channel(&self, ctx: &Context<'_>) -> Result<Channel, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        must(&snapshot.load.channel, self.0.channel).await.map(Channel)
    }

    /// What is wrong with the rows that were refused; the first 200. 错误明细
    async fn failures(&self, ctx: &Context<'_>) -> Result<Vec<ImportFailure>, ApiError> {
        let language = ctx.request()?.language;
        Ok(told(store::failures_of(&self.0), language))
    }
}

/// Why one row of a ledger is not taken in. 未导入原因
#[derive(Clone, Debug, SimpleObject)]
pub struct ImportFailure {
    /// Line of the file on which the row starts, counted from 1. 行号
    line: u64,
    /// Field of the ledger, e.g. `received_at`; null when it is about the whole row. 字段
    field: Option<String>,
    /// Stable code, e.g. `BAD_TIME`. 错误码
    code: String,
    /// Text fit to show, in the caller's language. 原因
    reason: String,
}

/// As they are told to the caller.
pub(super) fn told(failures: Vec<Failure>, language: Language) -> Vec<ImportFailure> {
    let told = |failure: Failure| {
        let Failure { line, field, code, reason, reason_zh } = failure;
        let reason = match language {
            Language::Chinese => reason_zh,
            Language::English => reason,
        };
        ImportFailure { line, field, code, reason }
    };
    failures.into_iter().map(told).collect()
}
