//! What is remembered of failures: one entry per key, in fixed room.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};

/// Try again after this many seconds; at least 1. Goes into the `Retry-After` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("RATE_LIMITED: try again in {seconds} s")]
pub struct RetryAfter {
    /// Whole seconds, rounded up.
    pub seconds: u64,
}

/// How patient we are with one kind of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Failures in a row without any wait.
    pub free: u32,
    /// The wait after the first failure beyond those; doubled by each further one.
    pub first_wait: TimeDelta,
    /// The longest wait.
    pub longest_wait: TimeDelta,
    /// One failure is forgotten each time this passes.
    pub forgets_one_in: TimeDelta,
}

/// Stands for a key; see `fingerprint` in the parent.
pub(super) type Fingerprint = [u8; 16];

/// What is remembered of one key.
#[derive(Debug, Clone, Copy)]
struct Entry {
    failures: u32,
    /// When `failures` was true; later it is less, see [`Entry::drained`].
    counted_at: DateTime<Utc>,
    blocked_until: DateTime<Utc>,
    /// Place in the order of use.
    turn: u64,
}

/// Entries in fixed room; the one unused for longest makes way.
#[derive(Debug)]
pub(super) struct Ledger {
    capacity: usize,
    entries: HashMap<Fingerprint, Entry>,
    order: BTreeMap<u64, Fingerprint>,
    next_turn: u64,
}

impl Ledger {
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), entries: HashMap::new(), order: BTreeMap::new(), next_turn: 0 }
    }

    pub(super) fn attempt(
        &mut self,
        key: Fingerprint,
        now: DateTime<Utc>,
        patience: Patience,
    ) -> Result<(), RetryAfter> {
        let before = self.entries.get(&key).map(|entry| entry.drained(now, patience));
        if let Some(wait) = before.and_then(|entry| entry.wait(now)) {
            return Err(wait);
        }
        let failures = before.map_or(0, |entry| entry.failures).saturating_add(1);
        let counted_at = before.map_or(now, |entry| entry.counted_at);
        let blocked_until = now + patience.wait_after(failures);
        self.put(key, Entry { failures, counted_at, blocked_until, turn: self.next_turn });
        Ok(())
    }

    fn put(&mut self, key: Fingerprint, entry: Entry) {
        self.forget(key);
        if self.entries.len() >= self.capacity
            && let Some((_, oldest)) = self.order.pop_first()
        {
            self.entries.remove(&oldest);
        }
        self.order.insert(entry.turn, key);
        self.entries.insert(key, entry);
        self.next_turn += 1;
    }

    pub(super) fn forget(&mut self, key: Fingerprint) {
        if let Some(entry) = self.entries.remove(&key) {
            self.order.remove(&entry.turn);
        }
    }

    /// Number of keys remembered, for the tests: the same in both indexes or the room leaks.
    #[cfg(test)]
    pub(super) fn sizes(&self) -> (usize, usize) {
        (self.entries.len(), self.order.len())
    }

    /// Takes one counted attempt back, and with it the wait that it caused.
    pub(super) fn give_back(&mut self, key: Fingerprint) {
        if let Some(entry) = self.entries.get_mut(&key) {
            entry.failures = entry.failures.saturating_sub(1);
            entry.blocked_until = entry.counted_at;
            if entry.failures == 0 {
                self.forget(key);
            }
        }
    }
}

impl Entry {
    /// As it stands now, after the failures that time has forgiven.
    fn drained(self, now: DateTime<Utc>, patience: Patience) -> Self {
        let each = patience.forgets_one_in.num_milliseconds().max(1);
        let forgiven = (now - self.counted_at).num_milliseconds().max(0) / each;
        let failures = self.failures.saturating_sub(u32::try_from(forgiven).unwrap_or(u32::MAX));
        // The rest of an interval counts towards the next; with nothing left to forgive the clock starts anew.
        let counted_at =
            if failures == 0 { now } else { self.counted_at + TimeDelta::milliseconds(forgiven * each) };
        Self { failures, counted_at, ..self }
    }

    fn wait(self, now: DateTime<Utc>) -> Option<RetryAfter> {
        let milliseconds = u64::try_from((self.blocked_until - now).num_milliseconds()).unwrap_or_default();
        (milliseconds > 0).then(|| RetryAfter { seconds: milliseconds.div_ceil(1_000) })
    }
}

impl Patience {
    fn wait_after(self, failures: u32) -> TimeDelta {
        let Some(beyond) = failures.checked_sub(self.free.saturating_add(1)) else {
            // The free ones; the wait begins when the last of them is used up.
            return if failures == self.free {
                self.first_wait.min(self.longest_wait)
            } else {
                TimeDelta::zero()
            };
        };
        let doubled = 2_i32.checked_pow(beyond + 1).and_then(|factor| self.first_wait.checked_mul(factor));
        doubled.unwrap_or(self.longest_wait).min(self.longest_wait)
    }
}
