//! The order of meetings (S25): executive meeting, then party committee, then, where the plan has one, the deputies' vote.

use chrono::NaiveDate;
use entity::enums::{DecisionResult, MeetingKind, MeetingStatus, ProjectStatus};

use crate::refusal::{Refusal, UserErrorCode};

/// Projects on one agenda at most.
pub const MOST: usize = 100;

/// A project as a meeting finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before {
    /// How far the decision has come.
    pub status: ProjectStatus,
    /// Day of the executive meeting that passed it.
    pub studied_on: Option<NaiveDate>,
    /// Day of the party committee's result.
    pub decided_on: Option<NaiveDate>,
    /// Whether the deputies have a say already: an item of theirs, decided or not.
    pub voted: bool,
}

/// The agenda grows until the results are written down.
pub fn open(status: MeetingStatus) -> Result<(), Refusal> {
    if status == MeetingStatus::Planned {
        return Ok(());
    }
    let (zh, en) = ("会议结论已登记", "The results of this meeting are recorded");
    Err(Refusal::of(UserErrorCode::WrongStage, "meetingId", zh, en))
}

/// Puts a project on the agenda of a meeting on a day; says where the project then stands.
pub fn put(before: Before, kind: MeetingKind, held_on: NaiveDate) -> Result<ProjectStatus, Refusal> {
    use ProjectStatus as S;
    let after = |day: Option<NaiveDate>| day.is_some_and(|day| day <= held_on);
    match (kind, before.status) {
        (MeetingKind::GovernmentExecutive, S::Proposed | S::Deferred) => Ok(S::OnGovernmentAgenda),
        (MeetingKind::PartyStanding, S::Studied) if after(before.studied_on) => Ok(S::OnPartyAgenda),
        // The deputies vote on what was adopted: it stays so until they turn it down.
        (MeetingKind::CongressVote, S::Adopted | S::Changed) if after(before.decided_on) && !before.voted => {
            Ok(before.status)
        }
        _ => {
            let (zh, en) = (
                "须先经政府常务会研究，再提请区委常委会审定，之后方可票决；日期不得倒置",
                "First the executive meeting, then the party committee, then the vote, and no day before the former",
            );
            Err(Refusal::of(UserErrorCode::WrongStage, "projectId", zh, en))
        }
    }
}

/// What a meeting decides on one project, and where the project then stands.
pub fn decide(kind: MeetingKind, before: Before, result: DecisionResult) -> Result<ProjectStatus, Refusal> {
    use DecisionResult as R;
    use ProjectStatus as S;
    match (kind, before.status, result) {
        (MeetingKind::GovernmentExecutive, S::OnGovernmentAgenda, R::Adopt | R::Change) => Ok(S::Studied),
        (MeetingKind::PartyStanding, S::OnPartyAgenda, R::Adopt) => Ok(S::Adopted),
        (MeetingKind::PartyStanding, S::OnPartyAgenda, R::Change) => Ok(S::Changed),
        (MeetingKind::GovernmentExecutive, S::OnGovernmentAgenda, R::Defer)
        | (MeetingKind::PartyStanding, S::OnPartyAgenda, R::Defer) => Ok(S::Deferred),
        (MeetingKind::GovernmentExecutive, S::OnGovernmentAgenda, R::Reject)
        | (MeetingKind::PartyStanding, S::OnPartyAgenda, R::Reject)
        | (MeetingKind::CongressVote, S::Adopted | S::Changed, R::Reject) => Ok(S::Rejected),
        (MeetingKind::CongressVote, S::Adopted | S::Changed, R::Adopt) => Ok(before.status),
        _ => {
            let (zh, en) = ("该项目不能作此结论", "This meeting can't decide so on it");
            Err(Refusal::of(UserErrorCode::WrongStage, "results", zh, en))
        }
    }
}

/// Whatever is not plainly adopted has a reason, and changes are named.
pub fn reasoned(place: usize, result: DecisionResult, reason: &str, changes: &str) -> Result<(), Refusal> {
    let field = |name: &str| format!("results.{place}.{name}");
    if result != DecisionResult::Adopt && reason.trim().is_empty() || reason.chars().count() > 1000 {
        let (zh, en) = ("请写明理由，最多 1000 个字", "Give a reason of at most 1,000 characters");
        return Err(Refusal::invalid(&field("reason"), zh, en));
    }
    if (result == DecisionResult::Change) == changes.trim().is_empty() || changes.chars().count() > 1000 {
        let (zh, en) =
            ("调整后通过的，且仅此时，写明调整意见", "Name the changes exactly when it passes with changes");
        return Err(Refusal::invalid(&field("changes"), zh, en));
    }
    Ok(())
}

/// Results are written down from the day of the meeting on, with the number of the minutes.
pub fn minutes(number: &str, held_on: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    if !(1..=100).contains(&number.trim().chars().count()) {
        let (zh, en) =
            ("请填写会议纪要文号，最多 100 个字", "Give the number of the minutes, at most 100 characters");
        return Err(Refusal::invalid("minutesNumber", zh, en));
    }
    if today < held_on {
        let (zh, en) = ("会议尚未召开", "The meeting has not been held yet");
        return Err(Refusal::of(UserErrorCode::WrongStage, "meetingId", zh, en));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use proptest::prelude::*;

    use super::*;

    fn day(n: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2019, 12, 1).unwrap() + Days::new(n)
    }

    proptest! {
        /// Whatever is tried in whatever order, an adopted project has passed the executive meeting on an earlier or
        /// the same day, and then the party committee.
        #[test]
        fn the_order_of_meetings_cannot_be_evaded(
            tries in prop::collection::vec((0..2_u8, prop::sample::select(MeetingKind::ALL), prop::sample::select(DecisionResult::ALL), 0..9_u64), 0..60)
        ) {
            let mut project = Before { status: ProjectStatus::Proposed, studied_on: None, decided_on: None, voted: false };
            let mut item: Option<(MeetingKind, NaiveDate)> = None;
            let mut passed: Vec<(MeetingKind, NaiveDate)> = Vec::new();
            for (what, kind, result, on) in tries {
                if what == 0 {
                    if let Ok(status) = put(project, kind, day(on)) {
                        // A second item while one is open is refused by the status, or by the vote's own mark.
                        prop_assert!(item.is_none());
                        project.status = status;
                        project.voted |= kind == MeetingKind::CongressVote;
                        item = Some((kind, day(on)));
                    }
                } else if let Some((kind, on)) = item
                    && let Ok(status) = decide(kind, project, result)
                {
                    item = None;
                    project.status = status;
                    match status {
                        ProjectStatus::Studied => { project.studied_on = Some(on); passed.push((kind, on)); }
                        ProjectStatus::Adopted | ProjectStatus::Changed if kind == MeetingKind::PartyStanding => {
                            project.decided_on = Some(on);
                            passed.push((kind, on));
                        }
                        ProjectStatus::Deferred => {
                            project = Before { studied_on: None, decided_on: None, ..project };
                            passed.clear();
                        }
                        _ => {}
                    }
                }
                if crate::decision::project::rules::adopted(project.status) {
                    prop_assert_eq!(passed.len(), 2);
                    prop_assert_eq!(passed[0].0, MeetingKind::GovernmentExecutive);
                    prop_assert_eq!(passed[1].0, MeetingKind::PartyStanding);
                    prop_assert!(passed[0].1 <= passed[1].1);
                }
            }
        }

        #[test]
        fn only_the_party_committee_adopts(
            kind in prop::sample::select(MeetingKind::ALL), result in prop::sample::select(DecisionResult::ALL),
            status in prop::sample::select(ProjectStatus::ALL),
        ) {
            use crate::decision::project::rules::adopted;
            let before = Before { status, studied_on: Some(day(0)), decided_on: None, voted: false };
            if let Ok(after) = decide(kind, before, result)
                && adopted(after)
            {
                prop_assert!(kind == MeetingKind::PartyStanding || adopted(status));
            }
        }
    }

    #[test]
    fn whatever_is_not_plainly_adopted_has_a_reason() {
        assert!(reasoned(0, DecisionResult::Adopt, "", "").is_ok());
        assert!(reasoned(0, DecisionResult::Reject, " ", "").is_err());
        assert!(reasoned(0, DecisionResult::Change, "缩小规模", "").is_err());
        assert!(reasoned(0, DecisionResult::Change, "缩小规模", "先修两条路").is_ok());
        assert!(minutes("", day(1), day(1)).is_err());
        assert!(minutes("〔2019〕1号", day(1), day(0)).is_err());
        assert!(minutes("〔2019〕1号", day(1), day(1)).is_ok());
    }
}
