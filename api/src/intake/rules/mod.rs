//! What may happen to a suggestion, and when. No SQL, no clock, no async.

mod bound;
mod invalid;

use chrono::NaiveDate;
use entity::enums::{Position, RecordAction, Stage};
use entity::id::{AccountId, CategoryId, DepartmentId};

use crate::fate::rules as fate;
use crate::refusal::{Refusal, UserErrorCode};
use crate::scope::profiles::Operation;
use crate::scope::viewer::Viewer;

/// Where a suggestion stands; each step consumes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Stage.
    pub stage: Stage,
    /// Class, once there is one.
    pub category: Option<CategoryId>,
    /// Version.
    pub version: i32,
}

/// A step that the rules allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Stage before.
    pub from: Stage,
    /// Stage after.
    pub to: Stage,
    /// Class after.
    pub category: Option<CategoryId>,
    /// How the record names it.
    pub action: RecordAction,
}

impl Case {
    /// Refuses a caller who has not seen the present version.
    pub fn at_version(self, expected: i32) -> Result<Self, Refusal> {
        if self.version == expected { Ok(self) } else { Err(Refusal::stale()) }
    }

    /// Its collector may correct it while nobody has handled it.
    pub fn edit(self) -> Result<Step, Refusal> {
        self.untouched()?;
        Ok(self.stays(RecordAction::Edited))
    }

    /// Its collector may withdraw it while nobody has handled it.
    pub fn withdraw(self) -> Result<Step, Refusal> {
        self.untouched()?;
        Ok(self.to(Stage::Withdrawn, RecordAction::Withdrawn))
    }

    /// Its collector puts it in a class, or corrects the class; corrections are logged as such (S11).
    pub fn classify(self, category: CategoryId) -> Result<Step, Refusal> {
        self.untouched()?;
        if self.category == Some(category) {
            let (zh, en) = ("已是此类别", "It is in this class already");
            return Err(Refusal::of(UserErrorCode::Duplicate, "categoryId", zh, en));
        }
        let action = match self.category {
            None => RecordAction::Classified,
            Some(_) => RecordAction::Reclassified,
        };
        Ok(Step { from: self.stage, to: Stage::Classified, category: Some(category), action })
    }

    /// The office moves it to another stream while nobody has handled it and nothing is made of it. Its class stays: classes
    /// are the campaign's.
    pub fn relocate(self, facts: &fate::Facts) -> Result<Step, Refusal> {
        self.untouched()?;
        bound::untaken(facts)?;
        Ok(self.stays(RecordAction::MovedIn))
    }

    fn stays(self, action: RecordAction) -> Step {
        let stage = self.stage;
        self.to(stage, action)
    }

    fn to(self, stage: Stage, action: RecordAction) -> Step {
        Step { from: self.stage, to: stage, category: self.category, action }
    }

    fn untouched(&self) -> Result<(), Refusal> {
        still_untouched(self.stage)
    }
}

fn still_untouched(stage: Stage) -> Result<(), Refusal> {
    if untouched(stage) {
        return Ok(());
    }
    let (zh, en) =
        ("已进入办理或已办结，不能再修改", "It is being handled or has ended; it can't be changed");
    Err(Refusal::of(UserErrorCode::WrongStage, "", zh, en))
}

/// Nobody but its collector has done anything with it.
#[must_use]
pub const fn untouched(stage: Stage) -> bool {
    matches!(stage, Stage::Received | Stage::Classified)
}

/// Whether a stage ends a case: it waits for nobody any more.
#[must_use]
pub const fn ended(stage: Stage) -> bool {
    matches!(
        stage,
        Stage::Closed | Stage::Deferred | Stage::Merged | Stage::Declined | Stage::Invalid | Stage::Withdrawn
    )
}

/// Whether a suggestion received on a day is late (S04); one from before the first day is refused.
pub fn lateness(
    received_on: NaiveDate,
    opens_on: NaiveDate,
    closes_on: Option<NaiveDate>,
) -> Result<bool, Refusal> {
    if received_on < opens_on {
        return Err(Refusal::of(
            UserErrorCode::CampaignClosed,
            "receivedAt",
            format!("征集活动自 {opens_on} 开始"),
            format!("The campaign opens on {opens_on}"),
        ));
    }
    Ok(closes_on.is_some_and(|last| received_on > last))
}

/// A step on a suggestion that is there, or on the person behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Correct it.
    Edit,
    /// Withdraw it.
    Withdraw,
    /// Put it into another class.
    Classify,
    /// See the person behind it in clear.
    Reveal,
    /// Erase the person behind it.
    Erase,
    /// Say who of the department works on it.
    Assign,
    /// Propose not to accept it.
    ProposeInvalid,
}

impl Action {
    /// What the rights table calls it.
    #[must_use]
    pub const fn operation(self) -> Operation {
        match self {
            Self::Edit => Operation::SubmissionEdit,
            Self::Withdraw => Operation::SubmissionWithdraw,
            Self::Classify => Operation::SubmissionClassify,
            Self::Reveal => Operation::IdentityReveal,
            Self::Erase => Operation::PersonErase,
            Self::Assign => Operation::SubmissionsAssign,
            Self::ProposeInvalid => Operation::SubmissionInvalidPropose,
        }
    }

    /// Whether a viewer may take it now: what the row's `permissions` say and what the step itself asks, in one.
    #[must_use]
    pub fn may(self, viewer: &Viewer, facts: Facts) -> bool {
        viewer.may(self.operation()) && self.permit(viewer, facts).is_ok()
    }

    /// Refuses what the suggestion rules out, whatever the rights table says.
    pub fn permit(self, viewer: &Viewer, facts: Facts) -> Result<(), Refusal> {
        owned(viewer, facts.owner)?;
        match self {
            Self::Edit | Self::Withdraw | Self::Classify | Self::ProposeInvalid => {
                still_untouched(facts.stage)
            }
            Self::Reveal if facts.confidential => {
                let (zh, en) = ("保密件不显示身份", "A confidential case never shows its person");
                Err(Refusal::of(UserErrorCode::Confidential, "submissionId", zh, en))
            }
            Self::Assign if ended(facts.stage) => {
                let (zh, en) = ("已办结，不再分派", "It has ended; nobody works on it any more");
                Err(Refusal::of(UserErrorCode::WrongStage, "submissionId", zh, en))
            }
            Self::Assign => Ok(()),
            Self::Reveal | Self::Erase if facts.person => Ok(()),
            Self::Reveal | Self::Erase => Err(Refusal::not_found("submissionId")),
        }
    }

    /// Whether it changes the case: then what was made of it decides too, and a closed campaign takes it no more.
    #[must_use]
    pub const fn changes(self) -> bool {
        matches!(self, Self::Edit | Self::Withdraw | Self::Classify | Self::ProposeInvalid)
    }

    /// Refuses what others made of the suggestion rules out, for a step that [`changes`](Self::changes) the case.
    pub fn fits(self, facts: Facts, made: &fate::Facts) -> Result<(), Refusal> {
        match self {
            Self::Edit | Self::Classify => bound::changeable(made),
            Self::Withdraw => {
                entered(facts)?;
                bound::untaken(made)
            }
            Self::ProposeInvalid => bound::untaken(made),
            Self::Reveal | Self::Erase | Self::Assign => Ok(()),
        }
    }
}

/// A department takes back what it entered, and not what somebody else handed in.
fn entered(facts: Facts) -> Result<(), Refusal> {
    if !facts.by_citizen {
        return Ok(());
    }
    let (zh, en) = (
        "不是本单位登记的意见不能撤回；不属受理范围的，请提请不予受理",
        "It was not entered by the department and can't be withdrawn; propose not to accept what is out of place",
    );
    Err(Refusal::of(UserErrorCode::NotEntitled, "", zh, en))
}

/// Gives a case of the viewer's department to somebody of it, or to nobody: the head as it sees fit; everybody else takes what
/// nobody has, and gives back what is one's own.
pub fn assign(
    viewer: &Viewer,
    former: Option<AccountId>,
    to: Option<AccountId>,
) -> Result<RecordAction, Refusal> {
    if former == to {
        let (zh, en) = match to {
            Some(_) => ("已由此人经办", "This person works on it already"),
            None => ("尚未分派，无须退回", "Nobody works on it"),
        };
        return Err(Refusal::of(UserErrorCode::Duplicate, "accountId", zh, en));
    }
    let to_oneself_or_back = to.is_none() || to == viewer.account();
    if !(heads(viewer) || (may_move(viewer, former) && to_oneself_or_back)) {
        let (zh, en) = (
            "已由他人经办，请由单位负责人转交",
            "Somebody else works on it; the department's head hands it over",
        );
        return Err(Refusal::of(UserErrorCode::NotEntitled, "submissionId", zh, en));
    }
    Ok(if to.is_some() { RecordAction::Assigned } else { RecordAction::Unassigned })
}

/// Whether a viewer may give a case to another, take it or give it back, as it is assigned now.
#[must_use]
pub fn may_move(viewer: &Viewer, assignee: Option<AccountId>) -> bool {
    heads(viewer) || assignee.is_none() || assignee == viewer.account()
}

/// Whether a viewer heads its department.
#[must_use]
pub fn heads(viewer: &Viewer) -> bool {
    viewer.position() == Position::Head
}

/// What of a suggestion decides about a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Its collector.
    pub owner: DepartmentId,
    /// Where it stands.
    pub stage: Stage,
    /// Whether its person is never shown.
    pub confidential: bool,
    /// Whether there is a person behind it who has not been erased.
    pub person: bool,
    /// Whether its citizen wrote it, and nobody entered it for somebody.
    pub by_citizen: bool,
}

/// Seeing a suggestion for another reason than collecting it is not enough to work on it.
pub fn owned(viewer: &Viewer, owner: DepartmentId) -> Result<(), Refusal> {
    if viewer.department() == owner {
        return Ok(());
    }
    Err(Refusal::not_found("submissionId"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn case(stage: Stage) -> Case {
        Case { stage, category: None, version: 3 }
    }

    fn stages() -> impl Strategy<Value = Stage> {
        prop::sample::select(Stage::ALL)
    }

    proptest! {
        #[test]
        fn no_step_leaves_a_stage_that_somebody_else_has_reached(stage in stages()) {
            let class = CategoryId(uuid::Uuid::from_u128(1));
            let moved = case(stage).relocate(&fate::Facts::at(stage));
            let steps = [case(stage).edit(), case(stage).withdraw(), case(stage).classify(class), moved];
            for step in steps {
                prop_assert_eq!(step.is_ok(), untouched(stage));
            }
        }

        #[test]
        fn a_version_is_accepted_only_as_it_is(version in 0..6) {
            prop_assert_eq!(case(Stage::Received).at_version(version).is_ok(), version == 3);
        }
    }

    #[test]
    fn a_department_takes_back_what_it_entered_and_corrects_what_it_was_handed() {
        let facts = |by_citizen| Facts {
            owner: DepartmentId(uuid::Uuid::from_u128(1)),
            stage: Stage::Received,
            confidential: false,
            person: true,
            by_citizen,
        };
        let free = fate::Facts::at(Stage::Received);
        assert_eq!(Action::Withdraw.fits(facts(false), &free), Ok(()));
        assert_eq!(Action::Withdraw.fits(facts(true), &free).unwrap_err().code, UserErrorCode::NotEntitled);
        for action in [Action::Edit, Action::Classify, Action::ProposeInvalid] {
            assert_eq!(action.fits(facts(true), &free), Ok(()), "{action:?}");
            assert!(action.changes());
        }
    }

    #[test]
    fn a_second_class_is_a_correction_and_the_same_class_is_none() {
        let (a, b) = (CategoryId(uuid::Uuid::from_u128(1)), CategoryId(uuid::Uuid::from_u128(2)));
        let first = case(Stage::Received).classify(a).unwrap();
        assert_eq!(first.action, RecordAction::Classified);
        let classified = Case { stage: first.to, category: first.category, version: 4 };
        assert_eq!(classified.clone().classify(b).unwrap().action, RecordAction::Reclassified);
        assert_eq!(classified.classify(a).unwrap_err().code, UserErrorCode::Duplicate);
    }

    #[test]
    fn what_something_was_made_of_is_not_moved_and_a_class_goes_along() {
        let class = CategoryId(uuid::Uuid::from_u128(1));
        let classified = Case { stage: Stage::Classified, category: Some(class), version: 2 };
        let free = fate::Facts::at(Stage::Classified);
        let step = classified.clone().relocate(&free).unwrap();
        assert_eq!((step.from, step.to, step.category), (Stage::Classified, Stage::Classified, Some(class)));
        let listed = fate::Facts { tabled: fate::Tabled::Listed, ..free };
        assert_eq!(classified.relocate(&listed).unwrap_err().code, UserErrorCode::WrongStage);
    }

    #[test]
    fn the_day_after_the_last_is_late_and_the_day_before_the_first_is_refused() {
        let day = |d| NaiveDate::from_ymd_opt(2019, 11, d).unwrap();
        assert_eq!(lateness(day(15), day(1), Some(day(15))), Ok(false));
        assert_eq!(lateness(day(16), day(1), Some(day(15))), Ok(true));
        assert_eq!(lateness(day(16), day(1), None), Ok(false));
        assert!(lateness(day(1), day(2), None).is_err());
    }
}
