//! What a circular asks about: a campaign, some days, a rate.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use entity::enums::{Capability, CircularRate};
use entity::id::{CampaignId, DepartmentId};
use entity::share;

use super::rules::Part;
use crate::db::Predicate;
use crate::plan::Plan;

/// What a circular asks about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) plan: &'a Plan,
    pub(super) campaign: CampaignId,
    /// First and last day.
    pub(super) period: (NaiveDate, NaiveDate),
    pub(super) rate: CircularRate,
    pub(super) today: NaiveDate,
}

/// Parts by department.
pub(super) type Parts = BTreeMap<DepartmentId, Part>;

impl Asked<'_> {
    /// Whether a day lies in these days.
    pub(super) fn holds(&self, day: NaiveDate) -> bool {
        (self.period.0..=self.period.1).contains(&day)
    }

    /// The day behind the last one.
    pub(super) fn behind(&self) -> NaiveDate {
        self.period.1.checked_add_days(Days::new(1)).unwrap_or(self.period.1)
    }

    /// The suggestions that were received in these days, each once: by its collector's share.
    pub(super) fn received(&self) -> Predicate<share::Column> {
        use share::Column as C;
        Predicate::All(vec![
            Predicate::is(C::Campaign, self.campaign),
            Predicate::is(C::Capability, Capability::Collect),
            Predicate::AtLeast(C::ReceivedOn, self.period.0.into()),
            Predicate::Below(C::ReceivedOn, self.behind().into()),
        ])
    }
}
