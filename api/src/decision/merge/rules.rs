//! When the office may merge suggestions, and undo it (S24). No SQL, no clock, no async.

use std::collections::BTreeSet;

use entity::enums::{RecordAction, Stage};
use entity::id::{CampaignId, SubmissionId};

use crate::intake::rules::{Step, ended, untouched};
use crate::refusal::{Refusal, UserErrorCode};

/// Suggestions that one call merges at most.
pub const MOST: usize = 50;

/// What of a suggestion decides about merging.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Which one.
    pub id: SubmissionId,
    /// Its campaign.
    pub campaign: CampaignId,
    /// Where it stands.
    pub stage: Stage,
    /// Its class.
    pub category: Option<entity::id::CategoryId>,
    /// Whether others are merged into it.
    pub has_merged: bool,
}

/// Refuses what can't be the one that goes on.
pub fn target(facts: &Facts) -> Result<(), Refusal> {
    if facts.stage == Stage::Merged {
        return Err(chain("targetId"));
    }
    if ended(facts.stage) {
        return Err(wrong_stage("targetId"));
    }
    Ok(())
}

/// Whether a suggestion at a stage may be merged into another.
#[must_use]
pub const fn mergeable(stage: Stage) -> bool {
    untouched(stage)
}

/// Merges one into the target: the whole case stays with its department, and stands at MERGED.
pub fn merge(target: &Facts, duplicate: &Facts) -> Result<Step, Refusal> {
    let field = "duplicateIds";
    if duplicate.id == target.id {
        let (zh, en) = ("不能并入自身", "It can't be merged into itself");
        return Err(Refusal::invalid(field, zh, en));
    }
    if duplicate.campaign != target.campaign {
        let (zh, en) = ("只能合并同一活动的意见", "Only within one campaign");
        return Err(Refusal::invalid(field, zh, en));
    }
    if duplicate.stage == Stage::Merged || duplicate.has_merged {
        return Err(chain(field));
    }
    if !mergeable(duplicate.stage) {
        return Err(wrong_stage(field));
    }
    Ok(Step {
        from: duplicate.stage,
        to: Stage::Merged,
        category: duplicate.category,
        action: RecordAction::Merged,
    })
}

/// Puts a merged one back where it stood; one that was explained to its people stays as it was told.
pub fn unmerge(facts: &Facts, former: Stage, explained: bool) -> Result<Step, Refusal> {
    if facts.stage != Stage::Merged {
        return Err(wrong_stage("submissionId"));
    }
    if explained {
        let (zh, en) =
            ("已向群众说明，不能撤销并入", "It has been explained to its people; merging can't be undone");
        return Err(Refusal::of(UserErrorCode::WrongStage, "submissionId", zh, en));
    }
    Ok(Step { from: Stage::Merged, to: former, category: facts.category, action: RecordAction::Unmerged })
}

/// Refuses an empty list, a long one, and one that names a suggestion twice.
pub fn list(ids: &[SubmissionId]) -> Result<(), Refusal> {
    let distinct: BTreeSet<_> = ids.iter().collect();
    if ids.is_empty() || ids.len() > MOST || distinct.len() != ids.len() {
        return Err(Refusal::invalid(
            "duplicateIds",
            format!("应列出 1 至 {MOST} 件，且不重复"),
            format!("Name 1 to {MOST} suggestions, each once"),
        ));
    }
    Ok(())
}

fn chain(field: &str) -> Refusal {
    let (zh, en) = (
        "已并入他件，或已有他件并入；请先撤销并入",
        "Merged already, or others are merged into it; undo that first",
    );
    Refusal::of(UserErrorCode::MergeChain, field, zh, en)
}

fn wrong_stage(field: &str) -> Refusal {
    let (zh, en) = ("当前环节不可合并", "It can't be merged at this stage");
    Refusal::of(UserErrorCode::WrongStage, field, zh, en)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn facts(id: u128, stage: Stage, has_merged: bool) -> Facts {
        Facts {
            id: SubmissionId(Uuid::from_u128(id)),
            campaign: CampaignId(Uuid::from_u128(1)),
            stage,
            category: None,
            has_merged,
        }
    }

    /// Merges and undoings of six suggestions, in any order.
    fn steps() -> impl Strategy<Value = Vec<(bool, usize, usize)>> {
        prop::collection::vec((any::<bool>(), 0..6_usize, 0..6_usize), 0..60)
    }

    proptest! {
        #[test]
        fn no_order_of_steps_makes_a_chain_and_undoing_all_restores_every_stage(steps in steps()) {
            let before: Vec<Stage> = (0..6).map(|n| if n % 2 == 0 { Stage::Received } else { Stage::Classified }).collect();
            let mut stages = before.clone();
            let mut into: Vec<Option<(usize, Stage)>> = vec![None; 6];
            for (undo, one, other) in steps {
                let seen = |n: usize, stages: &[Stage], into: &[Option<(usize, Stage)>]| {
                    facts(n as u128, stages[n], into.iter().flatten().any(|(target, _)| *target == n))
                };
                let (goal, case) = (seen(one, &stages, &into), seen(other, &stages, &into));
                if undo {
                    if let Some((_, former)) = into[other] {
                        stages[other] = unmerge(&case, former, false).unwrap().to;
                        into[other] = None;
                    } else {
                        prop_assert!(unmerge(&case, Stage::Received, false).is_err());
                    }
                } else if target(&goal).is_ok() && let Ok(step) = merge(&goal, &case) {
                    into[other] = Some((one, step.from));
                    stages[other] = step.to;
                }
                for (target, _) in into.iter().flatten() {
                    prop_assert!(into[*target].is_none(), "a target is itself merged");
                }
            }
            for (place, merged) in into.iter().enumerate() {
                if let Some((_, former)) = merged {
                    stages[place] = unmerge(&facts(place as u128, stages[place], false), *former, false).unwrap().to;
                }
            }
            prop_assert_eq!(stages, before);
        }

        #[test]
        fn only_what_nobody_has_handled_is_merged(stage in prop::sample::select(Stage::ALL), goal in prop::sample::select(Stage::ALL)) {
            let (one, other) = (facts(1, goal, false), facts(2, stage, false));
            prop_assert_eq!(merge(&one, &other).is_ok(), untouched(stage));
            prop_assert_eq!(target(&one).is_ok(), !ended(goal));
        }
    }

    #[test]
    fn what_was_explained_stays_merged() {
        let case = facts(1, Stage::Merged, false);
        assert!(unmerge(&case, Stage::Received, true).is_err());
        assert_eq!(unmerge(&case, Stage::Classified, false).unwrap().to, Stage::Classified);
    }
}
