//! Signing out (退出).

use chrono::{DateTime, Utc};
use entity::enums::AuditAction;
use entity::id::SessionId;
use serde_json::json;

use super::subject;
use crate::access::store::{self, AccountChange, Moment};
use crate::access::{authenticate, rules};
use crate::app::{App, sessions};
use crate::error::{ApiError, Stop};
use crate::scope::system;
use crate::scope::viewer::{Credential, Viewer};

/// Ends the session of a refresh token, or without one the caller's own, and says which. Ending it again is no error.
///
/// # Errors
/// SESSION_ENDED as a refusal for a token that belongs to no session; UNAUTHENTICATED when neither is given.
pub async fn sign_out(
    app: &App,
    caller: Option<&Viewer>,
    token: Option<&str>,
    now: DateTime<Utc>,
) -> Result<SessionId, Stop> {
    let (viewer, session) = match token {
        Some(text) => bearer(app, text).await?,
        None => own(caller)?,
    };
    let tx = app.db.begin_write(&viewer).await?;
    if store::end_session(&tx, session, now).await? {
        let moment = Moment { app, now };
        moment.audit(&tx, AuditAction::SessionLogout, subject(session), json!({})).await?;
        tx.commit().await?;
    }
    Ok(session)
}

/// Ends every session of the caller's account, and every access token with its epoch.
///
/// # Errors
/// FORBIDDEN for a portal.
pub async fn sign_out_everywhere(app: &App, viewer: &Viewer, now: DateTime<Utc>) -> Result<(), Stop> {
    let Credential::Post { account, .. } = viewer.credential() else {
        return Err(ApiError::forbidden().into());
    };
    let moment = Moment { app, now };
    let tx = app.db.begin_write(viewer).await?;
    let holder = store::holder(&tx, *account).await?.ok_or_else(ApiError::unauthenticated)?;
    store::change_account(&tx, &holder.account, AccountChange::Access).await?;
    store::end_all(&tx, *account, None, now).await?;
    moment.audit(&tx, AuditAction::SessionLogoutEverywhere, store::subject(*account), json!({})).await?;
    Ok(tx.commit().await?)
}

/// The session of a refresh token, used up or not: who leaves need not hold the newest one.
async fn bearer(app: &App, text: &str) -> Result<(Viewer, SessionId), Stop> {
    let token = app.access.refresh.read(text);
    let token = token.map_err(|_| rules::session_ended())?;
    let tx = app.db.begin_read(&system::gatekeeper(token.county().clone())).await?;
    let standing = sessions::standing(&tx, token.session()).await?;
    let standing = standing.filter(|standing| token.matches(&standing.session.refresh_hash));
    let standing = standing.ok_or_else(rules::session_ended)?;
    Ok((authenticate::viewer_of(&standing), standing.session.id))
}

fn own(caller: Option<&Viewer>) -> Result<(Viewer, SessionId), ApiError> {
    let viewer = caller.ok_or_else(ApiError::unauthenticated)?;
    match viewer.credential() {
        Credential::Post { session, .. } => Ok((viewer.clone(), *session)),
        _ => Err(ApiError::forbidden()),
    }
}
