//! What a refusal for a stale version teaches: the suggestion as it stands now, and what was done with it in between.

use async_graphql::ID;
use entity::id::SubmissionId;

use super::reread;
use crate::error::ApiError;
use crate::graphql::context::Request;
use crate::ids::Kind;
use crate::intake::graphql::record::Record;
use crate::intake::graphql::submission::Submission;
use crate::refusal::{UserError, UserErrorCode};
use crate::snapshot::loaders::LastOf;

/// Most lines of the record that are shown.
const MOST_CHANGES: u64 = 20;

/// Somebody else was quicker; empty where it was refused for another reason.
#[derive(Default)]
pub(super) struct Conflict {
    pub(super) submission: Option<Submission>,
    pub(super) changes: Vec<Record>,
}

impl Conflict {
    /// `seen` is the id and the version that the caller sent. Looks in the caller's scope, as every read does.
    pub(super) async fn of(
        request: &Request,
        (id, seen): (&ID, i32),
        errors: &[UserError],
    ) -> Result<Self, ApiError> {
        let is_stale = errors.iter().any(|error| error.code == UserErrorCode::StaleVersion);
        let Some(id) = request.key::<SubmissionId>(Kind::Submission, id).filter(|_| is_stale) else {
            return Ok(Self::default());
        };
        let Some(submission) = reread(request, id).await? else {
            return Ok(Self::default());
        };
        let behind = submission.0.version.saturating_sub(seen);
        let changes = match u64::try_from(behind) {
            Ok(behind @ 1..) => last_lines(request, id, behind.min(MOST_CHANGES)).await?,
            _ => Vec::new(),
        };
        Ok(Self { submission: Some(submission), changes })
    }
}

async fn last_lines(request: &Request, submission: SubmissionId, most: u64) -> Result<Vec<Record>, ApiError> {
    let snapshot = request.read().await?;
    let lines = snapshot.load.last_records.load_one(LastOf { submission, most }).await?;
    Ok(lines.unwrap_or_default().into_iter().map(Record).collect())
}
