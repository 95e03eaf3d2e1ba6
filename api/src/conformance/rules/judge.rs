//! When a clause is met, due or breached. No SQL, no clock, no async.

use async_graphql::Enum;
use chrono::NaiveDate;

/// How far a clause is carried out. 落实情况
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Enum)]
pub enum ClauseStatus {
    /// Not done, and too late. 未落实
    Breached,
    /// Not done yet, and there is still time, or no day was set. 推进中
    Due,
    /// Done as the notice asks. 已落实
    Met,
    /// Nothing to hold it against, or not measured yet; the figure's note says which. 不适用
    NotApplicable,
}

/// How much of the denominator a clause asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// All of it, and there must be something.
    All,
    /// Any of it.
    Some,
}

/// What a clause is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// How much is done.
    pub numerator: i64,
    /// Of how much; none where there is nothing to hold it against.
    pub denominator: Option<i64>,
    /// How much of it is needed.
    pub need: Need,
    /// The last day for it; none where neither notice nor plan sets one and the campaign is not closed.
    pub due: Option<NaiveDate>,
    /// Whether something has gone wrong that later work does not mend.
    pub broken: bool,
}

/// How far a clause is carried out on a day.
#[must_use]
pub fn judge(measure: &Measure, today: NaiveDate) -> ClauseStatus {
    let done = match measure.need {
        Need::All => {
            let whole = measure.denominator;
            whole.is_some_and(|all| all > 0 && measure.numerator >= all)
        }
        Need::Some => measure.numerator > 0,
    };
    let over = measure.due.is_some_and(|due| today > due);
    let nothing = measure.need == Need::All && measure.denominator == Some(0);
    match (measure.broken, done, over) {
        (false, true, _) => ClauseStatus::Met,
        (false, false, false) => ClauseStatus::Due,
        (false, false, true) if nothing => ClauseStatus::NotApplicable,
        _ => ClauseStatus::Breached,
    }
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use proptest::prelude::*;

    use super::*;

    fn day(days: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2019, 10, 15).unwrap() + Days::new(days)
    }

    fn measures() -> impl Strategy<Value = Measure> {
        let need = prop_oneof![Just(Need::All), Just(Need::Some)];
        let due = proptest::option::of(0_u64..40);
        (0_i64..20, proptest::option::of(0_i64..20), need, due, any::<bool>()).prop_map(
            |(numerator, denominator, need, due, broken)| Measure {
                numerator,
                denominator,
                need,
                due: due.map(day),
                broken,
            },
        )
    }

    proptest! {
        #[test]
        fn where_all_is_needed_nothing_less_is_met(measure in measures(), today in 0_u64..60) {
            if judge(&measure, day(today)) == ClauseStatus::Met {
                prop_assert!(!measure.broken && measure.numerator > 0);
                if measure.need == Need::All {
                    prop_assert!(measure.denominator.is_some_and(|all| measure.numerator >= all));
                }
            }
        }

        #[test]
        fn a_clause_is_due_only_until_its_day(measure in measures(), today in 0_u64..60) {
            let status = judge(&measure, day(today));
            let over = measure.due.is_some_and(|due| day(today) > due);
            prop_assert!(status != ClauseStatus::Due || !over);
            prop_assert!(status != ClauseStatus::Breached || over || measure.broken);
        }

        #[test]
        fn more_done_never_makes_it_worse(measure in measures(), more in 0_i64..20, today in 0_u64..60) {
            let better = Measure { numerator: measure.numerator + more, ..measure };
            let (one, other) = (judge(&measure, day(today)), judge(&better, day(today)));
            prop_assert!(one == ClauseStatus::NotApplicable || one <= other);
        }

        #[test]
        fn time_alone_never_makes_it_better(measure in measures(), today in 0_u64..60, later in 0_u64..60) {
            let (one, other) = (judge(&measure, day(today)), judge(&measure, day(today + later)));
            prop_assert!(other == ClauseStatus::NotApplicable || other <= one);
        }
    }
}
