//! The instant at which an entry was received (收到时间), from the ways in which ledgers write it.

use chrono::{
    DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone,
    Timelike, Utc,
};
use unicode_normalization::UnicodeNormalization as _;

use super::written;
use crate::clock::{day_of, shanghai};

/// Years outside these are slips of the pen, or numbers that are no dates.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2099;

/// Days between the epochs of the two date systems that workbooks use.
const EPOCH_1904_DAYS: f64 = 1462.0;

/// Reads RFC 3339 and other times with an offset, a local time in any usual Chinese way of writing, a day (its first instant),
/// eight, twelve or fourteen digits, or a workbook's serial number (1900 system). Local means +08:00. The result is cut to
/// microseconds; `None` when nothing fits, or two things do.
pub(super) fn parse_received_at(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let instant = match DateTime::parse_from_rfc3339(text) {
        // A sixtieth second is in no clock that people read, and in neither database.
        Ok(instant) => (instant.nanosecond() < 1_000_000_000).then(|| instant.to_utc())?,
        Err(_) => other(text)?,
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

fn other(text: &str) -> Option<DateTime<Utc>> {
    let plain: String = text.nfkc().collect();
    if let Some(time) = digits_alone(&plain).or_else(|| plain.parse().ok().and_then(serial_time)) {
        return at_offset(time, shanghai());
    }
    let (time, offset) = written::read(text)?;
    at_offset(time, offset)
}

/// `20190301`, `201903010905` and `20190301090500`. A serial number has five digits, so it is none of them.
fn digits_alone(text: &str) -> Option<NaiveDateTime> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (day, time) = text.split_at_checked(8)?;
    let day = NaiveDate::parse_from_str(day, "%Y%m%d").ok()?;
    let number = |part: &str| part.parse::<u32>().ok();
    let time = match time.len() {
        0 => NaiveTime::MIN,
        4 => NaiveTime::from_hms_opt(number(&time[..2])?, number(&time[2..])?, 0)?,
        6 => NaiveTime::from_hms_opt(number(&time[..2])?, number(&time[2..4])?, number(&time[4..])?)?,
        _ => return None,
    };
    Some(day.and_time(time))
}

fn at_offset(time: NaiveDateTime, offset: FixedOffset) -> Option<DateTime<Utc>> {
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
    use proptest::prelude::*;

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
    fn every_usual_chinese_way_of_writing_is_read() {
        for (text, time) in [
            ("2022年10月15日9时30分", "2022-10-15 09:30:00"),
            ("2022年10月15日 9时30分20秒", "2022-10-15 09:30:20"),
            ("２０２２年１０月１５日", "2022-10-15 00:00:00"),
            ("2022-10-15 09：30", "2022-10-15 09:30:00"),
            ("2022年10月15日上午", "2022-10-15 00:00:00"),
            ("2022年10月15日下午", "2022-10-15 12:00:00"),
            ("2022年10月15日上午9:30", "2022-10-15 09:30:00"),
            ("2022/10/15 下午3:05", "2022-10-15 15:05:00"),
            ("2022/10/15 下午15:05", "2022-10-15 15:05:00"),
            ("2022/10/15 晚上8点半", "2022-10-15 20:30:00"),
            ("2022/10/15 凌晨12:30", "2022-10-15 00:30:00"),
            ("2022/10/15 中午12点", "2022-10-15 12:00:00"),
            ("2022/10/15 中午1点10分", "2022-10-15 13:10:00"),
            ("2022/10/15 3:05:00 PM", "2022-10-15 15:05:00"),
            ("2022/10/15 12:05 a.m.", "2022-10-15 00:05:00"),
            ("20221015093000", "2022-10-15 09:30:00"),
            ("202210150930", "2022-10-15 09:30:00"),
            ("２０２２１０１５", "2022-10-15 00:00:00"),
            ("2022.10.15.", "2022-10-15 00:00:00"),
            ("2022．10．15", "2022-10-15 00:00:00"),
            ("2022年10月15号", "2022-10-15 00:00:00"),
            ("2022年10月15", "2022-10-15 00:00:00"),
            ("二〇二二年十月十五日", "2022-10-15 00:00:00"),
            ("二零二二年一月廿五日下午三点零五分", "2022-01-25 15:05:00"),
            ("2022-10-15 24:00", "2022-10-16 00:00:00"),
            ("2022、10、15", "2022-10-15 00:00:00"),
            ("2022 10 15", "2022-10-15 00:00:00"),
            ("2022-10-15 09:30:00 +0800", "2022-10-15 09:30:00"),
            ("2022-10-15 01:30 Z", "2022-10-15 09:30:00"),
            ("2022/10/15 星期六", "2022-10-15 00:00:00"),
            ("2022-10-15（周六） 9:30", "2022-10-15 09:30:00"),
            ("2022—10—15", "2022-10-15 00:00:00"),
            ("2022/10/15 0:00", "2022-10-15 00:00:00"),
            ("2022-10-15 9:5", "2022-10-15 09:05:00"),
            ("2022-10-15T09:30+08:00", "2022-10-15 09:30:00"),
            ("2022年 10月 15日", "2022-10-15 00:00:00"),
            ("2022-10-15  09:30", "2022-10-15 09:30:00"),
            ("2022.10.15 9.30", "2022-10-15 09:30:00"),
            ("2022-10-15 09点30分", "2022-10-15 09:30:00"),
            ("2022-10-15 9点", "2022-10-15 09:00:00"),
            ("2022/10/15, 09:30:00", "2022-10-15 09:30:00"),
            ("2022-10-15 09:30:00.1234567", "2022-10-15 09:30:00.123456"),
        ] {
            let read = parse_received_at(text).map(|at| (at.naive_utc() + TimeDelta::hours(8)).to_string());
            assert_eq!(read.as_deref(), Some(time), "{text}");
        }
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_refused() {
        for text in [
            "22.10.15",
            "10月15日",
            "2022年10月",
            "10/15/2022",
            "15/10/2022",
            "2022-10-15 星期五",
            "2022-6-30 23:59:60",
            "2022-06-30T23:59:60Z",
            "2022-10-15 24:01",
            "2022-10-15 25:00",
            "2022-10-15 9:60",
            "2022-10-112:30",
            "2022/10/15 上午12:00",
            "2022/10/15 晚上12点",
            "2022/10/15 下午9:30 PM",
            "2022/10/15 13:05 PM",
            "2022/10/15 9.5",
            "2022-10-15 09:30 +9900",
            "2022年十五月一日",
            "2022年二五月一日",
            "2022年10月15日至16日",
            "2022-10-15 约9:30",
            "20221315",
            "202210151",
            "2022101509",
            // Digits of other scripts.
            "2022-10-15 09:30 +٠٨:٠٠",
            "2022-10-15 09:30 +٠8:00",
            "٢٠٢٢-10-15",
        ] {
            assert_eq!(parse_received_at(text), None, "{text}");
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

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in "[-0-9年月日时点分秒上下午半号星期六日一二三十廿〇+:.T /（）ｚＺ０９٠①]{0,24}") {
            let _ = parse_received_at(&text);
        }

        #[test]
        fn a_time_is_read_back_however_it_is_written(seconds in 631_152_000_i64..4_102_444_800, form in 0_usize..7) {
            let forms = [
                "%Y-%m-%d %H:%M:%S",
                "%Y年%-m月%-d日%-H时%-M分%-S秒",
                "%Y/%-m/%-d %-H:%M:%S",
                "%Y.%m.%d %H点%M分%S秒",
                "%Y%m%d%H%M%S",
                "%Y-%m-%d %I:%M:%S %p",
                "%Y年%m月%d号 %H：%M：%S",
            ];
            let at = DateTime::from_timestamp(seconds, 0).unwrap();
            let text = at.with_timezone(&shanghai()).format(forms[form]).to_string();
            prop_assert_eq!(parse_received_at(&text), Some(at), "{}", text);
        }
    }
}
