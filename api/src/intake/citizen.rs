//! What citizens are told of where their suggestion stands (办理进度) and of what became of it: staff tell apart what makes no
//! difference to whoever waits for an answer.

use entity::enums::{InvalidReason, Stage};
use entity::labels::Label;

use crate::fate::rules::Disposition;
use crate::refusal::{Message, message};

/// A stage in words for citizens.
#[must_use]
pub const fn words(stage: Stage) -> Label {
    let (zh, en) = match stage {
        Stage::Received | Stage::Classified => ("已受理", "Received"),
        Stage::Claimed => ("办理中", "Being handled"),
        Stage::Responded => ("已答复", "Answered"),
        Stage::Recheck => ("现场复核中", "Being looked at again"),
        Stage::Closed => ("已办结", "Finished"),
        Stage::Deferred => ("已列入计划", "Planned"),
        Stage::Merged => ("与同类意见合并办理", "Handled together with others"),
        Stage::Declined => ("未采纳，已说明理由", "Not adopted, with the reason"),
        Stage::Invalid => ("不予受理", "Not accepted"),
        Stage::Withdrawn => ("已撤回", "Withdrawn"),
    };
    Label { zh, en }
}

/// Where a suggestion stands in words for citizens, once something became of it in the words for that.
#[must_use]
pub const fn progress(stage: Stage, disposition: Disposition) -> Label {
    match disposition {
        Disposition::InProject => Label { zh: "已采纳，列入项目", en: "Adopted, part of a project" },
        Disposition::Declined => words(Stage::Declined),
        Disposition::Answered => words(Stage::Closed),
        Disposition::Planned => words(Stage::Deferred),
        Disposition::Invalid | Disposition::Withdrawn | Disposition::Open => words(stage),
    }
}

/// What became of a suggestion as a sentence to its people, with the name of its project where that is its own. Nobody is
/// told of a no before it is explained, and why something was not accepted is told in the same breath.
#[must_use]
pub fn outcome(
    disposition: Disposition,
    merged: bool,
    project: Option<&str>,
    invalid: Option<InvalidReason>,
) -> Message {
    let outcome = match (disposition, project) {
        (Disposition::InProject, Some(title)) => message!(
            "您的意见已被采纳，列入项目“{title}”。",
            "Your suggestion was adopted, as part of the project \"{title}\"."
        ),
        (Disposition::InProject, None) => {
            message!("您的意见已被采纳，列入项目。", "Your suggestion was adopted, as part of a project.")
        }
        (Disposition::Declined, _) => message!(
            "您的意见经研究未被采纳，理由见解释说明。",
            "Your suggestion was considered and not adopted; the explanation says why."
        ),
        (Disposition::Answered, _) => {
            message!("您的意见已答复办结。", "Your suggestion was answered and is finished.")
        }
        (Disposition::Planned, _) => {
            message!("您的意见已列入工作计划。", "Your suggestion was put on the work plan.")
        }
        (Disposition::Invalid, _) => unaccepted(invalid),
        (Disposition::Withdrawn, _) => message!("您的意见已撤回。", "Your suggestion was withdrawn."),
        (Disposition::Open, _) => message!(
            "您的意见正在研究办理，有结果后在此告知。",
            "Your suggestion is being considered; you will find the outcome here."
        ),
    };
    if merged {
        let together =
            message!("您的意见与同类意见合并办理。", "Your suggestion is handled together with others. ");
        return together.and(&outcome);
    }
    outcome
}

/// Why a suggestion was not accepted, to its people, and what they may do.
fn unaccepted(why: Option<InvalidReason>) -> Message {
    match why {
        Some(InvalidReason::Spam) => message!(
            "您提交的内容被认定为广告或重复发送的信息，未予受理。",
            "What you sent was taken for advertising or a repetition and was not accepted."
        ),
        Some(InvalidReason::Abuse) => message!(
            "您提交的内容含有辱骂攻击的言语，未予受理；请就事情本身重新提出。",
            "What you sent was insulting and was not accepted; please send the matter itself again."
        ),
        Some(InvalidReason::DecidedBefore) => message!(
            "您反映的事项此前已有处理决定，不再重复受理。",
            "The matter was decided before and is not taken up again."
        ),
        Some(InvalidReason::OtherCounty) => message!(
            "您反映的事项不属于本县（区）管辖，未予受理；请向事项所在地反映。",
            "The matter is another county's and was not accepted; please turn to the place that it concerns."
        ),
        Some(InvalidReason::NoSuggestion) | None => {
            message!("您的意见不属于受理范围，未予受理。", "Your suggestion could not be accepted.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_news_is_told_with_the_project_and_no_stage_hides_it() {
        let told = outcome(Disposition::InProject, false, Some("桥"), None);
        assert!(told.zh.contains("“桥”") && told.en.contains("\"桥\""), "{told}");
        for stage in Stage::ALL {
            assert_ne!(progress(*stage, Disposition::InProject).zh, words(*stage).zh);
            assert_eq!(progress(*stage, Disposition::Open).zh, words(*stage).zh);
        }
        assert!(outcome(Disposition::Open, true, None, None).zh.starts_with("您的意见与同类意见合并办理"));
    }

    #[test]
    fn each_reason_not_to_accept_it_is_told_in_words_of_its_own() {
        let told = |reason: &InvalidReason| outcome(Disposition::Invalid, false, None, Some(*reason)).zh;
        let all: std::collections::BTreeSet<String> = InvalidReason::ALL.iter().map(told).collect();
        assert_eq!(all.len(), InvalidReason::ALL.len());
        assert!(all.iter().all(|told| told.contains("受理")));
    }
}
