//! Fair shares (公平份额): how many requests of one caller, and of one county, are looked at at once. Who has his share
//! under way waits a little for his own to end; who sends still more is told to come again. So nobody's requests, however
//! many, take the connections and the cores that others' need.
//!
//! The caller's share is taken before the document is even parsed, so the caller is taken from the token's signature alone: enough
//! to count by. Whose credential must first be compared with its row counts as an address until it once held.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use entity::id::County;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use super::HttpSettings;
use crate::access::authenticate::claimant;
use crate::access::pass::Pass;
use crate::app::App;
use crate::error::{ApiError, ErrorCode};
use crate::limits::rates::network;
use crate::limits::throttle::RetryAfter;
use crate::scope::viewer::{Credential, Viewer};
use crate::secrets::seal::digest::sha256_hex;

/// Most requests of one caller that wait for their turn.
const WAITING_OF_ONE: usize = 64;
/// Most requests of one county that wait for their turn.
const WAITING_OF_COUNTY: usize = 4_096;
/// Most credentials of portals that are remembered as proven.
const PROVEN: usize = 1_000;

/// Whose requests are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum One {
    Address(IpAddr),
    Account(Uuid),
    Portal(Uuid),
}

/// Whose callers' requests are counted together; nothing for those whom nobody knows.
type Group = Option<County>;

/// Who sends a request, as far as it is known before it is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Who {
    one: One,
    group: Group,
}

/// The shares of everybody.
pub(super) struct Shares {
    ones: Arc<Queues<One>>,
    groups: Arc<Queues<Group>>,
    of_account: usize,
    of_address: usize,
    of_portal: usize,
    of_county: usize,
    wait: Duration,
    /// Portals by the hash of their credential, once it held.
    proven: Mutex<HashMap<String, (Uuid, County)>>,
}

/// A request's part of its caller's share; given back when it is dropped.
pub(super) struct Share {
    _turn: Turn<One>,
}

/// A request's part of its county's share; given back when it is dropped.
pub(super) struct CountyShare {
    _turn: Turn<Group>,
}

impl Who {
    /// By what a request carries.
    pub(super) fn of(shares: &Shares, app: &App, bearer: Option<&str>, address: IpAddr) -> Self {
        let known = bearer.and_then(|bearer| {
            let person = claimant(app, bearer, app.clock.now());
            let person = person.map(|(county, account)| (One::Account(account), county));
            person.or_else(|| shares.portal(bearer))
        });
        match known {
            Some((one, county)) => Self { one, group: Some(county) },
            None => Self { one: One::Address(network(address)), group: None },
        }
    }

    /// Who was given a pass.
    pub(super) fn of_pass(pass: &Pass) -> Self {
        let (account, county) = pass.bearer();
        Self { one: One::Account(account), group: county }
    }
}

impl Shares {
    /// Shares of a database that has so many connections.
    pub(super) fn new(settings: &HttpSettings, connections: u32) -> Self {
        Self {
            ones: Arc::default(),
            groups: Arc::default(),
            of_account: settings.requests_of_account,
            of_address: settings.requests_of_address,
            of_portal: settings.requests_of_portal,
            of_county: settings.county_share(connections),
            wait: settings.share_wait,
            proven: Mutex::default(),
        }
    }

    /// A part of the caller's share, if one is free in time.
    ///
    /// # Errors
    /// RATE_LIMITED when the caller has too many under way.
    pub(super) async fn take(&self, who: &Who) -> Result<Share, ApiError> {
        let most = self.most(who);
        let until = Some(Instant::now() + self.wait);
        let turn = self.ones.turn(who.one, most, WAITING_OF_ONE, until).await;
        let turn = turn.ok_or_else(|| ApiError::rate_limited(RetryAfter { seconds: 1 }))?;
        Ok(Share { _turn: turn })
    }

    /// A part of the caller's share, however long that takes: for a batch of an export, which nobody's patience bounds.
    pub(super) async fn wait_for(&self, who: &Who) -> Option<Share> {
        let most = self.most(who);
        let turn = self.ones.turn(who.one, most, usize::MAX, None).await?;
        Some(Share { _turn: turn })
    }

    /// A part of the county's share, if one is free in time: for whatever reads or writes rows.
    ///
    /// # Errors
    /// UNAVAILABLE when the county has too many under way.
    pub(super) async fn take_of_county(&self, who: &Who) -> Result<CountyShare, ApiError> {
        let until = Some(Instant::now() + self.wait);
        let (group, most) = (who.group.clone(), self.of_county);
        let turn = self.groups.turn(group, most, WAITING_OF_COUNTY, until);
        let turn = turn.await.ok_or_else(crowded)?;
        Ok(CountyShare { _turn: turn })
    }

    /// Both at once.
    ///
    /// # Errors
    /// As each of them.
    pub(super) async fn take_both(&self, who: &Who) -> Result<(CountyShare, Share), ApiError> {
        let own = self.take(who).await?;
        Ok((self.take_of_county(who).await?, own))
    }

    /// Remembers a portal by a credential that held, so that its many citizens are not counted as one address.
    pub(super) fn remember(&self, bearer: &str, viewer: &Viewer) {
        let Credential::Portal { client, .. } = viewer.credential() else {
            return;
        };
        let mut proven = self.proven();
        if proven.len() >= PROVEN {
            proven.clear();
        }
        proven.insert(sha256_hex(bearer.as_bytes()), (client.0, viewer.county().clone()));
    }

    const fn most(&self, who: &Who) -> usize {
        match who.one {
            One::Address(_) => self.of_address,
            One::Account(_) => self.of_account,
            One::Portal(_) => self.of_portal,
        }
    }

    fn portal(&self, bearer: &str) -> Option<(One, County)> {
        let proven = self.proven();
        let (client, county) = proven.get(&sha256_hex(bearer.as_bytes()))?;
        Some((One::Portal(*client), county.clone()))
    }

    fn proven(&self) -> MutexGuard<'_, HashMap<String, (Uuid, County)>> {
        self.proven.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn crowded() -> ApiError {
    ApiError::new(ErrorCode::Unavailable, "系统繁忙，请稍后再试", "Busy; try again shortly")
}

/// A queue for each key that somebody stands in.
struct Queues<K>(Mutex<HashMap<K, Queue>>);

struct Queue {
    places: Arc<Semaphore>,
    /// Who has a place or waits for one.
    users: usize,
}

impl<K> Default for Queues<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

/// A place in a queue; left when it is dropped.
struct Turn<K: Eq + Hash> {
    queues: Arc<Queues<K>>,
    key: K,
    place: Option<OwnedSemaphorePermit>,
}

impl<K: Clone + Eq + Hash> Queues<K> {
    /// One of `most` places, first come first served; nothing when too many wait already, or none is free in time.
    async fn turn(
        self: &Arc<Self>,
        key: K,
        most: usize,
        waiting: usize,
        until: Option<Instant>,
    ) -> Option<Turn<K>> {
        let (mut turn, places) = self.join(key, most, waiting)?;
        let place = places.acquire_owned();
        let place = match until {
            Some(until) => timeout_at(until, place).await.ok()?,
            None => place.await,
        };
        // The semaphore is never closed.
        turn.place = Some(place.ok()?);
        Some(turn)
    }

    fn join(self: &Arc<Self>, key: K, most: usize, waiting: usize) -> Option<(Turn<K>, Arc<Semaphore>)> {
        let mut queues = self.queues();
        let queue = queues
            .entry(key.clone())
            .or_insert_with(|| Queue { places: Arc::new(Semaphore::new(most)), users: 0 });
        if queue.users >= most.saturating_add(waiting) {
            return None;
        }
        queue.users += 1;
        let turn = Turn { queues: Arc::clone(self), key, place: None };
        Some((turn, Arc::clone(&queue.places)))
    }
}

impl<K> Queues<K> {
    /// Usable after a panic elsewhere: each change is complete in itself.
    fn queues(&self) -> MutexGuard<'_, HashMap<K, Queue>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash> Drop for Turn<K> {
    fn drop(&mut self) {
        self.place = None;
        let mut queues = self.queues.queues();
        if let Some(queue) = queues.get_mut(&self.key) {
            queue.users -= 1;
            if queue.users == 0 {
                queues.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;

    const SOON: Duration = Duration::from_millis(200);

    fn shares(of_account: usize, connections: u32) -> Shares {
        let settings = HttpSettings {
            requests_of_account: of_account,
            county_percent: 50,
            share_wait: SOON,
            ..HttpSettings::default()
        };
        Shares::new(&settings, connections)
    }

    fn who(account: u128, county: &str) -> Who {
        Who { one: One::Account(Uuid::from_u128(account)), group: County::parse(county) }
    }

    async fn refusal(shares: &Shares, who: Who) -> Option<ErrorCode> {
        shares.take_both(&who).await.err().map(|error| error.code())
    }

    #[tokio::test]
    async fn an_account_has_its_share_and_others_are_not_kept_from_theirs() {
        let shares = shares(2, 100);
        let held = [
            shares.take_both(&who(1, "341522")).await.unwrap(),
            shares.take_both(&who(1, "341522")).await.unwrap(),
        ];
        assert_eq!(refusal(&shares, who(1, "341522")).await, Some(ErrorCode::RateLimited));
        assert_eq!(refusal(&shares, who(2, "341522")).await, None);
        drop(held);
        assert_eq!(refusal(&shares, who(1, "341522")).await, None);
        assert!(shares.ones.queues().is_empty() && shares.groups.queues().is_empty());
    }

    #[tokio::test]
    async fn a_county_has_its_share_of_the_connections_and_leaves_the_rest() {
        let shares = shares(9, 4);
        let held = [
            shares.take_both(&who(1, "341522")).await.unwrap(),
            shares.take_both(&who(2, "341522")).await.unwrap(),
        ];
        assert_eq!(refusal(&shares, who(3, "341522")).await, Some(ErrorCode::Unavailable));
        assert_eq!(refusal(&shares, who(4, "130803")).await, None);
        drop(held);
        assert_eq!(refusal(&shares, who(3, "341522")).await, None);
    }

    #[tokio::test]
    async fn who_waits_is_served_when_one_of_his_ends_and_only_so_many_wait() {
        let shares = Arc::new(shares(1, 100));
        let held = shares.take_both(&who(1, "341522")).await.unwrap();
        let waiting: Vec<_> = (0..WAITING_OF_ONE)
            .map(|_| {
                let shares = Arc::clone(&shares);
                tokio::spawn(async move { shares.take_both(&who(1, "341522")).await.is_ok() })
            })
            .collect();
        // One turn of the scheduler runs some sixty tasks.
        for _ in 0..WAITING_OF_ONE {
            tokio::task::yield_now().await;
        }
        let begin = Instant::now();
        assert_eq!(refusal(&shares, who(1, "341522")).await, Some(ErrorCode::RateLimited));
        assert!(begin.elapsed() < SOON, "one too many is told at once");
        drop(held);
        for served in waiting {
            assert!(served.await.unwrap());
        }
    }

    #[tokio::test]
    async fn an_export_waits_as_long_as_it_takes() {
        let shares = shares(1, 100);
        let who = who(1, "341522");
        let held = shares.take(&who).await.unwrap();
        let mut patient = std::pin::pin!(shares.wait_for(&who));
        assert!(timeout(2 * SOON, &mut patient).await.is_err());
        drop(held);
        assert!(patient.await.is_some());
    }
}
