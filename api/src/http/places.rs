//! Connections that stay: how many there are in all, of one account, and of one address that has shown no token.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use super::HttpSettings;

/// Counts the connections that stay.
pub(super) struct Places {
    all: Arc<Semaphore>,
    most: u32,
    counts: Arc<Counts>,
    shown: Gauge,
}

/// One connection's place; free again when it is dropped.
pub(super) struct Place {
    _one: OwnedSemaphorePermit,
    counts: Arc<Counts>,
    holder: Holder,
    shown: Gauge,
}

/// Whose a place is: an address's, until it shows a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Holder {
    Address(IpAddr),
    Account(Uuid),
}

struct Counts {
    most_of_account: usize,
    most_of_address: usize,
    held: Mutex<HashMap<Holder, usize>>,
}

impl Places {
    pub(super) fn new(settings: &HttpSettings, shown: Gauge) -> Self {
        Self {
            all: Arc::new(Semaphore::new(settings.sockets as usize)),
            most: settings.sockets,
            counts: Arc::new(Counts {
                most_of_account: settings.sockets_of_account,
                most_of_address: settings.sockets_of_address,
                held: Mutex::default(),
            }),
            shown,
        }
    }

    /// A place, if one is free and the address has not too many that nobody has signed in on.
    pub(super) fn take(&self, address: IpAddr) -> Option<Place> {
        let one = Arc::clone(&self.all).try_acquire_owned().ok()?;
        let holder = Holder::Address(address);
        if !self.counts.add(holder) {
            return None;
        }
        self.shown.inc();
        Some(Place {
            _one: one,
            counts: Arc::clone(&self.counts),
            holder,
            shown: self.shown.clone(),
        })
    }

    /// Returns once all are free.
    pub(super) async fn empty(&self) {
        // The semaphore is never closed.
        let _ = self.all.acquire_many(self.most).await;
    }
}

impl Place {
    /// Counts it as the account's and no longer as its address's; says whether the account may have one more.
    #[must_use]
    pub(super) fn belong(&mut self, account: Uuid) -> bool {
        let holder = Holder::Account(account);
        if !self.counts.add(holder) {
            return false;
        }
        self.counts
            .remove(std::mem::replace(&mut self.holder, holder));
        true
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shown.dec();
        self.counts.remove(self.holder);
    }
}

impl Counts {
    fn add(&self, holder: Holder) -> bool {
        let most = match holder {
            Holder::Address(_) => self.most_of_address,
            Holder::Account(_) => self.most_of_account,
        };
        let mut held = self.held();
        let count = held.get(&holder).copied().unwrap_or_default();
        if count < most {
            held.insert(holder, count + 1);
        }
        count < most
    }

    fn remove(&self, holder: Holder) {
        let mut held = self.held();
        if let Some(count) = held.get_mut(&holder) {
            *count -= 1;
            if *count == 0 {
                held.remove(&holder);
            }
        }
    }

    /// Usable after a panic elsewhere: each change is complete in itself.
    fn held(&self) -> MutexGuard<'_, HashMap<Holder, usize>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn places(most: u32, of_account: usize, of_address: usize) -> Places {
        let settings = HttpSettings {
            sockets: most,
            sockets_of_account: of_account,
            sockets_of_address: of_address,
            ..HttpSettings::default()
        };
        Places::new(&settings, Gauge::default())
    }

    const fn address(last: u8) -> IpAddr {
        IpAddr::V4(Ipv4Addr::new(192, 0, 2, last))
    }

    #[test]
    fn places_are_counted_in_all_and_of_an_account_and_given_back() {
        let places = places(3, 2, 9);
        let account = Uuid::from_u128(7);
        let mut held: Vec<Place> = (0..3).filter_map(|_| places.take(address(1))).collect();
        assert!(places.take(address(2)).is_none());
        assert!(held[0].belong(account) && held[1].belong(account));
        assert!(!held[2].belong(account) && held[2].belong(Uuid::from_u128(8)));
        held.clear();
        assert!(places.counts.held().is_empty());
        let mut again = places.take(address(1)).unwrap();
        assert!(again.belong(account));
    }

    #[test]
    fn an_address_without_a_token_takes_no_more_than_its_share() {
        let places = places(9, 9, 2);
        let mut held: Vec<Place> = (0..2).filter_map(|_| places.take(address(1))).collect();
        assert!(places.take(address(1)).is_none());
        assert!(places.take(address(2)).is_some());
        assert!(held[0].belong(Uuid::from_u128(7)));
        assert!(places.take(address(1)).is_some());
    }
}
