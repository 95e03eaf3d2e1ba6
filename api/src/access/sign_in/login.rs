//! Signing in (登录).

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use entity::enums::AuditAction;
use entity::id::SessionId;
use serde_json::json;

use super::guess::{Guess, failed};
use super::{SignedIn, issue, subject, viewer_in};
use crate::access::password::{Secret, Verdict};
use crate::access::seal::digest::{hex, keyed_hash};
use crate::access::store::{self, Held, Holder, Moment, NewSession};
use crate::access::token::RefreshToken;
use crate::access::{entropy, rules, system};
use crate::app::App;
use crate::audit::Note;
use crate::db::Fault;
use crate::graphql::error::{ApiError, Stop};

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
pub async fn sign_in(
    app: &App,
    attempt: Attempt<'_>,
    now: DateTime<Utc>,
) -> Result<SignedIn, Stop> {
    // One account is one key of the throttle, however its name is typed; what is no name belongs to nobody.
    let login = rules::login(attempt.login).ok();
    let guess = Guess::begin(
        app,
        login.as_deref().unwrap_or(attempt.login),
        Some(attempt.address),
        now,
    )?;
    let holder = guess.unless_failed(find(app, login.as_deref().unwrap_or_default()).await)?;
    let stored = holder
        .as_ref()
        .map(|holder| holder.account.password_hash.as_str());
    let verdict = guess.unless_failed(app.hasher.verify(stored, &attempt.password).await)?;
    let Some(holder) = holder else {
        let name = login.as_deref().unwrap_or(attempt.login);
        note_unknown(app, name, attempt.address, now);
        return Err(rules::wrong_credentials().into());
    };
    let post = usable(&holder)
        .filter(|_| verdict != Verdict::Mismatch)
        .cloned();
    let Some(post) = post else {
        note_failure(app, &holder, attempt.address, now);
        return Err(rules::wrong_credentials().into());
    };
    guess.succeeded();
    let renewed = match verdict {
        Verdict::MatchOutdated => Some(
            app.hasher
                .hash(&attempt.password, entropy::random())
                .await
                .map_err(failed)?,
        ),
        Verdict::Match | Verdict::Mismatch => None,
    };
    let moment = Moment { app, now };
    Ok(open(moment, holder, &post, renewed, attempt.address).await?)
}

/// The account of a name with its posts. Of an unknown one the same questions are asked, in a county that nobody has.
async fn find(app: &App, login: &str) -> Result<Option<Holder>, Fault> {
    let doorkeeper =
        system::doorkeeper().ok_or_else(|| Fault::Broken("no doorkeeper".to_owned()))?;
    let tx = app.db.begin_read(&doorkeeper).await?;
    let found = store::account_of_login(&tx, login).await?;
    drop(tx);
    let nobody = || (doorkeeper.county().clone(), uuid::Uuid::nil().into());
    let (county, account) = found.unwrap_or_else(nobody);
    let tx = app.db.begin_read(&system::gatekeeper(county)).await?;
    store::holder(&tx, account).await
}

/// The post in which a session begins; none for an account that may not sign in.
fn usable(holder: &Holder) -> Option<&Held> {
    holder
        .posts
        .first()
        .filter(|_| holder.account.disabled_at.is_none())
}

async fn open(
    moment: Moment<'_>,
    holder: Holder,
    held: &Held,
    renewed: Option<String>,
    address: IpAddr,
) -> Result<SignedIn, ApiError> {
    let (app, now) = (moment.app, moment.now);
    let (account, session) = (&holder.account, SessionId(moment.key()));
    let refresh = RefreshToken::mint(account.county.clone(), session, entropy::random());
    let viewer = viewer_in(&holder, held, session);
    let access = issue(app, &viewer, account.epoch, &refresh.hash(), now)?;
    let tx = app.db.begin_write(&viewer).await?;
    if let Some(hash) = renewed {
        store::rehash(&tx, account, hash).await?;
    }
    let new = NewSession {
        id: session,
        account: account.id,
        post: held.post.id,
        epoch: account.epoch,
        refresh_hash: refresh.hash(),
        now,
        expires_at: now + rules::SESSION_LIFETIME,
    };
    store::open_session(&tx, new).await?;
    let whence = json!({ "address": address });
    moment
        .audit(&tx, AuditAction::SessionLogin, subject(session), whence)
        .await?;
    tx.commit().await?;
    Ok(SignedIn {
        viewer,
        holder,
        access,
        refresh,
    })
}

/// Notes the failure for the trail of the account's county. The line is written later, for the time of the answer must
/// not tell a known account from an unknown one.
fn note_failure(app: &App, holder: &Holder, address: IpAddr, now: DateTime<Utc>) {
    let account = &holder.account;
    let gatekeeper = system::gatekeeper(account.county.clone());
    let whose = store::subject(account.id);
    let action = AuditAction::SessionLoginFailed;
    let note = Note::of(&gatekeeper, now, action, whose.clone(), address);
    app.notes.add(Note {
        source: whose,
        ..note
    });
}

/// Notes a name that nobody has for the trail of the installation: which county was meant is not known. The name stands
/// there as a keyed hash, for people type their password into the wrong field.
fn note_unknown(app: &App, login: &str, address: IpAddr, now: DateTime<Utc>) {
    let Some(doorkeeper) = system::doorkeeper() else {
        return;
    };
    let hash = hex(&keyed_hash(&app.unknown_key, login.as_bytes())[..8]);
    let action = AuditAction::SessionLoginFailed;
    let note = Note::of(&doorkeeper, now, action, format!("login:{hash}"), address);
    app.notes.add(Note {
        source: address.to_string(),
        ..note
    });
}
