//! Writes into the trail what waits in memory for it (补写审计记录), in batches.

use std::collections::BTreeMap;

use entity::id::County;

use crate::app::App;
use crate::app::notes::{Note, Which};
use crate::db::{Fault, Trail};
use crate::scope::system;

/// Lines that are written in one transaction.
const BATCH: usize = 500;

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
                notes.extend(rest);
                app.notes.put_back(notes);
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
