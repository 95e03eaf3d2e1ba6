//! The one way to take a lock of the kernel's.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Usable after a panic elsewhere: each change of what the kernel holds behind a lock is complete in itself.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
