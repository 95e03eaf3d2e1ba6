//! The order of meetings (S25): executive meeting, then party committee, then, where the plan has one, the deputies' vote.

use chrono::NaiveDate;
use entity::enums::{DecisionResult, MeetingKind, MeetingStatus, ProjectStatus};

use crate::fate::rules::Projects;
use crate::refusal::input::text;
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

/// The agenda changes until the results are written down.
pub fn open(status: MeetingStatus) -> Result<(), Refusal> {
    let (zh, en) = match status {
        MeetingStatus::Planned => return Ok(()),
        MeetingStatus::Held => ("会议结论已登记", "The results of this meeting are recorded"),
        MeetingStatus::Cancelled => ("会议已取消", "The meeting is cancelled"),
    };
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
        _ => Err(out_of_order()),
    }
}

/// No meeting has a project before a day on which another one had it.
pub fn behind_all(former: &[Item], held_on: NaiveDate) -> Result<(), Refusal> {
    if former.iter().all(|item| item.held_on <= held_on) { Ok(()) } else { Err(out_of_order()) }
}

fn out_of_order() -> Refusal {
    let (zh, en) = (
        "须先经政府常务会研究，再提请区委常委会审定，之后方可票决；日期不得倒置",
        "First the executive meeting, then the party committee, then the vote, and no day before the former",
    );
    Refusal::of(UserErrorCode::WrongStage, "projectId", zh, en)
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

impl Before {
    /// As the office draws it up.
    pub const PROPOSED: Self =
        Self { status: ProjectStatus::Proposed, studied_on: None, decided_on: None, voted: false };

    /// Behind a meeting that left it so.
    #[must_use]
    pub fn behind(self, kind: MeetingKind, held_on: NaiveDate, status: ProjectStatus) -> Self {
        use ProjectStatus as S;
        let now = Self { status, ..self };
        match (kind, status) {
            (MeetingKind::GovernmentExecutive, S::Studied) => Self { studied_on: Some(held_on), ..now },
            (MeetingKind::PartyStanding, S::Adopted | S::Changed) => {
                Self { decided_on: Some(held_on), ..now }
            }
            // It comes again from the start.
            (_, S::Deferred) => Self { studied_on: None, ..now },
            _ => now,
        }
    }
}

/// A meeting that a project came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Which meeting.
    pub kind: MeetingKind,
    /// Its day.
    pub held_on: NaiveDate,
    /// What was decided; none until then.
    pub result: Option<DecisionResult>,
}

/// Where a project stands after the meetings that it came to, in their order. What is taken off an agenda, moved or
/// corrected is reckoned anew from the start by the rules that held then; refused where a later meeting has built on it.
pub fn standing(items: &[Item]) -> Result<Before, Refusal> {
    let mut now = Before::PROPOSED;
    for item in items {
        now.status = put(now, item.kind, item.held_on).map_err(|_| built_on())?;
        now.voted |= item.kind == MeetingKind::CongressVote;
        if let Some(result) = item.result {
            let status = decide(item.kind, now, result).map_err(|_| built_on())?;
            now = now.behind(item.kind, item.held_on, status);
        }
    }
    Ok(now)
}

fn built_on() -> Refusal {
    let (zh, en) = (
        "与该项目前后会议的次序或结论不符；请先将其移出后来的会议议题，或先更正后来会议的结论",
        "It does not fit the meetings before and after it; take the project off the later agenda, or correct the later result first",
    );
    Refusal::of(UserErrorCode::WrongStage, "meetingId", zh, en)
}

/// Only what a meeting has written down is corrected.
pub fn correctable(status: MeetingStatus) -> Result<(), Refusal> {
    if status == MeetingStatus::Held {
        return Ok(());
    }
    let (zh, en) = ("会议尚未登记结论或已取消", "The meeting has no results yet, or was cancelled");
    Err(Refusal::of(UserErrorCode::WrongStage, "meetingId", zh, en))
}

/// What was built on a project as it stood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Built {
    /// People of its suggestions were told that it was not adopted.
    pub told: bool,
    /// Work was written down, or the congress evaluated it.
    pub carried: bool,
}

/// Whether a corrected result may leave a project so: neither against what people were told, nor against what was done.
pub fn corrects(before: ProjectStatus, after: ProjectStatus, built: Built) -> Result<(), Refusal> {
    let (had, has) = (Projects::of(before), Projects::of(after));
    if built.told && had <= Projects::Deferred && has > Projects::Deferred {
        let (zh, en) = (
            "已向群众送达未采纳说明，不能改为列入或待审；请将该事项作为新项目重新提请研究",
            "People were told that it was not adopted; bring the matter to a meeting again as a new project",
        );
        return Err(Refusal::of(UserErrorCode::WrongStage, "results", zh, en));
    }
    if built.carried && had == Projects::Adopted && has != Projects::Adopted {
        let (zh, en) = (
            "已开工、登记推进情况或测评，不能改为未列入；确需停建的，请在推进记录中写明",
            "Work or an evaluation is recorded on it, so it stays adopted; write down in its progress that it stops",
        );
        return Err(Refusal::of(UserErrorCode::WrongStage, "results", zh, en));
    }
    Ok(())
}

/// A vote that was taken needs its meeting.
pub fn unvoted(voted: bool) -> Result<(), Refusal> {
    if !voted {
        return Ok(());
    }
    let (zh, en) = (
        "代表已对该项目票决，须登记会议结论；票数有误的，请人大办更正票决",
        "The deputies have voted on it: record the results; if the totals are wrong, let the congress office correct them",
    );
    Err(Refusal::of(UserErrorCode::WrongStage, "meetingId", zh, en))
}

/// Where a project goes is said of one that is put off, and of no other.
pub fn destination(place: usize, result: DecisionResult, to: &str) -> Result<(), Refusal> {
    let field = format!("results.{place}.deferredTo");
    if !to.is_empty() && result != DecisionResult::Defer {
        let (zh, en) = ("只有暂缓的项目才填写去向", "Only for a project that is put off");
        return Err(Refusal::invalid(&field, zh, en));
    }
    text(&field, to, 0, 200)
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

    fn item() -> impl Strategy<Value = Item> {
        let result = prop::option::of(prop::sample::select(DecisionResult::ALL));
        (prop::sample::select(MeetingKind::ALL), 0..9_u64, result).prop_map(|(kind, on, result)| Item {
            kind,
            held_on: day(on),
            result,
        })
    }

    proptest! {
        /// Whatever is corrected, what stands afterwards could have come about by the steps of [`put`] and [`decide`].
        #[test]
        fn what_is_reckoned_anew_is_what_the_steps_make(items in prop::collection::vec(item(), 0..8)) {
            let mut now = Before::PROPOSED;
            let mut steps = Ok(());
            for item in &items {
                steps = steps.and_then(|()| put(now, item.kind, item.held_on).map(|status| now.status = status));
                now.voted |= item.kind == MeetingKind::CongressVote;
                if let Some(result) = item.result {
                    let decided = steps.and_then(|()| decide(item.kind, now, result));
                    steps = decided.map(|status| now = now.behind(item.kind, item.held_on, status));
                }
            }
            prop_assert_eq!(standing(&items).ok(), steps.ok().map(|()| now));
        }

        #[test]
        fn the_last_item_taken_off_leaves_what_was_before(items in prop::collection::vec(item(), 1..8)) {
            if standing(&items).is_ok() {
                prop_assert!(standing(&items[..items.len() - 1]).is_ok());
            }
        }
    }

    #[test]
    fn no_meeting_comes_before_a_former_one() {
        let put_off = Item {
            kind: MeetingKind::GovernmentExecutive,
            held_on: day(3),
            result: Some(DecisionResult::Defer),
        };
        assert!(behind_all(&[], day(0)).is_ok() && behind_all(&[put_off], day(3)).is_ok());
        assert_eq!(behind_all(&[put_off], day(2)).unwrap_err().code, UserErrorCode::WrongStage);
    }

    #[test]
    fn taking_off_and_correcting_lead_back() {
        use DecisionResult as R;
        use MeetingKind as K;
        let at = |kind, n, result| Item { kind, held_on: day(n), result };
        let status = |items: &[Item]| standing(items).map(|now| now.status).map_err(|refusal| refusal.code);
        let put_off = at(K::GovernmentExecutive, 1, Some(R::Defer));
        let passed = at(K::GovernmentExecutive, 2, Some(R::Adopt));
        assert_eq!(status(&[]), Ok(ProjectStatus::Proposed));
        assert_eq!(status(&[put_off]), Ok(ProjectStatus::Deferred));
        assert_eq!(status(&[passed]), Ok(ProjectStatus::Studied));
        let vote = at(K::CongressVote, 4, Some(R::Reject));
        assert_eq!(status(&[passed, at(K::PartyStanding, 3, Some(R::Change))]), Ok(ProjectStatus::Changed));
        assert_eq!(
            status(&[passed, at(K::PartyStanding, 3, Some(R::Change)), vote]),
            Ok(ProjectStatus::Rejected)
        );
        // The first meeting turned it down after all, and the second one had it: that one goes first.
        let turned_down = at(K::GovernmentExecutive, 2, Some(R::Reject));
        let later = at(K::PartyStanding, 3, None);
        assert_eq!(status(&[turned_down, later]), Err(UserErrorCode::WrongStage));
        let early = at(K::PartyStanding, 1, None);
        assert_eq!(status(&[passed, early]), Err(UserErrorCode::WrongStage), "no day before the former");
    }

    #[test]
    fn a_correction_goes_neither_against_what_was_told_nor_against_what_was_done() {
        use ProjectStatus as S;
        let (told, carried) = (Built { told: true, carried: false }, Built { told: false, carried: true });
        assert!(corrects(S::Rejected, S::Adopted, Built::default()).is_ok());
        assert_eq!(corrects(S::Rejected, S::Adopted, told).unwrap_err().code, UserErrorCode::WrongStage);
        assert!(corrects(S::Rejected, S::Deferred, told).is_ok(), "they were told no either way");
        assert_eq!(corrects(S::Adopted, S::Rejected, carried).unwrap_err().code, UserErrorCode::WrongStage);
        assert!(corrects(S::Adopted, S::Changed, carried).is_ok());
        assert!(correctable(MeetingStatus::Held).is_ok() && correctable(MeetingStatus::Cancelled).is_err());
        assert!(open(MeetingStatus::Planned).is_ok() && open(MeetingStatus::Cancelled).is_err());
        assert!(unvoted(false).is_ok() && unvoted(true).is_err());
        assert!(destination(0, DecisionResult::Defer, "2021年项目库").is_ok());
        assert!(destination(0, DecisionResult::Adopt, "2021年项目库").is_err());
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
