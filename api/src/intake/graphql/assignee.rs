//! Who works on a suggestion, for the department whose share says so.

use async_graphql::Context;
use entity::id::AccountId;
use entity::submission;

use crate::error::ApiError;
use crate::graphql::context::RequestOf;

/// Nothing for a department that does not collect it, nor for whoever sees the county.
async fn of(ctx: &Context<'_>, row: &submission::Model) -> Result<Option<AccountId>, ApiError> {
    let request = ctx.request()?;
    if request.viewer()?.department() != row.department {
        return Ok(None);
    }
    Ok(request.read().await?.load.assignees.load_one(row.id).await?)
}

/// Its name as colleagues know it; a stand-in where it went to another department, and empty where nobody works on it.
pub(super) async fn name(ctx: &Context<'_>, row: &submission::Model) -> Result<String, ApiError> {
    let Some(assignee) = of(ctx, row).await? else {
        return Ok(String::new());
    };
    let request = ctx.request()?;
    let name = request.read().await?.load.staff_names.load_one(assignee).await?;
    let gone = || request.language.pick("原经办人（已离任）", "Somebody who has left").to_owned();
    Ok(name.unwrap_or_else(gone))
}

/// Whether it is the caller.
pub(super) async fn is_mine(ctx: &Context<'_>, row: &submission::Model) -> Result<bool, ApiError> {
    let me = ctx.request()?.viewer()?.account();
    Ok(me.is_some() && of(ctx, row).await? == me)
}
