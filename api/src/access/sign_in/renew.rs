//! A new pair of tokens for an old refresh token (续期).

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use entity::enums::AuditAction;
use entity::session;
use serde_json::json;

use super::{SignedIn, issue, subject};
use crate::access::authenticate::viewer_of;
use crate::access::rules::{self, Turn};
use crate::access::store::{self, Holder, Moment};
use crate::app::sessions::Standing;
use crate::app::{App, sessions};
use crate::error::{ApiError, Stop};
use crate::scope::system;
use crate::secrets::token::RefreshToken;

/// How often a renewal is tried anew when another one of the same session was faster.
const TRIES: usize = 3;

/// Hands out the pair of the next turn: to two who ask with the same token the same one. A token of an earlier turn ends
/// its family, for one of its two bearers stole it; what was never handed out ends nothing.
///
/// # Errors
/// SESSION_ENDED as a refusal, whatever the reason.
pub async fn renew(app: &App, text: &str, address: IpAddr, now: DateTime<Utc>) -> Result<SignedIn, Stop> {
    let token = app.access.refresh.read(text);
    let token = token.map_err(|_| rules::session_ended())?;
    for _ in 0..TRIES {
        let (standing, holder) = read(app, &token).await?.ok_or_else(rules::session_ended)?;
        let moment = Moment { app, now };
        match rules::turn(&standing.session, &standing.account, &token, now) {
            Turn::Over => return Err(rules::session_ended().into()),
            Turn::Reuse => return Err(end_family(moment, &standing, address).await?),
            Turn::Repeat => return Ok(hand_out(moment, &standing, holder, &token)?),
            Turn::Next => {
                if let Some(signed_in) = next(moment, standing, holder, &token).await? {
                    return Ok(signed_in);
                }
            }
        }
    }
    Err(ApiError::from(crate::db::Fault::Busy).into())
}

/// The session of a token with its account.
pub(super) async fn read(app: &App, token: &RefreshToken) -> Result<Option<(Standing, Holder)>, ApiError> {
    let tx = app.db.begin_read(&system::gatekeeper(token.county().clone())).await?;
    let Some(standing) = sessions::standing(&tx, token.session()).await? else {
        return Ok(None);
    };
    let holder = store::holder(&tx, standing.account.id).await?;
    Ok(holder.map(|holder| (standing, holder)))
}

/// The pair of the turn after the present one; nothing when another renewal came in between.
async fn next(
    moment: Moment<'_>,
    standing: Standing,
    holder: Holder,
    presented: &RefreshToken,
) -> Result<Option<SignedIn>, ApiError> {
    let tx = moment.app.db.begin_write(&viewer_of(&standing)).await?;
    let Some(turn) = store::rotate(&tx, &standing.session, moment.now).await? else {
        return Ok(None);
    };
    tx.commit().await?;
    let session = session::Model { turn, ..standing.session };
    let standing = Standing { session, ..standing };
    hand_out(moment, &standing, holder, presented).map(Some)
}

/// The pair of the session's present turn.
fn hand_out(
    moment: Moment<'_>,
    standing: &Standing,
    holder: Holder,
    presented: &RefreshToken,
) -> Result<SignedIn, ApiError> {
    let (app, turn) = (moment.app, standing.session.turn);
    let viewer = viewer_of(standing);
    let access = issue(app, &viewer, standing.account.epoch, turn, moment.now)?;
    Ok(SignedIn { viewer, holder, access, refresh: app.access.refresh.at(presented, turn) })
}

/// Ends the family of a token that was used before; what is then to be answered.
pub(super) async fn end_family(
    moment: Moment<'_>,
    standing: &Standing,
    address: IpAddr,
) -> Result<Stop, ApiError> {
    let Standing { session, account, .. } = standing;
    let tx = moment.app.db.begin_write(&system::gatekeeper(session.county.clone())).await?;
    store::end_session(&tx, session.id, moment.now).await?;
    let whose = json!({ "account": account.id, "address": address });
    moment.audit(&tx, AuditAction::SessionReuse, subject(session.id), whose).await?;
    tx.commit().await?;
    Ok(rules::session_ended().into())
}
