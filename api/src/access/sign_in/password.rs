//! A new password of one's own (修改口令).

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use entity::enums::AuditAction;
use serde_json::json;

use super::guess::{Guess, failed};
use super::{Access, issue};
use crate::access::rules;
use crate::access::store::{self, AccountChange, Holder, Moment, NewPassword};
use crate::app::App;
use crate::app::notes::Note;
use crate::error::{ApiError, Stop};
use crate::refusal::Refusal;
use crate::scope::viewer::{Credential, Viewer};
use crate::secrets::entropy;
use crate::secrets::password::{Secret, Verdict};

/// The password that holds and the one that shall hold.
pub struct PasswordChange {
    /// As it is. 原口令
    pub current: Secret,
    /// As it shall be. 新口令
    pub fresh: Secret,
}

/// Changes the caller's password and ends the other sessions of the account. The caller's own goes on: the access token
/// is for it, and its refresh token stays good.
///
/// # Errors
/// WRONG_CREDENTIALS or INVALID as refusals; RATE_LIMITED while the account has to wait; FORBIDDEN for a portal.
pub async fn change_password(
    app: &App,
    viewer: &Viewer,
    change: PasswordChange,
    address: IpAddr,
    now: DateTime<Utc>,
) -> Result<Access, Stop> {
    let Credential::Post { account, session, .. } = *viewer.credential() else {
        return Err(ApiError::forbidden().into());
    };
    let tx = app.db.begin_read(viewer).await?;
    let holder = store::holder(&tx, account).await?.ok_or_else(ApiError::unauthenticated)?;
    drop(tx);
    if let Err(stop) = prove(app, &holder, &change.current, now).await {
        if matches!(stop, Stop::Refused(_)) {
            let (action, whose) = (AuditAction::PasswordChangeFailed, store::subject(account));
            app.notes.add(Note::of(viewer, now, action, whose, address));
        }
        return Err(stop);
    }
    accept(app, &holder.account.login, &change)?;
    let hash = app.hasher.hash(&change.fresh, entropy::random()).await.map_err(failed)?;
    let moment = Moment { app, now };
    let tx = app.db.begin_write(viewer).await?;
    let epoch =
        store::change_account(&tx, &holder.account, AccountChange::Password(NewPassword::own(hash))).await?;
    store::end_all(&tx, account, Some((session, epoch)), now).await?;
    let row = store::session(&tx, session).await?.ok_or_else(rules::session_ended)?;
    moment
        .audit(&tx, AuditAction::PasswordChange, store::subject(account), json!({ "address": address }))
        .await?;
    tx.commit().await?;
    Ok(issue(app, viewer, epoch, row.turn, now)?)
}

/// Whoever found an open screen must not find out the password by trying.
async fn prove(app: &App, holder: &Holder, current: &Secret, now: DateTime<Utc>) -> Result<(), Stop> {
    let guess = Guess::inside(app, &holder.account.login, now)?;
    let stored = Some(holder.account.password_hash.as_str());
    let verdict = guess.unless_failed(app.hasher.verify(stored, current).await)?;
    if verdict == Verdict::Mismatch {
        return Err(rules::wrong_password().into());
    }
    guess.succeeded();
    Ok(())
}

fn accept(app: &App, login: &str, change: &PasswordChange) -> Result<(), Refusal> {
    if change.fresh.reveal() == change.current.reveal() {
        return Err(rules::same_password());
    }
    let checked = app.policy.check(login, &change.fresh);
    checked.map_err(|refusal| rules::weak_password("newPassword", refusal))
}
