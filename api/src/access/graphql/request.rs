//! Requests about accounts that a second person must approve.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::account_request;
use entity::enums::{AccountRequestKind, AccountRequestStatus, Position};
use entity::id::AccountRequestId;

use super::account::Account;
use super::manage::{shown, steward};
use crate::access::rules::{MANAGING, Mandate};
use crate::access::separation;
use crate::campaign::graphql::Department;
use crate::db::Predicate;
use crate::error::{ApiError, settle};
use crate::graphql::connection::PageArgs;
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::keyed::{Keyed, keyed};
use crate::graphql::listing::{Listed, Order, connection};
use crate::graphql::scalars::DateTime;
use crate::ids::Kind;
use crate::refusal::{Refusal, UserError};
use crate::scope::profiles::Operation;

/// What a second person must approve about an account. 账号申请
#[derive(Clone, Debug)]
pub struct AccountRequest(pub account_request::Model);

keyed! {
    AccountRequest: account_request;
}

impl AccountRequest {
    /// The request as it was just committed.
    pub(super) async fn reread(request: &Request, id: AccountRequestId) -> Result<Option<Self>, ApiError> {
        request.renew();
        Self::by_key(request, id).await
    }
}

/// What a second person must approve about an account. 账号申请
#[Object]
impl AccountRequest {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::AccountRequest, self.0.id))
    }

    /// What is asked for. 事项
    async fn kind(&self) -> AccountRequestKind {
        self.0.kind
    }

    /// How far it has come. 状态
    async fn status(&self, ctx: &Context<'_>) -> Result<AccountRequestStatus, ApiError> {
        Ok(separation::status(&self.0, ctx.request()?.now))
    }

    /// Name to sign in with of the account that it is about. 账号名
    async fn login(&self) -> &str {
        &self.0.login
    }

    /// Name of that account shown to colleagues. 显示名
    async fn display_name(&self) -> &str {
        &self.0.display_name
    }

    /// Department of the post, or the one that keeps the account. 单位
    async fn department(&self, ctx: &Context<'_>) -> Result<Department, ApiError> {
        Department::by_id(ctx, self.0.department).await
    }

    /// Rank of the post; null when a password is to be set anew. 职务
    async fn position(&self) -> Option<Position> {
        self.0.position
    }

    /// What the post does; may be empty. 职责
    async fn duty(&self) -> &str {
        &self.0.duty
    }

    /// Name of whoever asked, who can't approve it. 申请人
    async fn requested_by(&self) -> &str {
        &self.0.requester
    }

    /// When it was asked. 申请时间
    async fn requested_at(&self) -> DateTime {
        DateTime(self.0.requested_at)
    }

    /// Until when it may be approved. 有效期至
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// When it was approved, rejected or withdrawn; null before. 办结时间
    async fn decided_at(&self) -> Option<DateTime> {
        self.0.decided_at.map(DateTime)
    }

    /// Why it was rejected; null otherwise. 驳回理由
    async fn reason(&self) -> Option<&str> {
        Some(self.0.reason.as_str()).filter(|text| !text.is_empty())
    }
}

connection! {
    /// A page of requests about accounts. 账号申请分页
    AccountRequestConnection, AccountRequestEdge: account_request as AccountRequest(account_request::Model)
}

/// Requests about accounts.
#[derive(Default)]
pub struct AccountRequestQuery;

#[Object]
impl AccountRequestQuery {
    /// What waits for a second person's approval and what became of it, the last first: the county's for the administrator,
    /// the own department's for its head. 账号申请
    #[graphql(directive = open_to::apply(profiles(MANAGING), heads(MANAGING)), directive = semantic_non_null::apply(vec![0]))]
    async fn account_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100, 20 unless given. 前几条")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor. 游标之后")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100. 后几条")] last: Option<i32>,
        #[graphql(desc = "In front of this cursor. 游标之前")] before: Option<String>,
    ) -> Option<Result<AccountRequestConnection, ApiError>> {
        let args = PageArgs { first, after, last, before };
        Some(requests(ctx, args).await)
    }
}

async fn requests(ctx: &Context<'_>, args: PageArgs) -> Result<AccountRequestConnection, ApiError> {
    use account_request::Column as C;
    let request = ctx.request()?;
    Mandate::of(request.viewer()?).ok_or_else(ApiError::forbidden)?;
    let order = Order::latest_first([C::RequestedAt, C::Id], |row: &account_request::Model| {
        (row.requested_at, row.id.0)
    });
    let every = Predicate::everything();
    let page = Listed::read(request, "accountRequests", every, &order, &args).await?;
    Ok(AccountRequestConnection(page))
}

/// Which request to approve. 核准账号申请
#[derive(InputObject)]
pub struct AccountRequestApproveInput {
    /// The request; never one's own. 申请
    pub request_id: ID,
}

/// Which request to reject. 驳回账号申请
#[derive(InputObject)]
pub struct AccountRequestRejectInput {
    /// The request. 申请
    pub request_id: ID,
    /// Why, 1 to 200 characters. 理由
    pub reason: String,
}

/// Which request to withdraw. 撤回账号申请
#[derive(InputObject)]
pub struct AccountRequestWithdrawInput {
    /// The request; one's own. 申请
    pub request_id: ID,
}

/// What approving came to. 核准结果
#[derive(SimpleObject)]
pub struct AccountRequestApprovePayload {
    /// The request as it is now; null when refused. 申请
    pub request: Option<AccountRequest>,
    /// The account as it is now; null when refused. 账号
    pub account: Option<Account>,
    /// Second half of the password, shown this once: hand it over in person. The holder types the first half, a hyphen and
    /// this one, and changes it at the first sign-in. 口令后半
    pub password: Option<String>,
    /// Why it was refused; empty on success. 业务错误
    pub user_errors: Vec<UserError>,
}

/// What rejecting came to. 驳回结果
#[derive(SimpleObject)]
pub struct AccountRequestRejectPayload {
    /// The request as it is now; null when refused. 申请
    pub request: Option<AccountRequest>,
    /// Why it was refused; empty on success. 业务错误
    pub user_errors: Vec<UserError>,
}

/// What withdrawing came to. 撤回结果
#[derive(SimpleObject)]
pub struct AccountRequestWithdrawPayload {
    /// The request as it is now; null when refused. 申请
    pub request: Option<AccountRequest>,
    /// Why it was refused; empty on success. 业务错误
    pub user_errors: Vec<UserError>,
}

/// Decisions on requests about accounts.
#[derive(Default)]
pub struct AccountRequestMutation;

#[Object]
impl AccountRequestMutation {
    /// Do what somebody else asked for; neither whoever asked nor the account's holder approves. 核准账号申请
    #[graphql(directive = open_to::apply(profiles(&[Operation::AccountManage]), heads(&[Operation::AccountManage])), directive = semantic_non_null::apply(vec![0]))]
    async fn account_request_approve(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The request. 申请")] input: AccountRequestApproveInput,
    ) -> Option<Result<AccountRequestApprovePayload, ApiError>> {
        Some(approve(ctx, input).await)
    }

    /// Turn a request down, with a reason. 驳回账号申请
    #[graphql(directive = open_to::apply(profiles(&[Operation::AccountManage]), heads(&[Operation::AccountManage])), directive = semantic_non_null::apply(vec![0]))]
    async fn account_request_reject(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The request and why. 申请与理由")] input: AccountRequestRejectInput,
    ) -> Option<Result<AccountRequestRejectPayload, ApiError>> {
        Some(reject(ctx, input).await)
    }

    /// Take a request of one's own back. 撤回账号申请
    #[graphql(directive = open_to::apply(profiles(MANAGING), heads(MANAGING)), directive = semantic_non_null::apply(vec![0]))]
    async fn account_request_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The request. 申请")] input: AccountRequestWithdrawInput,
    ) -> Option<Result<AccountRequestWithdrawPayload, ApiError>> {
        Some(withdraw(ctx, input).await)
    }
}

async fn approve(
    ctx: &Context<'_>,
    input: AccountRequestApproveInput,
) -> Result<AccountRequestApprovePayload, ApiError> {
    let request = ctx.request()?;
    request.viewer_for(Operation::AccountManage)?;
    let steward = steward(request)?;
    let done = async {
        let id = key(request, &input.request_id)?;
        let (account, half) = steward.approve(id).await?;
        Ok((id, account, half))
    };
    let (done, user_errors) = settle(done.await, request.language)?;
    let Some((id, account, half)) = done else {
        return Ok(AccountRequestApprovePayload {
            request: None,
            account: None,
            password: None,
            user_errors,
        });
    };
    Ok(AccountRequestApprovePayload {
        request: AccountRequest::reread(request, id).await?,
        account: shown(request, Some(account)).await?,
        password: Some(half.reveal().to_owned()),
        user_errors,
    })
}

async fn reject(
    ctx: &Context<'_>,
    input: AccountRequestRejectInput,
) -> Result<AccountRequestRejectPayload, ApiError> {
    let request = ctx.request()?;
    request.viewer_for(Operation::AccountManage)?;
    let steward = steward(request)?;
    let done = async {
        let id = key(request, &input.request_id)?;
        steward.reject(id, &input.reason).await.map(|()| id)
    };
    let (done, user_errors) = settle(done.await, request.language)?;
    Ok(AccountRequestRejectPayload { request: reread(request, done).await?, user_errors })
}

async fn withdraw(
    ctx: &Context<'_>,
    input: AccountRequestWithdrawInput,
) -> Result<AccountRequestWithdrawPayload, ApiError> {
    let request = ctx.request()?;
    let steward = steward(request)?;
    let done = async {
        let id = key(request, &input.request_id)?;
        steward.withdraw(id).await.map(|()| id)
    };
    let (done, user_errors) = settle(done.await, request.language)?;
    Ok(AccountRequestWithdrawPayload { request: reread(request, done).await?, user_errors })
}

async fn reread(
    request: &Request,
    done: Option<AccountRequestId>,
) -> Result<Option<AccountRequest>, ApiError> {
    match done {
        Some(id) => AccountRequest::reread(request, id).await,
        None => Ok(None),
    }
}

fn key(request: &Request, id: &ID) -> Result<AccountRequestId, Refusal> {
    request.key(Kind::AccountRequest, id).ok_or_else(|| Refusal::not_found("requestId"))
}
