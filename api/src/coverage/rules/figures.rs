//! Two numerators over one denominator, the target between them, and the days that are left (S05, S06).

use chrono::NaiveDate;
use entity::village_register;

use crate::plan::{Numerator, Plan, VillageClass};

/// Households of a register, and how many of them were reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The one denominator. 应访户数
    pub households: i64,
    /// Reached in any way. 已征集户数
    pub reached: i64,
    /// Visited at the door. 已入户户数
    pub at_door: i64,
}

impl Counts {
    /// Whoever was visited at the door was reached, and nobody beyond the register counts.
    #[must_use]
    pub fn new(households: i64, reached: i64, at_door: i64) -> Self {
        let households = households.max(0);
        let reached = reached.clamp(0, households);
        Self { households, reached, at_door: at_door.clamp(0, reached) }
    }

    /// Both together: villages add up to townships, townships to the district.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            households: self.households + other.households,
            reached: self.reached + other.reached,
            at_door: self.at_door + other.at_door,
        }
    }

    /// The households that a target counts.
    #[must_use]
    pub const fn covered(self, numerator: Numerator) -> i64 {
        match numerator {
            Numerator::Reached => self.reached,
            Numerator::VisitedAtDoor => self.at_door,
        }
    }

    /// A part of the households, 0 to 1; nothing where there are none.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "households are counted in millions at most")]
    pub fn rate(self, part: i64) -> Option<f64> {
        (self.households > 0).then(|| part as f64 / self.households as f64)
    }
}

/// What villages of one class shall reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aim {
    /// Which households count.
    pub numerator: Numerator,
    /// At least so many per cent.
    pub percent: u8,
}

impl Aim {
    /// The plan's target for a class; none where it sets none.
    #[must_use]
    pub fn of(plan: &Plan, class: VillageClass) -> Option<Self> {
        let targets = plan.coverage_targets.iter();
        let mut own = targets.filter(|target| target.class == class);
        own.next().map(|target| Self { numerator: target.numerator, percent: target.percent })
    }

    /// How many households make the target: a part of a household is a whole one.
    #[must_use]
    pub fn households(self, of: i64) -> i64 {
        (of * i64::from(self.percent) + 99) / 100
    }
}

/// The days that a reckoning looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// First day of the campaign.
    pub opens_on: NaiveDate,
    /// Last day, itself included; none while open-ended.
    pub closes_on: Option<NaiveDate>,
    /// The day up to which is counted, itself included.
    pub as_of: NaiveDate,
}

impl Period {
    /// The present pace is that of a week.
    pub const PACE_DAYS: i64 = 7;

    /// Days behind `as_of` on which visits still help; none where there is no end.
    #[must_use]
    pub fn days_left(self) -> Option<i64> {
        self.closes_on.map(|last| (last - self.as_of).num_days().max(0))
    }

    /// Over how many days the present pace is taken: a week, or what there was of the campaign.
    #[must_use]
    pub fn pace_days(self) -> i64 {
        let run = (self.as_of - self.opens_on).num_days() + 1;
        run.clamp(1, Self::PACE_DAYS)
    }
}

/// Where something with one target stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The target.
    pub aim: Aim,
    /// Households that the target counts.
    pub covered: i64,
    /// Households that make it.
    pub required: i64,
    /// Still lacking.
    pub needed: i64,
    /// Needed on each day that is left; none where no day is, or no end.
    pub per_day: Option<i64>,
    /// Covered at the end if the pace of the last week holds; none while open-ended.
    pub forecast: Option<i64>,
}

impl Standing {
    /// From the counts now and a pace ago.
    #[must_use]
    pub fn of(aim: Aim, now: Counts, before: Counts, period: Period) -> Self {
        let (covered, left) = (now.covered(aim.numerator), period.days_left());
        let required = aim.households(now.households);
        let needed = (required - covered).max(0);
        let per_day = match left {
            _ if needed == 0 => Some(0),
            Some(days) if days > 0 => Some((needed + days - 1) / days),
            _ => None,
        };
        let gained = (covered - before.covered(aim.numerator)).max(0);
        let forecast =
            left.map(|days| (covered + gained * days / period.pace_days()).clamp(0, now.households));
        Self { aim, covered, required, needed, per_day, forecast }
    }

    /// Whether the target is reached.
    #[must_use]
    pub const fn is_met(&self) -> bool {
        self.needed == 0
    }
}

/// The version of one village's register that holds on a day: the last that took effect, before that the first.
#[must_use]
pub fn version_at(versions: &[village_register::Model], day: NaiveDate) -> Option<&village_register::Model> {
    let effective = versions.iter().filter(|row| row.effective_on <= day);
    let last = effective.max_by_key(|row| row.version);
    last.or_else(|| versions.iter().min_by_key(|row| row.version))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(n: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2019, 10, 15).unwrap() + chrono::TimeDelta::days(n)
    }

    fn aim(percent: u8, door: bool) -> Aim {
        let numerator = if door { Numerator::VisitedAtDoor } else { Numerator::Reached };
        Aim { numerator, percent }
    }

    #[test]
    fn a_target_is_met_by_whole_households() {
        // 95 % of 246 are 233.7: 233 households are not enough.
        assert_eq!(aim(95, false).households(246), 234);
        assert_eq!(aim(90, true).households(250), 225);
        assert_eq!(aim(100, true).households(0), 0);
    }

    #[test]
    fn what_is_needed_is_spread_over_the_days_that_are_left() {
        let period = Period { opens_on: day(0), closes_on: Some(day(31)), as_of: day(21) };
        let now = Counts::new(100, 60, 40);
        let before = Counts::new(100, 46, 33);
        let standing = Standing::of(aim(95, false), now, before, period);
        assert_eq!((standing.needed, standing.per_day), (35, Some(4)));
        // Two a day for ten days more.
        assert_eq!(standing.forecast, Some(80));
        let last_day = Period { as_of: day(31), ..period };
        let late = Standing::of(aim(95, false), now, before, last_day);
        assert_eq!((late.per_day, late.forecast), (None, Some(60)));
        let endless = Period { closes_on: None, ..period };
        let endless = Standing::of(aim(95, false), now, before, endless);
        assert_eq!((endless.per_day, endless.forecast), (None, None));
    }

    proptest! {
        #[test]
        fn no_rate_is_over_one_and_the_door_never_beats_any_way(
            households in -5i64..5_000, reached in -5i64..9_000, at_door in -5i64..9_000,
        ) {
            let counts = Counts::new(households, reached, at_door);
            for part in [counts.reached, counts.at_door] {
                prop_assert!(counts.rate(part).is_none_or(|rate| (0.0..=1.0).contains(&rate)));
            }
            prop_assert!(counts.at_door <= counts.reached && counts.reached <= counts.households);
        }

        #[test]
        fn parts_add_up_in_any_order(
            parts in prop::collection::vec((0i64..5_000, 0i64..5_000, 0i64..5_000), 0..20),
        ) {
            let parts: Vec<Counts> = parts.into_iter().map(|(a, b, c)| Counts::new(a, b, c)).collect();
            let forward = parts.iter().fold(Counts::default(), |sum, part| sum.plus(*part));
            let backward = parts.iter().rev().fold(Counts::default(), |sum, part| part.plus(sum));
            prop_assert_eq!(forward, backward);
            prop_assert!(forward.at_door <= forward.reached && forward.reached <= forward.households);
        }

        #[test]
        fn a_target_is_met_exactly_when_its_rate_is_reached(
            households in 1i64..5_000, reached in 0i64..5_000, percent in 1u8..=100, left in 0i64..40,
        ) {
            let now = Counts::new(households, reached, reached);
            let period = Period { opens_on: day(0), closes_on: Some(day(left)), as_of: day(0) };
            let standing = Standing::of(aim(percent, false), now, Counts::default(), period);
            prop_assert_eq!(standing.is_met(), now.reached * 100 >= i64::from(percent) * households);
            if let Some(per_day) = standing.per_day {
                prop_assert!(standing.is_met() || now.reached + per_day * left >= standing.required);
            }
            prop_assert!(standing.forecast.is_some_and(|forecast| forecast <= households));
        }
    }
}
