//! A forgotten password: said without signing in, and settled by whoever manages the account.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::account::Account;
use super::manage::{account, shown, steward};
use crate::access::forgotten;
use crate::access::rules::MANAGING;
use crate::error::{ApiError, settle};
use crate::graphql::context::RequestOf;
use crate::graphql::directives::{heads, open_to, open_to_all, profiles, semantic_non_null};
use crate::refusal::UserError;

/// Whose password is forgotten. 忘记口令
#[derive(InputObject)]
pub struct PasswordForgottenInput {
    /// Name to sign in with. 账号
    pub account: String,
}

/// What is not to be settled by a new password. 驳回忘记口令
#[derive(InputObject)]
pub struct PasswordForgottenDismissInput {
    /// The account; never one's own. 账号
    pub account_id: ID,
    /// Why, 1 to 200 characters; kept in the audit trail. 理由
    pub reason: String,
}

/// The same for every name, whether anybody has it or not. 忘记口令结果
#[derive(SimpleObject)]
pub struct PasswordForgottenPayload {
    /// Empty: whoever may set the password anew is told, if there is such an account. 业务错误
    pub user_errors: Vec<UserError>,
}

/// What turning it down came to. 驳回忘记口令结果
#[derive(SimpleObject)]
pub struct PasswordForgottenDismissPayload {
    /// The account as it is now; null when refused. 账号
    pub account: Option<Account>,
    /// Why it was refused; empty on success. 业务错误
    pub user_errors: Vec<UserError>,
}

/// Forgotten passwords.
#[derive(Default)]
pub struct ForgottenMutation;

#[Object]
impl ForgottenMutation {
    /// Tell whoever may set the password anew that it was forgotten: the head of an officer's department, otherwise the
    /// administrator, who find it under `accounts(onlyForgotten: true)`. Tells nobody whether the account exists. 忘记口令
    #[graphql(directive = open_to_all::apply(), directive = semantic_non_null::apply(vec![0]))]
    async fn password_forgotten(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose. 账号")] input: PasswordForgottenInput,
    ) -> Option<Result<PasswordForgottenPayload, ApiError>> {
        Some(say(ctx, &input).await)
    }

    /// Settle it without a new password, with a reason; `accountPasswordReset` settles it with one, and so does signing in.
    /// 驳回忘记口令
    #[graphql(directive = open_to::apply(profiles(MANAGING), heads(MANAGING)), directive = semantic_non_null::apply(vec![0]))]
    async fn password_forgotten_dismiss(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account and why. 账号与理由")] input: PasswordForgottenDismissInput,
    ) -> Option<Result<PasswordForgottenDismissPayload, ApiError>> {
        Some(dismiss(ctx, &input).await)
    }
}

async fn say(
    ctx: &Context<'_>,
    input: &PasswordForgottenInput,
) -> Result<PasswordForgottenPayload, ApiError> {
    let request = ctx.request()?;
    forgotten::say(&request.app, &input.account, request.address, request.now).await?;
    Ok(PasswordForgottenPayload { user_errors: Vec::new() })
}

async fn dismiss(
    ctx: &Context<'_>,
    input: &PasswordForgottenDismissInput,
) -> Result<PasswordForgottenDismissPayload, ApiError> {
    let request = ctx.request()?;
    let steward = steward(request)?;
    let done = async {
        let id = account(request, &input.account_id)?;
        steward.dismiss_forgotten(id, &input.reason).await.map(|()| id)
    };
    let (done, user_errors) = settle(done.await, request.language)?;
    Ok(PasswordForgottenDismissPayload { account: shown(request, done).await?, user_errors })
}
