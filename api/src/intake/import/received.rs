//! The instant at which an entry was received (收到时间), from the ways in which ledgers write it.

use chrono::{
    DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc,
};

use crate::clock::day_of;

/// Offset of local times: Asia/Shanghai has had no other since 1991.
const LOCAL_OFFSET_SECONDS: i32 = 8 * 3600;

/// Years outside these are slips of the pen, or numbers that are no dates.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2099;

/// Days between the epochs of the two date systems that workbooks use.
const EPOCH_1904_DAYS: f64 = 1462.0;

/// Forms of a local time. A parsed number may have one digit or two, so `2019/3/1 9:05` fits as well.
const LOCAL_TIMES: [&str; 10] = [
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%dT%H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y.%m.%d %H:%M:%S",
    "%Y.%m.%d %H:%M",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
];

const LOCAL_DAYS: [&str; 5] = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"];

/// Reads RFC 3339 (its own offset counts), a local time, a day (its first instant) or a workbook's serial number
/// (1900 system). Local means +08:00. The result is cut to microseconds; `None` when nothing fits.
pub(super) fn parse_received_at(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let instant = match DateTime::parse_from_rfc3339(text) {
        Ok(instant) => instant.to_utc(),
        Err(_) => at_local_offset(parse_local(text)?)?,
    };
    DateTime::from_timestamp_micros(instant.timestamp_micros())
        .filter(|instant| YEARS.contains(&instant.year()))
}

/// The day that a cell names, as `YYYY-MM-DD`; a time of day is dropped. `None` when it is no time.
pub(in crate::intake) fn day_text(text: &str) -> Option<String> {
    parse_received_at(text).map(|instant| day_of(instant).to_string())
}

/// A workbook's serial number as `YYYY-MM-DD HH:MM:SS`, or `None` when it is no time of an accepted year.
pub(super) fn serial_text(serial: f64, epoch_1904: bool) -> Option<String> {
    let serial = if epoch_1904 { serial + EPOCH_1904_DAYS } else { serial };
    serial_time(serial).map(|time| time.format("%Y-%m-%d %H:%M:%S").to_string())
}

fn parse_local(text: &str) -> Option<NaiveDateTime> {
    let time = LOCAL_TIMES.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let day = || LOCAL_DAYS.iter().find_map(|form| NaiveDate::parse_from_str(text, form).ok());
    // A serial number has five digits, so it cannot be taken for a day written in eight.
    let serial = || text.parse().ok().and_then(serial_time);
    time.or_else(|| day().filter(|day| YEARS.contains(&day.year())).map(|day| day.and_time(NaiveTime::MIN)))
        .or_else(serial)
}

fn at_local_offset(time: NaiveDateTime) -> Option<DateTime<Utc>> {
    let offset = FixedOffset::east_opt(LOCAL_OFFSET_SECONDS)?;
    offset.from_local_datetime(&time).single().map(|instant| instant.to_utc())
}

/// Days since 1899-12-30 with the time of day as a fraction, rounded to the second: a tenth of a microsecond is all
/// that a 64-bit fraction loses, but `09:30:00` must not become `09:29:59`.
fn serial_time(serial: f64) -> Option<NaiveDateTime> {
    const DAY_SECONDS: f64 = 86_400.0;
    const LARGEST: f64 = 100_000.0;
    if !(1.0..LARGEST).contains(&serial) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "below 100,000 days, so below 2^34 seconds")]
    let seconds = (serial * DAY_SECONDS).round() as i64;
    let epoch = NaiveDate::from_ymd_opt(1900, 1, 1)?.checked_sub_days(Days::new(2))?;
    let time = epoch.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::seconds(seconds))?;
    YEARS.contains(&time.year()).then_some(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        parse_received_at(text).unwrap().to_rfc3339()
    }

    #[test]
    fn a_time_with_an_offset_is_taken_at_its_word() {
        assert_eq!(read("2019-10-15T09:30:00+08:00"), "2019-10-15T01:30:00+00:00");
        assert_eq!(read("2019-10-15T09:30:00Z"), "2019-10-15T09:30:00+00:00");
        assert_eq!(read("2019-10-15T09:30:00.1234567Z"), "2019-10-15T09:30:00.123456+00:00");
    }

    #[test]
    fn a_local_time_is_eight_hours_ahead() {
        let same = "2019-03-01T01:05:00+00:00";
        for text in [
            "2019-03-01 09:05:00",
            "2019-3-1 9:05",
            "2019-03-01T09:05:00",
            "2019/03/01 09:05:00",
            "2019/3/1 9:05",
            "2019.3.1 9:05",
            "2019年3月1日 9:05",
            " 2019/3/1 9:05　",
        ] {
            assert_eq!(read(text), same, "{text}");
        }
    }

    #[test]
    fn a_day_is_its_first_local_instant() {
        for text in ["2019-03-01", "2019/3/1", "2019.3.1", "2019年3月1日", "20190301", "43525"] {
            assert_eq!(read(text), "2019-02-28T16:00:00+00:00", "{text}");
        }
    }

    #[test]
    fn a_serial_number_is_rounded_to_the_second() {
        assert_eq!(read("43753.395833333336"), "2019-10-15T01:30:00+00:00");
        assert_eq!(serial_text(43_753.395_833_3, false).unwrap(), "2019-10-15 09:30:00");
        assert_eq!(serial_text(43_753.5 - EPOCH_1904_DAYS, true).unwrap(), "2019-10-15 12:00:00");
    }

    #[test]
    fn what_is_no_time_of_these_years_is_refused() {
        for text in [
            "",
            "昨天",
            "2019-13-01",
            "2019-02-29",
            "19-03-01",
            "1",
            "0",
            "-43525",
            "NaN",
            "99999999",
            "1889-01-01",
        ] {
            assert_eq!(parse_received_at(text), None, "{text}");
        }
        assert_eq!(serial_text(0.5, false), None);
    }
}
