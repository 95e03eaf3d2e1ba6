//! Connections that stay: how many there are in all and of one account, and when they are to end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

/// Counts the connections that stay.
pub(super) struct Places {
    all: Arc<Semaphore>,
    most: u32,
    of_account: Arc<Mutex<HashMap<Uuid, usize>>>,
    most_of_account: usize,
    shown: Gauge,
}

/// One connection's place; free again when it is dropped.
pub(super) struct Place {
    _one: OwnedSemaphorePermit,
    of_account: Arc<Mutex<HashMap<Uuid, usize>>>,
    most_of_account: usize,
    account: Option<Uuid>,
    shown: Gauge,
}

impl Places {
    pub(super) fn new(most: u32, most_of_account: usize, shown: Gauge) -> Self {
        Self {
            all: Arc::new(Semaphore::new(most as usize)),
            most,
            of_account: Arc::default(),
            most_of_account,
            shown,
        }
    }

    /// A place, if one is free.
    pub(super) fn take(&self) -> Option<Place> {
        let one = Arc::clone(&self.all).try_acquire_owned().ok()?;
        self.shown.inc();
        Some(Place {
            _one: one,
            shown: self.shown.clone(),
            of_account: Arc::clone(&self.of_account),
            most_of_account: self.most_of_account,
            account: None,
        })
    }

    /// Returns once all are free.
    pub(super) async fn empty(&self) {
        // The semaphore is never closed.
        let _ = self.all.acquire_many(self.most).await;
    }
}

impl Place {
    /// Counts it as the account's; says whether the account may have one more.
    #[must_use]
    pub(super) fn belong(&mut self, account: Uuid) -> bool {
        let mut counts = self
            .of_account
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(account).or_default();
        if *count >= self.most_of_account {
            return false;
        }
        *count += 1;
        self.account = Some(account);
        true
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.shown.dec();
        let Some(account) = self.account else { return };
        let mut counts = self
            .of_account
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&account) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&account);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_all_and_of_an_account_and_given_back() {
        let places = Places::new(3, 2, Gauge::default());
        let account = Uuid::from_u128(7);
        let mut held: Vec<Place> = (0..3).filter_map(|_| places.take()).collect();
        assert!(places.take().is_none());
        assert!(held[0].belong(account) && held[1].belong(account));
        assert!(!held[2].belong(account) && held[2].belong(Uuid::from_u128(8)));
        held.clear();
        assert!(places.of_account.lock().unwrap().is_empty());
        let mut again = places.take().unwrap();
        assert!(again.belong(account));
    }
}
