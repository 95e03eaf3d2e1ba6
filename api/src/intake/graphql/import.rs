//! Imports over GraphQL.

use async_graphql::{Context, ID, Object};
use entity::enums::ImportStatus;
use entity::id::ImportBatchId;
use entity::import_batch;

use crate::campaign::graphql::Department;
use crate::db::Predicate;
use crate::graphql::context::RequestOf;
use crate::graphql::error::ApiError;
use crate::graphql::id::Kind;

/// One run of a bulk import. 导入批次
#[derive(Clone, Debug)]
pub struct ImportBatch(pub import_batch::Model);

impl ImportBatch {
    /// The run of a key; nothing when it is absent or another department's.
    pub async fn by_id(ctx: &Context<'_>, id: ImportBatchId) -> Result<Option<Self>, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        let this = Predicate::is(import_batch::Column::Id, id);
        Ok(snapshot
            .tx
            .from::<import_batch::Entity>()
            .filter(this)
            .one()
            .await?
            .map(Self))
    }
}

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
}
