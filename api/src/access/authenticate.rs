//! From a bearer token to a viewer (身份核验). What the token says is compared with the tables at each request, so that
//! disabling, moving or signing out works at once.

use chrono::{DateTime, Utc};
use entity::id::{County, SessionId};
use entity::{channel, portal_client, session};
use uuid::Uuid;

use super::portals::{self, Until};
use super::rules;
use super::store;
use crate::app::App;
use crate::app::sessions::{Open, Standing, stands};
use crate::db::Intent;
use crate::error::{ApiError, ErrorCode};
use crate::scope::profiles::Operation;
use crate::scope::system;
use crate::scope::viewer::{Credential, Viewer};
use crate::secrets::token::{AccessClaims, ClientCredential};

/// The viewer of an access token or of a portal's credential.
///
/// # Errors
/// UNAUTHENTICATED with one text whatever is wrong; UNAVAILABLE when the database is away.
pub async fn viewer_of_bearer(app: &App, bearer: &str, now: DateTime<Utc>) -> Result<Viewer, ApiError> {
    admit(app, bearer, now).await.map(|admission| admission.viewer)
}

/// Whose token it is, by its signature and time alone: enough to count its bearer's requests by, never to let in. Nobody's
/// for a portal's credential, which proves nothing before it was compared with its row.
#[must_use]
pub fn claimant(app: &App, bearer: &str, now: DateTime<Utc>) -> Option<(County, Uuid)> {
    let (claims, _) = app.tokens.verify_until(bearer, now).ok()?;
    Some((County::parse(&claims.county)?, claims.account))
}

/// Somebody who was let in, and by what: for whoever stays longer than one request.
#[derive(Debug)]
pub struct Admission {
    /// In what scope.
    pub viewer: Viewer,
    proof: Proof,
}

#[derive(Debug)]
enum Proof {
    Person(Box<AccessClaims>, DateTime<Utc>),
    Portal(ClientCredential, Until),
}

/// Lets the bearer of a token in.
///
/// # Errors
/// UNAUTHENTICATED with one text whatever is wrong; UNAVAILABLE when the database is away.
pub async fn admit(app: &App, bearer: &str, now: DateTime<Utc>) -> Result<Admission, ApiError> {
    let arrival = enter(app, bearer, now, Intent::Nothing).await?;
    Ok(arrival.admission)
}

/// Somebody who comes in for one request.
pub struct Arrival {
    /// Who was let in, and by what.
    pub admission: Admission,
    /// The transaction in which it was looked up, for what the bearer does next.
    pub open: Option<Open>,
}

/// The same, with the transaction in which it was looked up where there is one.
///
/// # Errors
/// As [`admit`].
pub async fn enter(app: &App, bearer: &str, now: DateTime<Utc>, intent: Intent) -> Result<Arrival, ApiError> {
    match ClientCredential::parse(bearer) {
        Ok(credential) => {
            let (viewer, until) = portal(app, &credential, now).await?;
            let proof = Proof::Portal(credential, until);
            Ok(Arrival { admission: Admission { viewer, proof }, open: None })
        }
        Err(_) => person(app, bearer, now, intent).await,
    }
}

impl Admission {
    /// Whether the token is still in its time.
    #[must_use]
    pub fn in_time(&self, now: DateTime<Utc>) -> bool {
        match &self.proof {
            Proof::Person(_, end) => now < *end,
            Proof::Portal(_, until) => until.is_ahead(now),
        }
    }

    /// Whether it would be let in again, in the same scope: a post that was moved is another viewer.
    ///
    /// # Errors
    /// UNAVAILABLE when the database is away.
    pub async fn still(&self, app: &App) -> Result<bool, ApiError> {
        let now = app.clock.now();
        if !self.in_time(now) {
            return Ok(false);
        }
        let viewer = match &self.proof {
            Proof::Person(claims, _) => {
                let session = SessionId(claims.session);
                let standing = app.recheck.standing(self.viewer.county(), session).await?;
                standing
                    .filter(|standing| rules::admits(standing, claims, now))
                    .map(|standing| viewer_of(&standing))
            }
            Proof::Portal(credential, _) => match portal(app, credential, now).await {
                Ok((viewer, _)) => Some(viewer),
                Err(error) if error.code() == ErrorCode::Unauthenticated => None,
                Err(error) => return Err(error),
            },
        };
        Ok(viewer.as_ref() == Some(&self.viewer))
    }
}

async fn person(app: &App, bearer: &str, now: DateTime<Utc>, intent: Intent) -> Result<Arrival, ApiError> {
    let (claims, end) = app.tokens.verify_until(bearer, now).map_err(|refusal| {
        tracing::debug!(%refusal, "access token refused");
        ApiError::unauthenticated()
    })?;
    let county = County::parse(&claims.county).ok_or_else(ApiError::unauthenticated)?;
    let session = SessionId(claims.session);
    let gatekeeper = system::gatekeeper(county.clone());
    let expected = app.known.expected(session);
    let (found, entered) = app.db.enter(&gatekeeper, session, expected.as_ref(), intent).await?;
    let standing = found.map(stands).filter(|standing| rules::admits(standing, &claims, now));
    let standing = standing.ok_or_else(ApiError::unauthenticated)?;
    let viewer = viewer_of(&standing);
    app.known.remember(session, &viewer);
    // Whoever writes first would hold two connections.
    let open = if rules::confirms(&standing.session, &claims) {
        drop(entered);
        confirm(app, county, &standing.session).await;
        None
    } else {
        match entered {
            Some(entered) => Some(Open { tx: entered.continue_as(&viewer).await?, standing }),
            None => None,
        }
    };
    let proof = Proof::Person(Box::new(claims), end);
    Ok(Arrival { admission: Admission { viewer, proof }, open })
}

/// The viewer of a session that lets in.
pub(super) fn viewer_of(standing: &Standing) -> Viewer {
    let Standing { session, account, post, department } = standing;
    let credential =
        Credential::Post { account: account.id, post: post.id, position: post.position, session: session.id };
    Viewer::of_post(session.county.clone(), department.id, department.profile, credential)
        .kept_out_if(account.password_once)
}

/// Once per pair of tokens. A failure costs nothing but a longer life of the token before, so reading goes on while the
/// disk is full.
async fn confirm(app: &App, county: County, session: &session::Model) {
    let noted = async {
        let tx = app.db.begin_write(&system::gatekeeper(county)).await?;
        store::confirm(&tx, session).await?;
        tx.commit().await
    };
    if let Err(fault) = noted.await {
        tracing::warn!(?fault, "the arrival of a pair of tokens was not noted");
    }
}

async fn portal(
    app: &App,
    credential: &ClientCredential,
    now: DateTime<Utc>,
) -> Result<(Viewer, Until), ApiError> {
    let tx = app.db.begin_read(&system::gatekeeper(credential.county.clone())).await?;
    let found = store::client(&tx, credential.client).await?;
    let (row, channel) = found.ok_or_else(ApiError::unauthenticated)?;
    let until = portals::admits(&row, &credential.secret, now);
    let until = until.ok_or_else(ApiError::unauthenticated)?;
    Ok((viewer_of_client(&row, &channel), until))
}

fn viewer_of_client(row: &portal_client::Model, channel: &channel::Model) -> Viewer {
    let names = row.actions.as_array().into_iter().flatten().filter_map(|name| name.as_str());
    let credential = Credential::Portal {
        client: row.id,
        campaign: row.campaign,
        channel: row.channel,
        owner: channel.owner,
        actions: names.filter_map(Operation::parse).collect(),
    };
    Viewer::of_portal(row.county.clone(), credential)
}
