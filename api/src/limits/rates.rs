//! How often one caller may write (写入频率). The throttle beside it counts failures and makes a guesser wait ever
//! longer; here each write counts, right or wrong, against a steady rate: so many at once, then so many a minute
//! (`governor`, the generic cell rate algorithm).
//!
//! Kept in memory, per process. Keys are hashed, under a secret that each process draws, into a fixed number of places:
//! memory is bounded whoever calls, and nobody can choose with whom it shares a place. Two callers in one place share a
//! rate; of 65,536 places that is rare, and costs a wait.
//!
//! Time is the clock of the library and not the application's: it measures spans, is stored nowhere, and must not jump.

use std::fmt;
use std::hash::{BuildHasher as _, Hash, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::str::FromStr;

use entity::id::County;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use uuid::Uuid;

use super::citizen::Citizen;
use super::throttle::RetryAfter;

/// Places of each kind of key, about 30 bytes each once used.
const PLACES: u64 = 65_536;

/// Whose writes are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RateKey<'a> {
    /// All writes without signing in from an address, signing in included, and looks at the public page.
    Address(IpAddr),
    /// All writes of an account.
    Account(Uuid),
    /// All writes of a portal, whoever its citizen is, and the look-ups of those that it names.
    Portal(Uuid),
    /// Suggestions that arrive without a credential from an address.
    Sender(IpAddr),
    /// Suggestions of a portal's citizen.
    Citizen(Citizen),
    /// Suggestions that arrive without a credential for a county.
    County(&'a County),
}

/// So many at once, and after that so many a minute. As text `30/10`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    at_once: NonZeroU32,
    a_minute: NonZeroU32,
}

/// The rate of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RatePlan {
    /// For [`RateKey::Address`].
    pub writes_of_address: Rate,
    /// For [`RateKey::Account`].
    pub writes_of_account: Rate,
    /// For [`RateKey::Portal`].
    pub writes_of_portal: Rate,
    /// For [`RateKey::Sender`] and [`RateKey::Citizen`].
    pub submissions_of_address: Rate,
    /// For [`RateKey::County`].
    pub submissions_of_county: Rate,
}

impl Default for RatePlan {
    /// A town hall of some hundred people signs in from one address within a few minutes; a clerk never types so fast;
    /// a family or a café has one address; a county's busiest day of suggestions so far had some hundreds.
    fn default() -> Self {
        Self {
            writes_of_address: Rate::new(300, 300),
            writes_of_account: Rate::new(600, 300),
            writes_of_portal: Rate::new(1_200, 1_200),
            submissions_of_address: Rate::new(30, 10),
            submissions_of_county: Rate::new(600, 300),
        }
    }
}

impl Rate {
    /// At least one of each.
    #[must_use]
    pub const fn new(at_once: u32, a_minute: u32) -> Self {
        Self {
            at_once: NonZeroU32::MIN.saturating_add(at_once.saturating_sub(1)),
            a_minute: NonZeroU32::MIN.saturating_add(a_minute.saturating_sub(1)),
        }
    }
}

/// A million of either is as good as none.
impl FromStr for Rate {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (at_once, a_minute) = text.split_once('/').ok_or(())?;
        let number = |text: &str| {
            let number: u32 = text.trim().parse().map_err(|_| ())?;
            (1..=1_000_000).contains(&number).then_some(number).ok_or(())
        };
        Ok(Self::new(number(at_once)?, number(a_minute)?))
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.at_once, self.a_minute)
    }
}

type Limiter<C> = RateLimiter<u64, HashMapStateStore<u64>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// Counts writes and makes whoever writes too often wait. Shared by all requests.
pub struct Rates<C: Clock = DefaultClock> {
    clock: C,
    secret: RandomState,
    addresses: Limiter<C>,
    accounts: Limiter<C>,
    portals: Limiter<C>,
    senders: Limiter<C>,
    counties: Limiter<C>,
}

impl Rates {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(plan: RatePlan) -> Self {
        Self::by_clock(plan, DefaultClock::default())
    }
}

impl<C: Clock + Clone> Rates<C> {
    fn by_clock(plan: RatePlan, clock: C) -> Self {
        let limiter = |rate: Rate| {
            let quota = Quota::per_minute(rate.a_minute).allow_burst(rate.at_once);
            Limiter::hashmap_with_clock(quota, clock.clone())
        };
        Self {
            secret: RandomState::new(),
            addresses: limiter(plan.writes_of_address),
            accounts: limiter(plan.writes_of_account),
            portals: limiter(plan.writes_of_portal),
            senders: limiter(plan.submissions_of_address),
            counties: limiter(plan.submissions_of_county),
            clock,
        }
    }

    /// Counts one write.
    ///
    /// # Errors
    /// [`RetryAfter`] when it comes too soon; it is then not counted.
    pub fn charge(&self, key: RateKey<'_>) -> Result<(), RetryAfter> {
        self.charge_many(key, NonZeroU32::MIN)
    }

    /// Counts several writes of one request, all or none. More than may ever be written at once cost all that may.
    ///
    /// # Errors
    /// [`RetryAfter`] when they come too soon; they are then not counted.
    pub fn charge_many(&self, key: RateKey<'_>, count: NonZeroU32) -> Result<(), RetryAfter> {
        let limiter = match key {
            RateKey::Address(_) => &self.addresses,
            RateKey::Account(_) => &self.accounts,
            RateKey::Portal(_) => &self.portals,
            RateKey::Sender(_) | RateKey::Citizen(_) => &self.senders,
            RateKey::County(_) => &self.counties,
        };
        let place = self.place(key);
        let outcome = match limiter.check_key_n(&place, count) {
            Ok(outcome) => outcome,
            Err(most) => {
                let most = NonZeroU32::new(most.0).unwrap_or(NonZeroU32::MIN);
                limiter.check_key_n(&place, most).unwrap_or(Ok(()))
            }
        };
        outcome.map_err(|early| {
            let wait = early.wait_time_from(self.clock.now());
            RetryAfter { seconds: wait.as_millis().div_ceil(1_000).try_into().unwrap_or(u64::MAX).max(1) }
        })
    }

    fn place(&self, key: RateKey<'_>) -> u64 {
        let key = match key {
            RateKey::Address(address) => RateKey::Address(network(address)),
            RateKey::Sender(address) => RateKey::Sender(network(address)),
            other => other,
        };
        self.secret.hash_one(key) % PLACES
    }

    /// Keys remembered, of all kinds.
    #[cfg(test)]
    fn remembered(&self) -> usize {
        let all = [&self.addresses, &self.accounts, &self.portals, &self.senders, &self.counties];
        all.iter().map(|limiter| limiter.len()).sum()
    }
}

/// What addresses are told apart by: a customer of IPv6 has a whole /64.
#[must_use]
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use governor::clock::FakeRelativeClock;

    use super::*;

    fn rates(rate: Rate) -> (Rates<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        let plan = RatePlan {
            writes_of_address: rate,
            writes_of_account: rate,
            writes_of_portal: rate,
            submissions_of_address: rate,
            submissions_of_county: rate,
        };
        (Rates::by_clock(plan, clock.clone()), clock)
    }

    fn account(number: u128) -> RateKey<'static> {
        RateKey::Account(Uuid::from_u128(number))
    }

    #[test]
    fn so_many_pass_at_once_and_then_so_many_a_minute() {
        let (rates, clock) = rates(Rate::new(30, 10));
        let passed =
            |rates: &Rates<FakeRelativeClock>| (0..99).filter(|_| rates.charge(account(1)).is_ok()).count();
        assert_eq!(passed(&rates), 30);
        assert_eq!(rates.charge(account(1)), Err(RetryAfter { seconds: 6 }));
        assert_eq!(rates.charge(account(2)), Ok(()), "another goes on");
        clock.advance(Duration::from_mins(1));
        assert_eq!(passed(&rates), 10);
        clock.advance(Duration::from_hours(1));
        assert_eq!(passed(&rates), 30, "never more at once than said");
    }

    #[test]
    fn several_of_one_request_count_each_and_too_many_for_ever_cost_all() {
        let (rates, clock) = rates(Rate::new(5, 60));
        let many = |count| NonZeroU32::new(count).unwrap();
        assert!(rates.charge_many(account(1), many(3)).is_ok());
        assert!(rates.charge_many(account(1), many(3)).is_err());
        assert!(rates.charge_many(account(1), many(2)).is_ok());
        clock.advance(Duration::from_secs(5));
        assert!(rates.charge_many(account(1), many(30)).is_ok());
        assert!(rates.charge(account(1)).is_err());
    }

    #[test]
    fn the_kinds_are_apart_and_a_network_of_ipv6_is_one_address() {
        let (rates, _) = rates(Rate::new(1, 1));
        let county = County::parse("341522").unwrap();
        let other = County::parse("130803").unwrap();
        let at = |text: &str| text.parse::<IpAddr>().unwrap();
        let citizen = Citizen::of(Uuid::from_u128(1), "a").unwrap();
        for key in [
            RateKey::Address(at("2001:db8::1")),
            RateKey::Sender(at("2001:db8::1")),
            RateKey::Sender(at("192.0.2.1")),
            RateKey::Account(Uuid::from_u128(1)),
            RateKey::Portal(Uuid::from_u128(1)),
            RateKey::Citizen(citizen),
            RateKey::County(&county),
            RateKey::County(&other),
        ] {
            assert!(rates.charge(key).is_ok(), "{key:?}");
            assert!(rates.charge(key).is_err(), "{key:?}");
        }
        assert!(rates.charge(RateKey::Sender(at("2001:db8::ffff"))).is_err());
        assert!(rates.charge(RateKey::Sender(at("::ffff:192.0.2.1"))).is_err());
        assert!(rates.charge(RateKey::Sender(at("2001:db8:0:1::1"))).is_ok());
    }

    #[test]
    fn memory_is_bounded_whoever_calls() {
        let (rates, _) = rates(Rate::new(1, 1));
        for number in 0..200_000 {
            // Whether it passes is not the question here.
            let _ = rates.charge(account(number));
        }
        let places = usize::try_from(PLACES).unwrap();
        assert!((places / 2..=places).contains(&rates.remembered()));
    }

    #[test]
    fn a_rate_is_read_from_text_and_nothing_else_is_one() {
        assert_eq!("30/10".parse(), Ok(Rate::new(30, 10)));
        assert_eq!(Rate::new(30, 10).to_string(), "30/10");
        for wrong in ["", "30", "0/1", "1/0", "a/b", "-1/2", "1/2/3", "2000000/1"] {
            assert_eq!(wrong.parse::<Rate>(), Err(()), "{wrong}");
        }
    }
}
