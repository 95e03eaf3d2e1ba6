//! A new pair of tokens for an old refresh token (续期).

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use entity::enums::AuditAction;
use serde_json::json;

use super::{SignedIn, issue, subject};
use crate::access::authenticate::viewer_of;
use crate::access::rules::{self, Turn};
use crate::access::store::{self, Holder, Moment, Rotation, Standing};
use crate::access::token::RefreshToken;
use crate::access::{entropy, system};
use crate::app::App;
use crate::graphql::error::{ApiError, Stop};

/// How often a renewal is tried anew when another one of the same session was faster.
const TRIES: usize = 3;

/// Hands out the next pair. A token that was used up before ends its family, for one of its two bearers stole it.
///
/// # Errors
/// SESSION_ENDED as a refusal, whatever the reason.
pub async fn renew(
    app: &App,
    text: &str,
    address: IpAddr,
    now: DateTime<Utc>,
) -> Result<SignedIn, Stop> {
    let token = RefreshToken::parse(text).map_err(|_| rules::session_ended())?;
    for _ in 0..TRIES {
        let (standing, holder) = read(app, &token).await?.ok_or_else(rules::session_ended)?;
        match rules::turn(&standing.session, &standing.account, &token, now) {
            Turn::Over => return Err(rules::session_ended().into()),
            Turn::Reuse => {
                return Err(end_family(Moment { app, now }, &standing, address).await?);
            }
            Turn::Rotate => {}
        }
        if let Some(signed_in) = rotate(Moment { app, now }, &standing, holder, &token).await? {
            return Ok(signed_in);
        }
    }
    Err(ApiError::from(crate::db::Fault::Busy).into())
}

async fn read(app: &App, token: &RefreshToken) -> Result<Option<(Standing, Holder)>, ApiError> {
    let tx = app
        .db
        .begin_read(&system::gatekeeper(token.county().clone()))
        .await?;
    let Some(standing) = store::standing(&tx, token.session()).await? else {
        return Ok(None);
    };
    let holder = store::holder(&tx, standing.account.id).await?;
    Ok(holder.map(|holder| (standing, holder)))
}

/// Nothing when another renewal came in between.
async fn rotate(
    moment: Moment<'_>,
    standing: &Standing,
    holder: Holder,
    presented: &RefreshToken,
) -> Result<Option<SignedIn>, ApiError> {
    let (app, now, session) = (moment.app, moment.now, &standing.session);
    let viewer = viewer_of(standing);
    let refresh = RefreshToken::mint(session.county.clone(), session.id, entropy::random());
    let access = issue(app, &viewer, standing.account.epoch, &refresh.hash(), now)?;
    let tx = app.db.begin_write(&viewer).await?;
    let turn = Rotation {
        session,
        presented: presented.hash(),
        fresh: refresh.hash(),
        now,
    };
    if !store::rotate(&tx, turn).await? {
        return Ok(None);
    }
    tx.commit().await?;
    Ok(Some(SignedIn {
        viewer,
        holder,
        access,
        refresh,
    }))
}

async fn end_family(
    moment: Moment<'_>,
    standing: &Standing,
    address: IpAddr,
) -> Result<Stop, ApiError> {
    let Standing {
        session, account, ..
    } = standing;
    let tx = moment
        .app
        .db
        .begin_write(&system::gatekeeper(session.county.clone()))
        .await?;
    store::end_session(&tx, session.id, moment.now).await?;
    let whose = json!({ "account": account.id, "address": address });
    moment
        .audit(&tx, AuditAction::SessionReuse, subject(session.id), whose)
        .await?;
    tx.commit().await?;
    Ok(rules::session_ended().into())
}
