//! Free text as whoever reads it may see it. One function decides for every field, so that none says more than another.

use async_graphql::Context;

use super::context::RequestOf;
use crate::error::ApiError;
use crate::scope::viewer::Viewer;
use crate::secrets::seal::mask_in_text;

/// A text for a viewer: whoever may never see identities sees no numbers in texts either.
#[must_use]
pub fn shown(viewer: &Viewer, text: &str) -> String {
    if viewer.reads_identities() { text.to_owned() } else { mask_in_text(text) }
}

/// The same for the caller.
pub fn shown_to(ctx: &Context<'_>, text: &str) -> Result<String, ApiError> {
    Ok(shown(ctx.request()?.viewer()?, text))
}

/// The same of a text that may be missing: nothing where there is none.
#[must_use]
pub fn may_shown_to(ctx: &Context<'_>, text: Option<&str>) -> Option<Result<String, ApiError>> {
    text.filter(|text| !text.is_empty()).map(|text| shown_to(ctx, text))
}
