//! What every request shares at the door, and the count of those under way.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::HttpSettings;
use super::metrics::Metrics;
use crate::app::App;
use crate::graphql::schema::{self, MinshengSchema};

/// Most requests executed at once; more are told to come again.
const MAX_AT_ONCE: u32 = 256;

/// The application behind its door.
pub struct Door {
    pub(super) app: Arc<App>,
    pub(super) schema: MinshengSchema,
    pub(super) sdl: String,
    pub(super) settings: HttpSettings,
    pub(super) metrics: Metrics,
    slots: Arc<Semaphore>,
    closing: AtomicBool,
}

impl Door {
    /// Builds the schema and opens.
    #[must_use]
    pub fn new(app: Arc<App>, settings: HttpSettings) -> Arc<Self> {
        Arc::new(Self {
            app,
            schema: schema::build(),
            sdl: schema::sdl(),
            settings,
            metrics: Metrics::new(),
            slots: Arc::new(Semaphore::new(MAX_AT_ONCE as usize)),
            closing: AtomicBool::new(false),
        })
    }

    /// From now on readiness says no; what is under way goes on.
    pub(super) fn close(&self) {
        self.closing.store(true, Ordering::Relaxed);
    }

    /// Whether it still takes requests.
    pub(super) fn is_open(&self) -> bool {
        !self.closing.load(Ordering::Relaxed)
    }

    /// A place for one execution, if one is free.
    pub(super) fn slot(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.slots).try_acquire_owned().ok()
    }

    /// Waits until nothing is executed any more, and says whether that came true in time.
    pub(super) async fn idle(&self, within: Duration) -> bool {
        tokio::time::timeout(within, self.slots.acquire_many(MAX_AT_ONCE))
            .await
            .is_ok()
    }
}
