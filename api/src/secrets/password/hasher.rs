//! Hashing and checking passwords without stopping the server.
//!
//! One hash takes about 42 ms of a core and 19 MiB. So it runs off the async threads, no more at once than there are
//! cores, and whoever would wait longer than two seconds is told to come again.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc};
use argon2::{Algorithm, Argon2, Params, Version};
use rayon_core::{ThreadPool, ThreadPoolBuilder};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::Secret;

/// Longer input is answered as a wrong password: it cannot have been set (128 characters of at most 4 bytes).
const LONGEST_BYTES: usize = 512;

/// Only makes the time of an unknown account equal; nobody can log in with it (see [`PasswordHasher::verify`]).
const DUMMY_SALT: [u8; 16] = *b"minsheng-nobody!";

/// Argon2id's parameters (口令散列强度). They stand in each stored hash, so they can be raised at any time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl HashCost {
    /// OWASP's first choice: 19 MiB, two passes, one lane.
    pub const OWASP: Self = Self { memory_kib: 19_456, passes: 2, lanes: 1 };

    /// As cheap as the algorithm allows, for tests; a server must refuse it.
    pub const CHEAPEST: Self = Self { memory_kib: 8, passes: 1, lanes: 1 };
}

/// How many hashes run at once and how long others wait for their turn.
#[derive(Debug, Clone, Copy)]
pub struct HashQueue {
    /// Hashes at once.
    pub slots: NonZeroUsize,
    /// Longest wait for a slot.
    pub wait: Duration,
}

impl HashQueue {
    /// One slot per core, two seconds of patience.
    #[must_use]
    pub fn of_this_machine() -> Self {
        let slots = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self { slots, wait: Duration::from_secs(2) }
    }
}

/// What checking a password came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is the password.
    Match,
    /// It is the password, but its hash has other parameters than ours: store a new hash of it now.
    MatchOutdated,
    /// It is not the password, or there is no such account: never told apart outside.
    Mismatch,
}

/// Why there is no verdict. None of them is the fault of who typed the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Two seconds went by without a free slot: answer 429 `RATE_LIMITED`.
    #[error("BUSY: too many logins at once")]
    Busy,
    /// The parameters are outside what argon2 takes.
    #[error("HASH_COST: argon2 does not take these parameters")]
    Cost,
    /// The stored hash is not a PHC string of argon2.
    #[error("STORED_HASH: the stored hash cannot be read")]
    StoredHash,
    /// Out of memory, or the work was cancelled because the process is ending.
    #[error("HASH_FAILED: the hash could not be computed")]
    Failed,
}

/// The one place that knows how passwords are hashed. Cheap to clone: clones share the queue.
#[derive(Debug, Clone)]
pub struct PasswordHasher {
    argon2: Argon2<'static>,
    slots: Arc<Semaphore>,
    /// As many threads as slots, always the same: the allocator keeps 19 MiB for each thread that ever hashed.
    threads: Arc<ThreadPool>,
    wait: Duration,
    dummy: Arc<phc::PasswordHash>,
    under_way: Arc<UnderWay>,
}

/// Hashes that run, counted where they run: what the semaphore promises is seen to hold.
#[derive(Debug, Default)]
struct UnderWay {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl PasswordHasher {
    /// Makes the hasher and, with the same parameters, the hash that stands in for unknown accounts. Blocks for the
    /// time of one hash: call it at start.
    ///
    /// # Errors
    /// [`PasswordFault::Cost`] for impossible parameters.
    pub fn new(cost: HashCost, queue: HashQueue) -> Result<Self, PasswordFault> {
        let params =
            Params::new(cost.memory_kib, cost.passes, cost.lanes, None).map_err(|_| PasswordFault::Cost)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let dummy =
            argon2.hash_password_with_salt(b"nobody", &DUMMY_SALT).map_err(|_| PasswordFault::Cost)?;
        let threads = ThreadPoolBuilder::new()
            .num_threads(queue.slots.get())
            .thread_name(|number| format!("hash-{number}"))
            // Logged by the hook; whoever waits learns of it by the channel.
            .panic_handler(|_| ())
            .build()
            .map_err(|_| PasswordFault::Failed)?;
        Ok(Self {
            argon2,
            slots: Arc::new(Semaphore::new(queue.slots.get())),
            threads: Arc::new(threads),
            wait: queue.wait,
            dummy: Arc::new(dummy),
            under_way: Arc::default(),
        })
    }

    /// The most hashes that ever ran at once.
    #[must_use]
    pub fn most_at_once(&self) -> usize {
        self.under_way.most.load(Ordering::Relaxed)
    }

    /// The PHC string to store for a new password; `salt` is 16 random bytes.
    ///
    /// # Errors
    /// [`PasswordFault::Busy`] when the queue is full, [`PasswordFault::Failed`] without memory.
    pub async fn hash(&self, password: &Secret, salt: [u8; 16]) -> Result<String, PasswordFault> {
        let (argon2, password) = (self.argon2.clone(), password.clone());
        self.in_slot(move || {
            let hash = argon2.hash_password_with_salt(password.reveal().as_bytes(), &salt);
            hash.map(|hash| hash.to_string()).map_err(|_| PasswordFault::Failed)
        })
        .await
    }

    /// Checks a password against the stored PHC string; `None` stands for an unknown account and takes the same
    /// time, as long as stored hashes have today's parameters.
    ///
    /// # Errors
    /// [`PasswordFault::Busy`] when the queue is full, [`PasswordFault::StoredHash`] when the row is damaged.
    pub async fn verify(&self, stored: Option<&str>, password: &Secret) -> Result<Verdict, PasswordFault> {
        match stored.filter(|_| password.reveal().len() <= LONGEST_BYTES) {
            Some(text) => self.compare_with(text, password.clone()).await,
            None => self.pretend().await,
        }
    }

    async fn compare_with(&self, text: &str, password: Secret) -> Result<Verdict, PasswordFault> {
        let hash = phc::PasswordHash::new(text).map_err(|_| PasswordFault::StoredHash)?;
        let current = hash.params == self.dummy.params && hash.algorithm == self.dummy.algorithm;
        let argon2 = self.argon2.clone();
        let same = self.in_slot(move || compare(&argon2, password.reveal(), &hash)).await?;
        Ok(match (same, current) {
            (true, true) => Verdict::Match,
            (true, false) => Verdict::MatchOutdated,
            (false, _) => Verdict::Mismatch,
        })
    }

    /// The work of a comparison and never its success, whatever was typed.
    async fn pretend(&self) -> Result<Verdict, PasswordFault> {
        let (argon2, dummy) = (self.argon2.clone(), Arc::clone(&self.dummy));
        self.in_slot(move || compare(&argon2, "someone", &dummy)).await?;
        Ok(Verdict::Mismatch)
    }

    /// The permit goes into the closure: a client that hangs up must not free the slot while its hash still runs.
    async fn in_slot<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordFault> + Send + 'static,
    ) -> Result<T, PasswordFault> {
        let permit = self.slot().await?;
        let under_way = Arc::clone(&self.under_way);
        let (tell, told) = oneshot::channel();
        self.threads.spawn(move || {
            let done = under_way.count(work);
            drop(permit);
            // Whoever asked may have hung up.
            let _ = tell.send(done);
        });
        told.await.map_err(|_| PasswordFault::Failed)?
    }

    async fn slot(&self) -> Result<OwnedSemaphorePermit, PasswordFault> {
        let slot = tokio::time::timeout(self.wait, Arc::clone(&self.slots).acquire_owned()).await;
        slot.map_err(|_| PasswordFault::Busy)?.map_err(|_| PasswordFault::Failed)
    }
}

impl UnderWay {
    fn count<T>(&self, work: impl FnOnce() -> T) -> T {
        let now = self.now.fetch_add(1, Ordering::Relaxed) + 1;
        self.most.fetch_max(now, Ordering::Relaxed);
        let done = work();
        self.now.fetch_sub(1, Ordering::Relaxed);
        done
    }
}

fn compare(argon2: &Argon2<'_>, password: &str, hash: &phc::PasswordHash) -> Result<bool, PasswordFault> {
    use argon2::password_hash::Error;
    match argon2.verify_password(password.as_bytes(), hash) {
        Ok(()) => Ok(true),
        Err(Error::PasswordInvalid) => Ok(false),
        Err(Error::OutOfMemory) => Err(PasswordFault::Failed),
        Err(_) => Err(PasswordFault::StoredHash),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn hasher(cost: HashCost) -> PasswordHasher {
        let queue = HashQueue { slots: NonZeroUsize::MIN, wait: Duration::from_millis(20) };
        PasswordHasher::new(cost, queue).unwrap()
    }

    #[tokio::test]
    async fn the_right_password_matches_and_others_do_not() {
        let hasher = hasher(HashCost::CHEAPEST);
        let stored = hasher.hash(&Secret::new("tide lamp orchard"), [7; 16]).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{stored}");
        let verdict = async |text: &str| hasher.verify(Some(&stored), &Secret::new(text)).await;
        assert_eq!(verdict("tide lamp orchard").await, Ok(Verdict::Match));
        assert_eq!(verdict("tide lamp orchards").await, Ok(Verdict::Mismatch));
        assert_eq!(verdict(&"x".repeat(10_000)).await, Ok(Verdict::Mismatch));
    }

    #[tokio::test]
    async fn nobody_logs_in_as_an_unknown_account_with_any_password() {
        let hasher = hasher(HashCost::CHEAPEST);
        for guess in ["nobody", "someone", ""] {
            assert_eq!(hasher.verify(None, &Secret::new(guess)).await, Ok(Verdict::Mismatch));
        }
    }

    #[tokio::test]
    async fn an_unknown_account_takes_the_time_of_a_known_one() {
        let hasher = hasher(HashCost { memory_kib: 4_096, passes: 2, lanes: 1 });
        let stored = hasher.hash(&Secret::new("tide lamp orchard"), [7; 16]).await.unwrap();
        let timed = async |stored: Option<&str>| {
            let start = Instant::now();
            hasher.verify(stored, &Secret::new("wrong")).await.unwrap();
            start.elapsed()
        };
        let (mut known, mut unknown) = (Duration::MAX, Duration::MAX);
        for _ in 0..8 {
            known = known.min(timed(Some(&stored)).await);
            unknown = unknown.min(timed(None).await);
        }
        // Without the pretended work the two differ a thousandfold; a busy machine makes twofold.
        let close = unknown * 4 > known && known * 4 > unknown;
        assert!(close, "{known:?} and {unknown:?}");
    }

    #[tokio::test]
    async fn a_hash_of_older_parameters_still_matches_and_asks_for_a_new_one() {
        let password = Secret::new("tide lamp orchard");
        let old = hasher(HashCost::CHEAPEST).hash(&password, [7; 16]).await.unwrap();
        let today = hasher(HashCost { memory_kib: 16, passes: 1, lanes: 1 });
        assert_eq!(today.verify(Some(&old), &password).await, Ok(Verdict::MatchOutdated));
        assert_eq!(today.verify(Some(&old), &Secret::new("wrong")).await, Ok(Verdict::Mismatch));
    }

    #[tokio::test]
    async fn a_full_queue_says_busy_and_a_damaged_row_says_so() {
        let hasher = hasher(HashCost::CHEAPEST);
        let password = Secret::new("tide lamp orchard");
        assert_eq!(hasher.verify(Some("plain text"), &password).await, Err(PasswordFault::StoredHash));
        let held = hasher.slot().await.unwrap();
        assert_eq!(hasher.verify(None, &password).await, Err(PasswordFault::Busy));
        drop(held);
        assert_eq!(hasher.verify(None, &password).await, Ok(Verdict::Mismatch));
    }

    #[test]
    fn impossible_parameters_are_refused() {
        let none = HashCost { memory_kib: 0, passes: 0, lanes: 0 };
        assert_eq!(PasswordHasher::new(none, HashQueue::of_this_machine()).err(), Some(PasswordFault::Cost));
    }
}
