//! Who signed in last under a session, so that a request's first message can make his settings beside the question whether
//! the session still holds. It lets nobody in: what the question answers counts, and a wrong guess costs one more trip.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use entity::id::SessionId;

use crate::scope::viewer::Viewer;

/// Most sessions that are remembered; then all are forgotten.
const MOST: usize = 10_000;

/// Viewers by session.
#[derive(Default)]
pub struct Known(Mutex<HashMap<SessionId, Viewer>>);

impl Known {
    /// Who it was the last time.
    #[must_use]
    pub fn expected(&self, session: SessionId) -> Option<Viewer> {
        self.all().get(&session).cloned()
    }

    /// Remembers who it was.
    pub fn remember(&self, session: SessionId, viewer: &Viewer) {
        let mut all = self.all();
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(session, viewer.clone());
    }

    /// Usable after a panic elsewhere: each change is complete in itself.
    fn all(&self) -> MutexGuard<'_, HashMap<SessionId, Viewer>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
