//! Merging over GraphQL: by the office, and nobody learns with whose.

use async_graphql::{Context, ID, InputObject, Object};
use entity::id::SubmissionId;

use super::rules::MOST;
use super::store::{self, Merge};
use crate::error::{ApiError, Stop};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::steps::{Begun, begin, end, must_key, must_keys, payload};
use crate::ids::Kind;
use crate::intake::graphql::Submission;
use crate::refusal::input;
use crate::scope::profiles::Operation;
use crate::text::passage;

/// What into what, and why. 并案内容
#[derive(Clone, Debug, InputObject)]
pub struct SubmissionMergeInput {
    /// The same key and content get the same answer for 7 days, 8 to 100 characters. 幂等键
    pub idempotency_key: String,
    /// The one that goes on. 主件
    pub target_id: ID,
    /// The version of it that the caller has seen. 主件版本
    pub expected_version: i32,
    /// Those that are merged into it, 1 to 50. 被并件
    pub duplicate_ids: Vec<ID>,
    /// Why, 2 to 500 characters; no department reads it. 理由
    pub reason: String,
}

payload! {
    /// What came of merging. 并案结果
    SubmissionMergePayload {
        /// The one that goes on; null when refused. 主件
        submission: Submission
    }
}

/// Which, and in which version. 撤销内容
#[derive(Clone, Debug, InputObject)]
pub struct SubmissionUnmergeInput {
    /// The one that was merged. 被并件
    pub submission_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
}

payload! {
    /// What came of undoing it. 撤销结果
    SubmissionUnmergePayload {
        /// The one that was merged, as it stands now; null when refused. 被并件
        submission: Submission
    }
}

/// Merging by the office. 并案
#[derive(Default)]
pub struct MergeMutation;

#[Object]
impl MergeMutation {
    /// Merges suggestions of any departments into one; each stays with its department, which learns that it was merged and not with whose. 并案
    #[graphql(directive = open_to::apply(profiles(&[Operation::SubmissionMerge]), heads(&[Operation::SubmissionMerge])), directive = semantic_non_null::apply(vec![0]))]
    async fn submission_merge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What into what, and why. 并案内容")] input: SubmissionMergeInput,
    ) -> Option<Result<SubmissionMergePayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = submission_merge(request, &input).await;
        Some(SubmissionMergePayload::of(request, outcome).await)
    }

    /// Undoes the merging of one suggestion: it stands where it stood before. 撤销并案
    #[graphql(directive = open_to::apply(profiles(&[Operation::SubmissionUnmerge]), heads(&[Operation::SubmissionUnmerge])), directive = semantic_non_null::apply(vec![0]))]
    async fn submission_unmerge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and in which version. 撤销内容")] input: SubmissionUnmergeInput,
    ) -> Option<Result<SubmissionUnmergePayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = submission_unmerge(request, &input).await;
        Some(SubmissionUnmergePayload::of(request, outcome).await)
    }
}

async fn submission_merge(request: &Request, input: &SubmissionMergeInput) -> Result<SubmissionId, Stop> {
    let begun = begin(request, Operation::SubmissionMerge, "submissionMerge", &input.idempotency_key, input);
    let (tx, claim) = match begun.await? {
        Begun::Repeated(id) => return Ok(id),
        Begun::Fresh(tx, claim) => (tx, claim),
    };
    let reason = passage(&input.reason);
    let reason = reason.as_str();
    input::text("reason", reason, 2, 500)?;
    let target = must_key(request, Kind::Submission, &input.target_id, "targetId")?;
    let merge = Merge {
        target,
        expected: input.expected_version,
        duplicates: must_keys(request, Kind::Submission, &input.duplicate_ids, "duplicateIds", MOST)?,
        reason: reason.to_owned(),
    };
    store::merge(&tx, &request.app, merge, request.now).await?;
    end(tx, claim, target).await
}

async fn submission_unmerge(request: &Request, input: &SubmissionUnmergeInput) -> Result<SubmissionId, Stop> {
    let tx = request.begin_write(Operation::SubmissionUnmerge).await?;
    let id = must_key(request, Kind::Submission, &input.submission_id, "submissionId")?;
    store::unmerge(&tx, &request.app, id, input.expected_version, request.now).await?;
    tx.commit().await?;
    Ok(id)
}
