//! The years of the calendar: their days lie in them, none is said twice, and only weekend days are worked instead.

use chrono::{Datelike as _, NaiveDate, Weekday};

use super::super::Plan;
use super::super::error::PlanErrorCode;
use super::findings::Findings;
use crate::calendar::{Holiday, Year};

/// A year outside of these is a slip.
const FIRST: u32 = 2000;
const LAST: u32 = 2100;

pub(super) fn check(plan: &Plan, found: &mut Findings) {
    for (index, year) in plan.calendar.iter().enumerate() {
        check_year(&format!("calendar[{index}]"), year, found);
    }
    let years = plan.calendar.iter().map(|year| year.year.to_string());
    found.unique(years, |index| format!("calendar[{index}].year"));
}

fn check_year(path: &str, year: &Year, found: &mut Findings) {
    found.range(&format!("{path}.year"), u32::from(year.year), FIRST, LAST);
    if let Some(paper) = &year.paper {
        found.text(&format!("{path}.paper"), paper);
    }
    let (first, last) = year.period();
    in_order(path, ["valid_from", "valid_to"], year, [first, last], found);
    found.some(&format!("{path}.holidays"), year.holidays.len());
    // Each day with the field that names it.
    let mut days = Vec::new();
    for (index, holiday) in year.holidays.iter().enumerate() {
        check_holiday(&format!("{path}.holidays[{index}]"), year, holiday, &mut days, found);
    }
    found.unique(days.iter().map(|(_, day)| day.to_string()), |index| days[index].0.clone());
}

fn check_holiday(
    path: &str,
    year: &Year,
    holiday: &Holiday,
    days: &mut Vec<(String, NaiveDate)>,
    found: &mut Findings,
) {
    let Holiday { name, from, to, worked } = holiday;
    found.text(&format!("{path}.name"), name);
    if in_order(path, ["from", "to"], year, [*from, *to], found) {
        let off = from.iter_days().take_while(|day| day <= to);
        days.extend(off.map(|day| (format!("{path}.from"), day)));
    }
    for (index, day) in worked.iter().enumerate() {
        let path = format!("{path}.worked[{index}]");
        in_year(&path, year, *day, found);
        if !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            let reason = format!("{day} is no Saturday or Sunday: only those are worked instead");
            found.add(
                &path,
                PlanErrorCode::WrongValue,
                reason,
                format!("{day} 不是周六或周日，不能作为调休上班日"),
            );
        }
        days.push((path, *day));
    }
}

/// A day of the year; whether it is.
fn in_year(path: &str, year: &Year, day: NaiveDate, found: &mut Findings) -> bool {
    let fits = year.has(day);
    if !fits {
        let of = year.year;
        let reason = format!("{day} does not lie in {of}; each year states its own days");
        found.add(
            path,
            PlanErrorCode::OutOfRange,
            reason,
            format!("{day} 不在 {of} 年内，各年只写本年的日期"),
        );
    }
    fits
}

/// Two days of the year, in their order; whether they are.
fn in_order(path: &str, fields: [&str; 2], year: &Year, days: [NaiveDate; 2], found: &mut Findings) -> bool {
    let [from, to] = fields.map(|field| format!("{path}.{field}"));
    let [first, last] = days;
    if !(in_year(&from, year, first, found) & in_year(&to, year, last, found)) {
        return false;
    }
    if first > last {
        let reason = format!("it would end before {first}, on which it begins");
        found.add(&to, PlanErrorCode::DatesReversed, reason, format!("早于开始的 {first}"));
    }
    first <= last
}
