//! Steps on suggestions. Each: right, transaction in scope, rules, writes, commit, and the payload from a
//! fresh read, or from what the transaction read last.

mod assign;
mod batch;
mod conflict;
mod enter;
mod find;
mod invalid;
mod shared;
mod steps;

pub(super) use assign::AssignMutation;
pub(super) use invalid::InvalidMutation;

use batch::{SubmissionsClassifyPayload, SubmissionsWithdrawPayload};
use conflict::present;
use shared::{Shown, reread};

use async_graphql::{Context, ID, Object, SimpleObject};

use super::find::FoundSubmission;
use super::inputs::{
    IdentityRevealInput, PersonEraseInput, PersonFindInput, SubmissionClassifyInput, SubmissionEditInput,
    SubmissionMoveInput, SubmissionRecordInput, SubmissionSubmitInput, SubmissionWithdrawInput,
    SubmissionsClassifyInput, SubmissionsWithdrawInput, placed,
};
use super::person::Identity;
use super::receipt::Receipt;
use super::submission::Submission;
use crate::error::{ApiError, Stop, settle};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, open_to_all, profiles, semantic_non_null};
use crate::graphql::steps::twice;
use crate::refusal::UserError;
use crate::scope::profiles::Operation;

macro_rules! submission_payloads {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub struct $name {
            /// The suggestion as it stands now; null when refused, but for STALE_VERSION, which brings the present one: the last
            /// lines of its `records` say what came in between. 意见建议
            submission: Option<Submission>,
            /// Why it was refused; empty on success. 业务错误
            user_errors: Vec<UserError>,
        }

        impl $name {
            async fn of(
                request: &Request,
                outcome: Result<impl Into<Shown>, Stop>,
                id: &ID,
            ) -> Result<Self, ApiError> {
                let (mut submission, user_errors) = settled(request, outcome).await?;
                if submission.is_none() {
                    submission = present(request, id, &user_errors).await?;
                }
                Ok(Self { submission, user_errors })
            }
        }
    )*};
}

submission_payloads! {
    /// What came of a correction. 修改结果
    SubmissionEditPayload;
    /// What came of taking one back. 撤回结果
    SubmissionWithdrawPayload;
    /// What came of classifying one. 归类结果
    SubmissionClassifyPayload;
    /// What came of moving one. 改派结果
    SubmissionMovePayload;
    /// What came of erasing a person. 删除个人信息结果
    PersonErasePayload;
}

/// What came of entering a suggestion. 登记结果
#[derive(SimpleObject)]
pub struct SubmissionRecordPayload {
    /// The suggestion as it stands now; null when refused. 意见建议
    submission: Option<Submission>,
    /// The code to print for whoever said it: with it alone the case is followed, so it is told here and nowhere else. Null
    /// when refused. 查询码
    receipt_code: Option<String>,
    /// Why it was refused; empty on success. 业务错误
    user_errors: Vec<UserError>,
}

/// What came of a citizen's suggestion. 群众提交结果
#[derive(SimpleObject)]
pub struct SubmissionSubmitPayload {
    /// How to follow it; null when refused. 回执
    receipt: Option<Receipt>,
    /// Why it was refused; empty on success. 业务错误
    user_errors: Vec<UserError>,
}

/// What came of a reveal. 查看身份结果
#[derive(SimpleObject)]
pub struct IdentityRevealPayload {
    /// The person in clear; null when refused. 身份信息
    identity: Option<Identity>,
    /// Why it was refused; empty on success. 业务错误
    user_errors: Vec<UserError>,
}

/// What came of looking for somebody's cases. 按人查件结果
#[derive(SimpleObject)]
pub struct PersonFindPayload {
    /// The cases, those entered last first, at most 50; empty when refused, and when there is none. 各件
    submissions: Vec<FoundSubmission>,
    /// Whether there are more than are shown. 尚有更多
    has_more: bool,
    /// Why it was refused; empty on success. 业务错误
    user_errors: Vec<UserError>,
}

/// Steps on suggestions.
#[derive(Default)]
pub struct SubmissionMutation;

#[Object]
impl SubmissionMutation {
    /// Enters a suggestion into the caller's own stream; a village committee enters into its township's. 登记
    #[graphql(directive = open_to::apply(profiles(&[Operation::SubmissionRecord]), heads(&[Operation::SubmissionRecord])), directive = semantic_non_null::apply(vec![0]))]
    async fn submission_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was said, and by which way. 登记内容")] input: SubmissionRecordInput,
    ) -> Option<Result<SubmissionRecordPayload, ApiError>> {
        Some(record(ctx, &input).await)
    }

    /// Takes a citizen's suggestion: from a portal, or without any credential where the campaign allows it. 群众提交
    #[graphql(directive = open_to::apply(profiles(&[Operation::SubmissionSubmit]), heads(&[Operation::SubmissionSubmit])), directive = open_to_all::apply(), directive = semantic_non_null::apply(vec![0]))]
    async fn submission_submit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the citizen says. 提交内容")] input: SubmissionSubmitInput,
    ) -> Option<Result<SubmissionSubmitPayload, ApiError>> {
        Some(submit(ctx, &input).await)
    }

    /// Corrects a suggestion of the caller's own stream while nobody has handled it, and it stands in no signed table and no
    /// adopted project; the words that stood there stay in `Submission.formerTexts`. 修改
    #[graphql(directive = open_to::apply(profiles(&[Operation::SubmissionEdit]), heads(&[Operation::SubmissionEdit])), directive = semantic_non_null::apply(vec![0]))]
    async fn submission_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes. 修改内容")] input: SubmissionEditInput,
    ) -> Option<Result<SubmissionEditPayload, ApiError>> {
        Some(edit(ctx, &input).await)
    }

    /// Takes back a suggestion that the caller's department entered, while nobody has handled it and it stands in no table, no
    /// project and no explanation. 撤回
    #[graphql(directive = open_to::apply(profiles(&[Operation::SubmissionWithdraw]), heads(&[Operation::SubmissionWithdraw])), directive = semantic_non_null::apply(vec![0]))]
    async fn submission_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why. 撤回说明")] input: SubmissionWithdrawInput,
    ) -> Option<Result<SubmissionWithdrawPayload, ApiError>> {
        Some(withdraw(ctx, &input).await)
    }

    /// Puts a suggestion of the caller's own stream into a class, or corrects its class, until it stands in a signed table or an
    /// adopted project. 归类
    #[graphql(directive = open_to::apply(profiles(&[Operation::SubmissionClassify]), heads(&[Operation::SubmissionClassify])), directive = semantic_non_null::apply(vec![0]))]
    async fn submission_classify(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which suggestion, which class. 归类内容")] input: SubmissionClassifyInput,
    ) -> Option<Result<SubmissionClassifyPayload, ApiError>> {
        Some(classify(ctx, &input).await)
    }

    /// Moves a suggestion that was recorded in the wrong stream to another stream of its campaign, while nobody has handled it
    /// and no summary table, project or explanation names it. Number, receipt code, class, person, village, form values and
    /// visits stay with it; the former collector sees nothing of it from then on. 改派
    #[graphql(directive = open_to::apply(profiles(&[Operation::SubmissionMove]), heads(&[Operation::SubmissionMove])), directive = semantic_non_null::apply(vec![0]))]
    async fn submission_move(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, to which stream, and why. 改派内容")] input: SubmissionMoveInput,
    ) -> Option<Result<SubmissionMovePayload, ApiError>> {
        Some(relocate(ctx, &input).await)
    }

    /// Puts up to 100 suggestions of the caller's own streams into their classes, each by itself. 批量归类
    #[graphql(directive = open_to::apply(profiles(&[Operation::SubmissionsClassify]), heads(&[Operation::SubmissionsClassify])), directive = semantic_non_null::apply(vec![0]))]
    async fn submissions_classify(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which suggestions, which classes. 归类内容")] input: SubmissionsClassifyInput,
    ) -> Option<Result<SubmissionsClassifyPayload, ApiError>> {
        Some(classify_all(ctx, &input).await)
    }

    /// Takes back up to 100 suggestions of the caller's own streams that nobody has handled, each by itself. 批量撤回
    #[graphql(directive = open_to::apply(profiles(&[Operation::SubmissionsWithdraw]), heads(&[Operation::SubmissionsWithdraw])), directive = semantic_non_null::apply(vec![0]))]
    async fn submissions_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why. 撤回说明")] input: SubmissionsWithdrawInput,
    ) -> Option<Result<SubmissionsWithdrawPayload, ApiError>> {
        Some(withdraw_all(ctx, &input).await)
    }

    /// Shows the person behind a suggestion in clear; the reason is kept in the audit trail. 查看身份
    #[graphql(directive = open_to::apply(profiles(&[Operation::IdentityReveal]), heads(&[Operation::IdentityReveal])), directive = semantic_non_null::apply(vec![0]))]
    async fn identity_reveal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose, and why. 查看说明")] input: IdentityRevealInput,
    ) -> Option<Result<IdentityRevealPayload, ApiError>> {
        Some(reveal(ctx, &input).await)
    }

    /// Finds the cases of the caller's own stream by the telephone or the whole name of whoever stands behind them, for
    /// somebody who asks after what was said before; confidential ones are never found. The reason is kept in the audit trail,
    /// the telephone or name is not. 按电话、姓名查件
    #[graphql(directive = open_to::apply(profiles(&[Operation::PersonFind]), heads(&[Operation::PersonFind])), directive = semantic_non_null::apply(vec![0]))]
    async fn person_find(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose, and why. 查找说明")] input: PersonFindInput,
    ) -> Option<Result<PersonFindPayload, ApiError>> {
        Some(person_find(ctx, &input).await)
    }

    /// Erases the person behind a suggestion for good, its name and numbers in the texts and in the search too; the case stays.
    /// 删除个人信息
    #[graphql(directive = open_to::apply(profiles(&[Operation::PersonErase]), heads(&[Operation::PersonErase])), directive = semantic_non_null::apply(vec![0]))]
    async fn person_erase(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose, and why. 删除说明")] input: PersonEraseInput,
    ) -> Option<Result<PersonErasePayload, ApiError>> {
        Some(erase(ctx, &input).await)
    }
}

async fn record(
    ctx: &Context<'_>,
    input: &SubmissionRecordInput,
) -> Result<SubmissionRecordPayload, ApiError> {
    let request = ctx.request()?;
    let outcome = twice(|| enter::record(request, input)).await;
    let outcome = outcome.map_err(|stop| placed(stop, &input.extra));
    let (recorded, user_errors) = settle(outcome, request.language)?;
    let (shown, receipt_code) = recorded.unzip();
    let receipt_code = receipt_code.flatten().map(|code| code.to_string());
    Ok(SubmissionRecordPayload { submission: show(request, shown).await?, receipt_code, user_errors })
}

async fn edit(ctx: &Context<'_>, input: &SubmissionEditInput) -> Result<SubmissionEditPayload, ApiError> {
    let request = ctx.request()?;
    let outcome = steps::edit(request, input).await;
    let extra = input.extra.as_deref().unwrap_or_default();
    SubmissionEditPayload::of(request, outcome.map_err(|stop| placed(stop, extra)), &input.submission_id)
        .await
}

async fn withdraw(
    ctx: &Context<'_>,
    input: &SubmissionWithdrawInput,
) -> Result<SubmissionWithdrawPayload, ApiError> {
    let request = ctx.request()?;
    SubmissionWithdrawPayload::of(request, steps::withdraw(request, input).await, &input.submission_id).await
}

async fn classify(
    ctx: &Context<'_>,
    input: &SubmissionClassifyInput,
) -> Result<SubmissionClassifyPayload, ApiError> {
    let request = ctx.request()?;
    SubmissionClassifyPayload::of(request, steps::classify(request, input).await, &input.submission_id).await
}

async fn relocate(ctx: &Context<'_>, input: &SubmissionMoveInput) -> Result<SubmissionMovePayload, ApiError> {
    let request = ctx.request()?;
    SubmissionMovePayload::of(request, steps::relocate(request, input).await, &input.submission_id).await
}

async fn classify_all(
    ctx: &Context<'_>,
    input: &SubmissionsClassifyInput,
) -> Result<SubmissionsClassifyPayload, ApiError> {
    Ok(batch::classify(ctx.request()?, input).await?.into())
}

async fn withdraw_all(
    ctx: &Context<'_>,
    input: &SubmissionsWithdrawInput,
) -> Result<SubmissionsWithdrawPayload, ApiError> {
    Ok(batch::withdraw(ctx.request()?, input).await?.into())
}

async fn erase(ctx: &Context<'_>, input: &PersonEraseInput) -> Result<PersonErasePayload, ApiError> {
    let request = ctx.request()?;
    PersonErasePayload::of(request, steps::erase(request, input).await, &input.submission_id).await
}

async fn submit(
    ctx: &Context<'_>,
    input: &SubmissionSubmitInput,
) -> Result<SubmissionSubmitPayload, ApiError> {
    let request = ctx.request()?;
    let outcome = twice(|| enter::submit(request, input)).await;
    let outcome = outcome.map_err(|stop| placed(stop, &input.extra));
    let (receipt, user_errors) = settle(outcome, request.language)?;
    Ok(SubmissionSubmitPayload { receipt, user_errors })
}

async fn reveal(ctx: &Context<'_>, input: &IdentityRevealInput) -> Result<IdentityRevealPayload, ApiError> {
    let request = ctx.request()?;
    let (identity, user_errors) = settle(steps::reveal(request, input).await, request.language)?;
    Ok(IdentityRevealPayload { identity, user_errors })
}

/// What a step came to: the suggestion as it stands now, or why it was refused.
async fn settled(
    request: &Request,
    outcome: Result<impl Into<Shown>, Stop>,
) -> Result<(Option<Submission>, Vec<UserError>), ApiError> {
    let (shown, user_errors) = settle(outcome, request.language)?;
    Ok((show(request, shown.map(Into::into)).await?, user_errors))
}

async fn person_find(ctx: &Context<'_>, input: &PersonFindInput) -> Result<PersonFindPayload, ApiError> {
    let request = ctx.request()?;
    let (found, user_errors) = settle(find::find(request, input).await, request.language)?;
    let (rows, has_more) = found.unwrap_or_default();
    request.renew();
    request.size.take_rows(&rows)?;
    Ok(PersonFindPayload { submissions: FoundSubmission::all(request, rows), has_more, user_errors })
}

/// The suggestion of a payload.
async fn show(request: &Request, shown: Option<Shown>) -> Result<Option<Submission>, ApiError> {
    match shown {
        Some(Shown::AsRead(row)) => {
            request.renew();
            Ok(Some(Submission(*row)))
        }
        Some(Shown::Anew(id)) => reread(request, id).await,
        None => Ok(None),
    }
}
