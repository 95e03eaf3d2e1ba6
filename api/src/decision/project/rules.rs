//! What a project is, when its content and sources may change, and when it is late (S21, S27).

use chrono::NaiveDate;
use entity::enums::{ProgressKind, ProjectStatus, Stage};

use crate::fate::rules::Projects;
use crate::intake::rules::ended;
use crate::refusal::input::text;
use crate::refusal::{Refusal, UserErrorCode};

/// Sources that one call links or unlinks at most.
pub const MOST_SOURCES: usize = 200;

/// Words and figures of a project, as a form sends them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Name.
    pub title: String,
    /// What is built or done.
    pub content: String,
    /// Whole yuan.
    pub cost: Option<i64>,
    /// Where the money comes from.
    pub funding: String,
    /// First day planned.
    pub schedule_start: Option<NaiveDate>,
    /// Last day planned.
    pub schedule_finish: Option<NaiveDate>,
    /// How many would benefit.
    pub beneficiaries: Option<i32>,
}

impl Draft {
    /// Everything that is wrong with it.
    #[must_use]
    pub fn refusals(&self) -> Vec<Refusal> {
        let mut found = Vec::new();
        found.extend(text("title", &self.title, 1, 200).err());
        found.extend(text("content", &self.content, 1, 10_000).err());
        found.extend(text("funding", &self.funding, 0, 500).err());
        if self.cost.is_some_and(|cost| !(0..=1_000_000_000_000).contains(&cost)) {
            let (zh, en) = ("投资估算应为 0 至一万亿元", "From 0 to 1,000,000,000,000 yuan");
            found.push(Refusal::invalid("cost", zh, en));
        }
        if self.beneficiaries.is_some_and(|people| people < 0) {
            found.push(Refusal::invalid("beneficiaries", "不能为负数", "Must not be negative"));
        }
        if let (Some(start), Some(finish)) = (self.schedule_start, self.schedule_finish)
            && finish < start
        {
            let (zh, en) = ("完成日期早于开工日期", "It would finish before it starts");
            found.push(Refusal::invalid("scheduleFinish", zh, en));
        }
        found
    }
}

/// The office changes a project only while no meeting has it before itself, and not once it is decided.
pub fn editable(status: ProjectStatus) -> Result<(), Refusal> {
    use ProjectStatus as S;
    match status {
        S::Proposed | S::Studied | S::Deferred => Ok(()),
        S::OnGovernmentAgenda | S::OnPartyAgenda | S::Adopted | S::Changed | S::Rejected | S::Withdrawn => {
            let (zh, en) = (
                "已列入会议议题、已审定或已撤销，不能修改",
                "It is before a meeting, decided or withdrawn; it can't be changed",
            );
            Err(Refusal::of(UserErrorCode::WrongStage, "projectId", zh, en))
        }
    }
}

/// The office takes a project back that no meeting has before itself and that nobody has decided on for good.
pub fn withdraw(status: ProjectStatus) -> Result<(), Refusal> {
    use ProjectStatus as S;
    let (zh, en) = match status {
        S::Proposed | S::Studied | S::Deferred => return Ok(()),
        S::OnGovernmentAgenda | S::OnPartyAgenda => {
            ("已列入会议议题；请先移出议题", "It is before a meeting; take it off the agenda first")
        }
        S::Adopted | S::Changed | S::Rejected => (
            "会议已有结论；结论登记有误的，请先更正会议结论",
            "A meeting has decided on it; if its result was written down wrongly, correct that first",
        ),
        S::Withdrawn => ("已撤销", "It was withdrawn already"),
    };
    Err(Refusal::of(UserErrorCode::WrongStage, "projectId", zh, en))
}

/// Sources may be linked until a project is turned down; what an adopted one was drawn from stays.
pub fn linkable(status: ProjectStatus, unlinks: bool) -> Result<(), Refusal> {
    let ended = matches!(status, ProjectStatus::Rejected | ProjectStatus::Withdrawn);
    if ended || unlinks && adopted(status) {
        let (zh, en) =
            ("项目已有结论或已撤销，来源不能再调整", "It is decided or withdrawn; its sources stay");
        return Err(Refusal::of(UserErrorCode::WrongStage, "projectId", zh, en));
    }
    Ok(())
}

/// A suggestion that has ended is no source of anything new.
pub fn source(stage: Stage) -> Result<(), Refusal> {
    if ended(stage) {
        let (zh, en) = ("已办结、并入或说明的意见不能作为来源", "It has ended and can't be a source");
        return Err(Refusal::of(UserErrorCode::WrongStage, "submissionIds", zh, en));
    }
    Ok(())
}

/// Whether the party committee has taken it in.
#[must_use]
pub const fn adopted(status: ProjectStatus) -> bool {
    matches!(Projects::of(status), Projects::Adopted)
}

/// Whether a meeting may still take it in.
const fn undecided(status: ProjectStatus) -> bool {
    matches!(Projects::of(status), Projects::Undecided | Projects::Deferred)
}

/// A suggestion that an explanation covers has been found not to be adopted; whoever wrote that takes it back first. The
/// samples are case numbers, for the office alone.
pub fn uncovered(samples: &[&str]) -> Result<(), Refusal> {
    if samples.is_empty() {
        return Ok(());
    }
    let list = samples.join("、");
    Err(Refusal::of(
        UserErrorCode::WrongStage,
        "submissionIds",
        format!("{list} 已写入征集单位尚未送达的未采纳说明；请该单位先从说明中移出或撤回说明，再列为来源"),
        format!(
            "An explanation that is not delivered says of {list} that it was not adopted; let its collector take it out of the explanation or withdraw that first"
        ),
    ))
}

/// A line about progress is written once the project is adopted, and none after it is finished.
pub fn progress(status: ProjectStatus, kind: ProgressKind, before: &[ProgressKind]) -> Result<(), Refusal> {
    let begun = before.contains(&ProgressKind::Start);
    let finished = before.contains(&ProgressKind::Finish);
    // Coordination with a higher level goes before an adoption as well as after it.
    let early = kind == ProgressKind::Coordination && undecided(status);
    let fits = match kind {
        ProgressKind::Start => !begun,
        ProgressKind::Finish => begun,
        ProgressKind::Note | ProgressKind::Coordination => true,
    };
    if (adopted(status) || early) && fits && !finished {
        return Ok(());
    }
    let (zh, en) =
        ("项目未审定、尚未开工或已完成，不能登记此项", "Not adopted, not begun, or finished already");
    Err(Refusal::of(UserErrorCode::WrongStage, "kind", zh, en))
}

/// A day by which something is owed, and whether it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Last day.
    pub due_on: NaiveDate,
    /// Day it was done.
    pub done_on: Option<NaiveDate>,
}

/// Whether an adopted project is late: a milestone or its own finish has passed undone.
#[must_use]
pub fn delayed(
    status: ProjectStatus,
    finished: bool,
    schedule_finish: Option<NaiveDate>,
    milestones: &[Due],
    today: NaiveDate,
) -> bool {
    let missed = |due: &Due| due.done_on.is_none() && due.due_on < today;
    adopted(status)
        && !finished
        && (schedule_finish.is_some_and(|finish| finish < today) || milestones.iter().any(missed))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2020, 5, n).unwrap()
    }

    proptest! {
        #[test]
        fn a_project_begins_once_and_ends_once_and_only_when_adopted(
            status in prop::sample::select(ProjectStatus::ALL),
            kinds in prop::collection::vec(prop::sample::select(ProgressKind::ALL), 0..12),
        ) {
            let mut lines: Vec<ProgressKind> = Vec::new();
            for kind in kinds {
                if progress(status, kind, &lines).is_ok() {
                    lines.push(kind);
                }
            }
            let place = |wanted| lines.iter().position(|kind| *kind == wanted);
            let count = |wanted| lines.iter().filter(|kind| **kind == wanted).count();
            prop_assert!(count(ProgressKind::Start) <= 1 && count(ProgressKind::Finish) <= 1);
            if let Some(finish) = place(ProgressKind::Finish) {
                prop_assert_eq!(finish, lines.len() - 1);
                prop_assert!(place(ProgressKind::Start).is_some());
            }
            if !adopted(status) {
                prop_assert!(lines.iter().all(|kind| *kind == ProgressKind::Coordination));
            }
        }

        #[test]
        fn late_is_what_is_past_and_undone(due in 1..28_u32, today in 1..28_u32, done in any::<bool>()) {
            let milestone = Due { due_on: day(due), done_on: done.then(|| day(due)) };
            let late = delayed(ProjectStatus::Adopted, false, None, &[milestone], day(today));
            prop_assert_eq!(late, !done && due < today);
            prop_assert!(!delayed(ProjectStatus::Adopted, true, Some(day(due)), &[milestone], day(today)));
            prop_assert!(!delayed(ProjectStatus::Studied, false, Some(day(due)), &[milestone], day(today)));
        }
    }

    #[test]
    fn what_an_adopted_project_was_drawn_from_stays() {
        assert!(linkable(ProjectStatus::Adopted, true).is_err());
        assert!(linkable(ProjectStatus::Adopted, false).is_ok());
        assert!(linkable(ProjectStatus::Rejected, false).is_err());
        assert!(source(Stage::Classified).is_ok() && source(Stage::Declined).is_err());
    }

    #[test]
    fn a_project_is_withdrawn_before_a_meeting_has_it_or_after_one_put_it_off() {
        for status in ProjectStatus::ALL {
            use ProjectStatus as S;
            let may = matches!(status, S::Proposed | S::Studied | S::Deferred);
            assert_eq!(withdraw(*status).is_ok(), may, "{status:?}");
            assert_eq!(editable(*status).is_ok(), may, "{status:?}");
        }
        assert!(linkable(ProjectStatus::Withdrawn, false).is_err());
        assert!(progress(ProjectStatus::Withdrawn, ProgressKind::Coordination, &[]).is_err());
        assert!(progress(ProjectStatus::Deferred, ProgressKind::Coordination, &[]).is_ok());
    }

    #[test]
    fn what_is_explained_as_not_adopted_is_no_source() {
        assert!(uncovered(&[]).is_ok());
        let refusal = uncovered(&["STS-2022-000001"]).unwrap_err();
        assert_eq!(refusal.code, UserErrorCode::WrongStage);
        assert!(refusal.message.en.contains("STS-2022-000001"));
    }

    #[test]
    fn a_draft_names_every_field_that_is_wrong() {
        let draft = Draft {
            title: " ".to_owned(),
            content: String::new(),
            cost: Some(-1),
            funding: "x".repeat(501),
            schedule_start: Some(day(2)),
            schedule_finish: Some(day(1)),
            beneficiaries: Some(-1),
        };
        assert_eq!(draft.refusals().len(), 6);
    }
}
