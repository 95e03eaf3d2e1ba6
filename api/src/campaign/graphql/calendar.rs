//! Which days are worked, as a campaign counts them.

use async_graphql::{Object, SimpleObject};
use chrono::{Datelike as _, NaiveDate};

use crate::calendar::{Calendar, Year};
use crate::error::ApiError;
use crate::graphql::scalars::Date;
use crate::refusal::{Message, Refusal};

/// How the days of one year differ from Monday to Friday. 年度工作日历
pub struct CalendarYear(Year);

impl CalendarYear {
    /// What is known of a year.
    ///
    /// # Errors
    /// BAD_USER_INPUT where nothing is.
    pub(crate) fn of(calendar: Calendar<'_>, year: Option<i32>, today: NaiveDate) -> Result<Self, ApiError> {
        let known = calendar.year(year.unwrap_or_else(|| today.year()));
        known.cloned().map(Self).map_err(|refusal| unknown("year", refusal))
    }
}

/// How the days of one year differ from Monday to Friday. 年度工作日历
#[Object]
impl CalendarYear {
    /// The year, e.g. 2026. 年份
    async fn year(&self) -> i32 {
        i32::from(self.0.year)
    }

    /// Number of the paper that says so; null where it is not known. 文号
    async fn paper(&self) -> Option<&str> {
        self.0.paper.as_deref()
    }

    /// First day for which it holds. 有效期起
    async fn valid_from(&self) -> Date {
        Date(self.0.period().0)
    }

    /// Last day for which it holds, itself included; further days are not known. 有效期止
    async fn valid_to(&self) -> Date {
        Date(self.0.period().1)
    }

    /// Days off, weekends within a holiday included, and weekend days that are worked, in their order; every other day is
    /// worked from Monday to Friday. 节假日与调休上班日
    async fn special_days(&self) -> Vec<SpecialDay> {
        let days = self.0.special_days().into_iter();
        days.map(|special| SpecialDay {
            day: Date(special.day),
            is_worked: special.is_worked,
            name: special.name.to_owned(),
        })
        .collect()
    }
}

/// A day off, or a weekend day that is worked. 节假日或调休上班日
#[derive(SimpleObject)]
pub struct SpecialDay {
    /// The day. 日期
    day: Date,
    /// Whether it is worked. 是否上班
    is_worked: bool,
    /// Chinese name of the holiday, e.g. 春节. 节假日名称
    name: String,
}

/// Working days behind `from` up to `to`, which is counted.
///
/// # Errors
/// BAD_USER_INPUT where one of them is not known.
pub(crate) fn working_days(calendar: Calendar<'_>, from: NaiveDate, to: NaiveDate) -> Result<i32, ApiError> {
    calendar.working_days_between(from, to).map_err(|refusal| unknown("to", refusal))
}

fn unknown(argument: &str, refusal: Refusal) -> ApiError {
    let Message { zh, en } = refusal.message;
    ApiError::bad_input(format!("{argument}：{zh}"), format!("{argument}: {en}"))
}
