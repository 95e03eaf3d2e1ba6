//! Managing accounts: for the county's administrator, and for a department's head over its officers.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::enums::Position;
use entity::id::{AccountId, DepartmentId};

use super::account::Account;
use crate::access::manage::{Draft, Outcome, Steward};
use crate::access::rules::MANAGING;
use crate::access::store::{self, NewPost};
use crate::error::{ApiError, Stop, settle};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::ids::Kind;
use crate::refusal::{Refusal, UserError};

/// A new account with its first post. 新建账号
#[derive(InputObject)]
pub struct AccountCreateInput {
    /// Name to sign in with: the code of the county, a hyphen and a name, e.g. 341522-chengguan-01; at most 64 small letters,
    /// digits, dots, underscores and hyphens; unique within the county. 账号名
    pub login: String,
    /// Name shown to colleagues, at most 60 characters. 显示名
    pub display_name: String,
    /// Department of the first post, which keeps the account; a head's own. 单位
    pub department_id: ID,
    /// Rank; a head makes officers only. A HEAD, and anybody of a department of administrators or auditors, needs the
    /// approval of a second person. 职务
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

/// Which account to open again. 启用账号
#[derive(InputObject)]
pub struct AccountEnableInput {
    /// The account; never one's own. 账号
    pub account_id: ID,
    /// Why, 1 to 200 characters; kept in the audit trail. 理由
    pub reason: String,
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
    /// Rank; a head grants OFFICER only. HEAD, and any rank among administrators or auditors, needs the approval of a second
    /// person, who renews the password. 职务
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
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub struct $name {
            /// The account as it is now; null when refused, and while a request waits for approval. 账号
            pub account: Option<Account>,
            $($(#[$field_doc])* pub $field: $ty,)*
            /// Why it was refused; empty on success. 业务错误
            pub user_errors: Vec<UserError>,
        }
    )*};
}

payloads! {
    /// What making an account came to. 新建账号结果
    AccountCreatePayload {
        /// First password, shown this once, or its first half where `requestId` is given: hand it over in person; it must be
        /// changed at the first sign-in. 初始口令（或其前半）
        password: Option<String>,
        /// The request that a second person must approve; null when it is done. 待核准申请
        request_id: Option<ID>,
    }
    /// What disabling an account came to. 停用账号结果
    AccountDisablePayload {}
    /// What opening an account again came to. 启用账号结果
    AccountEnablePayload {}
    /// What setting a password anew came to. 重置口令结果
    AccountPasswordResetPayload {
        /// New password, shown this once, or its first half where `requestId` is given: hand it over in person; it must be
        /// changed at the next sign-in. 新口令（或其前半）
        password: Option<String>,
        /// The request that a second person must approve; null when it is done. 待核准申请
        request_id: Option<ID>,
    }
    /// What granting a post came to. 授予岗位结果
    PostGrantPayload {
        /// First half of the password that the account gets with the post, shown this once; null where no approval is
        /// needed. 新口令前半
        password: Option<String>,
        /// The request that a second person must approve; null when it is done. 待核准申请
        request_id: Option<ID>,
    }
    /// What taking a post away came to. 撤销岗位结果
    PostRevokePayload {}
}

/// Accounts and posts.
#[derive(Default)]
pub struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Make an account with one post and a generated password, or ask a second person to approve it. 新建账号
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

    /// Open a disabled account again; its password is as it was. 启用账号
    #[graphql(directive = open_to::apply(profiles(MANAGING), heads(MANAGING)), directive = semantic_non_null::apply(vec![0]))]
    async fn account_enable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account and why. 账号与理由")] input: AccountEnableInput,
    ) -> Option<Result<AccountEnablePayload, ApiError>> {
        Some(account_enable(ctx, input).await)
    }

    /// Set a generated password, or ask a second person to approve it; every session of the account ends at once. 重置口令
    #[graphql(directive = open_to::apply(profiles(MANAGING), heads(MANAGING)), directive = semantic_non_null::apply(vec![0]))]
    async fn account_password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account. 账号")] input: AccountPasswordResetInput,
    ) -> Option<Result<AccountPasswordResetPayload, ApiError>> {
        Some(account_password_reset(ctx, input).await)
    }

    /// Grant a post, or ask a second person to approve it; the person signs in anew. 授予岗位
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

pub(super) fn steward(request: &Request) -> Result<Steward<'_>, ApiError> {
    Steward::new(&request.app, request.viewer()?, request.now)
}

async fn account_create(
    ctx: &Context<'_>,
    input: AccountCreateInput,
) -> Result<AccountCreatePayload, ApiError> {
    let request = ctx.request()?;
    let steward = steward(request)?;
    let AccountCreateInput { login, display_name, department_id, position, duty } = input;
    let made = async {
        let department = department(request, &department_id)?;
        steward.create(Draft { login, display_name, post: NewPost { department, position, duty } }).await
    };
    let (made, user_errors) = settle(made.await, request.language)?;
    let Told { account, password, waits } = told(request, made).await?;
    Ok(AccountCreatePayload { account, password, request_id: waits, user_errors })
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
    Ok(AccountDisablePayload { account: shown(request, done).await?, user_errors })
}

async fn account_enable(
    ctx: &Context<'_>,
    input: AccountEnableInput,
) -> Result<AccountEnablePayload, ApiError> {
    let request = ctx.request()?;
    let steward = steward(request)?;
    let done = async {
        let id = account(request, &input.account_id)?;
        steward.enable(id, &input.reason).await.map(|()| id)
    };
    let (done, user_errors) = settle(done.await, request.language)?;
    Ok(AccountEnablePayload { account: shown(request, done).await?, user_errors })
}

async fn account_password_reset(
    ctx: &Context<'_>,
    input: AccountPasswordResetInput,
) -> Result<AccountPasswordResetPayload, ApiError> {
    let request = ctx.request()?;
    let steward = steward(request)?;
    let done = async {
        let id = account(request, &input.account_id)?;
        steward.reset_password(id).await
    };
    let (done, user_errors) = settle(done.await, request.language)?;
    let Told { account, password, waits } = told(request, done).await?;
    Ok(AccountPasswordResetPayload { account, password, request_id: waits, user_errors })
}

async fn post_grant(ctx: &Context<'_>, input: PostGrantInput) -> Result<PostGrantPayload, ApiError> {
    let request = ctx.request()?;
    let steward = steward(request)?;
    let PostGrantInput { account_id, department_id, position, duty } = input;
    let done = async {
        let (id, department) = (account(request, &account_id)?, department(request, &department_id)?);
        steward.grant(id, NewPost { department, position, duty }).await
    };
    let (done, user_errors) = settle(done.await, request.language)?;
    let Told { account, password, waits } = told(request, done).await?;
    Ok(PostGrantPayload { account, password, request_id: waits, user_errors })
}

async fn post_revoke(ctx: &Context<'_>, input: PostRevokeInput) -> Result<PostRevokePayload, ApiError> {
    let request = ctx.request()?;
    let steward = steward(request)?;
    let done = match request.key(Kind::Post, &input.post_id) {
        Some(post) => steward.revoke(post).await,
        None => Err(Stop::from(Refusal::not_found("postId"))),
    };
    let (done, user_errors) = settle(done, request.language)?;
    Ok(PostRevokePayload { account: shown(request, done).await?, user_errors })
}

pub(super) fn account(request: &Request, id: &ID) -> Result<AccountId, Refusal> {
    request.key(Kind::Account, id).ok_or_else(|| Refusal::not_found("accountId"))
}

fn department(request: &Request, id: &ID) -> Result<DepartmentId, Refusal> {
    request.key(Kind::Department, id).ok_or_else(|| Refusal::not_found("departmentId"))
}

/// The account as it was just committed, as the caller sees it.
pub(super) async fn shown(request: &Request, done: Option<AccountId>) -> Result<Option<Account>, ApiError> {
    let Some(id) = done else { return Ok(None) };
    request.renew();
    let snapshot = request.read().await?;
    Ok(store::holder(&snapshot.tx, id).await?.map(Account))
}

/// What is told of a step, done or asked for.
#[derive(Default)]
struct Told {
    account: Option<Account>,
    password: Option<String>,
    waits: Option<ID>,
}

async fn told(request: &Request, outcome: Option<Outcome>) -> Result<Told, ApiError> {
    Ok(match outcome {
        None => Told::default(),
        Some(Outcome::Done { account, password }) => Told {
            account: shown(request, Some(account)).await?,
            password: password.map(|password| password.reveal().to_owned()),
            waits: None,
        },
        Some(Outcome::Asked { request: id, half }) => Told {
            account: None,
            password: Some(half.reveal().to_owned()),
            waits: Some(request.id(Kind::AccountRequest, id)),
        },
    })
}
