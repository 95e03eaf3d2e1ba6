//! `DateTime` and `Date`: RFC 3339 with offset, and calendar days in the county's legal time.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{
    DateTime as Instant, Datelike as _, NaiveDate, SecondsFormat, SubsecRound as _, Timelike as _, Utc,
};

use crate::clock::shanghai;

/// RFC 3339 instant, always with offset, e.g. `2019-11-15T17:00:00+08:00`. 时间
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime(pub Instant<Utc>);

/// RFC 3339 instant, always with offset, e.g. `2019-11-15T17:00:00+08:00`. 时间
#[Scalar(specified_by_url = "https://scalars.graphql.org/andimarek/date-time")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        // A sixtieth second is on no clock that the databases know; what is finer than a microsecond they would not keep.
        let at = Instant::parse_from_rfc3339(text).ok().filter(|at| at.nanosecond() < 1_000_000_000);
        at.map(|at| Self(at.to_utc().trunc_subsecs(6))).ok_or_else(|| {
            InputValueError::custom("expected RFC 3339 with offset, e.g. 2019-11-15T17:00:00+08:00")
        })
    }

    /// Asked before anything is executed, which names the argument that it stands in.
    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.with_timezone(&shanghai()).to_rfc3339_opts(SecondsFormat::AutoSi, false))
    }
}

/// Years with four digits, which both databases and all clients know.
pub const YEARS: std::ops::RangeInclusive<i32> = 1..=9999;

/// Calendar day in the county's legal time (UTC+08:00), `YYYY-MM-DD`. 日期
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub NaiveDate);

/// Calendar day in the county's legal time (UTC+08:00), `YYYY-MM-DD`. 日期
#[Scalar(specified_by_url = "https://scalars.graphql.org/andimarek/local-date")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else {
            return Err(InputValueError::expected_type(value));
        };
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        let day = day.filter(|day| text.len() == 10 && YEARS.contains(&day.year()));
        day.map(Self).ok_or_else(|| InputValueError::custom("expected a day as YYYY-MM-DD"))
    }

    /// Asked before anything is executed, which names the argument that it stands in.
    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.format("%Y-%m-%d").to_string())
    }
}
