//! How much of something each holder has at once: of connections that stay, of exports.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use entity::id::County;
use uuid::Uuid;

/// Who holds it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Holder {
    /// An address that has shown no token.
    Address(IpAddr),
    /// An account, or a portal.
    Account(Uuid),
    /// All of a county.
    County(County),
}

/// What is held, by holder; nobody who holds nothing is remembered.
pub(super) struct Counts<K>(Arc<Mutex<HashMap<K, usize>>>);

/// One that is held; given back when it is dropped.
pub(super) struct Counted<K: Eq + Hash> {
    counts: Counts<K>,
    holder: K,
}

impl<K> Default for Counts<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K> Clone for Counts<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K: Clone + Eq + Hash> Counts<K> {
    /// One more for a holder who has fewer than `most`.
    pub(super) fn add(&self, holder: K, most: usize) -> Option<Counted<K>> {
        let mut held = self.held();
        let count = held.get(&holder).copied().unwrap_or_default();
        if count >= most {
            return None;
        }
        held.insert(holder.clone(), count + 1);
        Some(Counted { counts: self.clone(), holder })
    }
}

impl<K> Counts<K> {
    /// Usable after a panic elsewhere: each change is complete in itself.
    fn held(&self) -> MutexGuard<'_, HashMap<K, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holders remembered.
    #[cfg(test)]
    pub(super) fn holders(&self) -> usize {
        self.held().len()
    }
}

impl<K: Eq + Hash> Counted<K> {
    /// Who holds it.
    pub(super) const fn holder(&self) -> &K {
        &self.holder
    }
}

impl<K: Eq + Hash> Drop for Counted<K> {
    fn drop(&mut self) {
        let mut held = self.counts.held();
        if let Some(count) = held.get_mut(&self.holder) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.holder);
            }
        }
    }
}
