//! What every request shares at the door, and the count of those under way.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::HttpSettings;
use super::metrics::Metrics;
use super::parsed::Parsed;
use super::places::Places;
use super::seats::Exports;
use super::shares::Shares;
use crate::app::App;
use crate::schema;

/// Most requests executed at once; more are told to come again.
const MAX_AT_ONCE: u32 = 256;

/// The application behind its door.
pub struct Door {
    pub(super) app: Arc<App>,
    pub(super) sdl: String,
    pub(super) settings: HttpSettings,
    pub(super) metrics: Metrics,
    /// Documents that were sent before.
    pub(super) parsed: Parsed,
    slots: Arc<Semaphore>,
    /// Requests of each caller.
    pub(super) shares: Shares,
    /// Connections that stay.
    pub(super) places: Places,
    /// Exports under way.
    pub(super) exports: Exports,
    phase: watch::Sender<Phase>,
}

/// Where a door's life stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The database has not been seen yet: machines are told so, and nobody else is served.
    Waiting,
    /// It serves.
    Open,
    /// It ends.
    Closing,
}

impl Door {
    /// Opens.
    #[must_use]
    pub fn new(app: Arc<App>, settings: HttpSettings) -> Arc<Self> {
        let door = Self::waiting(app, settings);
        door.open();
        door
    }

    /// Serves nobody before [`Door::open`].
    #[must_use]
    pub fn waiting(app: Arc<App>, settings: HttpSettings) -> Arc<Self> {
        let metrics = Metrics::new().with_jobs(&app.jobs);
        let sockets = metrics.sockets.clone();
        Arc::new(Self {
            shares: Shares::new(&settings, app.db.connections()),
            app,
            sdl: schema::sdl(),
            places: Places::new(&settings, sockets),
            exports: Exports::new(&settings),
            settings,
            metrics,
            parsed: Parsed::default(),
            slots: Arc::new(Semaphore::new(MAX_AT_ONCE as usize)),
            phase: watch::Sender::new(Phase::Waiting),
        })
    }

    /// From now on it serves.
    pub fn open(&self) {
        self.phase.send_replace(Phase::Open);
    }

    /// From now on readiness says no; requests under way go on, connections that stay are closed.
    pub(super) fn close(&self) {
        self.phase.send_replace(Phase::Closing);
    }

    /// Whether it is ready for requests.
    pub(super) fn is_open(&self) -> bool {
        *self.phase.borrow() == Phase::Open
    }

    /// Returns once it closes.
    pub(super) async fn closed(&self) {
        // The sender lives as long as the door.
        let _ = self.phase.subscribe().wait_for(|phase| *phase == Phase::Closing).await;
    }

    /// A place for one execution, if one is free. One that ends goes on with what its connections still ask.
    pub(super) fn slot(&self) -> Option<OwnedSemaphorePermit> {
        if *self.phase.borrow() == Phase::Waiting {
            return None;
        }
        Arc::clone(&self.slots).try_acquire_owned().ok()
    }

    /// Waits until nothing is executed any more and nobody is connected who stays, and says whether that came true in
    /// time.
    pub(super) async fn idle(&self, within: Duration) -> bool {
        let idle = async {
            self.places.empty().await;
            self.exports.empty().await;
            // The semaphore is never closed.
            let _ = self.slots.acquire_many(MAX_AT_ONCE).await;
        };
        tokio::time::timeout(within, idle).await.is_ok()
    }
}
