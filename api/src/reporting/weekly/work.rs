//! What a department did outside, as it is frozen in a report: households reached, visits, symposiums.

use std::collections::BTreeMap;

use entity::enums::VillageClass;
use serde::{Deserialize, Serialize};

use crate::coverage::rules::Counts;

/// All that a department had done by the instant of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Visits that hold, also by the committees of its villages.
    pub visits: i64,
    /// Symposiums, also those of the committees of its villages.
    pub symposiums: i64,
    /// Households of its villages, by class.
    pub coverage: BTreeMap<VillageClass, Counts>,
}

/// What a department did outside, in all and since the report before. What is taken back later is taken off in the report
/// that follows, so the reports always add up to all that holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// Visits since the last report, less those taken back.
    pub visits: i64,
    /// Visits in all.
    pub visits_in_all: i64,
    /// Symposiums since the last report.
    pub symposiums: i64,
    /// Symposiums in all.
    pub symposiums_in_all: i64,
    /// By class of village; empty for whoever answers for none.
    pub coverage: Vec<CoverageFigure>,
}

/// Households of the villages of one class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageFigure {
    /// Class.
    pub class: VillageClass,
    /// Households of the register.
    pub households: i64,
    /// Reached in any way since the last report, less those that no longer count.
    pub reached: i64,
    /// Reached in any way, in all.
    pub reached_in_all: i64,
    /// Visited at the door since the last report, less those that no longer count.
    pub at_door: i64,
    /// Visited at the door, in all.
    pub at_door_in_all: i64,
}

impl Work {
    /// Of all that is done, and what the report before had; that had nothing where it did not count this.
    #[must_use]
    pub fn of(done: &Done, before: Option<&Self>) -> Self {
        let none = Self::default();
        let before = before.unwrap_or(&none);
        let line = |(class, counts): (&VillageClass, &Counts)| {
            let had = before.coverage.iter().find(|line| line.class == *class);
            CoverageFigure {
                class: *class,
                households: counts.households,
                reached: counts.reached - had.map_or(0, |line| line.reached_in_all),
                reached_in_all: counts.reached,
                at_door: counts.at_door - had.map_or(0, |line| line.at_door_in_all),
                at_door_in_all: counts.at_door,
            }
        };
        Self {
            visits: done.visits - before.visits_in_all,
            visits_in_all: done.visits,
            symposiums: done.symposiums - before.symposiums_in_all,
            symposiums_in_all: done.symposiums,
            coverage: done.coverage.iter().map(line).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(visits: i64, reached: i64, at_door: i64) -> Done {
        let coverage = BTreeMap::from([(VillageClass::Ordinary, Counts::new(100, reached, at_door))]);
        Done { visits, symposiums: 1, coverage }
    }

    #[test]
    fn a_report_says_what_was_done_since_the_one_before_and_takes_off_what_was_taken_back() {
        let first = Work::of(&done(12, 10, 8), None);
        assert_eq!((first.visits, first.symposiums, first.coverage[0].reached), (12, 1, 10));
        let second = Work::of(&done(9, 10, 9), Some(&first));
        assert_eq!((second.visits, second.visits_in_all, second.symposiums), (-3, 9, 0));
        let line = &second.coverage[0];
        assert_eq!((line.households, line.reached, line.reached_in_all), (100, 0, 10));
        assert_eq!((line.at_door, line.at_door_in_all), (1, 9));
    }
}
