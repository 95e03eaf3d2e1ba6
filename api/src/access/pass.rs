//! Who may come back within minutes by an address alone (凭票): a browser that fetches a file sends no bearer token. The
//! pass names a session, and that session is looked at as it stands when the pass is shown.

use chrono::{DateTime, Utc};
use entity::id::{County, SessionId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::authenticate::viewer_of;
use super::rules;
use crate::app::App;
use crate::error::ApiError;
use crate::scope::viewer::{Credential, Viewer};

/// Names somebody's session in a post.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pass {
    county: String,
    session: Uuid,
    account: Uuid,
    post: Uuid,
    department: Uuid,
}

impl Pass {
    /// The pass of a person who is signed in; portals and the system get none.
    #[must_use]
    pub fn of(viewer: &Viewer) -> Option<Self> {
        let Credential::Post { account, post, session, position: _ } = viewer.credential() else {
            return None;
        };
        Some(Self {
            county: viewer.county().as_str().to_owned(),
            session: session.0,
            account: account.0,
            post: post.0,
            department: viewer.department().0,
        })
    }

    /// Whose it is, by what it says: account and county.
    #[must_use]
    pub fn bearer(&self) -> (Uuid, Option<County>) {
        (self.account, County::parse(&self.county))
    }

    /// Its bearer, if the session still holds: alive, of the same account, in the same post of the same department.
    ///
    /// # Errors
    /// UNAVAILABLE when the database is away.
    pub async fn viewer(&self, app: &App, now: DateTime<Utc>) -> Result<Option<Viewer>, ApiError> {
        let Some(county) = County::parse(&self.county) else {
            return Ok(None);
        };
        let standing = app.recheck.standing(&county, SessionId(self.session)).await?;
        let standing = standing.filter(|standing| {
            rules::alive(&standing.session, &standing.account, now)
                && standing.account.id.0 == self.account
                && standing.post.account == standing.account.id
                && standing.post.id.0 == self.post
                && standing.department.id.0 == self.department
        });
        Ok(standing.map(|standing| viewer_of(&standing)))
    }
}
