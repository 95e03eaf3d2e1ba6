//! Back-off against guessing (防暴力破解): accounts, addresses and receipt look-ups.
//!
//! An account is guarded twice. Each address has a patience of its own with it, so that a stranger who fails somewhere
//! else does not make its owner wait. Those addresses that it has not signed in from lately share a second, larger one, or
//! a thousand addresses would have a thousand times the tries. By the default, strangers get 20 wrong passwords for an
//! account and then 96 a day, from however many addresses; an address that it signed in from gets 5 and then 96 a day.
//!
//! Kept in memory, in fixed room, per process: a restart forgives everybody, which an attacker cannot cause. Of a key
//! only a hash is kept, so long names cost nothing and a memory dump names nobody.
//!
//! The `governor` crate was considered and not taken here: its cells know a steady rate, not waits that double; they
//! cannot be given back after a success, so a town hall behind one address would be locked out at half past eight by
//! logging in correctly. Plain rates of writes, which it is right for, are in `rates.rs`.

mod ledger;

use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};

use super::citizen::Citizen;
use ledger::{Fingerprint, Ledger};

pub use ledger::{Patience, RetryAfter};

/// What is being guessed at, or from where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThrottleKey<'a> {
    /// Logins to an account (账号) from one network, by the name typed, whether it exists or not.
    Place(&'a str, IpAddr),
    /// Logins to an account from all addresses together that it did not sign in from lately.
    Account(&'a str),
    /// The present password of an account, asked of somebody who is signed in to it: no stranger is.
    Present(&'a str),
    /// Logins from an address (来源地址), behind trusted proxies only.
    Address(IpAddr),
    /// Receipt look-ups from an address (凭证查询).
    Receipt(IpAddr),
    /// Receipt look-ups of a portal's citizen.
    Citizen(Citizen),
    /// Look-ups of one receipt code, from wherever they come.
    Code(&'a str),
    /// Words that the password of an account was forgotten, by the name typed, whether it exists or not.
    Plea(&'a str),
    /// Such words from an address.
    PleaFrom(IpAddr),
}

/// Patience per kind, and how many keys of each kind are remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThrottlePlan {
    /// For [`ThrottleKey::Place`], [`ThrottleKey::Present`] and [`ThrottleKey::Plea`].
    pub account: Patience,
    /// For [`ThrottleKey::Account`].
    pub strangers: Patience,
    /// For [`ThrottleKey::Address`] and [`ThrottleKey::PleaFrom`].
    pub address: Patience,
    /// For [`ThrottleKey::Receipt`], [`ThrottleKey::Citizen`] and [`ThrottleKey::Code`].
    pub receipt: Patience,
    /// Keys remembered per kind, about 150 bytes each. The kinds do not share their room: a flood of invented account
    /// names must not wash out what is known of addresses.
    pub capacity: usize,
}

/// Counts failures and makes whoever fails too often wait. Shared by all requests.
#[derive(Debug)]
pub struct Throttle {
    plan: ThrottlePlan,
    places: Mutex<Ledger>,
    accounts: Mutex<Ledger>,
    present: Mutex<Ledger>,
    addresses: Mutex<Ledger>,
    receipts: Mutex<Ledger>,
    codes: Mutex<Ledger>,
    pleas: Mutex<Ledger>,
    pleas_from: Mutex<Ledger>,
}

impl Default for ThrottlePlan {
    /// A guesser of one account gets 5 tries from one address, then about 96 a day. All of them together get more, and so
    /// does an address for all accounts: many people share one.
    fn default() -> Self {
        let patience = |free, longest_wait, forgets_one_in| Patience {
            free,
            first_wait: TimeDelta::seconds(1),
            longest_wait,
            forgets_one_in,
        };
        Self {
            account: patience(5, TimeDelta::minutes(15), TimeDelta::minutes(15)),
            strangers: patience(20, TimeDelta::minutes(15), TimeDelta::minutes(15)),
            address: patience(30, TimeDelta::minutes(5), TimeDelta::seconds(20)),
            receipt: patience(10, TimeDelta::minutes(5), TimeDelta::seconds(30)),
            capacity: 50_000,
        }
    }
}

impl Throttle {
    /// An empty memory with room for `plan.capacity` keys of each kind.
    #[must_use]
    pub fn new(plan: ThrottlePlan) -> Self {
        let ledger = || Mutex::new(Ledger::new(plan.capacity));
        Self {
            plan,
            places: ledger(),
            accounts: ledger(),
            present: ledger(),
            addresses: ledger(),
            receipts: ledger(),
            codes: ledger(),
            pleas: ledger(),
            pleas_from: ledger(),
        }
    }

    /// Lets an attempt begin and **counts it as failed at once**: of a hundred attempts sent in the same instant only
    /// the free ones may pass, which is not so if failures are counted when they are known. Report a success with
    /// [`Throttle::succeeded`]; a failure needs no report.
    ///
    /// An attempt that is refused is not counted, or impatience would lock the owner out for good.
    ///
    /// # Errors
    /// [`RetryAfter`] while the key has to wait.
    pub fn attempt(&self, key: ThrottleKey<'_>, now: DateTime<Utc>) -> Result<(), RetryAfter> {
        let (mut ledger, patience) = self.ledger(key);
        ledger.attempt(fingerprint(key), now, patience)
    }

    /// The attempt succeeded. What was typed wrong there before is forgotten. For an address, and for all strangers of an
    /// account, only this attempt is: otherwise one account of one's own would buy unlimited guesses at others, and its
    /// owner's sign-in would give a guesser new tries.
    pub fn succeeded(&self, key: ThrottleKey<'_>) {
        let (mut ledger, _) = self.ledger(key);
        match key {
            ThrottleKey::Place(..) | ThrottleKey::Present(_) => ledger.forget(fingerprint(key)),
            ThrottleKey::Account(_)
            | ThrottleKey::Address(_)
            | ThrottleKey::Receipt(_)
            | ThrottleKey::Citizen(_)
            | ThrottleKey::Code(_)
            | ThrottleKey::Plea(_)
            | ThrottleKey::PleaFrom(_) => ledger.give_back(fingerprint(key)),
        }
    }

    /// The attempt came to no verdict through a fault of ours (queue full, database down): it does not count.
    pub fn abandoned(&self, key: ThrottleKey<'_>) {
        let (mut ledger, _) = self.ledger(key);
        ledger.give_back(fingerprint(key));
    }

    /// A ledger stays usable after a panic elsewhere: each of its changes is complete in itself.
    fn ledger(&self, key: ThrottleKey<'_>) -> (MutexGuard<'_, Ledger>, Patience) {
        let (ledger, patience) = match key {
            ThrottleKey::Place(..) => (&self.places, self.plan.account),
            ThrottleKey::Account(_) => (&self.accounts, self.plan.strangers),
            ThrottleKey::Present(_) => (&self.present, self.plan.account),
            ThrottleKey::Address(_) => (&self.addresses, self.plan.address),
            ThrottleKey::Receipt(_) | ThrottleKey::Citizen(_) => (&self.receipts, self.plan.receipt),
            ThrottleKey::Code(_) => (&self.codes, self.plan.receipt),
            ThrottleKey::Plea(_) => (&self.pleas, self.plan.account),
            ThrottleKey::PleaFrom(_) => (&self.pleas_from, self.plan.address),
        };
        (ledger.lock().unwrap_or_else(PoisonError::into_inner), patience)
    }
}

/// What tells addresses apart: a customer of IPv6 has a whole /64.
#[must_use]
pub fn network(address: IpAddr) -> Vec<u8> {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets()[..8].to_vec(),
    }
}

/// SHA-256 cut to 128 bits.
fn fingerprint(key: ThrottleKey<'_>) -> Fingerprint {
    let digest = match key {
        ThrottleKey::Account(name) | ThrottleKey::Present(name) | ThrottleKey::Plea(name) => {
            Sha256::digest(name.trim().to_lowercase())
        }
        ThrottleKey::Place(name, address) => {
            let mut place = network(address);
            place.push(0);
            place.extend(name.trim().to_lowercase().into_bytes());
            Sha256::digest(place)
        }
        ThrottleKey::Code(code) => Sha256::digest(code),
        ThrottleKey::Citizen(citizen) => Sha256::digest(citizen.bytes()),
        ThrottleKey::Address(address) | ThrottleKey::Receipt(address) | ThrottleKey::PleaFrom(address) => {
            Sha256::digest(network(address))
        }
    };
    let mut short = [0; 16];
    short.copy_from_slice(&digest[..16]);
    short
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use proptest::prelude::*;

    use super::*;

    const ACCOUNT: ThrottleKey<'_> = ThrottleKey::Account("dafeng-01");
    const ADDRESS: ThrottleKey<'_> = ThrottleKey::Address(IpAddr::V4(Ipv4Addr::LOCALHOST));

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_573_790_400, 0).unwrap() + TimeDelta::seconds(seconds)
    }

    fn throttle(free: u32) -> Throttle {
        let patience = Patience {
            free,
            first_wait: TimeDelta::seconds(1),
            longest_wait: TimeDelta::seconds(60),
            forgets_one_in: TimeDelta::seconds(600),
        };
        Throttle::new(ThrottlePlan {
            account: patience,
            strangers: patience,
            address: patience,
            receipt: patience,
            capacity: 3,
        })
    }

    fn seconds(refused: Result<(), RetryAfter>) -> u64 {
        refused.err().map_or(0, |wait| wait.seconds)
    }

    #[test]
    fn of_many_attempts_in_one_instant_only_the_free_ones_pass() {
        let throttle = throttle(5);
        let passed = (0..100).filter(|_| throttle.attempt(ACCOUNT, at(0)).is_ok()).count();
        assert_eq!(passed, 5);
    }

    #[test]
    fn the_wait_doubles_up_to_its_cap() {
        let throttle = throttle(1);
        let (mut now, mut waits) = (0, Vec::new());
        for _ in 0..9 {
            throttle.attempt(ACCOUNT, at(now)).unwrap();
            let wait = seconds(throttle.attempt(ACCOUNT, at(now)));
            waits.push(wait);
            now += i64::try_from(wait).unwrap();
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }

    #[test]
    fn being_refused_does_not_prolong_the_wait() {
        let throttle = throttle(1);
        throttle.attempt(ACCOUNT, at(0)).unwrap();
        assert!((0..50).all(|_| throttle.attempt(ACCOUNT, at(0)).is_err()));
        assert!(throttle.attempt(ACCOUNT, at(1)).is_ok());
    }

    #[test]
    fn success_clears_the_place_and_only_one_attempt_of_the_others() {
        let throttle = throttle(3);
        let place = ThrottleKey::Place("dafeng-01", IpAddr::V4(Ipv4Addr::LOCALHOST));
        let present = ThrottleKey::Present("dafeng-01");
        for key in [place, present, ACCOUNT, ADDRESS] {
            throttle.attempt(key, at(0)).unwrap();
            throttle.attempt(key, at(0)).unwrap();
            throttle.attempt(key, at(0)).unwrap();
            throttle.succeeded(key);
        }
        let passes = |key| (0..9).filter(|_| throttle.attempt(key, at(0)).is_ok()).count();
        assert_eq!((passes(place), passes(present)), (3, 3));
        assert_eq!((passes(ACCOUNT), passes(ADDRESS)), (1, 1));
    }

    #[test]
    fn a_town_hall_that_logs_in_correctly_is_never_held_up() {
        let throttle = throttle(3);
        let guess = |_: &i32| throttle.attempt(ADDRESS, at(0)).is_ok();
        for _ in 0..200 {
            assert!(guess(&0));
            throttle.succeeded(ADDRESS);
        }
        assert_eq!((0..9).filter(guess).count(), 3);
    }

    #[test]
    fn an_attempt_without_a_verdict_does_not_count() {
        let throttle = throttle(2);
        for _ in 0..20 {
            throttle.attempt(ACCOUNT, at(0)).unwrap();
            throttle.abandoned(ACCOUNT);
        }
        assert!(throttle.attempt(ACCOUNT, at(0)).is_ok());
    }

    #[test]
    fn time_forgives_one_failure_after_another() {
        let throttle = throttle(3);
        for _ in 0..3 {
            throttle.attempt(ACCOUNT, at(0)).unwrap();
        }
        let passed = |now| (0..9).filter(|_| throttle.attempt(ACCOUNT, at(now)).is_ok()).count();
        assert_eq!(passed(599 + 601), 2);
        assert_eq!(passed(100_000), 3);
    }

    #[test]
    fn keys_are_apart_except_names_in_another_case_and_addresses_of_one_network() {
        let v6 = |last| ThrottleKey::Address(IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, last)));
        let mapped = ThrottleKey::Address(IpAddr::V6(Ipv4Addr::LOCALHOST.to_ipv6_mapped()));
        assert_eq!(fingerprint(v6(1)), fingerprint(v6(2)));
        assert_eq!(fingerprint(mapped), fingerprint(ADDRESS));
        assert_eq!(fingerprint(ThrottleKey::Account(" DaFeng-01")), fingerprint(ACCOUNT));
        assert_ne!(fingerprint(ThrottleKey::Account("dafeng-02")), fingerprint(ACCOUNT));

        let place = |name, last| ThrottleKey::Place(name, IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)));
        assert_eq!(fingerprint(place("Dafeng-01 ", 1)), fingerprint(place("dafeng-01", 1)));
        assert_ne!(fingerprint(place("dafeng-01", 1)), fingerprint(place("dafeng-01", 2)));
        assert_ne!(fingerprint(place("dafeng-01", 1)), fingerprint(place("dafeng-02", 1)));

        let throttle = throttle(1);
        throttle.attempt(ADDRESS, at(0)).unwrap();
        assert!(throttle.attempt(ThrottleKey::Receipt(IpAddr::V4(Ipv4Addr::LOCALHOST)), at(0)).is_ok());
    }

    #[test]
    fn a_clock_set_back_neither_panics_nor_forgives() {
        let throttle = throttle(1);
        throttle.attempt(ACCOUNT, at(0)).unwrap();
        assert!(throttle.attempt(ACCOUNT, at(-3_600)).is_err());
    }

    #[test]
    fn the_key_unused_for_longest_makes_way() {
        let throttle = throttle(1);
        for name in ["a", "b", "c"] {
            throttle.attempt(ThrottleKey::Account(name), at(0)).unwrap();
        }
        throttle.attempt(ThrottleKey::Account("a"), at(1)).unwrap();
        throttle.attempt(ThrottleKey::Account("d"), at(1)).unwrap();
        assert!(throttle.attempt(ThrottleKey::Account("a"), at(1)).is_err());
        assert!(throttle.attempt(ThrottleKey::Account("c"), at(0)).is_err());
        assert!(throttle.attempt(ThrottleKey::Account("b"), at(0)).is_ok());
    }

    proptest! {
        #[test]
        fn memory_stays_bounded_and_in_step(steps in proptest::collection::vec((0_u8..3, 0_u8..20, 0_i64..100), 0..200)) {
            let throttle = throttle(2);
            for (step, name, seconds) in steps {
                let name = name.to_string();
                let key = ThrottleKey::Account(&name);
                match step {
                    0 => { let _ = throttle.attempt(key, at(seconds)); }
                    1 => throttle.succeeded(key),
                    _ => throttle.abandoned(key),
                }
                let (ledger, _) = throttle.ledger(key);
                let (entries, order) = ledger.sizes();
                prop_assert!(entries <= 3);
                prop_assert_eq!(entries, order);
            }
        }
    }
}
