//! One snapshot for all events of one viewer at one time: a department of fifty who watch reads a change once. No more
//! of them are open at once than leave requests their half of the connections.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{OnceCell, Semaphore};
use uuid::Uuid;

use crate::db::{Db, Fault};
use crate::scope::viewer::Viewer;
use crate::snapshot::{SharedSnapshot, Snapshot};

/// Entries from which on those that nobody holds any more are looked for.
const CROWDED: usize = 64;

/// The snapshots that are open for events.
pub(crate) struct Views {
    db: Db,
    /// By account or credential, the one of the last event.
    seen: Mutex<HashMap<Uuid, Seen>>,
    places: Arc<Semaphore>,
}

struct Seen {
    viewer: Viewer,
    /// The event that it was opened for.
    number: u64,
    snapshot: Weak<OnceCell<Arc<Snapshot>>>,
}

impl Views {
    pub(crate) fn new(db: &Db) -> Self {
        let half = usize::try_from(db.connections() / 2).unwrap_or(1).max(1);
        Self { db: db.clone(), seen: Mutex::default(), places: Arc::new(Semaphore::new(half)) }
    }

    /// A snapshot in the viewer's scope that holds what the event of this number tells.
    pub(crate) async fn of(&self, viewer: &Viewer, number: u64) -> Result<SharedSnapshot, Fault> {
        let shared = self.entry(viewer, number);
        let open = || async {
            // The semaphore is never closed.
            let place = Arc::clone(&self.places).acquire_owned().await.ok();
            let snapshot = Snapshot::open(&self.db, viewer).await?;
            Ok::<_, Fault>(Arc::new(snapshot.holding(place)))
        };
        shared.get_or_try_init(open).await?;
        Ok(shared)
    }

    fn entry(&self, viewer: &Viewer, number: u64) -> SharedSnapshot {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let known = seen
            .get(&viewer.actor())
            .filter(|seen| seen.number >= number && seen.viewer.sees_as(viewer))
            .and_then(|seen| seen.snapshot.upgrade());
        if let Some(snapshot) = known {
            return snapshot;
        }
        if seen.len() >= CROWDED {
            seen.retain(|_, seen| seen.snapshot.strong_count() > 0);
        }
        let snapshot = SharedSnapshot::default();
        let entry = Seen { viewer: viewer.clone(), number, snapshot: Arc::downgrade(&snapshot) };
        seen.insert(viewer.actor(), entry);
        snapshot
    }
}
