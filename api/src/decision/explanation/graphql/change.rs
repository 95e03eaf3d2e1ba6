//! Changing and withdrawing an explanation before it is delivered, and what stood in it before.

use async_graphql::{Context, ID, InputObject, Object};
use entity::enums::ExplanationChannel;
use entity::explanation_version;
use entity::id::ExplanationId;

use crate::decision::explanation::rules::MOST;
use crate::decision::explanation::store::{self, Change};
use crate::error::{ApiError, Stop};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::scalars::DateTime;
use crate::graphql::shown::shown_to;
use crate::graphql::steps::{must_key, must_keys, payload};
use crate::ids::Kind;
use crate::intake::graphql::Explanation;
use crate::scope::profiles::Operation;
use crate::text::passage;

/// An explanation as it was before it was changed or withdrawn. 说明原稿
pub struct FormerExplanation(pub(super) explanation_version::Model);

/// An explanation as it was before it was changed or withdrawn. 说明原稿
#[Object]
impl FormerExplanation {
    /// Its version then. 版本
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What was to be told, without names and numbers of persons. 说明内容
    async fn text(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        shown_to(ctx, &self.0.text)
    }

    /// By which way. 方式
    async fn channel(&self) -> ExplanationChannel {
        self.0.channel
    }

    /// How many suggestions it covered. 覆盖件数
    async fn covered(&self) -> usize {
        self.0.covered.as_array().map_or(0, Vec::len)
    }

    /// Why it was changed or withdrawn. 理由
    async fn reason(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        shown_to(ctx, &self.0.reason)
    }

    /// When it was changed or withdrawn. 修改时间
    async fn replaced_at(&self) -> DateTime {
        DateTime(self.0.replaced_at)
    }
}

/// The whole explanation anew. 修改内容
#[derive(Clone, Debug, InputObject)]
pub struct ExplanationEditInput {
    /// Which explanation. 说明
    pub explanation_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// What is told, 2 to 4,000 characters. 说明内容
    pub text: String,
    /// By which way. 方式
    pub channel: ExplanationChannel,
    /// Suggestions that it covers, 1 to 500; those that are left out are covered no more. 覆盖的意见建议
    pub submission_ids: Vec<ID>,
    /// Why it is changed, 2 to 500 characters. 理由
    pub reason: String,
}

payload! {
    /// What came of the change. 修改结果
    ExplanationEditPayload {
        /// The explanation as it stands now; null when refused. 说明
        explanation: Explanation
    }
}

/// Which, and why. 撤回内容
#[derive(Clone, Debug, InputObject)]
pub struct ExplanationWithdrawInput {
    /// Which explanation. 说明
    pub explanation_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// Why, 2 to 500 characters. 理由
    pub reason: String,
}

payload! {
    /// What came of withdrawing it. 撤回结果
    ExplanationWithdrawPayload {
        /// The explanation as it stands now; null when refused. 说明
        explanation: Explanation
    }
}

/// Changing and withdrawing explanations. 修改、撤回说明
#[derive(Default)]
pub struct ExplanationChangeMutation;

#[Object]
impl ExplanationChangeMutation {
    /// Changes the text of an explanation that was not delivered, its way or what it covers; what stood in it is kept. 修改说明
    #[graphql(directive = open_to::apply(profiles(&[Operation::ExplanationEdit]), heads(&[Operation::ExplanationEdit])), directive = semantic_non_null::apply(vec![0]))]
    async fn explanation_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The whole explanation anew. 修改内容")] input: ExplanationEditInput,
    ) -> Option<Result<ExplanationEditPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = explanation_edit(request, &input).await;
        Some(ExplanationEditPayload::of(request, outcome).await)
    }

    /// Withdraws an explanation that was not delivered: what it covered may be explained anew or become part of a project. 撤回说明
    #[graphql(directive = open_to::apply(profiles(&[Operation::ExplanationWithdraw]), heads(&[Operation::ExplanationWithdraw])), directive = semantic_non_null::apply(vec![0]))]
    async fn explanation_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why. 撤回内容")] input: ExplanationWithdrawInput,
    ) -> Option<Result<ExplanationWithdrawPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = explanation_withdraw(request, &input).await;
        Some(ExplanationWithdrawPayload::of(request, outcome).await)
    }
}

async fn explanation_edit(request: &Request, input: &ExplanationEditInput) -> Result<ExplanationId, Stop> {
    let tx = request.begin_write(Operation::ExplanationEdit).await?;
    let id = must_key(request, Kind::Explanation, &input.explanation_id, "explanationId")?;
    let change = Change {
        expected: input.expected_version,
        text: passage(&input.text),
        channel: input.channel,
        submissions: must_keys(request, Kind::Submission, &input.submission_ids, "submissionIds", MOST)?,
        reason: passage(&input.reason),
    };
    store::edit(&tx, &request.app, id, change, request.now).await?;
    tx.commit().await?;
    Ok(id)
}

async fn explanation_withdraw(
    request: &Request,
    input: &ExplanationWithdrawInput,
) -> Result<ExplanationId, Stop> {
    let tx = request.begin_write(Operation::ExplanationWithdraw).await?;
    let id = must_key(request, Kind::Explanation, &input.explanation_id, "explanationId")?;
    let reason = passage(&input.reason);
    let step = (input.expected_version, reason.as_str());
    store::withdraw(&tx, &request.app, id, step, request.now).await?;
    tx.commit().await?;
    Ok(id)
}
