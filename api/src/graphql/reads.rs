//! Who looked at accounts or at the trail: one line for each request and kind, whatever it read.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use entity::enums::AuditAction;
use serde_json::json;

use crate::app::App;
use crate::app::notes::Note;
use crate::scope::viewer::Viewer;

/// Most objects that a line names.
const MOST_NAMED: usize = 10;

/// What one request looked at; noted when the request ends.
pub struct Reads {
    app: Arc<App>,
    by: Option<Viewer>,
    address: IpAddr,
    now: DateTime<Utc>,
    seen: Mutex<BTreeMap<AuditAction, Seen>>,
}

#[derive(Default)]
struct Seen {
    named: BTreeSet<String>,
    count: u64,
}

impl Reads {
    /// Of a request that has looked at nothing yet.
    #[must_use]
    pub fn new(app: Arc<App>, by: Option<Viewer>, address: IpAddr, now: DateTime<Utc>) -> Self {
        Self { app, by, address, now, seen: Mutex::default() }
    }

    /// Something was looked at, named by its kind and key or by its list.
    pub fn saw(&self, action: AuditAction, what: impl Into<String>) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = seen.entry(action).or_default();
        seen.count += 1;
        if seen.named.len() < MOST_NAMED {
            seen.named.insert(what.into());
        }
    }
}

impl Drop for Reads {
    fn drop(&mut self) {
        let seen = std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner));
        let Some(by) = &self.by else { return };
        for (action, seen) in seen {
            let mut named = seen.named.iter();
            let subject = match (named.next(), named.next()) {
                (Some(only), None) => only.clone(),
                _ => "several".to_owned(),
            };
            let mut note = Note::of(by, self.now, action, subject, self.address);
            if seen.count > 1 {
                note.detail.insert("named".to_owned(), json!(seen.named));
                note.detail.insert("objects".to_owned(), json!(seen.count));
            }
            self.app.notes.add(note);
        }
    }
}
