//! Signing in, renewing, switching and leaving (登录、续期、切换、退出): each a few short transactions around a password check that
//! holds none.

mod fork;
mod guess;
mod leave;
mod login;
mod password;
mod renew;
mod switch;

use chrono::{DateTime, Utc};
use entity::id::SessionId;

pub use fork::fork;
pub use leave::{sign_out, sign_out_everywhere};
pub use login::{Attempt, sign_in};
pub use password::{PasswordChange, change_password};
pub use renew::renew;
pub use switch::{Switched, switch_post};

pub(crate) use guess::failed;
pub(in crate::access) use login::note_unknown;

use super::store::{Held, Holder};
use crate::app::App;
use crate::error::ApiError;
use crate::scope::viewer::{Credential, Viewer};
use crate::secrets::token::{AccessClaims, RefreshToken};

/// What a sign-in or a renewal hands out.
pub struct SignedIn {
    /// Who is in, and in which post.
    pub viewer: Viewer,
    /// The account with all of its posts.
    pub holder: Holder,
    /// Access token.
    pub access: Access,
    /// Refresh token; shown once.
    pub refresh: RefreshToken,
}

/// An access token and its end.
pub struct Access {
    /// The token.
    pub token: String,
    /// When it expires.
    pub expires_at: DateTime<Utc>,
}

/// The viewer of an account in one of its posts.
pub(super) fn viewer_in(holder: &Holder, held: &Held, session: SessionId) -> Viewer {
    let Held { post, department } = held;
    let credential =
        Credential::Post { account: holder.account.id, post: post.id, position: post.position, session };
    Viewer::of_post(post.county.clone(), department.id, department.profile, credential)
        .kept_out_if(holder.account.password_once)
}

/// An access token for a viewer in a post, paired with the refresh token of the session's turn.
pub(super) fn issue(
    app: &App,
    viewer: &Viewer,
    epoch: i32,
    turn: i32,
    now: DateTime<Utc>,
) -> Result<Access, ApiError> {
    let Credential::Post { account, post, session, .. } = viewer.credential() else {
        return Err(ApiError::internal("an access token is issued to posts only"));
    };
    let claims = AccessClaims {
        account: account.0,
        session: session.0,
        county: viewer.county().as_str().to_owned(),
        post: post.0,
        epoch,
        pair: RefreshToken::pair(turn),
    };
    let token = app.tokens.issue(&claims, now).map_err(|fault| ApiError::internal(&fault.to_string()))?;
    Ok(Access { token, expires_at: now + app.tokens.life() })
}

/// How a session is named in the audit trail.
pub(super) fn subject(session: SessionId) -> String {
    format!("session:{}", session.0)
}
