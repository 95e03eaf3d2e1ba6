//! Not accepting a suggestion (不予受理): proposed by its collector with a reason of a closed list, ruled by the office, and
//! taken up again by the office where that was wrong.

use entity::enums::{RecordAction, Stage};

use super::{Case, Step, bound, still_untouched};
use crate::fate::rules::Facts;
use crate::refusal::{Refusal, UserErrorCode};

impl Case {
    /// Its collector proposes not to accept it; it stands where it stood until the office rules.
    pub fn propose_invalid(self) -> Result<Step, Refusal> {
        self.untouched()?;
        Ok(self.stays(RecordAction::InvalidProposed))
    }

    /// The office agrees, unless something was made of it since, or does not, and it goes on.
    pub fn rule_invalid(self, facts: &Facts, agreed: bool) -> Result<Step, Refusal> {
        still_untouched(self.stage)?;
        if !facts.proposed {
            let (zh, en) =
                ("没有待裁定的不予受理提请", "Nobody proposed not to accept it, or it has been ruled");
            return Err(Refusal::of(UserErrorCode::WrongStage, "submissionId", zh, en));
        }
        if !agreed {
            return Ok(self.stays(RecordAction::InvalidRejected));
        }
        bound::made_into_nothing(facts)?;
        Ok(self.to(Stage::Invalid, RecordAction::InvalidAccepted))
    }

    /// The office takes up again what was not accepted: in its class, or to be classified.
    pub fn reopen(self) -> Result<Step, Refusal> {
        if self.stage != Stage::Invalid {
            let (zh, en) = ("不是不予受理的意见，无须重新受理", "It is not one that was not accepted");
            return Err(Refusal::of(UserErrorCode::WrongStage, "submissionId", zh, en));
        }
        let stage = if self.category.is_some() { Stage::Classified } else { Stage::Received };
        Ok(self.to(stage, RecordAction::Reopened))
    }
}

#[cfg(test)]
mod tests {
    use entity::id::CategoryId;
    use proptest::prelude::*;

    use super::*;
    use crate::fate::rules::Tabled;
    use crate::intake::rules::untouched;

    fn case(stage: Stage, classified: bool) -> Case {
        let category = classified.then(|| CategoryId(uuid::Uuid::from_u128(1)));
        Case { stage, category, version: 3 }
    }

    fn proposed(stage: Stage) -> Facts {
        Facts { proposed: true, ..Facts::at(stage) }
    }

    proptest! {
        #[test]
        fn a_proposal_is_made_once_and_ruled_once(stage in prop::sample::select(Stage::ALL), agreed in any::<bool>()) {
            let free = Facts::at(stage);
            prop_assert_eq!(case(stage, false).propose_invalid().is_ok(), untouched(stage));
            prop_assert!(bound::untaken(&proposed(stage)).is_err());
            prop_assert_eq!(case(stage, false).rule_invalid(&proposed(stage), agreed).is_ok(), untouched(stage));
            prop_assert!(case(stage, false).rule_invalid(&free, agreed).is_err());
            prop_assert_eq!(case(stage, false).reopen().is_ok(), stage == Stage::Invalid);
        }
    }

    #[test]
    fn a_proposal_changes_no_stage_and_an_agreed_one_ends_it() {
        let step = case(Stage::Classified, true).propose_invalid().unwrap();
        assert_eq!((step.from, step.to), (Stage::Classified, Stage::Classified));
        let ruled = |agreed| case(Stage::Classified, true).rule_invalid(&proposed(Stage::Classified), agreed);
        assert_eq!(ruled(false).unwrap().to, Stage::Classified);
        assert_eq!(ruled(true).unwrap().to, Stage::Invalid);
    }

    #[test]
    fn what_was_taken_up_since_is_not_ruled_out_but_may_go_on() {
        let facts = Facts { tabled: Tabled::Listed, ..proposed(Stage::Received) };
        assert_eq!(
            case(Stage::Received, false).rule_invalid(&facts, true).unwrap_err().code,
            UserErrorCode::WrongStage
        );
        assert!(case(Stage::Received, false).rule_invalid(&facts, false).is_ok());
    }

    #[test]
    fn what_is_taken_up_again_stands_where_its_class_says() {
        assert_eq!(case(Stage::Invalid, true).reopen().unwrap().to, Stage::Classified);
        assert_eq!(case(Stage::Invalid, false).reopen().unwrap().to, Stage::Received);
    }
}
