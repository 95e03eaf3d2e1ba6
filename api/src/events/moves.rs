//! Changes that are told together: that something moved, at most once in a while, and always after the last.

use std::time::Duration;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::time::Instant;

use crate::app::bus::event::{Event, Told};
use crate::events::payload::ChangeKind;

/// Shortest time between two.
const BREATH: Duration = Duration::from_secs(1);

/// What moves, told together.
pub(super) struct Moves {
    feed: Receiver<Told>,
    next_at: Instant,
}

/// That something moved.
pub(super) struct Moved {
    /// Number of the last event that is told by it.
    pub(super) number: u64,
    /// Why it is told.
    pub(super) kind: ChangeKind,
}

impl Moves {
    /// Of a feed; the first may be told at once.
    pub(super) fn new(feed: Receiver<Told>) -> Self {
        Self { feed, next_at: Instant::now() }
    }

    /// From now on nothing is told for a while.
    pub(super) fn breathe(&mut self) {
        self.next_at = Instant::now() + BREATH;
    }

    /// The next move, with all that came until it may be told; after a gap anything may have moved. Nothing once the feed ends.
    pub(super) async fn next(&mut self, concerned: impl Fn(&Event) -> bool + Send) -> Option<Moved> {
        let mut moved = self.first(concerned).await?;
        tokio::time::sleep_until(self.next_at).await;
        // What came in the meantime is told together.
        loop {
            match self.feed.try_recv() {
                Ok(told) => {
                    moved.number = told.number;
                    if matches!(told.event, Event::Gap) {
                        moved.kind = ChangeKind::Lagged;
                    }
                }
                Err(TryRecvError::Lagged(_)) => moved.kind = ChangeKind::Lagged,
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        Some(moved)
    }

    async fn first(&mut self, concerned: impl Fn(&Event) -> bool + Send) -> Option<Moved> {
        let mut kind = ChangeKind::Changed;
        loop {
            let told = match self.feed.recv().await {
                Ok(told) => told,
                Err(RecvError::Lagged(_)) => {
                    kind = ChangeKind::Lagged;
                    continue;
                }
                Err(RecvError::Closed) => return None,
            };
            if matches!(told.event, Event::Gap) {
                kind = ChangeKind::Lagged;
            }
            if kind == ChangeKind::Lagged || concerned(&told.event) {
                return Some(Moved { number: told.number, kind });
            }
        }
    }
}
