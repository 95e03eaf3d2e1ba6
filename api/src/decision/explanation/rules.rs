//! Explaining what was not adopted (S28).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::enums::{ProjectStatus, Stage};
use entity::id::SubmissionId;

use crate::decision::project::rules::{adopted, undecided};
use crate::refusal::input::{past, text};
use crate::refusal::{Refusal, UserErrorCode};

/// Suggestions that one call covers at most.
pub const MOST: usize = 500;

/// Refuses an empty list, a long one, and one that names a suggestion twice.
pub fn list(ids: &[SubmissionId]) -> Result<(), Refusal> {
    let distinct: BTreeSet<_> = ids.iter().collect();
    if (1..=MOST).contains(&ids.len()) && distinct.len() == ids.len() {
        return Ok(());
    }
    Err(Refusal::invalid(
        "submissionIds",
        format!("应列出 1 至 {MOST} 件，且不重复"),
        format!("Name 1 to {MOST} suggestions, each once"),
    ))
}

/// Whether a suggestion may be explained as not adopted: it is open or merged, no project that was drawn from it is
/// adopted or still before a meeting, and no explanation covers it.
pub fn explainable(stage: Stage, projects: &[ProjectStatus], covered: bool) -> Result<(), Refusal> {
    let field = "submissionIds";
    if covered {
        let (zh, en) = ("已有说明覆盖", "An explanation covers it already");
        return Err(Refusal::of(UserErrorCode::Duplicate, field, zh, en));
    }
    let open = matches!(stage, Stage::Received | Stage::Classified | Stage::Merged);
    if !open || projects.iter().any(|status| adopted(*status) || undecided(*status)) {
        let (zh, en) = (
            "已办结、已列入项目或项目尚未审定，不能作未采纳说明",
            "It has ended, is part of an adopted project, or its project is not decided yet",
        );
        return Err(Refusal::of(UserErrorCode::WrongStage, field, zh, en));
    }
    Ok(())
}

/// Delivered once, on a day that has come, with proof.
pub fn deliver(
    before: Option<NaiveDate>,
    on: NaiveDate,
    proof: &str,
    today: NaiveDate,
) -> Result<(), Refusal> {
    if before.is_some() {
        let (zh, en) = ("已送达", "It has been delivered already");
        return Err(Refusal::of(UserErrorCode::WrongStage, "explanationId", zh, en));
    }
    past("deliveredOn", on, today)?;
    text("proof", proof, 2, 1000)
}

/// Whether a covered suggestion may be told that it was not adopted: nothing may have come of it since it was covered, nor
/// may still; a merged one is told of what it was merged into.
pub fn tellable(stage: Stage, projects: &[ProjectStatus]) -> Result<(), Refusal> {
    if told(stage) == stage {
        return Ok(());
    }
    explainable(stage, projects, false)
}

/// Where a covered suggestion stands once it was told: a merged one stays merged.
#[must_use]
pub const fn told(stage: Stage) -> Stage {
    match stage {
        Stage::Received | Stage::Classified => Stage::Declined,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nobody_is_told_no_while_a_meeting_may_say_yes(
            stage in prop::sample::select(Stage::ALL), projects in prop::collection::vec(prop::sample::select(ProjectStatus::ALL), 0..4),
        ) {
            if explainable(stage, &projects, false).is_ok() {
                prop_assert!(projects.iter().all(|status| *status == ProjectStatus::Rejected));
                prop_assert!([Stage::Declined, Stage::Merged].contains(&told(stage)));
            }
            prop_assert!(explainable(stage, &projects, true).is_err());
        }
    }

    #[test]
    fn delivery_needs_proof_and_a_day_that_has_come() {
        let day = |n| NaiveDate::from_ymd_opt(2020, 1, n).unwrap();
        assert!(deliver(None, day(1), "公告照片1张", day(1)).is_ok());
        assert!(deliver(None, day(1), " ", day(1)).is_err());
        assert!(deliver(None, day(2), "公告照片1张", day(1)).is_err());
        assert!(deliver(Some(day(1)), day(1), "公告照片1张", day(1)).is_err());
    }
}
