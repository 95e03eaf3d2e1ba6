//! What an event is and whom it may concern. Whether somebody is shown it is decided by a read in that one's scope.

use std::collections::BTreeSet;
use std::sync::Arc;

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

/// A suggestion that changed, and who sees it by now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The county.
    pub county: County,
    /// The suggestion.
    pub submission: SubmissionId,
    /// Its campaign.
    pub campaign: CampaignId,
    /// Its stream.
    pub stream: StreamId,
    /// The departments with a share in it.
    pub departments: BTreeSet<DepartmentId>,
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
            Self::Changed(change) => {
                change.county == *viewer.county()
                    && (viewer.sees_county() || change.departments.contains(&viewer.department()))
            }
        }
    }
}
