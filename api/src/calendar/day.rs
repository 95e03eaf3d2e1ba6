//! Days in a plan are TOML local dates, such as `2019-10-15`, in Asia/Shanghai.

use chrono::NaiveDate;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use toml::value::Datetime;

/// A day that must be there.
pub(crate) fn required<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    let written = Datetime::deserialize(deserializer)?;
    let Datetime { date: Some(date), time: None, offset: None } = written else {
        return Err(Error::custom("expected a day such as 2019-10-15, without a time"));
    };
    NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
        .ok_or_else(|| Error::custom("there is no such day"))
}

/// A day that may be left out.
pub(crate) fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    required(deserializer).map(Some)
}

/// Several days.
pub(crate) fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<NaiveDate>, D::Error> {
    #[derive(Deserialize)]
    struct Day(#[serde(deserialize_with = "required")] NaiveDate);
    let days = Vec::<Day>::deserialize(deserializer)?;
    Ok(days.into_iter().map(|Day(day)| day).collect())
}
