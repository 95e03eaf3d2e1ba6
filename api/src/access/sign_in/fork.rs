//! A second session in another post of the same account (另开会话), for another window: each session acts in one post.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use entity::enums::AuditAction;
use entity::id::PostId;
use serde_json::json;

use super::SignedIn;
use super::login::{Entered, open};
use super::renew::{end_family, read};
use crate::access::rules::{self, Turn};
use crate::access::store::Moment;
use crate::app::App;
use crate::error::{ApiError, Stop};
use crate::refusal::Refusal;

/// Opens a session in another post for the holder of a refresh token, whose own goes on as it is. It ends when that one
/// would: nobody stays longer by it than the password allows.
///
/// # Errors
/// SESSION_ENDED and NOT_FOUND as refusals; FORBIDDEN while the password was given out and not changed.
pub async fn fork(
    app: &App,
    text: &str,
    to: PostId,
    address: IpAddr,
    now: DateTime<Utc>,
) -> Result<SignedIn, Stop> {
    let token = app.access.refresh.read(text).map_err(|_| rules::session_ended())?;
    let (standing, holder) = read(app, &token).await?.ok_or_else(rules::session_ended)?;
    let moment = Moment { app, now };
    match rules::turn(&standing.session, &standing.account, &token, now) {
        Turn::Over => return Err(rules::session_ended().into()),
        Turn::Reuse => return Err(end_family(moment, &standing, address).await?),
        Turn::Next | Turn::Repeat => {}
    }
    if holder.account.password_once {
        return Err(ApiError::password_first().into());
    }
    let held = holder.posts.iter().find(|held| held.post.id == to);
    let held = held.ok_or_else(|| Refusal::not_found("postId"))?.clone();
    let detail = json!({ "post": to, "beside": standing.session.id, "address": address });
    let line = (AuditAction::SessionFork, detail);
    let entered = Entered { holder, renewed: None, address, until: standing.session.expires_at, line };
    Ok(open(moment, entered, &held).await?)
}
