//! The deputies' vote and evaluation as totals (S03).

use entity::enums::DecisionResult;

use crate::refusal::{Refusal, UserErrorCode};

/// Totals of a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Who should attend.
    pub due: i32,
    /// Who were there.
    pub present: i32,
    /// For.
    pub in_favour: i32,
    /// Against.
    pub against: i32,
    /// Abstained.
    pub abstained: i32,
}

impl Totals {
    /// Refuses totals that can't be.
    pub fn check(self) -> Result<(), Refusal> {
        let parts = [self.in_favour, self.against, self.abstained];
        let given: i64 = parts.iter().copied().map(i64::from).sum();
        let sound = parts.iter().all(|part| *part >= 0)
            && self.due >= 1
            && given <= i64::from(self.present)
            && self.present <= self.due;
        if sound {
            return Ok(());
        }
        let (zh, en) = (
            "赞成、反对、弃权之和不得多于实到，实到不得多于应到",
            "For, against and abstained must not exceed those present, nor these those due",
        );
        Err(Refusal::invalid("due", zh, en))
    }

    /// More than half of those due are for it.
    #[must_use]
    pub const fn passed(self) -> bool {
        self.in_favour as i64 * 2 > self.due as i64
    }

    /// What the office may write down as the meeting's result.
    #[must_use]
    pub const fn result(self) -> DecisionResult {
        if self.passed() { DecisionResult::Adopt } else { DecisionResult::Reject }
    }
}

/// Only the departments that the plan names for voting record it; without such a role nobody votes.
pub fn entitled(vote_role: Option<&str>, role: &str) -> Result<(), Refusal> {
    if vote_role == Some(role) {
        return Ok(());
    }
    let (zh, en) = ("方案未规定由本单位组织票决、测评", "The plan does not name this department for votes");
    Err(Refusal::of(UserErrorCode::NotEntitled, "", zh, en))
}

/// A result is what the deputies voted, and nothing before they have.
pub fn agrees(vote: Option<Totals>, result: DecisionResult) -> Result<(), Refusal> {
    if vote.is_some_and(|totals| totals.result() == result) {
        return Ok(());
    }
    let (zh, en) =
        ("须先登记票决情况，且结论与票数一致", "Record the vote first; the result must be what was voted");
    Err(Refusal::of(UserErrorCode::WrongStage, "results", zh, en))
}

/// Totals of an evaluation.
pub fn evaluation(satisfied: i32, acceptable: i32, dissatisfied: i32) -> Result<(), Refusal> {
    let parts = [satisfied, acceptable, dissatisfied];
    if parts.iter().all(|part| *part >= 0) && parts.iter().any(|part| *part > 0) {
        return Ok(());
    }
    let (zh, en) = ("票数不能为负，也不能全为零", "Totals must not be negative, nor all nought");
    Err(Refusal::invalid("satisfied", zh, en))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn more_than_half_of_those_due_carry_it(due in 1..300_i32, present in 0..300_i32, parts in prop::array::uniform3(-2..150_i32)) {
            let totals = Totals { due, present, in_favour: parts[0], against: parts[1], abstained: parts[2] };
            if totals.check().is_ok() {
                prop_assert!(parts.iter().all(|part| *part >= 0) && parts.iter().sum::<i32>() <= present && present <= due);
                prop_assert_eq!(totals.passed(), parts[0] > due / 2);
                prop_assert_eq!(agrees(Some(totals), DecisionResult::Adopt).is_ok(), totals.passed());
                prop_assert_eq!(agrees(Some(totals), DecisionResult::Reject).is_ok(), !totals.passed());
            }
            prop_assert!(agrees(None, DecisionResult::Adopt).is_err());
        }
    }

    #[test]
    fn nobody_votes_without_a_role_for_it() {
        assert!(entitled(None, "PEOPLES_CONGRESS").is_err());
        assert!(entitled(Some("PEOPLES_CONGRESS"), "TOWNSHIP").is_err());
        assert!(entitled(Some("PEOPLES_CONGRESS"), "PEOPLES_CONGRESS").is_ok());
        assert!(evaluation(0, 0, 0).is_err() && evaluation(1, 0, 0).is_ok());
    }
}
