//! What became of a suggestion, as staff see it.

use async_graphql::Context;
use entity::enums::Stage;
use entity::submission;

use crate::error::ApiError;
use crate::fate::facts::Known;
use crate::fate::rules::{Fate, fate};
use crate::graphql::context::RequestOf;
use crate::graphql::shown::shown;
use crate::intake::citizen;
use crate::snapshot::loaders::known;

/// What is known of a suggestion, all of a page at once, and what becomes of it.
pub(super) async fn of(ctx: &Context<'_>, row: &submission::Model) -> Result<(Known, Fate), ApiError> {
    let snapshot = ctx.request()?.read().await?;
    let known = known(&snapshot.load, row.id, row.stage).await?;
    let fate = fate(&known.facts);
    Ok((known, fate))
}

/// The sentence that its people read with their receipt code, in the caller's language.
pub(super) async fn outcome(ctx: &Context<'_>, row: &submission::Model) -> Result<String, ApiError> {
    let request = ctx.request()?;
    let (known, fate) = of(ctx, row).await?;
    let viewer = request.viewer()?;
    let title = known.project.map(|project| shown(viewer, &project.title));
    let merged = row.stage == Stage::Merged;
    let invalid = known.invalid.map(|row| row.reason);
    let outcome = citizen::outcome(fate.disposition(), merged, title.as_deref(), invalid);
    Ok(outcome.in_language(request.language))
}
