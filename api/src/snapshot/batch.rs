//! Loading by batches without a clock: who asks first waits until all others of the same pass have asked too.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_graphql::dataloader::Loader;
use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};

/// Passes for which a batch waits: whoever waited for the same rows before may go on a pass later than the first.
const PASSES: usize = 2;

type Answer<K, V> = Result<Arc<HashMap<K, V>>, Arc<crate::db::Fault>>;
type Running<K, V> = Shared<BoxFuture<'static, Answer<K, V>>>;

/// Loads rows by key, many keys in one statement, and keeps them for as long as the snapshot lasts.
///
/// A request is one task: its resolvers are polled one after the other, and each says what it needs before the first of
/// them is polled again. So two yields are all the wait that a batch needs, where the loader of async-graphql waits for a
/// millisecond on a timer's thread. Whoever is waiting drives the batch: a resolver that is dropped leaves nobody behind.
pub struct Batch<K, L: Loader<K>>
where
    K: Send + Sync + Hash + Eq + Clone + 'static,
{
    loader: Arc<L>,
    state: Mutex<State<K, L::Value>>,
}

struct State<K, V> {
    /// What nobody has begun to load.
    wanted: HashSet<K>,
    /// What is being loaded, and what is there.
    begun: HashMap<K, Running<K, V>>,
}

impl<K, L> Batch<K, L>
where
    K: Send + Sync + Hash + Eq + Clone + 'static,
    L: Loader<K, Error = Arc<crate::db::Fault>>,
    L::Value: Sync,
{
    /// A loader that knows nothing yet.
    pub(crate) fn new(loader: L) -> Self {
        Self {
            loader: Arc::new(loader),
            state: Mutex::new(State { wanted: HashSet::new(), begun: HashMap::new() }),
        }
    }

    /// The value of one key; nothing where there is none.
    pub async fn load_one(&self, key: K) -> Result<Option<L::Value>, Arc<crate::db::Fault>> {
        let mut found = self.load_many([key.clone()]).await?;
        Ok(found.remove(&key))
    }

    /// The values of the keys that have one.
    pub async fn load_many(
        &self,
        keys: impl IntoIterator<Item = K>,
    ) -> Result<HashMap<K, L::Value>, Arc<crate::db::Fault>> {
        let keys: HashSet<K> = keys.into_iter().collect();
        if self.ask_for(&keys) {
            for _ in 0..PASSES {
                tokio::task::yield_now().await;
            }
        }
        let mut found = HashMap::with_capacity(keys.len());
        for (key, running) in self.begin(keys) {
            if let Some(value) = running.await?.get(&key) {
                found.insert(key, value.clone());
            }
        }
        Ok(found)
    }

    /// Notes what is not there yet; says whether there is any such key.
    fn ask_for(&self, keys: &HashSet<K>) -> bool {
        let mut state = self.lock();
        let State { wanted, begun } = &mut *state;
        let missing = keys.iter().filter(|key| !begun.contains_key(*key));
        let missing: Vec<K> = missing.cloned().collect();
        let any = !missing.is_empty();
        wanted.extend(missing);
        any
    }

    /// Where each key is being loaded: what is wanted by then begins, all of it at once.
    fn begin(&self, keys: HashSet<K>) -> Vec<(K, Running<K, L::Value>)> {
        let mut state = self.lock();
        if keys.iter().any(|key| !state.begun.contains_key(key)) {
            let batch: Vec<K> = state.wanted.drain().collect();
            let running = Self::run(Arc::clone(&self.loader), batch.clone());
            let begun = batch.into_iter().map(|key| (key, running.clone()));
            state.begun.extend(begun);
        }
        keys.into_iter()
            .filter_map(|key| {
                let running = state.begun.get(&key)?.clone();
                Some((key, running))
            })
            .collect()
    }

    fn run(loader: Arc<L>, keys: Vec<K>) -> Running<K, L::Value> {
        let load = async move { loader.load(&keys).await.map(Arc::new) };
        load.boxed().shared()
    }

    fn lock(&self) -> MutexGuard<'_, State<K, L::Value>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::future::join_all;

    use super::*;
    use crate::db::Fault;

    /// Doubles even numbers, knows no odd ones, and counts how often it is asked.
    #[derive(Default)]
    struct Doubling {
        asked: Arc<AtomicUsize>,
        fails: bool,
    }

    impl Loader<u32> for Doubling {
        type Value = u32;
        type Error = Arc<Fault>;

        async fn load(&self, keys: &[u32]) -> Result<HashMap<u32, u32>, Arc<Fault>> {
            self.asked.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            if self.fails {
                return Err(Arc::new(Fault::Busy));
            }
            let even = keys.iter().filter(|key| key.is_multiple_of(2));
            Ok(even.map(|key| (*key, key * 2)).collect())
        }
    }

    fn counted() -> (Batch<u32, Doubling>, Arc<AtomicUsize>) {
        let loader = Doubling::default();
        let asked = Arc::clone(&loader.asked);
        (Batch::new(loader), asked)
    }

    #[tokio::test]
    async fn what_is_asked_in_one_pass_is_one_batch_and_what_is_there_is_kept() {
        let (batch, asked) = counted();
        let all = join_all((0..20).map(|key| batch.load_one(key % 10))).await;
        let expected = |key: u32| (key.is_multiple_of(2)).then_some(key * 2);
        for (key, value) in (0..20).zip(all) {
            assert_eq!(value.unwrap(), expected(key % 10));
        }
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        assert_eq!(batch.load_one(4).await.unwrap(), Some(8));
        assert_eq!(batch.load_one(5).await.unwrap(), None, "known to be absent");
        assert_eq!(asked.load(Ordering::Relaxed), 1);
        let more = batch.load_many([4, 12, 13]).await.unwrap();
        assert_eq!(more, HashMap::from([(4, 8), (12, 24)]));
        assert_eq!(asked.load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn whoever_goes_leaves_nobody_waiting() {
        let (batch, asked) = counted();
        let mut gone = Box::pin(batch.load_one(2));
        let mut stays = Box::pin(batch.load_one(4));
        // Both have said what they need, and the first has begun to load it.
        assert!(futures::poll!(&mut gone).is_pending());
        assert!(futures::poll!(&mut stays).is_pending());
        assert!(futures::poll!(&mut gone).is_pending());
        drop(gone);
        assert_eq!(stays.await.unwrap(), Some(8));
        assert_eq!(asked.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn a_failure_is_told_to_all_of_its_batch() {
        let batch = Batch::new(Doubling { fails: true, ..Doubling::default() });
        let all = join_all((0..3).map(|key| batch.load_one(key))).await;
        assert!(all.iter().all(Result::is_err));
    }
}
