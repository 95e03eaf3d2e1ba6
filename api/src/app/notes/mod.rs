//! What leaves a line without a transaction of its own: refusals, failed sign-ins, reads. It waits in memory for at
//! most a second and is written in batches, so that a refusal costs its caller no write and SQLite's only writer is
//! never crowded. A server that ends writes what waits; one that is killed loses the notes of its last second.

mod waiting;

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

pub use waiting::Note;
use waiting::Waiting;

/// Which lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those in full, and the sums whose minute is over.
    Due,
    /// All that wait: nothing comes after.
    All,
}

/// The notes of a server that wait to be written.
#[derive(Default)]
pub struct Notes(Mutex<Waiting>);

impl Notes {
    /// Takes a note in; it never fails and never waits.
    pub fn add(&self, note: Note) {
        self.with(|waiting| waiting.add(note));
    }

    /// What is to be written now, taken out.
    pub(crate) fn take(&self, now: DateTime<Utc>, which: Which) -> Vec<Note> {
        self.with(|waiting| waiting.take(now, which == Which::All))
    }

    /// Takes back what could not be written.
    pub(crate) fn put_back(&self, notes: Vec<Note>) {
        self.with(|waiting| waiting.put_back(notes));
    }

    fn with<T>(&self, act: impl FnOnce(&mut Waiting) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
