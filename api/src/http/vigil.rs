//! Whether the caller of a connection that stays may still stay, looked at once a second.

use std::net::IpAddr;
use std::time::Duration;

use tokio::time::Instant;

use super::door::Door;
use super::places::Place;
use super::shares::Who;
use crate::access::authenticate::{Admission, admit};
use crate::app::App;
use crate::error::ApiError;

/// Time between two looks at the session; before each event it is looked at besides, and when this server ended one.
const RECHECK: Duration = Duration::from_secs(30);
/// How long nobody known may stay: there is nothing to wait for without an account.
const ANONYMOUS: Duration = Duration::from_mins(1);

/// The caller of a connection.
pub(super) struct Vigil {
    known: Option<(String, Admission)>,
    since: Instant,
    /// Credentials that this server had ended when it was looked last.
    ended: u64,
}

/// Lets a token's bearer in who asks for no operation.
pub(super) async fn let_in(door: &Door, bearer: &str, address: IpAddr) -> Result<Admission, ApiError> {
    let who = Who::of(&door.shares, &door.app, Some(bearer), address);
    let _share = door.shares.take_both(&who).await?;
    let admission = admit(&door.app, bearer, door.app.clock.now()).await?;
    door.shares.remember(bearer, &admission.viewer);
    Ok(admission)
}

impl Vigil {
    /// Lets a token's bearer in, or nobody known.
    pub(super) async fn begin(
        door: &Door,
        bearer: Option<String>,
        address: IpAddr,
    ) -> Result<Self, ApiError> {
        let ended = door.app.recheck.ended();
        let known = match bearer {
            Some(bearer) => {
                let admission = let_in(door, &bearer, address).await?;
                Some((bearer, admission))
            }
            None => None,
        };
        Ok(Self { known, since: Instant::now(), ended })
    }

    /// The token.
    pub(super) fn bearer(&self) -> Option<&str> {
        self.known.as_ref().map(|(bearer, _)| bearer.as_str())
    }

    /// Counts its connection's place as the caller's; says whether the caller may have one more. Nobody known keeps the
    /// place of an address.
    #[must_use]
    pub(super) fn belongs(&self, place: &mut Place) -> bool {
        self.known.as_ref().is_none_or(|(_, admission)| {
            let viewer = &admission.viewer;
            place.belong(viewer.actor(), viewer.county())
        })
    }

    /// Whether it may stay. While the database is away it may: without it there are no events either.
    pub(super) async fn may_stay(&mut self, app: &App) -> bool {
        let Some((_, admission)) = &self.known else {
            return self.since.elapsed() < ANONYMOUS;
        };
        if !admission.in_time(app.clock.now()) {
            return false;
        }
        let ended = app.recheck.ended();
        if self.since.elapsed() < RECHECK && self.ended == ended {
            return true;
        }
        self.ended = ended;
        self.since = Instant::now();
        admission.still(app).await.unwrap_or(true)
    }
}
