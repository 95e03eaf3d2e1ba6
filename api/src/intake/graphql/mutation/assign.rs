//! Who of a department works on its suggestions.

use async_graphql::{Context, Object, SimpleObject};
use entity::id::AccountId;

use super::batch::{self, SubmissionsAssignPayload};
use super::shared::{may_key, reason};
use crate::error::{ApiError, Stop, settle};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::steps::must_key;
use crate::ids::Kind;
use crate::intake::graphql::inputs::{SubmissionsAssignInput, SubmissionsReassignInput};
use crate::intake::store::{self, Moved};
use crate::refusal::UserError;
use crate::scope::profiles::Operation;

/// What came of handing over. 整体转交结果
#[derive(SimpleObject)]
pub struct SubmissionsReassignPayload {
    /// Suggestions that were handed over; 0 when refused. 已转交件数
    moved: u64,
    /// Open suggestions that are left with whoever had them: the same call again hands over the next. 剩余件数
    remaining: u64,
    /// Why it was refused; empty on success. 业务错误
    user_errors: Vec<UserError>,
}

/// Steps within a department.
#[derive(Default)]
pub struct AssignMutation;

#[Object]
impl AssignMutation {
    /// Gives 1 to 100 open suggestions of the caller's own streams to somebody of the department or to nobody, each by itself.
    /// The head gives to anybody; everybody else takes what nobody has and gives back what is one's own. 分派经办人
    #[graphql(directive = open_to::apply(profiles(&[Operation::SubmissionsAssign]), heads(&[Operation::SubmissionsAssign])), directive = semantic_non_null::apply(vec![0]))]
    async fn submissions_assign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which suggestions, and to whom. 分派内容")] input: SubmissionsAssignInput,
    ) -> Option<Result<SubmissionsAssignPayload, ApiError>> {
        Some(assign(ctx, &input).await)
    }

    /// Hands over the open suggestions that somebody of the department works on, also somebody who has left: at most 500 at a
    /// time, those entered first, all of them or none. 整体转交
    #[graphql(directive = open_to::apply(profiles(&[Operation::SubmissionsReassign]), heads(&[Operation::SubmissionsReassign])), directive = semantic_non_null::apply(vec![0]))]
    async fn submissions_reassign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "From whom to whom, and why. 转交说明")] input: SubmissionsReassignInput,
    ) -> Option<Result<SubmissionsReassignPayload, ApiError>> {
        Some(reassign(ctx, &input).await)
    }
}

async fn assign(
    ctx: &Context<'_>,
    input: &SubmissionsAssignInput,
) -> Result<SubmissionsAssignPayload, ApiError> {
    Ok(batch::assign(ctx.request()?, input).await?.into())
}

async fn reassign(
    ctx: &Context<'_>,
    input: &SubmissionsReassignInput,
) -> Result<SubmissionsReassignPayload, ApiError> {
    let request = ctx.request()?;
    let (done, user_errors) = settle(reassigned(request, input).await, request.language)?;
    let Moved { moved, remaining } = done.unwrap_or(Moved { moved: 0, remaining: 0 });
    Ok(SubmissionsReassignPayload { moved, remaining, user_errors })
}

async fn reassigned(request: &Request, input: &SubmissionsReassignInput) -> Result<Moved, Stop> {
    let tx = request.begin_write(Operation::SubmissionsReassign).await?;
    let from: AccountId = must_key(request, Kind::Account, &input.from_account_id, "fromAccountId")?;
    let to = may_key(request, Kind::Account, input.to_account_id.as_ref(), "toAccountId")?;
    let reason = reason(&input.reason)?;
    let moved = store::move_everything(&tx, &request.app, (from, to), &reason, request.now).await?;
    tx.commit().await?;
    Ok(moved)
}
