//! What others made of a suggestion, and what its collector can no longer do to it for that reason: what was signed, decided or
//! told to people stays as it was.

#![expect(clippy::trivially_copy_pass_by_ref, reason = "facts grow with each capability that adds some")]

use crate::fate::rules::{Facts, Projects, Tabled, Told};
use crate::refusal::{Message, Refusal, UserErrorCode, message};

/// Refuses to change the words or the class of what is signed for, adopted or before the office.
pub fn changeable(facts: &Facts) -> Result<(), Refusal> {
    unproposed(facts)?;
    if facts.tabled == Tabled::Signed {
        return Err(bound(message!(
            "已列入审签的汇总表，不能修改；确有错误的，请征集办先退回该表",
            "It stands in a signed summary table and can't be changed; where it is wrong, let the office return the table first"
        )));
    }
    if facts.projects == Projects::Adopted {
        return Err(bound(message!(
            "已列入审定的项目，不能修改；有补充的请另行登记",
            "It is part of an adopted project and can't be changed; enter anything further as a suggestion of its own"
        )));
    }
    Ok(())
}

/// Refuses to take away what somebody has taken up: to withdraw it, to move it, or to propose that it is not accepted.
pub fn untaken(facts: &Facts) -> Result<(), Refusal> {
    unproposed(facts)?;
    made_into_nothing(facts)
}

/// Refuses what stands in a table, in a project or in an explanation, which name it together with its collector.
pub fn made_into_nothing(facts: &Facts) -> Result<(), Refusal> {
    let taken = if facts.tabled != Tabled::Nowhere {
        message!(
            "已列入汇总表；尚在草稿的，请先由本单位移出汇总行",
            "It stands in a summary table; its department takes it out of a draft first"
        )
    } else if facts.projects != Projects::None {
        message!(
            "已列入项目，请待会议结论；未采纳的须向群众说明",
            "It is a source of a project; what a meeting turns down is explained to its people"
        )
    } else if facts.told != Told::Nothing {
        message!(
            "已有未采纳说明；尚未送达的，请先从说明中移出",
            "An explanation covers it; take it out of one that is not delivered first"
        )
    } else {
        return Ok(());
    };
    Err(bound(taken))
}

fn unproposed(facts: &Facts) -> Result<(), Refusal> {
    if !facts.proposed {
        return Ok(());
    }
    Err(bound(message!(
        "已提请不予受理，请待征集办裁定",
        "Its collector proposed not to accept it; wait for the office's ruling"
    )))
}

fn bound(message: Message) -> Refusal {
    Refusal { code: UserErrorCode::WrongStage, field: Vec::new(), message }
}

#[cfg(test)]
mod tests {
    use entity::enums::Stage;

    use super::*;

    fn at() -> Facts {
        Facts::at(Stage::Classified)
    }

    #[test]
    fn what_nobody_took_up_is_free() {
        assert_eq!(changeable(&at()), Ok(()));
        assert_eq!(untaken(&at()), Ok(()));
    }

    #[test]
    fn what_is_signed_adopted_or_before_the_office_is_not_changed() {
        for facts in [
            Facts { tabled: Tabled::Signed, ..at() },
            Facts { projects: Projects::Adopted, ..at() },
            Facts { proposed: true, ..at() },
        ] {
            assert_eq!(changeable(&facts).unwrap_err().code, UserErrorCode::WrongStage, "{facts:?}");
            assert_eq!(untaken(&facts).unwrap_err().code, UserErrorCode::WrongStage, "{facts:?}");
        }
    }

    #[test]
    fn what_is_drafted_may_be_corrected_and_not_taken_away() {
        for facts in [
            Facts { tabled: Tabled::Listed, ..at() },
            Facts { projects: Projects::Undecided, ..at() },
            Facts { projects: Projects::Rejected, ..at() },
            Facts { told: Told::Written, ..at() },
            Facts { told: Told::Delivered, ..at() },
        ] {
            assert_eq!(changeable(&facts), Ok(()), "{facts:?}");
            assert_eq!(untaken(&facts).unwrap_err().code, UserErrorCode::WrongStage, "{facts:?}");
        }
    }
}
