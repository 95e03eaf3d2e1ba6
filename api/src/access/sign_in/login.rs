//! Signing in (登录).

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use entity::enums::AuditAction;
use entity::id::SessionId;
use serde_json::{Value as Json, json};

use super::guess::{Guess, failed};
use super::{SignedIn, issue, subject, viewer_in};
use crate::access::rules;
use crate::access::store::{self, Held, Holder, Moment, NewSession};
use crate::app::App;
use crate::app::notes::Note;
use crate::app::sessions::SESSION_LIFETIME;
use crate::db::Fault;
use crate::error::{ApiError, Stop};
use crate::scope::system;
use crate::secrets::entropy;
use crate::secrets::password::{Secret, Verdict};
use crate::secrets::seal::digest::{hex, keyed_hash};

/// A name and a password as typed, and from where.
pub struct Attempt<'a> {
    /// Name. 账号
    pub login: &'a str,
    /// Password. 口令
    pub password: Secret,
    /// Address of the client.
    pub address: IpAddr,
}

/// Opens a session for whoever knows the password. Unknown, wrong, disabled and without a post are one answer after
/// one kind of work: the same reads, one hash, no write.
///
/// # Errors
/// WRONG_CREDENTIALS as a refusal; RATE_LIMITED while the account or the address has to wait.
pub async fn sign_in(app: &App, attempt: Attempt<'_>, now: DateTime<Utc>) -> Result<SignedIn, Stop> {
    // One account is one key of the throttle, however its name is typed; what is no name belongs to nobody.
    let login = rules::login(attempt.login).ok();
    let name = login.as_deref().unwrap_or(attempt.login);
    let mut guess = Guess::at_door(app, name, attempt.address, now)?;
    let found = find(app, login.as_deref().unwrap_or_default(), attempt.address, now).await;
    let Found { holder, here_lately } = guess.unless_failed(found)?;
    if !here_lately {
        guess.as_stranger()?;
    }
    let stored = holder.as_ref().map(|holder| holder.account.password_hash.as_str());
    let verdict = guess.unless_failed(app.hasher.verify(stored, &attempt.password).await)?;
    let Some(holder) = holder else {
        let name = login.as_deref().unwrap_or(attempt.login);
        note_unknown(app, AuditAction::SessionLoginFailed, name, attempt.address, now);
        return Err(rules::wrong_credentials().into());
    };
    let post = usable(&holder).filter(|_| verdict != Verdict::Mismatch).cloned();
    let Some(post) = post else {
        note_failure(app, &holder, attempt.address, now);
        return Err(rules::wrong_credentials().into());
    };
    guess.succeeded();
    let renewed = match verdict {
        Verdict::MatchOutdated => {
            Some(app.hasher.hash(&attempt.password, entropy::random()).await.map_err(failed)?)
        }
        Verdict::Match | Verdict::Mismatch => None,
    };
    let address = attempt.address;
    let line = (AuditAction::SessionLogin, json!({ "address": address }));
    let entered = Entered { holder, renewed, address, until: now + SESSION_LIFETIME, line };
    Ok(open(Moment { app, now }, entered, &post).await?)
}

/// What is known of a name before its password is looked at.
struct Found {
    holder: Option<Holder>,
    /// Whether the account signed in from the same network lately.
    here_lately: bool,
}

/// The account of a name with its posts. Of an unknown one the same questions are asked, in a county that nobody has.
async fn find(app: &App, login: &str, address: IpAddr, now: DateTime<Utc>) -> Result<Found, Fault> {
    let doorkeeper = system::doorkeeper().ok_or_else(|| Fault::Broken("no doorkeeper".to_owned()))?;
    let tx = app.db.begin_read(&doorkeeper).await?;
    let found = store::account_of_login(&tx, login).await?;
    drop(tx);
    let nobody = || (doorkeeper.county().clone(), uuid::Uuid::nil().into());
    let (county, account) = found.unwrap_or_else(nobody);
    let tx = app.db.begin_read(&system::gatekeeper(county)).await?;
    let hashes = app.access.address_hashes(account, address);
    let since = now - rules::ADDRESS_MEMORY;
    Ok(Found {
        holder: store::holder(&tx, account).await?,
        here_lately: store::signed_in_from(&tx, account, hashes, since).await?,
    })
}

/// The post in which a session begins; none for an account that may not sign in.
fn usable(holder: &Holder) -> Option<&Held> {
    holder.posts.first().filter(|_| holder.account.disabled_at.is_none())
}

/// Somebody who proved to be the account's holder.
pub(super) struct Entered {
    pub(super) holder: Holder,
    /// A hash of the same password with today's parameters.
    pub(super) renewed: Option<String>,
    pub(super) address: IpAddr,
    /// End of the session.
    pub(super) until: DateTime<Utc>,
    /// Line of the audit trail.
    pub(super) line: (AuditAction, Json),
}

/// Opens a session in a post.
pub(super) async fn open(moment: Moment<'_>, entered: Entered, held: &Held) -> Result<SignedIn, ApiError> {
    let Entered { holder, renewed, address, until, line: (action, detail) } = entered;
    let (app, now) = (moment.app, moment.now);
    let (account, session) = (&holder.account, SessionId(moment.key()));
    let keys = &app.access.refresh;
    let refresh = keys.first(account.county.clone(), session, entropy::random());
    let viewer = viewer_in(&holder, held, session);
    let access = issue(app, &viewer, account.epoch, refresh.turn(), now)?;
    let hashes = app.access.address_hashes(account.id, address);
    let tx = app.db.begin_write(&viewer).await?;
    if let Some(hash) = renewed {
        store::rehash(&tx, account, hash).await?;
    }
    if account.forgot_at.is_some() {
        store::strike_forgotten(&tx, account.id).await?;
    }
    let new = NewSession {
        id: session,
        account: account.id,
        post: held.post.id,
        epoch: account.epoch,
        refresh_hash: refresh.hash(),
        address_hash: hashes.into_iter().next(),
        now,
        expires_at: until,
    };
    store::open_session(&tx, new).await?;
    moment.audit(&tx, action, subject(session), detail).await?;
    tx.commit().await?;
    Ok(SignedIn { viewer, holder, access, refresh })
}

/// Notes the failure for the trail of the account's county. The line is written later, for the time of the answer must
/// not tell a known account from an unknown one.
fn note_failure(app: &App, holder: &Holder, address: IpAddr, now: DateTime<Utc>) {
    let account = &holder.account;
    let gatekeeper = system::gatekeeper(account.county.clone());
    let whose = store::subject(account.id);
    let action = AuditAction::SessionLoginFailed;
    let note = Note::of(&gatekeeper, now, action, whose.clone(), address);
    app.notes.add(Note { source: whose, ..note });
}

/// Notes a name that nobody has for the trail of the installation: which county was meant is not known. The name stands
/// there as a keyed hash, for people type their password into the wrong field.
pub(in crate::access) fn note_unknown(
    app: &App,
    action: AuditAction,
    login: &str,
    address: IpAddr,
    now: DateTime<Utc>,
) {
    let Some(doorkeeper) = system::doorkeeper() else {
        return;
    };
    let hash = hex(&keyed_hash(&app.unknown_key, login.as_bytes())[..8]);
    let note = Note::of(&doorkeeper, now, action, format!("login:{hash}"), address);
    app.notes.add(Note { source: address.to_string(), ..note });
}
