//! Not accepting a suggestion: proposed by its collector, ruled by the office, taken up again by the office.

use async_graphql::{Context, ID, InputObject, Object};
use entity::enums::InvalidReason;
use entity::id::SubmissionId;

use super::shared::reason;
use crate::error::{ApiError, Stop};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::steps::{must_key, payload};
use crate::ids::Kind;
use crate::intake::graphql::submission::Submission;
use crate::intake::store::{self, Proposal, Ruling};
use crate::refusal::input::text;
use crate::scope::profiles::Operation;
use crate::text::passage;

/// A suggestion that is not to be accepted. 提请不予受理
#[derive(Clone, Debug, InputObject)]
pub struct SubmissionInvalidProposeInput {
    /// Which suggestion. 意见建议
    pub submission_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// Why. 理由
    pub reason: InvalidReason,
    /// Further remark, at most 500 characters. 说明
    #[graphql(default)]
    pub note: String,
}

/// What the office says to a proposal. 裁定内容
#[derive(Clone, Debug, InputObject)]
pub struct SubmissionInvalidRuleInput {
    /// Which suggestion. 意见建议
    pub submission_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// Whether the office agrees that it is not accepted. 是否同意
    pub is_agreed: bool,
    /// What is said to it, at most 500 characters; at least 2 where the office does not agree. 裁定说明
    #[graphql(default)]
    pub note: String,
}

/// A suggestion to take up again. 重新受理
#[derive(Clone, Debug, InputObject)]
pub struct SubmissionReopenInput {
    /// Which suggestion. 意见建议
    pub submission_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// Why, 2 to 500 characters. 理由
    pub reason: String,
}

payload! {
    /// What came of the proposal. 提请结果
    SubmissionInvalidProposePayload {
        /// The suggestion as it stands now; null when refused. 意见建议
        submission: Submission
    }
}

payload! {
    /// What came of the ruling. 裁定结果
    SubmissionInvalidRulePayload {
        /// The suggestion as it stands now; null when refused. 意见建议
        submission: Submission
    }
}

payload! {
    /// What came of taking it up again. 重新受理结果
    SubmissionReopenPayload {
        /// The suggestion as it stands now; null when refused. 意见建议
        submission: Submission
    }
}

/// Not accepting suggestions. 不予受理
#[derive(Default)]
pub struct InvalidMutation;

#[Object]
impl InvalidMutation {
    /// Proposes to the office not to accept a suggestion of the caller's own stream that is in no table, project or explanation;
    /// until the ruling it is neither corrected nor withdrawn. 提请不予受理
    #[graphql(directive = open_to::apply(profiles(&[Operation::SubmissionInvalidPropose]), heads(&[Operation::SubmissionInvalidPropose])), directive = semantic_non_null::apply(vec![0]))]
    async fn submission_invalid_propose(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why. 提请内容")] input: SubmissionInvalidProposeInput,
    ) -> Option<Result<SubmissionInvalidProposePayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = propose(request, &input).await;
        Some(SubmissionInvalidProposePayload::of(request, outcome).await)
    }

    /// Rules on such a proposal: agreed, the suggestion stands at INVALID and its citizen is told why; otherwise it goes on. 裁定不予受理
    #[graphql(directive = open_to::apply(profiles(&[Operation::SubmissionInvalidRule]), heads(&[Operation::SubmissionInvalidRule])), directive = semantic_non_null::apply(vec![0]))]
    async fn submission_invalid_rule(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and what is said to it. 裁定内容")] input: SubmissionInvalidRuleInput,
    ) -> Option<Result<SubmissionInvalidRulePayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = rule(request, &input).await;
        Some(SubmissionInvalidRulePayload::of(request, outcome).await)
    }

    /// Takes up again a suggestion that was not accepted: it stands in its class, or is to be classified. 重新受理
    #[graphql(directive = open_to::apply(profiles(&[Operation::SubmissionReopen]), heads(&[Operation::SubmissionReopen])), directive = semantic_non_null::apply(vec![0]))]
    async fn submission_reopen(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why. 重新受理说明")] input: SubmissionReopenInput,
    ) -> Option<Result<SubmissionReopenPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = reopen(request, &input).await;
        Some(SubmissionReopenPayload::of(request, outcome).await)
    }
}

async fn propose(request: &Request, input: &SubmissionInvalidProposeInput) -> Result<SubmissionId, Stop> {
    let tx = request.begin_write(Operation::SubmissionInvalidPropose).await?;
    let id = must_key(request, Kind::Submission, &input.submission_id, "submissionId")?;
    let note = passage(&input.note);
    text("note", &note, 0, 500)?;
    let wanted = Proposal { id, expected: input.expected_version, reason: input.reason, note };
    store::propose(&tx, &request.app, wanted, request.now).await?;
    tx.commit().await?;
    Ok(id)
}

async fn rule(request: &Request, input: &SubmissionInvalidRuleInput) -> Result<SubmissionId, Stop> {
    let tx = request.begin_write(Operation::SubmissionInvalidRule).await?;
    let id = must_key(request, Kind::Submission, &input.submission_id, "submissionId")?;
    let (note, agreed) = (passage(&input.note), input.is_agreed);
    text("note", &note, if agreed { 0 } else { 2 }, 500)?;
    let ruling = Ruling { id, expected: input.expected_version, agreed, note };
    store::rule(&tx, &request.app, ruling, request.now).await?;
    tx.commit().await?;
    Ok(id)
}

async fn reopen(request: &Request, input: &SubmissionReopenInput) -> Result<SubmissionId, Stop> {
    let tx = request.begin_write(Operation::SubmissionReopen).await?;
    let id = must_key(request, Kind::Submission, &input.submission_id, "submissionId")?;
    let reason = reason(&input.reason)?;
    store::reopen(&tx, &request.app, (id, input.expected_version), &reason, request.now).await?;
    tx.commit().await?;
    Ok(id)
}
