//! Explaining what was not adopted (S28).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::enums::Stage;
use entity::id::SubmissionId;

use crate::fate::rules::{Disposition, Facts, Main, Projects, Told};
use crate::refusal::input::{past, text};
use crate::refusal::{Refusal, UserErrorCode};

/// Suggestions that one call covers at most.
pub const MOST: usize = 500;

/// What the refusals are about.
const FIELD: &str = "submissionIds";

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

/// Whether a suggestion may be explained as not adopted: nothing has come of it, nothing may come of it yet, and no
/// explanation covers it.
pub fn explainable(facts: &Facts) -> Result<(), Refusal> {
    if facts.told != Told::Nothing {
        let (zh, en) = ("已有说明覆盖", "An explanation covers it already");
        return Err(Refusal::of(UserErrorCode::Duplicate, FIELD, zh, en));
    }
    if told(facts.stage) == facts.stage && facts.stage != Stage::Merged {
        let (zh, en) = ("已办结，不能作未采纳说明", "It has ended; it can't be explained as not adopted");
        return Err(wrong_stage(zh, en));
    }
    tellable(facts)
}

/// Whether a covered suggestion may be told that it was not adopted: nothing may have come of it since it was covered, nor
/// may still. A merged one goes by what it was merged into: that one is told before it or with it.
pub fn tellable(facts: &Facts) -> Result<(), Refusal> {
    let open = told(facts.stage) != facts.stage || facts.stage == Stage::Merged;
    if open && facts.projects >= Projects::Undecided {
        let (zh, en) = (
            "已列入项目或项目尚未审定，不能作未采纳说明；请从说明中移出，待项目有结论",
            "It is part of an adopted project, or its project is not decided yet; take it out of the explanation",
        );
        return Err(wrong_stage(zh, en));
    }
    if facts.stage == Stage::Merged { with_its_main(facts.main) } else { Ok(()) }
}

fn with_its_main(main: Option<Main>) -> Result<(), Refusal> {
    let told_too = |main: &Main| !main.adopted && (main.stage == Stage::Declined || main.beside);
    if main.as_ref().is_some_and(told_too) {
        return Ok(());
    }
    let (zh, en) = match main.map(Main::disposition) {
        Some(Disposition::InProject | Disposition::Answered | Disposition::Planned) => (
            "已并入他件，主件已列入项目或已办结，本件随之，不能作未采纳说明",
            "What it was merged into is part of a project or finished, which it shares; it can't be explained as not adopted",
        ),
        Some(Disposition::Open | Disposition::Declined) => (
            "已并入他件，主件尚无结论；请待主件向群众说明后再作说明",
            "What it was merged into has no outcome yet; explain this one once that one was explained",
        ),
        Some(Disposition::Withdrawn | Disposition::Invalid) | None => (
            "已并入他件，而主件已撤回；请由征集办先撤销并案",
            "What it was merged into was taken back; let the office undo the merging first",
        ),
    };
    Err(wrong_stage(zh, en))
}

fn wrong_stage(zh: &str, en: &str) -> Refusal {
    Refusal::of(UserErrorCode::WrongStage, FIELD, zh, en)
}

/// Only an explanation that still stands and was not delivered is delivered, changed or withdrawn.
pub fn pending(delivered: bool, withdrawn: bool) -> Result<(), Refusal> {
    let (zh, en) = match (delivered, withdrawn) {
        (false, false) => return Ok(()),
        (true, _) => ("已送达", "It has been delivered already"),
        (false, true) => ("已撤回", "It was withdrawn"),
    };
    Err(Refusal::of(UserErrorCode::WrongStage, "explanationId", zh, en))
}

/// Delivered on a day that has come, with proof.
pub fn deliver(on: NaiveDate, proof: &str, today: NaiveDate) -> Result<(), Refusal> {
    past("deliveredOn", on, today)?;
    text("proof", proof, 2, 1000)
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

    const PROJECTS: [Projects; 5] =
        [Projects::None, Projects::Rejected, Projects::Deferred, Projects::Undecided, Projects::Adopted];

    fn mains() -> impl Strategy<Value = Option<Main>> {
        let main = (prop::sample::select(Stage::ALL), any::<bool>(), any::<bool>());
        prop::option::of(main.prop_map(|(stage, adopted, beside)| Main { stage, adopted, beside }))
    }

    proptest! {
        #[test]
        fn nobody_is_told_no_while_a_meeting_may_say_yes(
            stage in prop::sample::select(Stage::ALL), projects in prop::sample::select(&PROJECTS[..]), main in mains(),
        ) {
            let main = main.filter(|_| stage == Stage::Merged);
            let facts = Facts { projects, main, ..Facts::at(stage) };
            if explainable(&facts).is_ok() {
                prop_assert!(projects <= Projects::Deferred);
                prop_assert!([Stage::Declined, Stage::Merged].contains(&told(stage)));
                prop_assert!(tellable(&facts).is_ok());
            }
            let written = Facts { told: Told::Written, ..facts };
            prop_assert!(explainable(&written).is_err());
        }

        #[test]
        fn a_merged_one_is_told_no_after_the_other_or_with_it(main in mains()) {
            let said = explainable(&Facts { main, ..Facts::at(Stage::Merged) }).is_ok();
            let other = main.is_some_and(|main| !main.adopted && (main.stage == Stage::Declined || main.beside));
            prop_assert_eq!(said, other);
        }
    }

    #[test]
    fn delivery_needs_proof_and_a_day_that_has_come() {
        let day = |n| NaiveDate::from_ymd_opt(2020, 1, n).unwrap();
        assert!(deliver(day(1), "公告照片1张", day(1)).is_ok());
        assert!(deliver(day(1), " ", day(1)).is_err());
        assert!(deliver(day(2), "公告照片1张", day(1)).is_err());
    }

    #[test]
    fn what_was_delivered_or_withdrawn_stays_as_it_is() {
        assert!(pending(false, false).is_ok());
        for (delivered, withdrawn) in [(true, false), (false, true), (true, true)] {
            assert_eq!(pending(delivered, withdrawn).unwrap_err().code, UserErrorCode::WrongStage);
        }
    }
}
