//! Who owes what by which day, as the plan says. No SQL, no clock, no async.

use chrono::{Datelike, Days, Months, NaiveDate};
use entity::enums::DueState;

use crate::plan::{DueDate, DueKind, Plan, Weekday};

/// One stretch of days that something is owed for; it is due at the end of its last day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// Key of the due date.
    pub key: String,
    /// What is owed, in short.
    pub name: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day, on which it is due.
    pub to: NaiveDate,
}

/// What a plan asks for again and again.
pub fn repeated(plan: &Plan) -> impl Iterator<Item = &DueDate> {
    let reports = |due: &&DueDate| due.kind == DueKind::Report;
    plan.due_dates.iter().filter(reports)
}

/// The periods of a due date that have begun by `today`, the latest first.
///
/// The first begins with the campaign, each further one the day after the last was due. None is due after the campaign
/// has closed.
#[must_use]
pub fn periods(plan: &Plan, due: &DueDate, today: NaiveDate) -> Vec<Period> {
    let opens = plan.campaign.opens_on;
    let last = plan.campaign.closes_on;
    let mut found = Vec::new();
    let (mut from, mut to) = (opens, next_due(due, opens));
    while let Some(day) = to.filter(|day| from <= today && last.is_none_or(|last| *day <= last)) {
        found.push(Period { key: due.key.clone(), name: due.name.clone(), from, to: day });
        let Some(next) = day.checked_add_days(Days::new(1)) else {
            break;
        };
        (from, to) = (next, next_due(due, next));
    }
    found.reverse();
    found
}

/// The period of a due date that a day lies in; none before the campaign and after its last.
#[must_use]
pub fn running(plan: &Plan, due: &DueDate, today: NaiveDate) -> Option<Period> {
    periods(plan, due, today).into_iter().next().filter(|latest| today <= latest.to)
}

/// The period that is due on a day, whether it has begun or not: of the due date with this key, or of the first that fits.
#[must_use]
pub fn period_of(plan: &Plan, key: Option<&str>, to: NaiveDate) -> Option<Period> {
    let last = plan.campaign.closes_on;
    if to < plan.campaign.opens_on || last.is_some_and(|last| to > last) {
        return None;
    }
    let mut fitting = repeated(plan).filter(|due| key.is_none_or(|key| due.key == key));
    let due = fitting.find(|due| next_due(due, to) == Some(to))?;
    Some(Period { key: due.key.clone(), name: due.name.clone(), from: first_day(plan, due, to)?, to })
}

/// The day after the due day before, or the campaign's first.
fn first_day(plan: &Plan, due: &DueDate, to: NaiveDate) -> Option<NaiveDate> {
    let before = match (due.weekday, due.month_day) {
        (Some(_), _) => to.checked_sub_days(Days::new(7))?,
        (None, Some(_)) => to.checked_sub_months(Months::new(1))?,
        (None, None) => return Some(plan.campaign.opens_on),
    };
    let next = before.checked_add_days(Days::new(1))?;
    Some(next.max(plan.campaign.opens_on))
}

/// The first day from `day` on which it is due.
fn next_due(due: &DueDate, day: NaiveDate) -> Option<NaiveDate> {
    if let Some(weekday) = due.weekday {
        let ahead = (7 + number(weekday) - day.weekday().num_days_from_monday()) % 7;
        return day.checked_add_days(Days::new(u64::from(ahead)));
    }
    if let Some(month_day) = due.month_day {
        let here = day.with_day(u32::from(month_day))?;
        return if here >= day { Some(here) } else { here.checked_add_months(Months::new(1)) };
    }
    due.on.filter(|on| *on >= day)
}

const fn number(weekday: Weekday) -> u32 {
    match weekday {
        Weekday::Monday => 0,
        Weekday::Tuesday => 1,
        Weekday::Wednesday => 2,
        Weekday::Thursday => 3,
        Weekday::Friday => 4,
        Weekday::Saturday => 5,
        Weekday::Sunday => 6,
    }
}

/// Codes of the departments that owe it, in the plan's order: those of the roles named, or all that own a stream.
#[must_use]
pub fn owing<'p>(plan: &'p Plan, due: &DueDate) -> Vec<&'p str> {
    plan.owing(due).map(|department| department.code.as_str()).collect()
}

/// How somebody stands who handed in on `handed_in`, or has not yet.
#[must_use]
pub fn state(handed_in: Option<NaiveDate>, due: NaiveDate, today: NaiveDate) -> DueState {
    match handed_in {
        Some(day) if day <= due => DueState::OnTime,
        Some(_) => DueState::Late,
        None if today > due => DueState::Missing,
        None => DueState::NotDue,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SHUANGLUAN: &str = include_str!("../../plans/shuangluan-2020.toml");
    const HUOQIU: &str = include_str!("../../plans/huoqiu-2022.toml");

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn plan(text: &str) -> Plan {
        Plan::parse("plan.toml", text).unwrap()
    }

    #[test]
    fn the_month_of_shuangluan_has_five_fridays() {
        let plan = plan(SHUANGLUAN);
        let due = repeated(&plan).next().unwrap();
        let found = periods(&plan, due, day("2020-03-01"));
        let days: Vec<String> = found.iter().map(|period| period.to.to_string()).collect();
        assert_eq!(days, ["2019-11-15", "2019-11-08", "2019-11-01", "2019-10-25", "2019-10-18"]);
        assert_eq!(found[4].from, day("2019-10-15"));
        assert_eq!(periods(&plan, due, day("2019-10-18")).len(), 1);
        assert_eq!(periods(&plan, due, day("2019-10-14")).len(), 0);
        assert_eq!(period_of(&plan, None, day("2019-11-22")), None);
        assert_eq!(period_of(&plan, None, day("2019-11-14")), None);
    }

    #[test]
    fn the_period_that_is_running_ends_with_its_last_day_and_none_runs_outside_the_campaign() {
        let plan = plan(SHUANGLUAN);
        let due = repeated(&plan).next().unwrap();
        let found = |today: &str| running(&plan, due, day(today)).map(|period| (period.from, period.to));
        assert_eq!(found("2019-10-14"), None);
        assert_eq!(found("2019-10-15"), Some((day("2019-10-15"), day("2019-10-18"))));
        assert_eq!(found("2019-10-18"), Some((day("2019-10-15"), day("2019-10-18"))));
        assert_eq!(found("2019-10-19"), Some((day("2019-10-19"), day("2019-10-25"))));
        assert_eq!(found("2019-11-15"), Some((day("2019-11-09"), day("2019-11-15"))));
        assert_eq!(found("2019-11-16"), None);
    }

    #[test]
    fn a_day_that_is_due_by_week_and_by_month_belongs_to_either_by_its_key() {
        let plan = plan(HUOQIU);
        let to = day("2022-10-28");
        let found = |key| period_of(&plan, key, to).map(|period| (period.key, period.from));
        assert_eq!(found(None), Some(("WEEKLY_REPORT".to_owned(), day("2022-10-22"))));
        assert_eq!(found(Some("MONTHLY_REPORT")), Some(("MONTHLY_REPORT".to_owned(), day("2022-09-29"))));
        assert_eq!(found(Some("ROSTER")), None);
    }

    #[test]
    fn whoever_owns_a_stream_owes_where_no_role_is_named() {
        let plan = plan(SHUANGLUAN);
        let mut due = repeated(&plan).next().unwrap().clone();
        let everybody = owing(&plan, &due);
        assert!(everybody.contains(&"STS_TOWN") && everybody.contains(&"PUBLICITY"));
        assert!(!everybody.contains(&"LEADING_GROUP"));
        due.owed_by = vec!["CPPCC".to_owned()];
        assert_eq!(owing(&plan, &due), ["CPPCC_OFFICE"]);
    }

    proptest! {
        #[test]
        fn periods_follow_each_other_without_gap_and_are_found_again(days in 0_u64..900) {
            let plan = plan(HUOQIU);
            let today = plan.campaign.opens_on + Days::new(days);
            for due in repeated(&plan) {
                let found = periods(&plan, due, today);
                for pair in found.windows(2) {
                    prop_assert_eq!(pair[1].to + Days::new(1), pair[0].from);
                }
                prop_assert!(found[0].from <= today && today <= found[0].to);
                for period in &found {
                    let again = period_of(&plan, Some(&due.key), period.to);
                    prop_assert_eq!(again.as_ref(), Some(period));
                }
            }
        }

        #[test]
        fn nobody_is_missing_before_the_day_has_passed(handed in proptest::option::of(0_u64..20), today in 0_u64..20) {
            let due = day("2022-03-11");
            let at = |days| day("2022-03-01") + Days::new(days);
            let found = state(handed.map(at), due, at(today));
            let wanted = match handed {
                Some(days) if days <= 10 => DueState::OnTime,
                Some(_) => DueState::Late,
                None if today > 10 => DueState::Missing,
                None => DueState::NotDue,
            };
            prop_assert_eq!(found, wanted);
        }
    }
}
