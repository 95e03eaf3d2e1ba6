//! What the rules of several capabilities ask of an input.

use chrono::NaiveDate;

use crate::refusal::Refusal;
use crate::text::shows_nothing;

/// Refuses a text that is shorter or longer than it may be, blanks around it aside; a text of which nobody sees anything
/// is empty.
pub fn text(field: &str, value: &str, least: usize, most: usize) -> Result<(), Refusal> {
    let count = if shows_nothing(value) { 0 } else { value.trim().chars().count() };
    if (least..=most).contains(&count) {
        return Ok(());
    }
    Err(Refusal::invalid(
        field,
        format!("应为 {least} 至 {most} 个字"),
        format!("Must have {least} to {most} characters"),
    ))
}

/// Refuses a day that is still to come.
pub fn past(field: &str, day: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    if day <= today {
        return Ok(());
    }
    Err(Refusal::invalid(field, "日期尚未到来", "This day is still to come"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_counted_in_characters_without_the_blanks_around_it() {
        assert!(text("title", "路灯", 2, 2).is_ok());
        assert!(text("title", "  路灯　", 2, 2).is_ok());
        assert!(text("title", "  ", 1, 2).is_err());
        assert!(text("title", "\u{200B}", 1, 2).is_err());
        assert!(text("title", "\u{3164}\u{200D}", 0, 2).is_ok());
        assert!(text("title", "修路灯", 1, 2).is_err());
        let refusal = text("title", "", 1, 2).unwrap_err();
        assert_eq!(refusal.field, ["title"]);
    }

    #[test]
    fn today_has_come_and_tomorrow_has_not() {
        let day = |n| NaiveDate::from_ymd_opt(2022, 3, n).unwrap();
        assert!(past("on", day(1), day(1)).is_ok());
        assert!(past("on", day(2), day(1)).is_err());
    }
}
