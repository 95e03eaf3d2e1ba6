//! Which days a demonstration's campaigns have (演示日程).
//!
//! A campaign of the past shows its end only. So one that ends is moved by whole weeks, every day of its plan by as many,
//! until its last day is today or one of the next six: it is then in its last week, weekdays stay what the notice says
//! ("每周五"), and everything else is done on the machine's own clock. A campaign without an end stays where it is.

use chrono::{Days, NaiveDate};

use crate::plan::Plan;

/// By how many days a campaign is moved so that today lies in its last week; none for one without an end.
#[must_use]
pub fn into_last_week(plan: &Plan, today: NaiveDate) -> i64 {
    plan.campaign.closes_on.map_or(0, |last| {
        let behind = (today - last).num_days();
        // Weeks begun, not weeks over: the last day is never yesterday.
        behind.div_euclid(7) * 7 + if behind.rem_euclid(7) > 0 { 7 } else { 0 }
    })
}

/// The text of a plan with every day moved; the words of the notice stay.
#[must_use]
pub fn moved(text: &str, days: i64) -> String {
    let line = |line: &str| {
        let (key, value) = line.split_once(" = ")?;
        let day: NaiveDate = value.trim().parse().ok()?;
        Some(format!("{key} = {}", later(day, days)))
    };
    let lines = text.lines().map(|one| line(one).unwrap_or_else(|| one.to_owned()) + "\n");
    lines.collect()
}

fn later(day: NaiveDate, days: i64) -> NaiveDate {
    let by = Days::new(days.unsigned_abs());
    let moved = if days < 0 { day.checked_sub_days(by) } else { day.checked_add_days(by) };
    moved.unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use chrono::Datelike as _;

    use super::super::PLANS;
    use super::*;

    #[test]
    fn on_every_day_a_campaign_that_ends_is_in_its_last_week_and_on_its_weekdays() {
        let plan = Plan::parse("plan", PLANS[0]).unwrap();
        let first: NaiveDate = "2019-11-01".parse().unwrap();
        for today in first.iter_days().step_by(23).take(60) {
            let days = into_last_week(&plan, today);
            let then = Plan::parse("moved", &moved(PLANS[0], days)).unwrap();
            let last = then.campaign.closes_on.unwrap();
            assert!((0..7).contains(&(last - today).num_days()), "{today}");
            assert_eq!(last.weekday(), plan.campaign.closes_on.unwrap().weekday());
            for (due, before) in then.due_dates.iter().zip(&plan.due_dates) {
                let lead = |plan: &Plan, on: NaiveDate| plan.campaign.closes_on.map(|last| last - on);
                assert_eq!(due.on.map(|on| lead(&then, on)), before.on.map(|on| lead(&plan, on)));
            }
        }
    }

    #[test]
    fn what_does_not_end_or_is_not_moved_stays_as_it_is() {
        let plan = Plan::parse("plan", PLANS[1]).unwrap();
        assert_eq!(into_last_week(&plan, "2031-05-06".parse().unwrap()), 0);
        for text in PLANS {
            assert_eq!(moved(text, 0).trim_end(), text.trim_end());
        }
    }
}
