//! What is owed by when, what a roster must hold, and how a plan and a task may move. No SQL, no clock, no async.

use chrono::NaiveDate;
use entity::enums::{DueState, Position, RightsProfile, TaskState, UnitPlanState};

use crate::plan::{Department, DueKind, Plan};
use crate::refusal::{Refusal, UserErrorCode};

/// Persons on one roster at most.
pub const MOST_LINES: usize = 50;

/// What came of something that was owed by a day: the first hand-in counts, whatever was corrected later.
#[must_use]
pub fn timeliness(due_on: Option<NaiveDate>, first: Option<NaiveDate>, today: NaiveDate) -> DueState {
    match (due_on, first) {
        (Some(due), Some(day)) if day > due => DueState::Late,
        (_, Some(_)) => DueState::OnTime,
        (Some(due), None) if today > due => DueState::Missing,
        _ => DueState::NotDue,
    }
}

/// The day by which something of a kind is owed once; none where the plan sets none.
#[must_use]
pub fn due_on(plan: &Plan, kind: DueKind) -> Option<NaiveDate> {
    let mut dates = plan.due_dates.iter().filter(|due| due.kind == kind);
    dates.next().and_then(|due| due.on)
}

/// Whether a department owes something of a kind: by its role, or for want of named roles because it owns a stream.
#[must_use]
pub fn owes(plan: &Plan, department: &Department, kind: DueKind) -> bool {
    let mut dates = plan.due_dates.iter().filter(|due| due.kind == kind);
    dates.any(|due| {
        if due.owed_by.is_empty() {
            plan.streams_of(&department.code).next().is_some()
        } else {
            due.owed_by.contains(&department.role)
        }
    })
}

/// Departments that the founding document addresses, in the plan's order (S01).
pub fn addressed(plan: &Plan) -> impl Iterator<Item = &Department> {
    let addresses = |role: &str| {
        let mut lines = plan.campaign.addressees.iter();
        lines.any(|line| line.roles.iter().any(|known| known == role))
    };
    plan.departments.iter().filter(move |one| addresses(&one.role))
}

/// Refuses an acknowledgement by a department to which the document is not addressed.
pub fn acknowledge(plan: &Plan, code: &str) -> Result<(), Refusal> {
    if addressed(plan).any(|one| one.code == code) {
        return Ok(());
    }
    let (zh, en) = ("本单位不是该文件的主送单位", "The document is not addressed to the department");
    Err(Refusal::of(UserErrorCode::NotEntitled, "campaignId", zh, en))
}

/// One person of a roster, as the form says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Rank in the department.
    pub position: Position,
    /// Name.
    pub name: String,
    /// Office held.
    pub title: String,
    /// What the person answers for.
    pub duty: String,
    /// Telephone.
    pub contact: Option<String>,
}

/// Everything that stands against a roster.
#[must_use]
pub fn check_roster(lines: &[Line]) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if !(1..=MOST_LINES).contains(&lines.len()) {
        let (zh, en) = ("名单应有 1 至 50 人", "A roster has 1 to 50 persons");
        refusals.push(Refusal::invalid("lines", zh, en));
    }
    for (place, line) in lines.iter().enumerate() {
        let mut short = |name: &str, text: &str, least: usize| {
            if !(least..=100).contains(&text.chars().count()) {
                refusals.push(Refusal::invalid(
                    &format!("lines.{place}.{name}"),
                    format!("应为 {least} 至 100 个字"),
                    format!("Must have {least} to 100 characters"),
                ));
            }
        };
        short("name", &line.name, 1);
        short("title", &line.title, 0);
        short("duty", &line.duty, 0);
        short("contact", line.contact.as_deref().unwrap_or("-"), 1);
    }
    refusals
}

/// Whether a roster names who is responsible, who carries it out and whom to call (S16 S17): a head, a deputy, and somebody
/// with a telephone. A plan that gives the role no deputy asks for none.
#[must_use]
pub fn is_complete(plan: &Plan, department: &Department, lines: &[(Position, bool)]) -> bool {
    let posts = plan.posts_of(department);
    let asked = |position: Position| posts.iter().any(|post| post.position == position);
    let named = |position: Position| lines.iter().any(|(known, _)| *known == position);
    let leads = [Position::Head, Position::Deputy];
    leads.into_iter().all(|position| !asked(position) || named(position))
        && lines.iter().any(|(_, reachable)| *reachable)
}

/// Who sees the telephones of a roster: the department itself and the campaign's office.
#[must_use]
pub fn shows_contacts(profile: Option<RightsProfile>, own: bool) -> bool {
    own || profile == Some(RightsProfile::CampaignOffice)
}

/// A unit plan that was handed in may be decided once; a new draft follows a return, and also an acceptance.
pub fn review(state: UnitPlanState) -> Result<(), Refusal> {
    match state {
        UnitPlanState::Submitted => Ok(()),
        UnitPlanState::Returned | UnitPlanState::Accepted => {
            let (zh, en) = ("此稿已审核", "This draft was decided already");
            Err(Refusal::of(UserErrorCode::WrongStage, "unitPlanId", zh, en))
        }
    }
}

/// While a draft waits for its decision, no other is handed in.
pub fn hand_in(last: Option<UnitPlanState>) -> Result<(), Refusal> {
    if last == Some(UnitPlanState::Submitted) {
        let (zh, en) = ("上一稿尚在审核，请待审核后再报", "The last draft waits for its decision");
        return Err(Refusal::of(UserErrorCode::WrongStage, "", zh, en));
    }
    Ok(())
}

/// Progress and state agree: what is done is done whole, and only that is.
pub fn progress(percent: i32, state: TaskState) -> Result<(), Refusal> {
    let fits = match state {
        TaskState::Open => percent == 0,
        TaskState::Underway => (0..100).contains(&percent),
        TaskState::Done => percent == 100,
        TaskState::Cancelled => (0..=100).contains(&percent),
    };
    if fits {
        return Ok(());
    }
    let (zh, en) = (
        "进度与状态不符：未开始为 0，进行中为 0 至 99，已完成为 100",
        "Progress does not fit the state: 0 open, 0 to 99 under way, 100 done",
    );
    Err(Refusal::invalid("progress", zh, en))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2019, 10, n).unwrap()
    }

    #[test]
    fn the_first_hand_in_is_on_time_late_or_missing() {
        let due = Some(day(18));
        assert_eq!(timeliness(due, Some(day(18)), day(25)), DueState::OnTime);
        assert_eq!(timeliness(due, Some(day(19)), day(25)), DueState::Late);
        assert_eq!(timeliness(due, None, day(19)), DueState::Missing);
        assert_eq!(timeliness(due, None, day(18)), DueState::NotDue);
        assert_eq!(timeliness(None, None, day(18)), DueState::NotDue);
        assert_eq!(timeliness(None, Some(day(1)), day(18)), DueState::OnTime);
    }

    #[test]
    fn what_is_done_is_done_whole() {
        assert!(progress(100, TaskState::Done).is_ok() && progress(99, TaskState::Done).is_err());
        assert!(progress(100, TaskState::Underway).is_err() && progress(-1, TaskState::Cancelled).is_err());
        assert!(progress(0, TaskState::Open).is_ok() && progress(1, TaskState::Open).is_err());
    }

    #[test]
    fn a_draft_is_decided_once() {
        assert!(review(UnitPlanState::Submitted).is_ok());
        assert!(review(UnitPlanState::Returned).is_err() && review(UnitPlanState::Accepted).is_err());
        assert!(hand_in(None).is_ok() && hand_in(Some(UnitPlanState::Returned)).is_ok());
        assert!(hand_in(Some(UnitPlanState::Submitted)).is_err());
    }
}
