//! Managing accounts: for the county's administrator, and for a department's head over its officers.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::enums::Position;
use entity::id::{AccountId, DepartmentId};

use super::account::Account;
use crate::access::manage::{Draft, Steward};
use crate::access::password::Secret;
use crate::access::rules::MANAGING;
use crate::access::store::{self, NewPost};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::error::{ApiError, Refusal, Stop, UserError, settle};
use crate::graphql::id::Kind;

/// A new account with its first post. 新建账号
#[derive(InputObject)]
pub struct AccountCreateInput {
    /// Name to sign in with: 3 to 64 small letters, digits, dots, underscores or hyphens; unique everywhere. 账号名
    pub login: String,
    /// Name shown to colleagues, at most 60 characters. 显示名
    pub display_name: String,
    /// Department of the first post, which keeps the account; a head's own. 单位
    pub department_id: ID,
    /// Rank; a head makes officers only. 职务
    pub position: Position,
    /// What the post does, at most 100 characters. 职责
    #[graphql(default)]
    pub duty: String,
}

/// Which account to disable. 停用账号
#[derive(InputObject)]
pub struct AccountDisableInput {
    /// The account; never one's own. 账号
    pub account_id: ID,
}

/// Whose password to set anew. 重置口令
#[derive(InputObject)]
pub struct AccountPasswordResetInput {
    /// The account; never one's own, which `passwordChange` is for. 账号
    pub account_id: ID,
}

/// A post for an account. 授予岗位
#[derive(InputObject)]
pub struct PostGrantInput {
    /// The account; never one's own. 账号
    pub account_id: ID,
    /// Department; a head's own. 单位
    pub department_id: ID,
    /// Rank; a head grants OFFICER only. 职务
    pub position: Position,
    /// What the post does, at most 100 characters. 职责
    #[graphql(default)]
    pub duty: String,
}

/// Which post to take away. 撤销岗位
#[derive(InputObject)]
pub struct PostRevokeInput {
    /// The post. 岗位
    pub post_id: ID,
}

macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident $({ $(#[$secret_doc:meta])* $secret:ident })?;)*) => {$(
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub struct $name {
            /// The account as it is now; null when refused. 账号
            pub account: Option<Account>,
            $($(#[$secret_doc])* pub $secret: Option<String>,)?
            /// Why it was refused; empty on success. 业务错误
            pub user_errors: Vec<UserError>,
        }
    )*};
}

payloads! {
    /// What making an account came to. 新建账号结果
    AccountCreatePayload {
        /// First password, shown this once; hand it over in person. 初始口令
        password
    };
    /// What disabling an account came to. 停用账号结果
    AccountDisablePayload;
    /// What setting a password anew came to. 重置口令结果
    AccountPasswordResetPayload {
        /// New password, shown this once; hand it over in person. 新口令
        password
    };
    /// What granting a post came to. 授予岗位结果
    PostGrantPayload;
    /// What taking a post away came to. 撤销岗位结果
    PostRevokePayload;
}

/// Accounts and posts.
#[derive(Default)]
pub struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Make an account with one post and a generated password. 新建账号
    #[graphql(directive = open_to::apply(profiles(MANAGING), heads(MANAGING)), directive = semantic_non_null::apply(vec![0]))]
    async fn account_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Name and first post. 账号与首个岗位")] input: AccountCreateInput,
    ) -> Option<Result<AccountCreatePayload, ApiError>> {
        Some(account_create(ctx, input).await)
    }

    /// Disable an account; its access ends at once. 停用账号
    #[graphql(directive = open_to::apply(profiles(MANAGING), heads(MANAGING)), directive = semantic_non_null::apply(vec![0]))]
    async fn account_disable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account. 账号")] input: AccountDisableInput,
    ) -> Option<Result<AccountDisablePayload, ApiError>> {
        Some(account_disable(ctx, input).await)
    }

    /// Set a generated password; every session of the account ends at once. 重置口令
    #[graphql(directive = open_to::apply(profiles(MANAGING), heads(MANAGING)), directive = semantic_non_null::apply(vec![0]))]
    async fn account_password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account. 账号")] input: AccountPasswordResetInput,
    ) -> Option<Result<AccountPasswordResetPayload, ApiError>> {
        Some(account_password_reset(ctx, input).await)
    }

    /// Grant a post; the person signs in anew. 授予岗位
    #[graphql(directive = open_to::apply(profiles(MANAGING), heads(MANAGING)), directive = semantic_non_null::apply(vec![0]))]
    async fn post_grant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Account and post. 账号与岗位")] input: PostGrantInput,
    ) -> Option<Result<PostGrantPayload, ApiError>> {
        Some(post_grant(ctx, input).await)
    }

    /// Take a post away; access under it ends at once. 撤销岗位
    #[graphql(directive = open_to::apply(profiles(MANAGING), heads(MANAGING)), directive = semantic_non_null::apply(vec![0]))]
    async fn post_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The post. 岗位")] input: PostRevokeInput,
    ) -> Option<Result<PostRevokePayload, ApiError>> {
        Some(post_revoke(ctx, input).await)
    }
}

fn steward(request: &Request) -> Result<Steward<'_>, ApiError> {
    Steward::new(&request.app, request.viewer()?, request.now)
}

async fn account_create(
    ctx: &Context<'_>,
    input: AccountCreateInput,
) -> Result<AccountCreatePayload, ApiError> {
    let request = ctx.request()?;
    let steward = steward(request)?;
    let AccountCreateInput {
        login,
        display_name,
        department_id,
        position,
        duty,
    } = input;
    let made = async {
        let department = department(request, &department_id)?;
        steward
            .create(Draft {
                login,
                display_name,
                post: NewPost {
                    department,
                    position,
                    duty,
                },
            })
            .await
    };
    let (made, user_errors) = settle(made.await, request.language)?;
    let (account, password) = with_password(request, made).await?;
    Ok(AccountCreatePayload {
        account,
        password,
        user_errors,
    })
}

async fn account_disable(
    ctx: &Context<'_>,
    input: AccountDisableInput,
) -> Result<AccountDisablePayload, ApiError> {
    let request = ctx.request()?;
    let steward = steward(request)?;
    let done = async {
        let id = account(request, &input.account_id)?;
        steward.disable(id).await.map(|()| id)
    };
    let (done, user_errors) = settle(done.await, request.language)?;
    Ok(AccountDisablePayload {
        account: shown(request, done).await?,
        user_errors,
    })
}

async fn account_password_reset(
    ctx: &Context<'_>,
    input: AccountPasswordResetInput,
) -> Result<AccountPasswordResetPayload, ApiError> {
    let request = ctx.request()?;
    let steward = steward(request)?;
    let done = async {
        let id = account(request, &input.account_id)?;
        steward
            .reset_password(id, false)
            .await
            .map(|password| (id, password))
    };
    let (done, user_errors) = settle(done.await, request.language)?;
    let (account, password) = with_password(request, done).await?;
    Ok(AccountPasswordResetPayload {
        account,
        password,
        user_errors,
    })
}

async fn post_grant(
    ctx: &Context<'_>,
    input: PostGrantInput,
) -> Result<PostGrantPayload, ApiError> {
    let request = ctx.request()?;
    let steward = steward(request)?;
    let PostGrantInput {
        account_id,
        department_id,
        position,
        duty,
    } = input;
    let done = async {
        let (id, department) = (
            account(request, &account_id)?,
            department(request, &department_id)?,
        );
        steward
            .grant(
                id,
                NewPost {
                    department,
                    position,
                    duty,
                },
            )
            .await
            .map(|()| id)
    };
    let (done, user_errors) = settle(done.await, request.language)?;
    Ok(PostGrantPayload {
        account: shown(request, done).await?,
        user_errors,
    })
}

async fn post_revoke(
    ctx: &Context<'_>,
    input: PostRevokeInput,
) -> Result<PostRevokePayload, ApiError> {
    let request = ctx.request()?;
    let steward = steward(request)?;
    let done = match request.key(Kind::Post, &input.post_id) {
        Some(post) => steward.revoke(post).await,
        None => Err(Stop::from(Refusal::not_found("postId"))),
    };
    let (done, user_errors) = settle(done, request.language)?;
    Ok(PostRevokePayload {
        account: shown(request, done).await?,
        user_errors,
    })
}

fn account(request: &Request, id: &ID) -> Result<AccountId, Refusal> {
    request
        .key(Kind::Account, id)
        .ok_or_else(|| Refusal::not_found("accountId"))
}

fn department(request: &Request, id: &ID) -> Result<DepartmentId, Refusal> {
    request
        .key(Kind::Department, id)
        .ok_or_else(|| Refusal::not_found("departmentId"))
}

/// The account as it was just committed, as the caller sees it.
async fn shown(request: &Request, done: Option<AccountId>) -> Result<Option<Account>, ApiError> {
    let Some(id) = done else { return Ok(None) };
    request.renew();
    let snapshot = request.read().await?;
    Ok(store::holder(&snapshot.tx, id).await?.map(Account))
}

async fn with_password(
    request: &Request,
    done: Option<(AccountId, Secret)>,
) -> Result<(Option<Account>, Option<String>), ApiError> {
    let (id, password) = done.unzip();
    Ok((
        shown(request, id).await?,
        password.map(|password| password.reveal().to_owned()),
    ))
}
