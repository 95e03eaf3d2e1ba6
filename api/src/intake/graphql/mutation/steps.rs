//! Steps on a suggestion that is there, and on the person behind it.

use entity::enums::AuditAction;
use entity::id::SubmissionId;

use super::shared::{audit, reason};
use crate::error::Stop;
use crate::graphql::context::Request;
use crate::graphql::steps::must_key;
use crate::ids::Kind;
use crate::intake::graphql::inputs::{
    IdentityRevealInput, PersonEraseInput, SubmissionClassifyInput, SubmissionEditInput,
    SubmissionWithdrawInput,
};
use crate::intake::graphql::person::Identity;
use crate::intake::rules::{Action, Facts, owned};
use crate::intake::store::{self, Edit};
use crate::refusal::Refusal;

pub(super) async fn edit(request: &Request, input: &SubmissionEditInput) -> Result<SubmissionId, Stop> {
    let tx = request.begin_write(Action::Edit.operation()).await?;
    let id = must_key(request, Kind::Submission, &input.submission_id, "submissionId")?;
    let row = store::find(&tx, id).await?;
    let draft = input.draft(&row);
    store::check_edit(&tx, &request.app, &row, &draft, request.now).await?;
    Edit { draft }.apply(&tx, &request.app, id, input.expected_version, request.now).await?;
    tx.commit().await?;
    Ok(id)
}

pub(super) async fn withdraw(
    request: &Request,
    input: &SubmissionWithdrawInput,
) -> Result<SubmissionId, Stop> {
    let tx = request.begin_write(Action::Withdraw.operation()).await?;
    let id = must_key(request, Kind::Submission, &input.submission_id, "submissionId")?;
    let reason = reason(&input.reason)?;
    store::withdraw(&tx, &request.app, id, input.expected_version, reason, request.now).await?;
    tx.commit().await?;
    Ok(id)
}

pub(super) async fn classify(
    request: &Request,
    input: &SubmissionClassifyInput,
) -> Result<SubmissionId, Stop> {
    let tx = request.begin_write(Action::Classify.operation()).await?;
    let id = must_key(request, Kind::Submission, &input.submission_id, "submissionId")?;
    let category = must_key(request, Kind::Category, &input.category_id, "categoryId")?;
    let note = input.note.trim();
    if note.chars().count() > 500 {
        return Err(Refusal::invalid("note", "说明最多 500 个字", "At most 500 characters").into());
    }
    store::classify(&tx, &request.app, id, input.expected_version, category, note, request.now).await?;
    tx.commit().await?;
    Ok(id)
}

pub(super) async fn reveal(request: &Request, input: &IdentityRevealInput) -> Result<Identity, Stop> {
    let tx = request.begin_write(Action::Reveal.operation()).await?;
    let id = must_key(request, Kind::Submission, &input.submission_id, "submissionId")?;
    let reason = reason(&input.reason)?;
    let row = store::find(&tx, id).await?;
    let person = store::person_of(&tx, id).await?;
    Action::Reveal.permit(tx.viewer(), Facts::of(&row, person.is_some()))?;
    let person = person.ok_or_else(|| Refusal::not_found("submissionId"))?;
    let clear = store::reveal(&request.app, &person)?;
    audit(request, &tx, AuditAction::IdentityReveal, id, reason).await?;
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
    Action::Erase.permit(tx.viewer(), Facts::of(&row, person.is_some()))?;
    store::erase(&tx, &row, request.now).await?;
    audit(request, &tx, AuditAction::PersonErase, id, reason).await?;
    tx.commit().await?;
    Ok(id)
}
