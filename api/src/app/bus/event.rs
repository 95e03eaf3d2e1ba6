//! What an event is and whom it may concern. Whether somebody is shown it is decided by a read in that one's scope.

use std::collections::BTreeMap;
use std::sync::Arc;

use entity::enums::Capability;
use entity::id::{CampaignId, County, DepartmentId, StreamId, SubmissionId};

use crate::scope::viewer::Viewer;

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// One suggestion changed.
    Changed(Arc<Change>),
    /// More of a county changed at once than are named: a ledger was brought in.
    Many(County),
    /// Something else changed in a county that people work by; what and whose is not told.
    Work(County),
    /// Something may have been missed.
    Gap,
}

/// A suggestion that changed, who sees it by now, and who saw it before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The county.
    pub county: County,
    /// The suggestion.
    pub submission: SubmissionId,
    /// Its campaign.
    pub campaign: CampaignId,
    /// How it stands by now.
    pub now: Standing,
    /// How it stood before the change; nothing for one that was entered.
    pub before: Option<Standing>,
}

/// Where a suggestion stands, as far as streams and queues go by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its stream.
    pub stream: StreamId,
    /// The departments with a share in it, and what it lets them do.
    pub shares: BTreeMap<DepartmentId, Capability>,
    /// Whether it waits for its class.
    pub received: bool,
    /// Whether it came late.
    pub late: bool,
}

impl Standing {
    /// By what somebody sees it, if at all; whoever sees the county sees each suggestion as its collector does.
    #[must_use]
    pub fn seen_by(&self, viewer: &Viewer) -> Option<Capability> {
        if viewer.sees_county() {
            return Some(Capability::Collect);
        }
        self.shares.get(&viewer.department()).copied()
    }
}

impl Change {
    /// Whether somebody sees it, or saw it before.
    fn may_concern(&self, viewer: &Viewer) -> bool {
        let known = [Some(&self.now), self.before.as_ref()];
        self.county == *viewer.county() && known.iter().flatten().any(|known| known.seen_by(viewer).is_some())
    }
}

/// An event with its place: a snapshot that was opened for a later one shows this one too.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its place.
    pub number: u64,
    /// What happened.
    pub event: Event,
}

impl Event {
    /// Whether it is worth a read: nobody else would be shown anything.
    #[must_use]
    pub fn may_concern(&self, viewer: &Viewer) -> bool {
        match self {
            Self::Gap => true,
            Self::Many(county) | Self::Work(county) => county == viewer.county(),
            Self::Changed(change) => change.may_concern(viewer),
        }
    }
}
