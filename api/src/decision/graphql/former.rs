//! What stood in a paper before, over GraphQL.

use async_graphql::{Context, Object, SimpleObject};
use entity::enums::PaperKind;
use entity::former_version;
use uuid::Uuid;

use crate::decision::former::Line;
use crate::error::ApiError;
use crate::graphql::context::RequestOf;
use crate::graphql::scalars::DateTime;
use crate::graphql::shown::shown_to;
use crate::snapshot::children::children;

/// What stood in a paper before it was moved, corrected or taken back, without names and numbers of persons. 原稿
pub struct FormerVersion(former_version::Model);

/// One line of what stood. 原稿内容
#[derive(Clone, Debug, SimpleObject)]
pub struct FormerValue {
    /// Which field it was, as this API names it; of an agenda behind the number of the project. 项目
    pub name: String,
    /// What stood there: a text, a number, a day or the name of an enum's value. 内容
    pub value: String,
}

/// What stood in a paper before it was moved, corrected or taken back, without names and numbers of persons. 原稿
#[Object]
impl FormerVersion {
    /// Which paper it was: a project also shows those of its vote and evaluations. 类别
    async fn kind(&self) -> PaperKind {
        self.0.kind
    }

    /// The paper's version then. 版本
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What stood, in the order of the form; what was empty is left out. 内容
    async fn values(&self) -> Result<Vec<FormerValue>, ApiError> {
        let lines: Vec<Line> = serde_json::from_value(self.0.stood.clone())
            .map_err(|_| ApiError::internal("a former version is not of its form"))?;
        let value = |Line { name, value }| FormerValue { name, value };
        Ok(lines.into_iter().map(value).collect())
    }

    /// Why it was replaced. 理由
    async fn reason(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        shown_to(ctx, &self.0.reason)
    }

    /// When it was replaced. 时间
    async fn replaced_at(&self) -> DateTime {
        DateTime(self.0.replaced_at)
    }
}

impl FormerVersion {
    /// Of one paper, oldest first.
    pub async fn all(ctx: &Context<'_>, paper: impl Into<Uuid>) -> Result<Vec<Self>, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        let mut rows = children(&snapshot.load.children.former_versions, paper.into()).await?;
        rows.sort_by_key(|row| (row.replaced_at, row.version));
        Ok(rows.into_iter().map(Self).collect())
    }
}
