//! Acting in another post of the same account (切换岗位).

use chrono::{DateTime, Utc};
use entity::enums::AuditAction;
use entity::id::PostId;
use serde_json::json;

use super::{Access, issue, subject, viewer_in};
use crate::access::rules;
use crate::access::store::{self, Holder, Moment};
use crate::app::App;
use crate::error::{ApiError, Stop};
use crate::refusal::Refusal;
use crate::scope::viewer::{Credential, Viewer};

/// Who is in after a switch.
pub struct Switched {
    /// The viewer in the new post.
    pub viewer: Viewer,
    /// The account with all of its posts.
    pub holder: Holder,
    /// Access token for the new post; the one for the old post no longer lets in.
    pub access: Access,
}

/// Moves the caller's session to another of its posts. The refresh token stays as it is.
///
/// # Errors
/// NOT_FOUND as a refusal for a post of somebody else; FORBIDDEN for a portal.
pub async fn switch_post(
    app: &App,
    viewer: &Viewer,
    to: PostId,
    now: DateTime<Utc>,
) -> Result<Switched, Stop> {
    let Credential::Post { account, session, .. } = *viewer.credential() else {
        return Err(ApiError::forbidden().into());
    };
    let moment = Moment { app, now };
    let tx = app.db.begin_write(viewer).await?;
    let holder = store::holder(&tx, account).await?.ok_or_else(ApiError::unauthenticated)?;
    let held = holder.posts.iter().find(|held| held.post.id == to);
    let held = held.ok_or_else(|| Refusal::not_found("postId"))?;
    let row = store::session(&tx, session).await?.ok_or_else(rules::session_ended)?;
    store::switch(&tx, session, to).await?;
    moment.audit(&tx, AuditAction::SessionSwitch, subject(session), json!({ "post": to })).await?;
    tx.commit().await?;
    let viewer = viewer_in(&holder, held, session);
    let access = issue(app, &viewer, row.epoch, row.turn, now)?;
    Ok(Switched { viewer, holder, access })
}
