//! A forgotten password (忘记口令): said by whoever can't sign in, settled by whoever may set it anew.

use std::net::IpAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::enums::AuditAction;
use entity::id::{AccountId, County};
use serde_json::json;

use super::manage::Steward;
use super::sign_in::note_unknown;
use super::{rules, separation, store};
use crate::app::App;
use crate::app::notes::Note;
use crate::db::Fault;
use crate::error::{ApiError, Stop};
use crate::limits::throttle::ThrottleKey;
use crate::scope::system;

/// Takes note that the password of an account was forgotten. An unknown name gets the same answer after the same work: what
/// is written for a known one is written after the answer.
///
/// # Errors
/// RATE_LIMITED while the address or the name has to wait; UNAVAILABLE when the database is away.
pub async fn say(app: &Arc<App>, typed: &str, address: IpAddr, now: DateTime<Utc>) -> Result<(), ApiError> {
    let login = rules::login(typed).ok();
    let name = login.as_deref().unwrap_or(typed);
    for key in [ThrottleKey::PleaFrom(address), ThrottleKey::Plea(name)] {
        app.throttle.attempt(key, now).map_err(ApiError::rate_limited)?;
    }
    let action = AuditAction::PasswordForgotten;
    let Some((county, account)) = find(app, login.as_deref().unwrap_or_default()).await? else {
        note_unknown(app, action, name, address, now);
        return Ok(());
    };
    let whose = store::subject(account);
    let note = Note::of(&system::gatekeeper(county.clone()), now, action, whose.clone(), address);
    app.notes.add(Note { source: whose, ..note });
    let app = Arc::clone(app);
    tokio::spawn(async move {
        if let Err(fault) = write_down(&app, county, account, now).await {
            tracing::error!(?fault, "that a password was forgotten was not written down");
        }
    });
    Ok(())
}

async fn find(app: &App, login: &str) -> Result<Option<(County, AccountId)>, Fault> {
    let doorkeeper = system::doorkeeper().ok_or_else(|| Fault::Broken("no doorkeeper".to_owned()))?;
    let tx = app.db.begin_read(&doorkeeper).await?;
    store::account_of_login(&tx, login).await
}

async fn write_down(app: &App, county: County, account: AccountId, now: DateTime<Utc>) -> Result<(), Fault> {
    let tx = app.db.begin_write(&system::gatekeeper(county)).await?;
    store::note_forgotten(&tx, account, now).await?;
    tx.commit().await
}

impl Steward<'_> {
    /// Strikes out that a password was forgotten without setting it anew, for a reason: somebody else said so, or its holder
    /// remembers.
    ///
    /// # Errors
    /// NOT_FOUND outside the mandate, INVALID for oneself or without a reason, WRONG_STAGE where nothing waits.
    pub async fn dismiss_forgotten(&self, account: AccountId, reason: &str) -> Result<(), Stop> {
        let reason = separation::reason(reason)?;
        let holder = self.target(account, "accountId").await?;
        if holder.account.forgot_at.is_none() {
            return Err(rules::nothing_forgotten().into());
        }
        let tx = self.write().await?;
        store::strike_forgotten(&tx, account).await?;
        let action = AuditAction::PasswordForgottenDismiss;
        self.moment.audit(&tx, action, store::subject(account), json!({ "reason": reason })).await?;
        Ok(tx.commit().await?)
    }
}
