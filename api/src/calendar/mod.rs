//! Which days are worked (工作日历): the one place where working days are counted.
//!
//! Monday to Friday, but for what the papers of the State Council's General Office say: data, `api/calendars/china.toml` for
//! the years that the program knows, and the section `[[calendar]]` of a plan for those that came later or are kept otherwise
//! in a county. A year of which neither says anything is an error: no day of it is guessed.
//!
//! The day of an event is not counted: a limit of one working day from a Friday ends with the Monday. Only the days that are
//! counted need be known.

pub(crate) mod day;
#[cfg(test)]
mod tests;
mod year;

use std::sync::LazyLock;

use chrono::{Datelike as _, NaiveDate, Weekday};
use serde::Deserialize;

use crate::refusal::{Refusal, UserErrorCode, message};

pub use year::{Holiday, SpecialDay, Year};

const CHINA: &str = include_str!("../../calendars/china.toml");

/// The years that the program knows. A test reads the file; of one that can't be read no year is known.
static KNOWN: LazyLock<Vec<Year>> = LazyLock::new(|| years(CHINA).unwrap_or_default());

/// Reads a file that holds nothing but the section of a plan.
fn years(text: &str) -> Result<Vec<Year>, toml::de::Error> {
    #[derive(Deserialize)]
    struct File {
        calendar: Vec<Year>,
    }
    toml::from_str(text).map(|File { calendar }| calendar)
}

/// The days of one campaign: its plan's own years, and behind them those that the program knows (工作日历).
#[derive(Clone, Copy, Debug)]
pub struct Calendar<'p> {
    own: &'p [Year],
}

impl<'p> Calendar<'p> {
    /// With the years of a plan, each of which stands instead of the one that the program knows.
    #[must_use]
    pub const fn of(own: &'p [Year]) -> Self {
        Self { own }
    }

    /// What is known of a year.
    ///
    /// # Errors
    /// INVALID where nothing is.
    pub fn year(self, year: i32) -> Result<&'p Year, Refusal> {
        self.find(year).ok_or_else(|| unknown(year, &year.to_string()))
    }

    /// Whether a day is worked.
    ///
    /// # Errors
    /// INVALID for a day of which nothing is known.
    pub fn is_working_day(self, day: NaiveDate) -> Result<bool, Refusal> {
        let known = self.find(day.year()).filter(|year| year.covers(day));
        let year = known.ok_or_else(|| unknown(day.year(), &day.to_string()))?;
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        Ok(year.special(day).map_or(!weekend, |special| special.is_worked))
    }

    /// The day with which a limit of `n` working days ends that an event on `day` sets off: the `n`th working day behind it;
    /// the day itself where `n` is 0. Every limit runs forward from its event, so `n` is never negative.
    ///
    /// # Errors
    /// INVALID where it would count a day of which nothing is known.
    pub fn add_working_days(self, day: NaiveDate, n: u32) -> Result<NaiveDate, Refusal> {
        let (mut day, mut left) = (day, n);
        while left > 0 {
            day = next(day)?;
            left -= u32::from(self.is_working_day(day)?);
        }
        Ok(day)
    }

    /// How many working days lie behind `from` up to `to`, which is counted: those that are left of a limit that ends with `to`.
    /// Where `to` came first, those behind it up to `from`, as a negative number: by so many the limit is exceeded.
    ///
    /// # Errors
    /// INVALID where it would count a day of which nothing is known.
    pub fn working_days_between(self, from: NaiveDate, to: NaiveDate) -> Result<i32, Refusal> {
        let (mut day, last) = (from.min(to), from.max(to));
        let mut count = 0;
        while day < last {
            day = next(day)?;
            count += i32::from(self.is_working_day(day)?);
        }
        Ok(if from <= to { count } else { -count })
    }

    fn find(self, year: i32) -> Option<&'p Year> {
        self.own.iter().chain(KNOWN.iter()).find(|known| i32::from(known.year) == year)
    }
}

/// The day behind a day; behind the last one that can be written there is none.
fn next(day: NaiveDate) -> Result<NaiveDate, Refusal> {
    day.succ_opt().ok_or_else(|| unknown(day.year(), &day.to_string()))
}

/// Nothing is known of a year, or of a day in it.
fn unknown(year: i32, asked: &str) -> Refusal {
    let message = message!(
        "{asked}：没有 {year} 年的放假安排，无法计算工作日；请管理员在方案文件中加入 [[calendar]] year = {year}，再执行 \
         minsheng plan apply FILE",
        "{asked}: the holidays of {year} are not known, so working days can't be counted; have the operator add a section \
         [[calendar]] with year = {year} to the plan's file and run `minsheng plan apply FILE`"
    );
    Refusal { code: UserErrorCode::Invalid, field: Vec::new(), message }
}
