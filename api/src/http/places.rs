//! Connections that stay: how many there are in all, of one account, of one county, and of one address that has shown no
//! token; and how many operations an account has on all of its sockets together.

use std::net::IpAddr;
use std::sync::Arc;

use entity::id::County;
use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use super::HttpSettings;
use super::counts::{Counted, Counts, Holder};
use crate::limits::rates::network;

/// Counts the connections that stay.
pub(super) struct Places {
    all: Arc<Semaphore>,
    bounds: Bounds,
    held: Counts<Holder>,
    operations: Counts<Holder>,
    shown: Gauge,
}

/// Most of each.
#[derive(Clone, Copy)]
struct Bounds {
    all: u32,
    of_account: usize,
    of_county: usize,
    of_address: usize,
    operations: usize,
}

/// One connection's place; free again when it is dropped.
pub(super) struct Place {
    _one: OwnedSemaphorePermit,
    /// An address's, until it shows a token.
    own: Counted<Holder>,
    county: Option<Counted<Holder>>,
    held: Counts<Holder>,
    operations: Counts<Holder>,
    bounds: Bounds,
    shown: Gauge,
}

impl Places {
    pub(super) fn new(settings: &HttpSettings, shown: Gauge) -> Self {
        Self {
            all: Arc::new(Semaphore::new(settings.sockets as usize)),
            bounds: Bounds {
                all: settings.sockets,
                of_account: settings.sockets_of_account,
                of_county: settings.county_share(settings.sockets),
                of_address: settings.sockets_of_address,
                operations: settings.socket_operations_of_account,
            },
            held: Counts::default(),
            operations: Counts::default(),
            shown,
        }
    }

    /// A place, if one is free and the address has not too many that nobody has signed in on.
    pub(super) fn take(&self, address: IpAddr) -> Option<Place> {
        let one = Arc::clone(&self.all).try_acquire_owned().ok()?;
        let holder = Holder::Address(network(address));
        let own = self.held.add(holder, self.bounds.of_address)?;
        self.shown.inc();
        Some(Place {
            _one: one,
            own,
            county: None,
            held: self.held.clone(),
            operations: self.operations.clone(),
            bounds: self.bounds,
            shown: self.shown.clone(),
        })
    }

    /// Returns once all are free.
    pub(super) async fn empty(&self) {
        // The semaphore is never closed.
        let _ = self.all.acquire_many(self.bounds.all).await;
    }
}

impl Place {
    /// Counts it as the account's and its county's and no longer as its address's; says whether they may have one more.
    #[must_use]
    pub(super) fn belong(&mut self, account: Uuid, county: &County) -> bool {
        let bounds = self.bounds;
        let own = self.held.add(Holder::Account(account), bounds.of_account);
        let county = Holder::County(county.clone());
        let county = self.held.add(county, bounds.of_county);
        let (Some(own), Some(county)) = (own, county) else {
            return false;
        };
        self.own = own;
        self.county = Some(county);
        true
    }

    /// Room for one more operation on a socket of this holder, while it is kept.
    pub(super) fn operation(&self) -> Option<Counted<Holder>> {
        let holder = self.own.holder().clone();
        self.operations.add(holder, self.bounds.operations)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shown.dec();
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn places(most: u32, of_account: usize, of_address: usize) -> Places {
        let settings = HttpSettings {
            sockets: most,
            county_percent: 100,
            sockets_of_account: of_account,
            sockets_of_address: of_address,
            ..HttpSettings::default()
        };
        Places::new(&settings, Gauge::default())
    }

    const fn address(last: u8) -> IpAddr {
        IpAddr::V4(Ipv4Addr::new(192, 0, 2, last))
    }

    fn county(code: &str) -> County {
        County::parse(code).unwrap()
    }

    #[test]
    fn places_are_counted_in_all_and_of_an_account_and_given_back() {
        let places = places(3, 2, 9);
        let account = Uuid::from_u128(7);
        let home = county("341522");
        let mut held: Vec<Place> = (0..3).filter_map(|_| places.take(address(1))).collect();
        assert!(places.take(address(2)).is_none());
        assert!(held[0].belong(account, &home) && held[1].belong(account, &home));
        assert!(!held[2].belong(account, &home) && held[2].belong(Uuid::from_u128(8), &home));
        held.clear();
        assert!(places.held.holders() == 0);
        let mut again = places.take(address(1)).unwrap();
        assert!(again.belong(account, &home));
    }

    #[test]
    fn an_address_without_a_token_takes_no_more_than_its_share() {
        let places = places(9, 9, 2);
        let mut held: Vec<Place> = (0..2).filter_map(|_| places.take(address(1))).collect();
        assert!(places.take(address(1)).is_none());
        assert!(places.take(address(2)).is_some());
        assert!(held[0].belong(Uuid::from_u128(7), &county("341522")));
        assert!(places.take(address(1)).is_some());
    }

    #[test]
    fn a_county_leaves_places_to_others_and_a_network_of_ipv6_is_one_address() {
        let settings =
            HttpSettings { sockets: 4, sockets_of_address: 3, county_percent: 50, ..HttpSettings::default() };
        let places = Places::new(&settings, Gauge::default());
        let mut held: Vec<Place> =
            (1..=3).filter_map(|last| places.take(format!("2001:db8::{last}").parse().unwrap())).collect();
        assert!(places.take("2001:db8::9".parse().unwrap()).is_none());
        let account = Uuid::from_u128;
        assert!(held[0].belong(account(1), &county("341522")));
        assert!(held[1].belong(account(2), &county("341522")));
        assert!(!held[2].belong(account(3), &county("341522")));
        assert!(held[2].belong(account(3), &county("130803")));
    }

    #[test]
    fn operations_are_counted_over_all_sockets_of_an_account() {
        let settings = HttpSettings { socket_operations_of_account: 3, ..HttpSettings::default() };
        let places = Places::new(&settings, Gauge::default());
        let mut held: Vec<Place> = (0..3).filter_map(|_| places.take(address(1))).collect();
        for (place, account) in held.iter_mut().zip([1, 1, 2]) {
            assert!(place.belong(Uuid::from_u128(account), &county("341522")));
        }
        let running: Vec<_> = [0, 0, 1].map(|place| held[place].operation()).into();
        assert!(running.iter().all(Option::is_some));
        assert!(held[1].operation().is_none() && held[2].operation().is_some());
        drop(running);
        assert!(held[1].operation().is_some());
    }
}
