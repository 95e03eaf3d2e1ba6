//! Signing in and out.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::viewer::ViewerView;
use crate::access::password::Secret;
use crate::access::sign_in::{self, Attempt, SignedIn};
use crate::graphql::context::RequestOf;
use crate::graphql::error::{ApiError, Stop, UserError, settle};
use crate::graphql::scalars::DateTime;

/// Name and password. 登录
#[derive(InputObject)]
pub struct SessionLoginInput {
    /// Name to sign in with; case and full-width typing do not matter. 账号
    pub account: String,
    /// Password, at most 128 characters. 口令
    pub password: String,
}

/// Tokens of a new session. 登录结果
#[derive(SimpleObject)]
pub struct SessionLoginPayload {
    /// Bearer token of the next ten minutes; null when refused. 访问令牌
    pub access_token: Option<String>,
    /// When the access token expires. 访问令牌到期时间
    pub access_expires_at: Option<DateTime>,
    /// Gets the next pair of tokens, once; keep it secret. 续期令牌
    pub refresh_token: Option<String>,
    /// Who is signed in, and in which post. 当前用户
    pub viewer: Option<ViewerView>,
    /// Why it was refused; empty on success. 业务错误
    pub user_errors: Vec<UserError>,
}

impl SessionLoginPayload {
    fn new(signed_in: Option<SignedIn>, user_errors: Vec<UserError>) -> Self {
        let Some(SignedIn { viewer, holder, access, refresh }) = signed_in else {
            return Self {
                access_token: None,
                access_expires_at: None,
                refresh_token: None,
                viewer: None,
                user_errors,
            };
        };
        Self {
            access_token: Some(access.token),
            access_expires_at: Some(DateTime(access.expires_at)),
            refresh_token: Some(refresh.reveal()),
            viewer: ViewerView::of_holder(viewer, holder),
            user_errors,
        }
    }
}

/// Sessions.
#[derive(Default)]
pub struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Sign in with name and password; begins in the first post by department and rank. 登录
    async fn session_login(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Name and password. 账号与口令")] input: SessionLoginInput,
    ) -> Option<Result<SessionLoginPayload, ApiError>> {
        Some(login(ctx, input).await)
    }
}

async fn login(ctx: &Context<'_>, input: SessionLoginInput) -> Result<SessionLoginPayload, ApiError> {
    let request = ctx.request()?;
    let password = Secret::new(&input.password);
    let attempt = Attempt { login: &input.account, password, address: request.address };
    let outcome: Result<SignedIn, Stop> = sign_in::sign_in(&request.app, attempt, request.now).await;
    let (signed_in, user_errors) = settle(outcome, request.language)?;
    Ok(SessionLoginPayload::new(signed_in, user_errors))
}
