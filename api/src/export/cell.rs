//! One value of a table, with its type, so that a spreadsheet can sort and sum it.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};

use crate::clock::shanghai;

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
    /// A share, an amount.
    Number(f64),
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

    /// As people read it.
    #[must_use]
    pub fn shown(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Whole(number) => Cow::Owned(number.to_string()),
            Self::Number(number) => Cow::Owned(number.to_string()),
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

/// Whether a spreadsheet would calculate it: by its first character, full width forms included, which some read alike.
fn looks_like_formula(text: &str) -> bool {
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
