//! What stood in a suggestion before it was corrected.

use async_graphql::{Context, Object};
use entity::enums::SubmissionKind;
use entity::{former_text, submission};

use super::words::{ExtraValue, Words};
use crate::access::graphql::Actor;
use crate::error::ApiError;
use crate::graphql::context::RequestOf;
use crate::graphql::scalars::DateTime;
use crate::snapshot::children::children;

/// The words of a suggestion as they stood before a correction; nobody's words are overwritten. 原文留存
pub struct FormerText {
    row: former_text::Model,
    title: String,
    content: String,
    extra: Vec<ExtraValue>,
}

/// The words of a suggestion as they stood before a correction; nobody's words are overwritten. 原文留存
#[Object]
impl FormerText {
    /// The suggestion's version while they stood in it; the first is what was taken in. 版本
    async fn version(&self) -> i32 {
        self.row.version
    }

    /// Heading, masked as that of the suggestion is. 标题
    async fn title(&self) -> &str {
        &self.title
    }

    /// The whole text, masked as that of the suggestion is. 内容
    async fn content(&self) -> &str {
        &self.content
    }

    /// What the person wanted. 诉求类型
    async fn kind(&self) -> SubmissionKind {
        self.row.kind
    }

    /// Values of the stream's own form fields. 附加项
    async fn extra(&self) -> &[ExtraValue] {
        &self.extra
    }

    /// Who corrected it, fit to show: department and rank, and to colleagues of that department the name. 更正人
    async fn replaced_by(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        match Actor::of_former_text(&self.row) {
            Some(actor) => actor.told(ctx).await,
            None => Ok(ctx.request()?.language.pick("系统", "The program").to_owned()),
        }
    }

    /// When it was corrected. 更正时间
    async fn replaced_at(&self) -> DateTime {
        DateTime(self.row.replaced_at)
    }
}

/// Everything that stood in a suggestion before, oldest first, as the caller may read it.
pub(super) async fn of(ctx: &Context<'_>, row: &submission::Model) -> Result<Vec<FormerText>, ApiError> {
    let rows = rows(ctx, row).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let words = Words::of_any(ctx, row).await?;
    let former = |row: former_text::Model| FormerText {
        title: words.read(&row.title),
        content: words.read(&row.content),
        extra: words.values(&row.extra),
        row,
    };
    Ok(rows.into_iter().map(former).collect())
}

/// Whether anything stood in it before.
pub(super) async fn is_corrected(ctx: &Context<'_>, row: &submission::Model) -> Result<bool, ApiError> {
    Ok(!rows(ctx, row).await?.is_empty())
}

async fn rows(ctx: &Context<'_>, row: &submission::Model) -> Result<Vec<former_text::Model>, ApiError> {
    let snapshot = ctx.request()?.read().await?;
    children(&snapshot.load.children.former_texts, row.id).await
}
