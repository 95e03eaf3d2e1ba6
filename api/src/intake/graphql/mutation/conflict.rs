//! What a refusal for a stale version teaches: the suggestion as it stands now.

use async_graphql::ID;
use entity::id::SubmissionId;

use super::shared::reread;
use crate::error::ApiError;
use crate::graphql::context::Request;
use crate::ids::Kind;
use crate::intake::graphql::submission::Submission;
use crate::refusal::{UserError, UserErrorCode};

/// The present version, where somebody else was quicker; nothing where it was refused for another reason. Looks in the
/// caller's scope, as every read does.
pub(super) async fn present(
    request: &Request,
    id: &ID,
    errors: &[UserError],
) -> Result<Option<Submission>, ApiError> {
    let is_stale = errors.iter().any(|error| error.code == UserErrorCode::StaleVersion);
    match request.key::<SubmissionId>(Kind::Submission, id).filter(|_| is_stale) {
        Some(id) => reread(request, id).await,
        None => Ok(None),
    }
}
