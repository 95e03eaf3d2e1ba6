//! Signing in, renewing and leaving (登录、续期、退出): each a few short transactions around a password check that
//! holds none.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use entity::enums::AuditAction;
use entity::id::SessionId;
use serde_json::json;

use super::password::{PasswordFault, Secret, Verdict};
use super::store::{self, Held, Holder, Moment, NewSession};
use super::throttle::{RetryAfter, ThrottleKey};
use super::token::{ACCESS_LIFETIME, AccessClaims, RefreshToken};
use super::viewer::{Credential, Viewer};
use super::{entropy, rules, system};
use crate::app::App;
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

/// Opens a session for whoever knows the password. Unknown, wrong, disabled and without a post are one answer after
/// one kind of work: the same reads, one hash, no write.
///
/// # Errors
/// WRONG_CREDENTIALS as a refusal; RATE_LIMITED while the account or the address has to wait.
pub async fn sign_in(app: &App, attempt: Attempt<'_>, now: DateTime<Utc>) -> Result<SignedIn, Stop> {
    // One account is one key of the throttle, however its name is typed; what is no name belongs to nobody.
    let login = rules::login(attempt.login).ok();
    let guess = Guess::begin(app, login.as_deref().unwrap_or(attempt.login), Some(attempt.address), now)?;
    let holder = guess.unless_failed(find(app, login.as_deref().unwrap_or_default()).await)?;
    let stored = holder.as_ref().map(|holder| holder.account.password_hash.as_str());
    let verdict = guess.unless_failed(app.hasher.verify(stored, &attempt.password).await)?;
    let Some(holder) = holder else { return Err(rules::wrong_credentials().into()) };
    let post = usable(&holder).filter(|_| verdict != Verdict::Mismatch).cloned();
    let Some(post) = post else {
        note_failure(app, &holder, now);
        return Err(rules::wrong_credentials().into());
    };
    guess.succeeded();
    let renewed = match verdict {
        Verdict::MatchOutdated => Some(app.hasher.hash(&attempt.password, entropy::random()).await.map_err(failed)?),
        Verdict::Match | Verdict::Mismatch => None,
    };
    Ok(open(Moment { app, now }, holder, &post, renewed).await?)
}

/// The account of a name with its posts. Of an unknown one the same questions are asked, in a county that nobody has.
async fn find(app: &App, login: &str) -> Result<Option<Holder>, Fault> {
    let doorkeeper = system::doorkeeper().ok_or_else(|| Fault::Broken("no doorkeeper".to_owned()))?;
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
    holder.posts.first().filter(|_| holder.account.disabled_at.is_none())
}

async fn open(
    moment: Moment<'_>,
    holder: Holder,
    held: &Held,
    renewed: Option<String>,
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
    moment.audit(&tx, AuditAction::SessionLogin, subject(session), json!({})).await?;
    tx.commit().await?;
    Ok(SignedIn { viewer, access, refresh, holder })
}

/// The viewer of an account in one of its posts.
pub(super) fn viewer_in(holder: &Holder, held: &Held, session: SessionId) -> Viewer {
    let Held { post, department } = held;
    let credential = Credential::Post { account: holder.account.id, post: post.id, position: post.position, session };
    Viewer::of_post(post.county.clone(), department.id, department.profile, credential)
}

/// An access token for a viewer in a post, paired with the session's present refresh token.
pub(super) fn issue(
    app: &App,
    viewer: &Viewer,
    epoch: i32,
    refresh_hash: &str,
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
        pair: RefreshToken::pair(refresh_hash).to_owned(),
    };
    let token = app.tokens.issue(&claims, now).map_err(|fault| ApiError::internal(&fault.to_string()))?;
    Ok(Access { token, expires_at: now + ACCESS_LIFETIME })
}

/// Writes the failure into the trail of the account's county. The answer does not wait for it, or its time would tell
/// a known account from an unknown one.
fn note_failure(app: &App, holder: &Holder, now: DateTime<Utc>) {
    let account = &holder.account;
    let (db, gatekeeper) = (app.db.clone(), system::gatekeeper(account.county.clone()));
    let line = crate::db::Trail {
        id: app.new_key(now),
        at: now,
        action: AuditAction::SessionLoginFailed,
        subject: store::subject(account.id),
        detail: json!({}),
    };
    tokio::spawn(async move {
        let written = async {
            let tx = db.begin_write(&gatekeeper).await?;
            tx.audit(line).await?;
            tx.commit().await
        };
        if let Err(fault) = written.await {
            tracing::warn!(?fault, "a failed sign-in is missing in the audit trail");
        }
    });
}

/// How a session is named in the audit trail.
pub(super) fn subject(session: SessionId) -> String {
    format!("session:{}", session.0)
}

/// A password being tried, counted as wrong until it is known to be right.
pub(super) struct Guess<'a> {
    app: &'a App,
    login: &'a str,
    address: Option<IpAddr>,
}

impl<'a> Guess<'a> {
    /// Counts the attempt, or says how long to wait.
    pub(super) fn begin(
        app: &'a App,
        login: &'a str,
        address: Option<IpAddr>,
        now: DateTime<Utc>,
    ) -> Result<Self, ApiError> {
        let guess = Self { app, login, address };
        if let Some(key) = guess.from() {
            app.throttle.attempt(key, now).map_err(ApiError::rate_limited)?;
        }
        app.throttle.attempt(ThrottleKey::Account(login), now).map_err(|wait| {
            // Nothing was guessed at, so the address is not charged.
            if let Some(key) = guess.from() {
                app.throttle.abandoned(key);
            }
            ApiError::rate_limited(wait)
        })?;
        Ok(guess)
    }

    /// The password was right.
    pub(super) fn succeeded(&self) {
        self.each(|key| self.app.throttle.succeeded(key));
    }

    /// Hands a result on; a failure of ours is nobody's wrong guess.
    pub(super) fn unless_failed<T, E: Into<GuessFailed>>(&self, result: Result<T, E>) -> Result<T, ApiError> {
        result.map_err(|error| {
            self.each(|key| self.app.throttle.abandoned(key));
            match error.into() {
                GuessFailed::Store(fault) => fault.into(),
                GuessFailed::Hash(fault) => failed(fault),
            }
        })
    }

    fn from(&self) -> Option<ThrottleKey<'static>> {
        self.address.map(ThrottleKey::Address)
    }

    fn each(&self, tell: impl Fn(ThrottleKey<'_>)) {
        tell(ThrottleKey::Account(self.login));
        if let Some(key) = self.from() {
            tell(key);
        }
    }
}

/// What can keep an attempt from a verdict.
pub(super) enum GuessFailed {
    /// The database.
    Store(Fault),
    /// The hasher.
    Hash(PasswordFault),
}

impl From<Fault> for GuessFailed {
    fn from(fault: Fault) -> Self {
        Self::Store(fault)
    }
}

impl From<PasswordFault> for GuessFailed {
    fn from(fault: PasswordFault) -> Self {
        Self::Hash(fault)
    }
}

/// A hash that could not be computed, as the API tells it.
pub(crate) fn failed(fault: PasswordFault) -> ApiError {
    match fault {
        PasswordFault::Busy => ApiError::rate_limited(RetryAfter { seconds: 2 }),
        fault => ApiError::internal(&fault.to_string()),
    }
}
