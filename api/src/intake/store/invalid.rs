//! Not accepting a suggestion (不予受理): what its collector proposed, and how the office ruled.

use chrono::{DateTime, Utc};
use entity::enums::{InvalidReason, InvalidationStatus};
use entity::id::SubmissionId;
use entity::invalidation::{ActiveModel, Column, Entity};
use entity::labels::Labelled as _;
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::step::{apply, fate_of, find, lasting, permitted};
use crate::app::App;
use crate::campaign::open::refuse_closed;
use crate::db::{Predicate, Tx};
use crate::error::Stop;
use crate::intake::rules::Action;
use crate::intake::standing;
use crate::refusal::Refusal;

/// Which suggestion is not to be accepted, and why.
pub struct Proposal {
    /// The suggestion.
    pub id: SubmissionId,
    /// The version of it that the caller has seen.
    pub expected: i32,
    /// Why.
    pub reason: InvalidReason,
    /// Further remark.
    pub note: String,
}

/// What the office says to a proposal.
pub struct Ruling {
    /// The suggestion.
    pub id: SubmissionId,
    /// The version of it that the caller has seen.
    pub expected: i32,
    /// Whether it agrees.
    pub agreed: bool,
    /// What it says.
    pub note: String,
}

/// Proposes not to accept a suggestion of the viewer's own stream.
///
/// # Errors
/// `NOT_FOUND`, `STALE_VERSION`, `CAMPAIGN_CLOSED`; `WRONG_STAGE` where it is handled, taken up or proposed already.
pub async fn propose(tx: &Tx, app: &App, wanted: Proposal, now: DateTime<Utc>) -> Result<(), Stop> {
    let row = find(tx, wanted.id).await?;
    let case = permitted(tx, Action::ProposeInvalid, &row, wanted.expected).await?;
    let step = case.propose_invalid()?;
    let note = lasting(tx, app, row.id, &wanted.note).await?;
    let told = if note.is_empty() {
        wanted.reason.chinese().to_owned()
    } else {
        format!("{}；{note}", wanted.reason.chinese())
    };
    apply(tx, app, &row, &step, Vec::new(), &told, json!({ "reason": wanted.reason }), now).await?;
    tx.insert(ActiveModel {
        county: Set(row.county.clone()),
        submission: Set(row.id),
        version: Set(row.version),
        reason: Set(wanted.reason),
        note: Set(note),
        status: Set(InvalidationStatus::Proposed),
        proposed_by: Set(tx.viewer().post()),
        proposed_at: Set(now),
        ruling: Set(String::new()),
        ruled_by: Set(None),
        ruled_at: Set(None),
    })
    .await?;
    Ok(())
}

/// Rules on the proposal that waits, as the campaign's office.
///
/// # Errors
/// `NOT_FOUND`, `STALE_VERSION`, `CAMPAIGN_CLOSED`; `WRONG_STAGE` where nothing waits, or where something was made of the
/// suggestion since.
pub async fn rule(tx: &Tx, app: &App, ruling: Ruling, now: DateTime<Utc>) -> Result<(), Stop> {
    let row = find(tx, ruling.id).await?;
    let case = standing::case(&row).at_version(ruling.expected)?;
    refuse_closed(tx, row.campaign, "submissionId").await?;
    let step = case.rule_invalid(&fate_of(tx, &row).await?, ruling.agreed)?;
    let note = lasting(tx, app, row.id, &ruling.note).await?;
    apply(tx, app, &row, &step, Vec::new(), &note, json!({ "agreed": ruling.agreed }), now).await?;
    let status = if ruling.agreed { InvalidationStatus::Accepted } else { InvalidationStatus::Rejected };
    let changes = vec![
        (Column::Status, status.into()),
        (Column::Ruling, note.into()),
        (Column::RuledBy, tx.viewer().post().into()),
        (Column::RuledAt, now.into()),
    ];
    advance(tx, row.id, InvalidationStatus::Proposed, changes).await
}

/// Takes up again what was not accepted, as the campaign's office.
///
/// # Errors
/// `NOT_FOUND`, `STALE_VERSION`, `CAMPAIGN_CLOSED`; `WRONG_STAGE` for any other suggestion.
pub async fn reopen(
    tx: &Tx,
    app: &App,
    (id, expected): (SubmissionId, i32),
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let row = find(tx, id).await?;
    let case = standing::case(&row).at_version(expected)?;
    refuse_closed(tx, row.campaign, "submissionId").await?;
    let step = case.reopen()?;
    apply(tx, app, &row, &step, Vec::new(), reason, json!({}), now).await?;
    let changes = vec![(Column::Status, InvalidationStatus::Reopened.into())];
    advance(tx, id, InvalidationStatus::Accepted, changes).await
}

/// Changes the one proposal about a suggestion that has come so far.
async fn advance(
    tx: &Tx,
    id: SubmissionId,
    from: InvalidationStatus,
    changes: Vec<(Column, sea_orm::Value)>,
) -> Result<(), Stop> {
    let this = Predicate::is(Column::Submission, id).and(Predicate::is(Column::Status, from));
    match tx.update::<Entity>(this, changes).await? {
        0 => Err(Refusal::stale().into()),
        _ => Ok(()),
    }
}
