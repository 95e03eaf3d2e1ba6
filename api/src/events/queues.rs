//! Between which queues of somebody a suggestion moved. Worked out from what the change itself tells: nothing is read.

use std::collections::BTreeSet;

use entity::enums::{Capability, Stage};
use entity::id::StreamId;
use entity::submission;

use crate::app::bus::event::{Change, Standing};
use crate::scope::viewer::Viewer;
use crate::shares::filter::Queue;

/// A change as one subscription sees it.
pub(super) struct Move<'a> {
    before: Option<Place<'a>>,
    now: Option<Place<'a>>,
}

/// By what a suggestion is seen, and how it stands.
type Place<'a> = (Capability, &'a Standing);

impl<'a> Move<'a> {
    /// Of somebody who follows some streams, or all in scope.
    pub(super) fn of(change: &'a Change, viewer: &Viewer, streams: Option<&BTreeSet<StreamId>>) -> Self {
        let place = |standing: &'a Standing| {
            let followed = streams.is_none_or(|streams| streams.contains(&standing.stream));
            standing.seen_by(viewer).filter(|_| followed).map(|share| (share, standing))
        };
        Self { before: change.before.as_ref().and_then(place), now: place(&change.now) }
    }

    /// Whether it was there before.
    pub(super) const fn was_seen(&self) -> bool {
        self.before.is_some()
    }

    /// Whether it may be there by now; whether it is, a read in the caller's scope says.
    pub(super) const fn may_be_seen(&self) -> bool {
        self.now.is_some()
    }

    /// The queues that a suggestion left and those that it entered, as it is shown now; none is shown once it has left.
    pub(super) fn queues(&self, shown: Option<&submission::Model>) -> (Vec<Queue>, Vec<Queue>) {
        let before = self.before.map(|(share, stood)| (share, stood.received, stood.late));
        let now = self.now.zip(shown);
        let now = now.map(|((share, _), row)| (share, row.stage == Stage::Received, row.late));
        let holds = |queue: Queue, place: Option<(Capability, bool, bool)>| {
            place.is_some_and(|(share, received, late)| queue.holds(share, received, late))
        };
        let only = |one, other| {
            let queues = Queue::ALL.into_iter();
            queues.filter(|queue| holds(*queue, one) && !holds(*queue, other)).collect()
        };
        (only(before, now), only(now, before))
    }
}
