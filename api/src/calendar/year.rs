//! How the days of one year differ from Monday to Friday, as the paper of the year says (节假日安排).

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};

use super::day;

/// Holidays of one year, with the weekend days that are worked instead (年度放假安排).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Year {
    /// Which year, such as 2027 (年份).
    pub year: u16,
    /// Number of the State Council office's paper, where it is known (文号).
    #[serde(default)]
    pub paper: Option<String>,
    /// The first day for which this holds; the first of January unless told (有效期起).
    #[serde(default, deserialize_with = "day::optional")]
    pub valid_from: Option<NaiveDate>,
    /// The last day for which this holds; the last of December unless told (有效期止).
    #[serde(default, deserialize_with = "day::optional")]
    pub valid_to: Option<NaiveDate>,
    /// The holidays, in the order of the paper (节假日).
    pub holidays: Vec<Holiday>,
}

/// One holiday: its days off, and what is worked instead (节假日).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// The name, such as 春节 (名称).
    pub name: String,
    /// The first day off (放假起).
    #[serde(deserialize_with = "day::required")]
    pub from: NaiveDate,
    /// The last day off, itself included (放假止).
    #[serde(deserialize_with = "day::required")]
    pub to: NaiveDate,
    /// Saturdays and Sundays that are worked instead (调休上班日).
    #[serde(default, deserialize_with = "day::list")]
    pub worked: Vec<NaiveDate>,
}

/// A day of which a paper says whether it is worked (特殊日).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpecialDay<'y> {
    /// The day.
    pub day: NaiveDate,
    /// Worked on a weekend, or else off (是否上班).
    pub is_worked: bool,
    /// For which holiday (节假日名称).
    pub name: &'y str,
}

impl Year {
    /// The first and the last day for which this holds (有效期).
    #[must_use]
    pub fn period(&self) -> (NaiveDate, NaiveDate) {
        let edge = |month, day| NaiveDate::from_ymd_opt(i32::from(self.year), month, day).unwrap_or_default();
        (self.valid_from.unwrap_or_else(|| edge(1, 1)), self.valid_to.unwrap_or_else(|| edge(12, 31)))
    }

    /// Whether this holds for a day.
    #[must_use]
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.has(day)
            && self.valid_from.is_none_or(|first| first <= day)
            && self.valid_to.is_none_or(|last| day <= last)
    }

    /// Whether a day lies in this year.
    #[must_use]
    pub fn has(&self, day: NaiveDate) -> bool {
        day.year() == i32::from(self.year)
    }

    /// What the paper says of a day; nothing of an ordinary one.
    #[must_use]
    pub fn special(&self, day: NaiveDate) -> Option<SpecialDay<'_>> {
        self.holidays.iter().find_map(|holiday| {
            let is_worked = holiday.worked.contains(&day);
            let named = is_worked || (holiday.from..=holiday.to).contains(&day);
            named.then_some(SpecialDay { day, is_worked, name: &holiday.name })
        })
    }

    /// Every day for which this holds and of which the paper says something, in their order (特殊日).
    #[must_use]
    pub fn special_days(&self) -> Vec<SpecialDay<'_>> {
        let days = self.period().0.iter_days().take_while(|day| self.covers(*day));
        days.filter_map(|day| self.special(day)).collect()
    }
}
