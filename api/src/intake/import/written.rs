//! A time as people write it: full width or not, with 上午 or PM, with 号, 点 and 分, with a weekday behind the day, in Chinese
//! numerals. What can be read in two ways is not read.

use std::sync::LazyLock;

use chrono::{Datelike as _, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};
use regex::{Captures, Regex};
use unicode_normalization::UnicodeNormalization as _;

use crate::clock::shanghai;

/// Year, month and day in this order, then perhaps a time of day, then perhaps an offset.
static FORM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let form = r"(?x)^
        (?P<year>[0-9]{4}) \s? [年/.\-\x20] \s? (?P<month>[0-9]{1,2}) \s? [月/.\-\x20] \s? (?P<day>[0-9]{1,2})
        (?: \s? [日号] \s? | \.? [\sT,]+ | \.? $ | (?P<glued>) )
        (?: (?P<half>上午|早上|早晨|清晨|凌晨|中午|下午|傍晚|晚上|晚间|夜间) \s? )?
        (?: (?P<hour>[0-9]{1,2}) \s?
            (?: [:时点] \s? (?: (?P<minute>[0-9]{1,2}) \s?
                    (?: 分? | [:分] \s? (?P<second>[0-9]{1,2}) (?: \. (?P<fraction>[0-9]{1,9}) )? \s? 秒? )
                | (?P<thirty>半) )?
              | \. (?P<dotted>[0-9]{2}) )
            \s? (?P<meridian>[ap]\.?m\.?)? \s? (?P<offset>z|[+-][0-9]{2}:?[0-9]{2})? )?
        $";
    Regex::new(form).ok()
});

static WEEKDAY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[(\s]*(?:星期|礼拜|周)\s?([一二三四五六日天])[)\s]*").ok());

/// A time with its offset, that of the county unless another stands behind it.
pub(super) fn read(text: &str) -> Option<(NaiveDateTime, FixedOffset)> {
    let (text, weekday) = without_weekday(&plain(text))?;
    let text = arabic(&text)?;
    let found = FORM.as_ref()?.captures(&text)?;
    let number = |name: &str| found.name(name).and_then(|part| part.as_str().parse::<u32>().ok());
    let year = i32::try_from(number("year")?).ok()?;
    let day = NaiveDate::from_ymd_opt(year, number("month")?, number("day")?)?;
    if weekday.is_some_and(|named| named != day.weekday()) {
        return None;
    }
    let half = found.name("half").map(|half| half.as_str());
    // `2022-10-112:30` may be the first or the eleventh.
    if found.name("glued").is_some() && half.is_none() && found.name("hour").is_some() {
        return None;
    }
    let time = time_of_day(&found, half)?;
    Some((day.and_time(NaiveTime::MIN).checked_add_signed(time)?, offset(&found)?))
}

/// Width and case do not matter, nor which dash or stop it is.
fn plain(text: &str) -> String {
    let folded = text.trim().nfkc().flat_map(char::to_lowercase);
    let same = folded.map(|c| match c {
        '—' | '–' | '―' | '−' | '‐' => '-',
        '、' | '。' | '·' => '.',
        't' => 'T',
        c if c.is_whitespace() => ' ',
        c => c,
    });
    let mut plain = String::new();
    for c in same {
        if !(plain.ends_with([' ', '-']) && (c == ' ' || (c == '-' && plain.ends_with('-')))) {
            plain.push(c);
        }
    }
    plain
}

/// The text without the day of the week, which must be that of the day.
fn without_weekday(text: &str) -> Option<(String, Option<Weekday>)> {
    let Some(found) = WEEKDAY.as_ref()?.captures(text) else {
        return Some((text.to_owned(), None));
    };
    let weekday = match &found[1] {
        "一" => Weekday::Mon,
        "二" => Weekday::Tue,
        "三" => Weekday::Wed,
        "四" => Weekday::Thu,
        "五" => Weekday::Fri,
        "六" => Weekday::Sat,
        _ => Weekday::Sun,
    };
    let whole = found.get(0)?;
    let (before, after) = (&text[..whole.start()], &text[whole.end()..]);
    let blank = if after.is_empty() { "" } else { " " };
    Some((format!("{before}{blank}{after}"), Some(weekday)))
}

/// Chinese numerals as digits; nothing for those that are no number of a date.
fn arabic(text: &str) -> Option<String> {
    let (mut plain, mut numeral) = (String::new(), String::new());
    for c in text.chars() {
        if digit(c).is_some() || "十廿卅".contains(c) {
            numeral.push(c);
            continue;
        }
        if !numeral.is_empty() {
            plain.push_str(&number(&numeral)?);
            numeral.clear();
        }
        plain.push(c);
    }
    if !numeral.is_empty() {
        plain.push_str(&number(&numeral)?);
    }
    Some(plain)
}

fn digit(numeral: char) -> Option<usize> {
    let place = |digits: &str| digits.chars().position(|digit| digit == numeral);
    place("〇一二三四五六七八九").or_else(|| place("零").or_else(|| place("○")))
}

/// `二〇二二` digit by digit, `二十五` and `廿五` by their tens.
fn number(numeral: &str) -> Option<String> {
    let numeral = numeral.replace('廿', "二十").replace('卅', "三十");
    let Some((tens, ones)) = numeral.split_once('十') else {
        return numeral.chars().map(|c| digit(c).map(|digit| digit.to_string())).collect();
    };
    let one = |part: &str, none: usize| match part.chars().collect::<Vec<_>>()[..] {
        [] => Some(none),
        [c] => digit(c),
        _ => None,
    };
    Some((one(tens, 1)? * 10 + one(ones, 0)?).to_string())
}

/// How long after the beginning of the day; 24:00 is its end. A part of the day alone is when that part begins.
fn time_of_day(found: &Captures<'_>, half: Option<&str>) -> Option<TimeDelta> {
    let number = |name: &str| found.name(name).and_then(|part| part.as_str().parse::<i64>().ok());
    let meridian = found.name("meridian").map(|part| part.as_str().starts_with('p'));
    let Some(hour) = number("hour") else {
        return half.map_or(Some(0), beginning).map(TimeDelta::hours);
    };
    let half_past = found.name("thirty").map(|_| 30);
    let minute = number("minute").or_else(|| number("dotted")).or(half_past).unwrap_or(0);
    let second = number("second").unwrap_or(0);
    let hour = match (half, meridian) {
        (None, None) => hour,
        (Some(half), None) => hour_of(half, hour)?,
        (None, Some(later)) => (1..=12).contains(&hour).then_some(hour % 12 + if later { 12 } else { 0 })?,
        (Some(_), Some(_)) => return None,
    };
    let fits = (hour < 24 || (hour == 24 && minute == 0 && second == 0)) && minute < 60 && second < 60;
    let fraction = found.name("fraction").map_or("", |part| part.as_str());
    let nanoseconds = format!("{fraction:0<9}").parse().ok()?;
    let time = TimeDelta::hours(hour) + TimeDelta::minutes(minute) + TimeDelta::seconds(second);
    fits.then_some(time + TimeDelta::nanoseconds(nanoseconds))
}

/// The hour at which a part of the day begins.
fn beginning(half: &str) -> Option<i64> {
    Some(match half {
        "凌晨" | "上午" | "早上" | "早晨" | "清晨" => 0,
        "中午" | "下午" => 12,
        "傍晚" | "晚上" | "晚间" | "夜间" => 18,
        _ => return None,
    })
}

/// The hour of 24 that an hour of a part of the day is. 上午12点 and 晚上12点 are noon to some and midnight to others.
fn hour_of(half: &str, hour: i64) -> Option<i64> {
    Some(match (half, hour) {
        ("凌晨", 12) => 0,
        ("凌晨", 0..=6)
        | ("上午" | "早上" | "早晨" | "清晨", 0..=11)
        | ("中午", 11..=14)
        | ("下午", 12..=19)
        | ("傍晚", 16..=20)
        | ("晚上" | "晚间" | "夜间", 17..=23) => hour,
        ("中午", 1..=2) | ("下午", 1..=11) | ("傍晚", 4..=8) | ("晚上" | "晚间" | "夜间", 5..=11) => {
            hour + 12
        }
        _ => return None,
    })
}

/// The offset that is written, that of the county where none is; nothing where it is no offset.
fn offset(found: &Captures<'_>) -> Option<FixedOffset> {
    let Some(written) = found.name("offset") else {
        return Some(shanghai());
    };
    let digits: String = written.as_str().chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() {
        return FixedOffset::east_opt(0);
    }
    let (hours, minutes): (i32, i32) = (digits[..2].parse().ok()?, digits[2..].parse().ok()?);
    if hours > 14 || minutes > 59 {
        return None;
    }
    let sign = if written.as_str().starts_with('-') { -1 } else { 1 };
    FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60))
}
