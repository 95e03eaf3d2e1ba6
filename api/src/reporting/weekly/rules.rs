//! What a report may say, when it may be handed in, and which stretch of time it counts. No SQL, no clock, no async.

mod stretch;

pub use stretch::{Counted, Handed, counted, cut, just_after};

use chrono::NaiveDate;

use crate::refusal::{Refusal, UserErrorCode};
use crate::reporting::due::Period;

/// Longest narrative, in characters.
pub const MOST_NARRATIVE: usize = 4_000;

/// Refuses a report before its period has begun, or without words.
pub fn check(period: &Period, narrative: &str, today: NaiveDate) -> Result<(), Refusal> {
    if today < period.from {
        return Err(Refusal::of(
            UserErrorCode::NotDue,
            "periodEnd",
            format!("本期自 {} 开始，尚不能报送", period.from),
            format!("This period begins on {}", period.from),
        ));
    }
    if (1..=MOST_NARRATIVE).contains(&narrative.chars().count()) {
        return Ok(());
    }
    Err(Refusal::invalid(
        "narrative",
        "请写明工作进展，最多 4000 个字",
        "Say how work went, in at most 4,000 characters",
    ))
}

/// Whether a report that is handed in on a day is late.
#[must_use]
pub fn is_late(period: &Period, today: NaiveDate) -> bool {
    today > period.to
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_taken_from_the_first_day_and_is_late_after_the_last() {
        let day = |d| NaiveDate::from_ymd_opt(2019, 11, d).unwrap();
        let period = Period { key: "W".to_owned(), name: String::new(), from: day(9), to: day(15) };
        let early = check(&period, "入户征集。", day(8)).unwrap_err();
        assert_eq!(early.code, UserErrorCode::NotDue);
        assert_eq!(check(&period, "入户征集。", day(9)), Ok(()));
        assert!(check(&period, "", day(9)).is_err());
        assert!(check(&period, &"长".repeat(MOST_NARRATIVE + 1), day(9)).is_err());
        assert!(!is_late(&period, day(15)) && is_late(&period, day(16)));
    }
}
