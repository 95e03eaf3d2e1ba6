//! Signing in and out.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::id::SessionId;

use super::viewer::ViewerView;
use crate::access::rules;
use crate::access::sign_in::{self, Access, Attempt, PasswordChange, SignedIn, Switched};
use crate::error::{ApiError, Stop, settle};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{open_to, open_to_all, people, semantic_non_null};
use crate::graphql::refresh_cookie::RefreshCookie;
use crate::graphql::scalars::DateTime;
use crate::ids::Kind;
use crate::refusal::{Refusal, UserError};
use crate::secrets::password::Secret;

/// Name and password. 登录
#[derive(InputObject)]
pub struct SessionLoginInput {
    /// Name to sign in with; case and full-width typing do not matter. 账号
    pub account: String,
    /// Password, at most 128 characters. 口令
    pub password: String,
    /// For browsers: the refresh token comes as an HttpOnly cookie that no script reads, and not in the answer. Over POST
    /// only, from a page of this service or of a listed origin that came over https; over plain http browsers keep no such
    /// cookie except on their own machine, and COOKIE_NOT_KEPT says so before anything is tried. 续期令牌存入 Cookie
    #[graphql(default)]
    pub refresh_in_cookie: bool,
}

/// A refresh token. 续期
#[derive(InputObject)]
pub struct SessionRefreshInput {
    /// The newest refresh token that arrived; without one, the one of the browser's cookie, which counts only with an
    /// `Origin` of this service or of a listed page. 续期令牌
    pub refresh_token: Option<String>,
}

/// Which post to act in. 切换岗位
#[derive(InputObject)]
pub struct SessionSwitchInput {
    /// One of the viewer's own posts. 岗位
    pub post_id: ID,
}

/// Which post to act in beside. 另开会话
#[derive(InputObject)]
pub struct SessionForkInput {
    /// One of the account's own posts. 岗位
    pub post_id: ID,
    /// The newest refresh token of the present session; without one, the one of the browser's cookie. 续期令牌
    pub refresh_token: Option<String>,
}

/// Which session to end. 退出
#[derive(InputObject)]
pub struct SessionLogoutInput {
    /// A refresh token of the session, used up or not; without one, the caller's own session ends. 续期令牌
    pub refresh_token: Option<String>,
}

/// Old and new password. 修改口令
#[derive(InputObject)]
pub struct PasswordChangeInput {
    /// Password as it is. 原口令
    pub current_password: String,
    /// Password as it shall be; `passwordRules` says what it has to fulfil. 新口令
    pub new_password: String,
}

macro_rules! token_payload {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(SimpleObject)]
        pub struct $name {
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

        impl $name {
            fn new((signed_in, user_errors): (Option<SignedIn>, Vec<UserError>)) -> Self {
                let (mut access_token, mut access_expires_at) = (None, None);
                let (mut refresh_token, mut viewer) = (None, None);
                if let Some(SignedIn { viewer: caller, holder, access, refresh }) = signed_in {
                    (access_token, access_expires_at) = (Some(access.token), Some(DateTime(access.expires_at)));
                    (refresh_token, viewer) = (Some(refresh.reveal()), ViewerView::of_holder(caller, holder));
                }
                Self { access_token, access_expires_at, refresh_token, viewer, user_errors }
            }
        }
    };
}

token_payload! {
    /// Tokens of a new session. 登录结果
    SessionLoginPayload
}

token_payload! {
    /// The next pair of tokens. 续期结果
    SessionRefreshPayload
}

token_payload! {
    /// Tokens of the second session. 另开会话结果
    SessionForkPayload
}

/// The session in its new post; the refresh token stays as it is. 切换结果
#[derive(SimpleObject)]
pub struct SessionSwitchPayload {
    /// Bearer token for the new post; the one for the old post no longer holds. 访问令牌
    pub access_token: Option<String>,
    /// When the access token expires. 访问令牌到期时间
    pub access_expires_at: Option<DateTime>,
    /// Who is signed in, now in the new post. 当前用户
    pub viewer: Option<ViewerView>,
    /// Why it was refused; empty on success. 业务错误
    pub user_errors: Vec<UserError>,
}

/// What signing out came to. 退出结果
#[derive(SimpleObject)]
pub struct SessionLogoutPayload {
    /// Why it was refused; empty on success. 业务错误
    pub user_errors: Vec<UserError>,
}

/// What signing out everywhere came to. 全部退出结果
#[derive(SimpleObject)]
pub struct SessionLogoutEverywherePayload {
    /// Why it was refused; empty on success. 业务错误
    pub user_errors: Vec<UserError>,
}

/// The session after a change of password; its refresh token stays good, all other sessions have ended. 修改口令结果
#[derive(SimpleObject)]
pub struct PasswordChangePayload {
    /// Bearer token that takes the place of the caller's, which no longer holds. 访问令牌
    pub access_token: Option<String>,
    /// When the access token expires. 访问令牌到期时间
    pub access_expires_at: Option<DateTime>,
    /// Why it was refused; empty on success. 业务错误
    pub user_errors: Vec<UserError>,
}

/// Sessions.
#[derive(Default)]
pub struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Sign in with name and password; begins in the first post by department and rank. With a password that was given out,
    /// `viewer { mustChangePassword }` is true and nothing but `passwordChange` is open. 登录
    #[graphql(directive = open_to_all::apply(), directive = semantic_non_null::apply(vec![0]))]
    async fn session_login(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Name and password. 账号与口令")] input: SessionLoginInput,
    ) -> Option<Result<SessionLoginPayload, ApiError>> {
        Some(login(ctx, input).await)
    }

    /// Get the next pair of tokens. The token before gets the same pair until that has been used, for an answer may be lost,
    /// and half a minute longer, for two tabs may renew at once; an older one ends the session. 续期
    #[graphql(directive = open_to_all::apply(), directive = semantic_non_null::apply(vec![0]))]
    async fn session_refresh(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The refresh token. 续期令牌")] input: SessionRefreshInput,
    ) -> Option<Result<SessionRefreshPayload, ApiError>> {
        Some(refresh(ctx, input).await)
    }

    /// Open a second session in another post of the same account, for another window; the present one goes on as it is, and
    /// both end at the same time. Its refresh token comes in the answer: the cookie stays the present session's. 另开会话
    #[graphql(directive = open_to_all::apply(), directive = semantic_non_null::apply(vec![0]))]
    async fn session_fork(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The post, and what proves who asks. 岗位与续期令牌")] input: SessionForkInput,
    ) -> Option<Result<SessionForkPayload, ApiError>> {
        Some(fork(ctx, input).await)
    }

    /// Act in another post of the same account from now on, in every window of this session: tokens for the former post end,
    /// and a renewal brings one for the new post. `sessionFork` leaves other windows as they are. 切换岗位
    #[graphql(directive = open_to::apply(people(), None), directive = semantic_non_null::apply(vec![0]))]
    async fn session_switch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The post to act in. 岗位")] input: SessionSwitchInput,
    ) -> Option<Result<SessionSwitchPayload, ApiError>> {
        Some(switch(ctx, input).await)
    }

    /// Sign out of one session. 退出
    #[graphql(directive = open_to_all::apply(), directive = semantic_non_null::apply(vec![0]))]
    async fn session_logout(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session to end. 会话")] input: SessionLogoutInput,
    ) -> Option<Result<SessionLogoutPayload, ApiError>> {
        Some(logout(ctx, input).await)
    }

    /// Sign out of every session of the account, this one included; access tokens end at once. 全部退出
    #[graphql(directive = open_to::apply(people(), None), directive = semantic_non_null::apply(vec![0]))]
    async fn session_logout_everywhere(
        &self,
        ctx: &Context<'_>,
    ) -> Option<Result<SessionLogoutEverywherePayload, ApiError>> {
        Some(logout_everywhere(ctx).await)
    }

    /// Change one's own password; the other sessions of the account end. 修改口令
    #[graphql(directive = open_to::apply(people(), None), directive = semantic_non_null::apply(vec![0]))]
    async fn password_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Old and new password. 原口令与新口令")] input: PasswordChangeInput,
    ) -> Option<Result<PasswordChangePayload, ApiError>> {
        Some(change_password(ctx, input).await)
    }
}

async fn login(ctx: &Context<'_>, input: SessionLoginInput) -> Result<SessionLoginPayload, ApiError> {
    let request = ctx.request()?;
    let password = Secret::new(&input.password);
    let attempt = Attempt { login: &input.account, password, address: request.address };
    let jar = match (&request.cookie, input.refresh_in_cookie) {
        (Some(jar), true) => Some(jar),
        (None, true) => return Err(no_cookies_here()),
        (_, false) => None,
    };
    if jar.is_some_and(|jar| jar.is_dropped()) {
        let refused = settle(Err(rules::cookie_not_kept().into()), request.language);
        return refused.map(SessionLoginPayload::new);
    }
    let outcome = sign_in::sign_in(&request.app, attempt, request.now).await;
    let mut payload = settle(outcome, request.language).map(SessionLoginPayload::new)?;
    if let Some(jar) = jar
        && let Some(token) = payload.refresh_token.take()
    {
        jar.keep(token);
    }
    Ok(payload)
}

async fn refresh(ctx: &Context<'_>, input: SessionRefreshInput) -> Result<SessionRefreshPayload, ApiError> {
    let request = ctx.request()?;
    if let Some(token) = &input.refresh_token {
        let outcome = sign_in::renew(&request.app, token, request.address, request.now).await;
        return settle(outcome, request.language).map(SessionRefreshPayload::new);
    }
    let kept = request.cookie.as_ref().and_then(|jar| Some((jar, jar.token()?)));
    let Some((jar, token)) = kept else {
        let missing = Stop::from(Refusal::invalid(
            "refreshToken",
            "请提供续期令牌，或在登录时选择存入 Cookie；Cookie 仅在 Origin 为本站或许可来源时有效",
            "Give a refresh token, or ask for it in a cookie at login; a cookie counts only with an Origin of this service or of a listed page",
        ));
        return settle(Err(missing), request.language).map(SessionRefreshPayload::new);
    };
    let outcome = sign_in::renew(&request.app, token, request.address, request.now).await;
    let mut payload = settle(outcome, request.language).map(SessionRefreshPayload::new)?;
    match payload.refresh_token.take() {
        Some(token) => jar.keep(token),
        None => jar.forget(),
    }
    Ok(payload)
}

async fn fork(ctx: &Context<'_>, input: SessionForkInput) -> Result<SessionForkPayload, ApiError> {
    let request = ctx.request()?;
    let kept = request.cookie.as_ref().and_then(|jar| jar.token());
    let token = input.refresh_token.as_deref().or(kept);
    let outcome = match (token, request.key(Kind::Post, &input.post_id)) {
        (Some(token), Some(post)) => {
            sign_in::fork(&request.app, token, post, request.address, request.now).await
        }
        (None, _) => Err(Stop::from(ApiError::unauthenticated())),
        (Some(_), None) => Err(Stop::from(Refusal::not_found("postId"))),
    };
    settle(outcome, request.language).map(SessionForkPayload::new)
}

async fn switch(ctx: &Context<'_>, input: SessionSwitchInput) -> Result<SessionSwitchPayload, ApiError> {
    let request = ctx.request()?;
    let viewer = request.viewer()?;
    if viewer.post().is_none() {
        return Err(ApiError::forbidden());
    }
    let outcome = match request.key(Kind::Post, &input.post_id) {
        Some(post) => sign_in::switch_post(&request.app, viewer, post, request.now).await,
        None => Err(Stop::from(Refusal::not_found("postId"))),
    };
    let (switched, user_errors) = settle(outcome, request.language)?;
    let Some(Switched { viewer, holder, access }) = switched else {
        return Ok(SessionSwitchPayload {
            access_token: None,
            access_expires_at: None,
            viewer: None,
            user_errors,
        });
    };
    let (access_token, access_expires_at) = shown(Some(access));
    let viewer = ViewerView::of_holder(viewer, holder);
    Ok(SessionSwitchPayload { access_token, access_expires_at, viewer, user_errors })
}

async fn logout(ctx: &Context<'_>, input: SessionLogoutInput) -> Result<SessionLogoutPayload, ApiError> {
    let request = ctx.request()?;
    let kept = request.cookie.as_ref().and_then(|jar| jar.token());
    let token = match (&input.refresh_token, &request.caller) {
        (Some(token), _) => Some(token.as_str()),
        (None, Some(_)) => None,
        (None, None) => kept,
    };
    let outcome = sign_in::sign_out(&request.app, request.caller.as_ref(), token, request.now).await;
    let (ended, user_errors) = settle(outcome, request.language)?;
    if let (Some(jar), Some(ended)) = (&request.cookie, ended)
        && !keeps_another(request, jar, ended)
    {
        jar.forget();
    }
    Ok(SessionLogoutPayload { user_errors })
}

/// Whether the browser's cookie is of another session than the one that ended: a second window's.
fn keeps_another(request: &Request, jar: &RefreshCookie, ended: SessionId) -> bool {
    let kept = jar.token().and_then(|text| request.app.access.refresh.read(text).ok());
    kept.is_some_and(|token| token.session() != ended)
}

fn no_cookies_here() -> ApiError {
    ApiError::bad_input(
        "此请求不能设置 Cookie；请由本站或许可来源的网页以 POST 登录（须带 Origin）",
        "No cookie can be set here; sign in by POST from a page of this service or of a listed origin (with an Origin header)",
    )
}

async fn logout_everywhere(ctx: &Context<'_>) -> Result<SessionLogoutEverywherePayload, ApiError> {
    let request = ctx.request()?;
    let outcome = sign_in::sign_out_everywhere(&request.app, request.viewer()?, request.now).await;
    let (_, user_errors) = settle(outcome, request.language)?;
    Ok(SessionLogoutEverywherePayload { user_errors })
}

async fn change_password(
    ctx: &Context<'_>,
    input: PasswordChangeInput,
) -> Result<PasswordChangePayload, ApiError> {
    let request = ctx.request()?;
    let change = PasswordChange {
        current: Secret::new(&input.current_password),
        fresh: Secret::new(&input.new_password),
    };
    let (viewer, address) = (request.oneself()?, request.address);
    let outcome = sign_in::change_password(&request.app, viewer, change, address, request.now).await;
    let (access, user_errors) = settle(outcome, request.language)?;
    let (access_token, access_expires_at) = shown(access);
    Ok(PasswordChangePayload { access_token, access_expires_at, user_errors })
}

fn shown(access: Option<Access>) -> (Option<String>, Option<DateTime>) {
    access.map(|access| (access.token, DateTime(access.expires_at))).unzip()
}
