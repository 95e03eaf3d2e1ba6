//! Findings of an inspection, reports of rectification, and rechecks (S29).

use chrono::NaiveDate;
use entity::enums::RecheckResult;

use crate::refusal::input::text;
use crate::refusal::{Refusal, UserErrorCode};

/// Findings of one inspection at most.
pub const MOST: usize = 50;

/// A finding as the inspector writes it down: text, and the last day to put it right.
pub type Draft = (String, NaiveDate);

/// Refuses findings without text, or to be put right before they were found.
pub fn findings(drafts: &[Draft], inspected_on: NaiveDate) -> Result<(), Vec<Refusal>> {
    let mut found = Vec::new();
    if drafts.len() > MOST {
        let (zh, en) = ("最多 50 个问题", "At most 50 findings");
        found.push(Refusal::invalid("findings", zh, en));
    }
    for (place, (words, by)) in drafts.iter().enumerate() {
        found.extend(text(&format!("findings.{place}.text"), words, 1, 2000).err());
        if *by < inspected_on {
            let (zh, en) = ("整改期限早于检查日期", "It would be due before the inspection");
            found.push(Refusal::invalid(&format!("findings.{place}.rectifyBy"), zh, en));
        }
    }
    if found.is_empty() { Ok(()) } else { Err(found) }
}

/// How a finding stands: reports so far, and of them those that a recheck has looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Reports of the inspected department.
    pub reports: usize,
    /// Rechecks made: a finding's version is 1 and one more for each.
    pub rechecks: usize,
    /// What the last recheck found.
    pub last: Option<RecheckResult>,
}

impl Standing {
    /// Of a finding with so many reports: each recheck has raised its version, and the last one found `last`.
    #[must_use]
    pub fn of(reports: usize, version: i32, last: Option<RecheckResult>) -> Self {
        Self { reports, rechecks: usize::try_from(version - 1).unwrap_or(0), last }
    }
}

/// The inspected department reports until a recheck finds the matter put right.
pub fn report(standing: Standing) -> Result<(), Refusal> {
    if standing.last == Some(RecheckResult::Passed) {
        let (zh, en) = ("复查已通过", "The recheck has passed");
        return Err(Refusal::of(UserErrorCode::WrongStage, "position", zh, en));
    }
    Ok(())
}

/// A recheck needs a report that none has looked at, and ends the matter when it passes.
pub fn recheck(standing: Standing) -> Result<(), Refusal> {
    report(standing)?;
    if standing.reports == 0 || standing.rechecks > 0 && standing.reports <= standing.rechecks {
        let (zh, en) = ("被督查单位尚未报告整改情况", "There is no new report of rectification");
        return Err(Refusal::of(UserErrorCode::WrongStage, "position", zh, en));
    }
    Ok(())
}

/// An inspection is corrected and withdrawn while it stands and the inspected department has reported on nothing.
pub fn unanswered(withdrawn: bool, reports: usize) -> Result<(), Refusal> {
    let (zh, en) = match (withdrawn, reports) {
        (false, 0) => return Ok(()),
        (true, _) => ("已撤回", "It was withdrawn"),
        (false, _) => (
            "被督查单位已报告整改，不能再更正或撤回；请以复查了结",
            "The inspected department has reported on it; end it by a recheck",
        ),
    };
    Err(Refusal::of(UserErrorCode::WrongStage, "inspectionId", zh, en))
}

/// Whether a finding is overdue on a day.
#[must_use]
pub fn overdue(rectify_by: NaiveDate, last: Option<RecheckResult>, today: NaiveDate) -> bool {
    rectify_by < today && last != Some(RecheckResult::Passed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_finding_ends_by_a_passed_recheck_after_a_report(steps in prop::collection::vec((any::<bool>(), prop::sample::select(RecheckResult::ALL)), 0..40)) {
            let mut standing = Standing { reports: 0, rechecks: 0, last: None };
            let mut ended = false;
            for (reports, result) in steps {
                if reports && report(standing).is_ok() {
                    prop_assert!(!ended);
                    standing.reports += 1;
                } else if !reports && recheck(standing).is_ok() {
                    prop_assert!(!ended && standing.reports > 0);
                    standing.rechecks += 1;
                    standing.last = Some(result);
                    ended = result == RecheckResult::Passed;
                }
                prop_assert!(standing.rechecks <= standing.reports);
            }
        }
    }

    #[test]
    fn what_is_answered_or_withdrawn_stays_as_it_is() {
        assert!(unanswered(false, 0).is_ok());
        for (withdrawn, reports) in [(true, 0), (false, 1), (true, 1)] {
            assert_eq!(unanswered(withdrawn, reports).unwrap_err().code, UserErrorCode::WrongStage);
        }
    }

    #[test]
    fn findings_have_a_text_and_a_day_behind_the_inspection() {
        let day = |n| NaiveDate::from_ymd_opt(2019, 11, n).unwrap();
        assert!(findings(&[("入户记录不全".to_owned(), day(9))], day(8)).is_ok());
        assert_eq!(findings(&[(" ".to_owned(), day(7))], day(8)).unwrap_err().len(), 2);
        assert!(overdue(day(7), Some(RecheckResult::Failed), day(8)));
        assert!(!overdue(day(7), Some(RecheckResult::Passed), day(8)));
    }
}
