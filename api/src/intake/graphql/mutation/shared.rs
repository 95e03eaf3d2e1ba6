//! What the steps on suggestions share: what a payload shows, and the line of the audit trail.

use async_graphql::ID;
use entity::enums::AuditAction;
use entity::id::SubmissionId;
use entity::submission;
use serde_json::json;

use crate::db::{Trail, Tx};
use crate::error::{ApiError, Stop};
use crate::graphql::context::Request;
use crate::graphql::steps::must_key;
use crate::ids::Kind;
use crate::intake::graphql::submission::Submission;
use crate::refusal::Refusal;
use crate::snapshot::loaders::one;
use crate::text::passage;

/// What a payload shows.
pub(super) enum Shown {
    /// The row as the same transaction read it, in the caller's scope, before its commit.
    AsRead(Box<submission::Model>),
    /// What a fresh read finds.
    Anew(SubmissionId),
}

impl From<SubmissionId> for Shown {
    fn from(id: SubmissionId) -> Self {
        Self::Anew(id)
    }
}

/// A line of the audit trail about a suggestion.
pub(super) async fn audit(
    request: &Request,
    tx: &Tx,
    action: AuditAction,
    id: SubmissionId,
    reason: &str,
) -> Result<(), Stop> {
    let detail = if reason.is_empty() { json!({}) } else { json!({ "reason": reason }) };
    let subject = format!("submission:{}", id.0);
    tx.audit(Trail { id: request.new_key(), at: request.now, action, subject, detail }).await?;
    Ok(())
}

/// The key behind an id that may be left out.
pub(super) fn may_key<T: From<uuid::Uuid>>(
    request: &Request,
    kind: Kind,
    id: Option<&ID>,
    field: &str,
) -> Result<Option<T>, Refusal> {
    id.map(|id| must_key(request, kind, id, field)).transpose()
}

/// A reason that is kept, without what people leave at its ends.
pub(super) fn reason(text: &str) -> Result<String, Refusal> {
    let text = passage(text);
    if (2..=500).contains(&text.chars().count()) {
        return Ok(text);
    }
    Err(Refusal::invalid("reason", "请写明理由，2 至 500 个字", "Give a reason of 2 to 500 characters"))
}

/// The suggestion as it stands now, in the caller's scope.
pub(super) async fn reread(request: &Request, id: SubmissionId) -> Result<Option<Submission>, ApiError> {
    request.renew();
    let snapshot = request.read().await?;
    Ok(one(&snapshot.load.submission, id).await?.map(Submission))
}
