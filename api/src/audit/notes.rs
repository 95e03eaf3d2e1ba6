//! What leaves a line without a transaction of its own: refusals, failed sign-ins, reads. It waits in memory for at
//! most a second and is written in batches, so that a refusal costs its caller no write and SQLite's only writer is
//! never crowded. A server that ends writes what waits; one that is killed loses the notes of its last second.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use entity::id::County;

pub use super::waiting::Note;
use super::waiting::Waiting;
use crate::access::system;
use crate::app::App;
use crate::db::{Fault, Trail};

/// Lines that are written in one transaction.
const BATCH: usize = 500;

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

    fn take(&self, now: DateTime<Utc>, which: Which) -> Vec<Note> {
        self.with(|waiting| waiting.take(now, which == Which::All))
    }

    fn with<T>(&self, act: impl FnOnce(&mut Waiting) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Writes what waits, and says how many lines that were. What can't be written waits on.
pub async fn write_notes(app: &App, which: Which) -> Result<u64, Fault> {
    let mut by_county: BTreeMap<County, Vec<Note>> = BTreeMap::new();
    for note in app.notes.take(app.clock.now(), which) {
        let county = note.by.county().clone();
        by_county.entry(county).or_default().push(note);
    }
    let (mut written, mut failed) = (0, None);
    for (county, mut notes) in by_county {
        while !notes.is_empty() {
            let rest = notes.split_off(notes.len().min(BATCH));
            if let Err(fault) = write(app, &county, &notes).await {
                app.notes.with(|waiting| {
                    waiting.put_back(rest);
                    waiting.put_back(notes);
                });
                failed = failed.or(Some(fault));
                break;
            }
            written += u64::try_from(notes.len()).unwrap_or_default();
            notes = rest;
        }
    }
    failed.map_or(Ok(written), Err)
}

async fn write(app: &App, county: &County, notes: &[Note]) -> Result<(), Fault> {
    let now = app.clock.now();
    let line = |note: &Note| {
        let line = Trail {
            id: app.new_key(now),
            at: note.at,
            action: note.action,
            subject: note.subject.clone(),
            detail: note.told(),
        };
        (note.by.clone(), line)
    };
    let tx = app.db.begin_write(&system::operator(county.clone())).await?;
    tx.audit_of(notes.iter().map(line).collect()).await?;
    tx.commit().await
}
