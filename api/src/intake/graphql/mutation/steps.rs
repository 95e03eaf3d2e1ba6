//! Steps on a suggestion that is there, and on the person behind it.

use async_graphql::MaybeUndefined;
use entity::enums::AuditAction;
use entity::id::SubmissionId;
use entity::submission;

use super::shared::{audit, may_key, reason};
use crate::db::Tx;
use crate::error::Stop;
use crate::graphql::context::Request;
use crate::graphql::steps::{Begun, begin, end, must_key};
use crate::ids::Kind;
use crate::intake::draft::received;
use crate::intake::graphql::inputs::{
    IdentityRevealInput, PersonEraseInput, SubmissionAssignInput, SubmissionClassifyInput,
    SubmissionEditInput, SubmissionMoveInput, SubmissionWithdrawInput,
};
use crate::intake::graphql::person::Identity;
use crate::intake::rules::{Action, owned};
use crate::intake::standing;
use crate::intake::store::{self, Correction, Line, Places, Relocation};
use crate::refusal::Refusal;
use crate::scope::profiles::Operation;
use crate::secrets::seal::mask_of_person;
use crate::shares::names::name_of;
use crate::text::passage;

pub(super) async fn edit(request: &Request, input: &SubmissionEditInput) -> Result<SubmissionId, Stop> {
    let tx = request.begin_write(Action::Edit.operation()).await?;
    let id = must_key(request, Kind::Submission, &input.submission_id, "submissionId")?;
    let row = store::find(&tx, id).await?;
    let person = store::person_of(&tx, id).await?;
    let known = person.as_ref().map(|person| store::reveal(&request.app, person)).transpose()?;
    let mut draft = input.draft(&row, known.unwrap_or_default());
    draft.received_at = draft.received_at.map(|at| received(Some(at), request.now));
    let places = places(request, input, &row)?;
    let correction = Correction { draft, places, person, names_person: input.names_person(), row };
    correction.apply(&tx, &request.app, input.expected_version, request.now).await?;
    tx.commit().await?;
    Ok(id)
}

pub(super) async fn withdraw(
    request: &Request,
    input: &SubmissionWithdrawInput,
) -> Result<SubmissionId, Stop> {
    let tx = request.begin_write(Action::Withdraw.operation()).await?;
    let (id, line) = withdrawn(request, &tx, input).await?;
    store::record_lines(&tx, &request.app, vec![line], request.now).await?;
    tx.commit().await?;
    Ok(id)
}

/// Where the suggestion belongs after the correction.
fn places(
    request: &Request,
    input: &SubmissionEditInput,
    row: &submission::Model,
) -> Result<Places, Refusal> {
    let channel = match &input.channel_id {
        Some(id) => must_key(request, Kind::Channel, id, "channelId")?,
        None => row.channel,
    };
    let village = match &input.village_id {
        MaybeUndefined::Undefined => row.village,
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(id) => Some(must_key(request, Kind::Village, id, "villageId")?),
    };
    Ok(Places { channel, village })
}

/// Takes one back within a transaction; the line of the record is still to be written.
pub(super) async fn withdrawn(
    request: &Request,
    tx: &Tx,
    input: &SubmissionWithdrawInput,
) -> Result<(SubmissionId, Line), Stop> {
    let id = must_key(request, Kind::Submission, &input.submission_id, "submissionId")?;
    let reason = reason(&input.reason)?;
    let line = store::withdraw(tx, &request.app, id, input.expected_version, &reason, request.now).await?;
    Ok((id, line))
}

pub(super) async fn classify(
    request: &Request,
    input: &SubmissionClassifyInput,
) -> Result<SubmissionId, Stop> {
    let tx = request.begin_write(Action::Classify.operation()).await?;
    let (id, line) = classified(request, &tx, input).await?;
    store::record_lines(&tx, &request.app, vec![line], request.now).await?;
    tx.commit().await?;
    Ok(id)
}

/// Classifies one within a transaction; the line of the record is still to be written.
pub(super) async fn classified(
    request: &Request,
    tx: &Tx,
    input: &SubmissionClassifyInput,
) -> Result<(SubmissionId, Line), Stop> {
    let id = must_key(request, Kind::Submission, &input.submission_id, "submissionId")?;
    let category = must_key(request, Kind::Category, &input.category_id, "categoryId")?;
    let note = passage(&input.note);
    if note.chars().count() > 500 {
        return Err(Refusal::invalid("note", "说明最多 500 个字", "At most 500 characters").into());
    }
    let (app, now) = (&request.app, request.now);
    let line = store::classify(tx, app, id, input.expected_version, category, &note, now).await?;
    Ok((id, line))
}

pub(super) async fn relocate(request: &Request, input: &SubmissionMoveInput) -> Result<SubmissionId, Stop> {
    let begun = begin(request, Operation::SubmissionMove, "submissionMove", &input.idempotency_key, input);
    let (tx, claim) = match begun.await? {
        Begun::Repeated(id) => return Ok(id),
        Begun::Fresh(tx, claim) => (tx, claim),
    };
    let id = must_key(request, Kind::Submission, &input.submission_id, "submissionId")?;
    let stream = must_key(request, Kind::IntakeStream, &input.stream_id, "streamId")?;
    let reason = reason(&input.reason)?;
    let wanted = Relocation { id, expected: input.expected_version, stream, reason };
    store::relocate(&tx, &request.app, wanted, request.now).await?;
    end(tx, claim, id).await
}

pub(super) async fn reveal(request: &Request, input: &IdentityRevealInput) -> Result<Identity, Stop> {
    let tx = request.begin_write(Action::Reveal.operation()).await?;
    let id = must_key(request, Kind::Submission, &input.submission_id, "submissionId")?;
    let reason = reason(&input.reason)?;
    let row = store::find(&tx, id).await?;
    let person = store::person_of(&tx, id).await?;
    Action::Reveal.permit(tx.viewer(), standing::facts(&row, person.is_some()))?;
    let person = person.ok_or_else(|| Refusal::not_found("submissionId"))?;
    let clear = store::reveal(&request.app, &person)?;
    let reason = mask_of_person(&reason, clear.name.as_deref());
    audit(request, &tx, AuditAction::IdentityReveal, id, &reason).await?;
    tx.commit().await?;
    Ok(clear.into())
}

pub(super) async fn erase(request: &Request, input: &PersonEraseInput) -> Result<SubmissionId, Stop> {
    let tx = request.begin_write(Action::Erase.operation()).await?;
    let id = must_key(request, Kind::Submission, &input.submission_id, "submissionId")?;
    let reason = reason(&input.reason)?;
    let row = store::find(&tx, id).await?;
    owned(tx.viewer(), row.department)?;
    if row.version != input.expected_version {
        return Err(Refusal::stale().into());
    }
    let person = store::person_of(&tx, id).await?;
    Action::Erase.permit(tx.viewer(), standing::facts(&row, person.is_some()))?;
    let name = person.map(|person| name_of(&request.app, &person)).transpose()?.flatten();
    store::erase(&tx, &row, name.as_deref(), request.now).await?;
    let reason = mask_of_person(&reason, name.as_deref());
    audit(request, &tx, AuditAction::PersonErase, id, &reason).await?;
    tx.commit().await?;
    Ok(id)
}

/// Assigns one within a transaction; the line of the record is still to be written.
pub(super) async fn assigned(
    request: &Request,
    tx: &Tx,
    input: &SubmissionAssignInput,
) -> Result<(SubmissionId, Line), Stop> {
    let id = must_key(request, Kind::Submission, &input.submission_id, "submissionId")?;
    let to = may_key(request, Kind::Account, input.account_id.as_ref(), "accountId")?;
    let reason = passage(&input.reason);
    if reason.chars().count() > 500 {
        return Err(Refusal::invalid("reason", "理由最多 500 个字", "At most 500 characters").into());
    }
    let (app, now) = (&request.app, request.now);
    let line = store::assign(tx, app, id, input.expected_version, to, &reason, now).await?;
    Ok((id, line))
}
