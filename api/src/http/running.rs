//! An operation that runs: counted while it does, and by how it ended.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use super::door::Door;
use crate::error::ErrorCode;

/// The name of an operation, once it is known.
#[derive(Clone, Default)]
pub(super) struct Name(Arc<OnceLock<String>>);

impl Name {
    /// As the document calls it.
    pub(super) fn set(&self, name: &str) {
        // One operation has one name: a second would be the same.
        let _ = self.0.set(name.to_owned());
    }
}

/// An operation that runs.
pub(super) struct Running {
    door: Arc<Door>,
    name: Name,
    begin: Instant,
}

impl Running {
    pub(super) fn begin(door: &Arc<Door>) -> Self {
        door.metrics.running.inc();
        Self { door: Arc::clone(door), name: Name::default(), begin: Instant::now() }
    }

    pub(super) fn name(&self) -> Name {
        self.name.clone()
    }

    /// Counts it, with the code of its first error.
    pub(super) fn end(self, failed: Option<ErrorCode>) {
        let code = failed.map_or("OK", ErrorCode::as_str);
        let name = self.name.0.get().map(String::as_str);
        let took = self.begin.elapsed();
        let operation = self.door.metrics.count(name, code, took);
        tracing::info!(operation, code, micros = took.as_micros(), "operation");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.door.metrics.running.dec();
    }
}
