//! The write by which a request came in, kept for the first write of the same viewer.

use std::sync::Mutex;
use std::time::Duration;

use sea_orm::DbBackend;

use super::deadline;
use super::lock::locked;
use super::tx::Tx;
use crate::scope::viewer::Viewer;

tokio::task_local! {
    static OF_REQUEST: Kept;
}

/// Until it is taken.
#[derive(Default)]
struct Kept(Mutex<Option<Box<Tx>>>);

impl Kept {
    fn swap(&self, write: Option<Box<Tx>>) -> Option<Box<Tx>> {
        std::mem::replace(&mut *locked(&self.0), write)
    }
}

/// Runs a request whose reads end within this time.
pub async fn within<T>(time: Duration, request: impl Future<Output = T>) -> T {
    OF_REQUEST.scope(Kept::default(), deadline::within(time, request)).await
}

/// A part of a request whose writes leave the rest of it its deadline: whoever is let in may first have to be noted.
pub async fn apart<T>(part: impl Future<Output = T>) -> T {
    OF_REQUEST.scope(Kept::default(), deadline::apart(part)).await
}

/// Keeps the write by which a request came in for the first write of the same viewer. Whatever else the request opens
/// before that lets it go: nobody holds one connection while waiting for another.
pub fn keep_for_write(write: Tx) {
    if write.backend() == DbBackend::Postgres {
        // Outside of a request nobody would take it.
        let _ = OF_REQUEST.try_with(|kept| kept.swap(Some(Box::new(write))));
    }
}

/// The write that was kept, if it is this viewer's; otherwise it is let go.
pub(super) fn kept_for(viewer: &Viewer) -> Option<Tx> {
    let kept = OF_REQUEST.try_with(|kept| kept.swap(None)).ok()?;
    kept.filter(|write| write.viewer() == viewer).map(|write| *write)
}

/// Lets go the write that was kept.
pub(super) fn let_go() {
    let _ = OF_REQUEST.try_with(|kept| kept.swap(None));
}
