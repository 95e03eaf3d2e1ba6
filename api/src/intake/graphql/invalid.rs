//! That a suggestion is not accepted, or that its collector proposed so.

use async_graphql::{Context, Object};
use entity::enums::{InvalidReason, InvalidationStatus};
use entity::{invalidation, submission};

use crate::error::ApiError;
use crate::graphql::context::RequestOf;
use crate::graphql::scalars::DateTime;
use crate::graphql::shown::shown_to;
use crate::snapshot::children::children;

/// A proposal not to accept a suggestion, and how the office ruled; who did what stands in the handling record. 不予受理提请
pub struct Invalidation(invalidation::Model);

/// A proposal not to accept a suggestion, and how the office ruled; who did what stands in the handling record. 不予受理提请
#[Object]
impl Invalidation {
    /// Why. 理由
    async fn reason(&self) -> InvalidReason {
        self.0.reason
    }

    /// Further remark of the collector, without names and numbers of persons; may be empty. 说明
    async fn note(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        shown_to(ctx, &self.0.note)
    }

    /// How far it has come. 状态
    async fn status(&self) -> InvalidationStatus {
        self.0.status
    }

    /// When it was proposed. 提请时间
    async fn proposed_at(&self) -> DateTime {
        DateTime(self.0.proposed_at)
    }

    /// What the office said to it; empty until it has ruled. 裁定说明
    async fn ruling(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        shown_to(ctx, &self.0.ruling)
    }

    /// When the office ruled; null until then. 裁定时间
    async fn ruled_at(&self) -> Option<DateTime> {
        self.0.ruled_at.map(DateTime)
    }
}

/// Every proposal about a suggestion, oldest first.
pub(super) async fn of(ctx: &Context<'_>, row: &submission::Model) -> Result<Vec<Invalidation>, ApiError> {
    let snapshot = ctx.request()?.read().await?;
    let rows = children(&snapshot.load.children.invalidations, row.id).await?;
    Ok(rows.into_iter().map(Invalidation).collect())
}
