//! One value of a table, with its type, so that a spreadsheet can sort and sum it.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use entity::labels::Labelled;

use crate::clock::shanghai;
use crate::refusal::Language;

/// A value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text, whatever it looks like.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// An amount.
    Number(f64),
    /// A part of a whole that is not nothing. It is never rounded up: what misses a target must not look as if it had
    /// reached it.
    Share {
        /// What is counted.
        part: i64,
        /// Out of how many.
        whole: i64,
    },
    /// A calendar day.
    Day(NaiveDate),
    /// An instant, shown in the county's legal time.
    Moment(DateTime<Utc>),
}

impl Cell {
    /// Text, or nothing.
    pub fn text(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.into()))
    }

    /// A number, or nothing.
    pub fn whole(number: Option<impl Into<i64>>) -> Self {
        number.map_or(Self::Empty, |number| Self::Whole(number.into()))
    }

    /// A share, or nothing where there is no whole.
    #[must_use]
    pub const fn share(part: i64, whole: i64) -> Self {
        if whole > 0 { Self::Share { part, whole } } else { Self::Empty }
    }

    /// An instant, or nothing.
    #[must_use]
    pub fn moment(at: Option<DateTime<Utc>>) -> Self {
        at.map_or(Self::Empty, Self::Moment)
    }

    /// The word of a value of a closed list.
    #[must_use]
    pub fn word(value: impl Labelled, language: Language) -> Self {
        Self::from(word(value, language))
    }

    /// Yes or no.
    #[must_use]
    pub fn yes(flag: bool, language: Language) -> Self {
        Self::from(if flag { language.pick("是", "yes") } else { language.pick("否", "no") })
    }

    /// Bytes of its text; what is no text has none to speak of.
    #[must_use]
    pub const fn text_len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            _ => 0,
        }
    }

    /// As people read it.
    #[must_use]
    pub fn shown(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Whole(number) => Cow::Owned(number.to_string()),
            Self::Number(number) => Cow::Owned(number.to_string()),
            Self::Share { part, whole } => {
                let parts = ten_thousandths(*part, *whole);
                Cow::Owned(format!("{}.{:02}%", parts / 100, parts % 100))
            }
            Self::Day(day) => Cow::Owned(day.format("%Y-%m-%d").to_string()),
            Self::Moment(at) => {
                let local = at.with_timezone(&shanghai());
                Cow::Owned(local.format("%Y-%m-%d %H:%M:%S").to_string())
            }
        }
    }

    /// As it stands in a file that spreadsheets open without asking: text that they would take for a formula gets an
    /// apostrophe in front. Numbers and days are ours and stay what they are.
    #[must_use]
    pub fn harmless(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) if looks_like_formula(text) => Cow::Owned(format!("'{text}")),
            plain => plain.shown(),
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// What people call a value of a closed list. Files are for people: no code stands in them.
#[must_use]
pub fn word(value: impl Labelled, language: Language) -> &'static str {
    let label = value.label();
    language.pick(label.zh, label.en)
}

/// A share in hundredths of a per cent, cut off.
pub(super) fn ten_thousandths(part: i64, whole: i64) -> i32 {
    let share = i128::from(part.max(0)) * 10_000 / i128::from(whole.max(1));
    i32::try_from(share).unwrap_or(i32::MAX)
}

/// Whether a spreadsheet would calculate it: by its first character, full width forms included, which some read alike.
#[must_use]
pub fn looks_like_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_are_shown_as_people_write_them() {
        let at = "2022-03-16T01:30:00Z".parse().unwrap();
        for (cell, shown) in [
            (Cell::Empty, ""),
            (Cell::from("路灯"), "路灯"),
            (Cell::Whole(-3), "-3"),
            (Cell::Number(0.95), "0.95"),
            (Cell::share(94_999, 100_000), "94.99%"),
            (Cell::share(7, 7), "100.00%"),
            (Cell::share(0, 0), ""),
            (Cell::Moment(at), "2022-03-16 09:30:00"),
        ] {
            assert_eq!(cell.harmless(), shown);
        }
    }

    proptest! {
        #[test]
        fn no_text_begins_a_formula_and_none_is_lost(
            head in prop::sample::select(vec!["", "=", "+", "-", "@", "\t", "\r", "\n", "＝", "'", " ", "路"]),
            tail in ".{0,12}",
        ) {
            let text = format!("{head}{tail}");
            let cell = Cell::Text(text.clone());
            let written = cell.harmless();
            prop_assert!(!looks_like_formula(&written));
            let read = if looks_like_formula(&text) { &written[1..] } else { &written };
            prop_assert_eq!(read, text);
        }
    }
}
