//! Figures and ranks of a circular, and its way to being issued (S30).

use std::cmp::Ordering;

use chrono::NaiveDate;
use entity::enums::{CircularRate, CircularStatus, DueState, Position, RecheckResult, RightsProfile, Stage};
use entity::id::{AccountId, DepartmentId};
use serde::{Deserialize, Serialize};

use crate::refusal::{Refusal, UserErrorCode};

/// How many suggestions of a department stand where.
pub type Counts = Vec<(Stage, i64)>;

/// One department's line of the frozen figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The department.
    pub department: DepartmentId,
    /// Its name at that time.
    pub name: String,
    /// Received in the period.
    pub received: i64,
    /// Of them classified, or further.
    pub classified: i64,
    /// Of them explained as not adopted.
    pub explained: i64,
    /// What the rate divides.
    pub numerator: i64,
    /// What it divides by.
    pub denominator: i64,
    /// Place, shared by equal rates; none where there were too few to be ranked.
    pub rank: Option<i32>,
}

/// What a rate divides, and by what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// What is counted.
    pub of: i64,
    /// Out of how many.
    pub whole: i64,
}

impl Part {
    /// One more of the whole, that counts or does not.
    pub fn add(&mut self, counts: bool) {
        self.of += i64::from(counts);
        self.whole += 1;
    }
}

/// Whether a rate is about suggestions: then the plan's least number of them is ranked, else whoever has any.
#[must_use]
pub const fn of_suggestions(rate: CircularRate) -> bool {
    matches!(rate, CircularRate::Classified | CircularRate::Explained)
}

/// Whether a suggestion counts that stands there: withdrawn and inadmissible ones are nobody's merit or fault.
const fn counted(stage: Stage) -> bool {
    !matches!(stage, Stage::Withdrawn | Stage::Invalid)
}

fn sum(counts: &Counts, wanted: impl Fn(Stage) -> bool) -> i64 {
    let chosen = counts.iter().filter(|(stage, _)| wanted(*stage));
    chosen.map(|(_, count)| count).sum()
}

/// Classified, of what was received.
#[must_use]
pub fn classified(counts: &Counts) -> Part {
    let of = sum(counts, |stage| counted(stage) && stage != Stage::Received);
    Part { of, whole: sum(counts, counted) }
}

/// Explained, of what is not adopted: of merged ones so many were told, and so many of all wait for their explanation.
/// What is adopted or not decided yet stands on neither side.
#[must_use]
pub fn explained(counts: &Counts, merged: i64, waiting: i64) -> Part {
    let of = sum(counts, |stage| stage == Stage::Declined) + merged;
    Part { of, whole: of + waiting }
}

/// Handed in on time, of what was due: what is not due yet stands on neither side.
#[must_use]
pub fn on_time(states: impl IntoIterator<Item = DueState>) -> Part {
    let mut part = Part::default();
    for state in states.into_iter().filter(|state| *state != DueState::NotDue) {
        part.add(state == DueState::OnTime);
    }
    part
}

/// Put right, of the findings whose last day has passed.
#[must_use]
pub fn put_right(
    findings: impl IntoIterator<Item = (NaiveDate, Option<RecheckResult>)>,
    today: NaiveDate,
) -> Part {
    let mut part = Part::default();
    for (_, last) in findings.into_iter().filter(|(rectify_by, _)| *rectify_by < today) {
        part.add(last == Some(RecheckResult::Passed));
    }
    part
}

/// One department's line: what it received, and what it is ranked by.
#[must_use]
pub fn line(department: DepartmentId, name: String, counts: &Counts, part: Part) -> Line {
    let Part { of, whole } = classified(counts);
    Line {
        department,
        name,
        received: whole,
        classified: of,
        explained: sum(counts, |stage| stage == Stage::Declined),
        numerator: part.of,
        denominator: part.whole,
        rank: None,
    }
}

/// Ranks by the rate, best first; equal rates share a place, small denominators are listed behind without one.
#[must_use]
pub fn ranked(mut lines: Vec<Line>, smallest: i64) -> Vec<Line> {
    let counts = |line: &Line| line.denominator >= smallest.max(1);
    lines.sort_by(|one, other| {
        counts(other)
            .cmp(&counts(one))
            .then_with(|| by_rate(other, one))
            .then_with(|| one.name.cmp(&other.name))
            .then_with(|| one.department.cmp(&other.department))
    });
    let mut former: Option<(Line, i32)> = None;
    for (place, line) in (1..).zip(&mut lines) {
        if !counts(line) {
            break;
        }
        let rank = match &former {
            Some((before, rank)) if by_rate(before, line) == Ordering::Equal => *rank,
            _ => place,
        };
        line.rank = Some(rank);
        former = Some((line.clone(), rank));
    }
    lines
}

/// Compares two rates without dividing; whoever received nothing has none and comes after everybody who has one.
fn by_rate(one: &Line, other: &Line) -> Ordering {
    if one.denominator == 0 || other.denominator == 0 {
        return one.denominator.min(1).cmp(&other.denominator.min(1));
    }
    let left = i128::from(one.numerator) * i128::from(other.denominator);
    let right = i128::from(other.numerator) * i128::from(one.denominator);
    left.cmp(&right)
}

/// Whether a period runs forward.
pub fn period(from: NaiveDate, to: NaiveDate) -> Result<(), Refusal> {
    if from <= to {
        return Ok(());
    }
    let (zh, en) = ("截止日期早于开始日期", "It would end before it begins");
    Err(Refusal::invalid("periodTo", zh, en))
}

/// Who looks at a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Approver {
    /// Rights.
    pub profile: Option<RightsProfile>,
    /// Rank.
    pub position: Position,
    /// Department.
    pub department: DepartmentId,
    /// Account.
    pub account: AccountId,
}

/// The head of the department that drafted it approves, or the campaign's office; never whoever drafted it.
pub fn approve(
    status: CircularStatus,
    author: DepartmentId,
    drafted_by: AccountId,
    approver: Approver,
) -> Result<CircularStatus, Refusal> {
    let heads = approver.position == Position::Head && approver.department == author;
    let office = approver.profile == Some(RightsProfile::CampaignOffice);
    if approver.account == drafted_by || !(heads || office) {
        let (zh, en) = (
            "由起草单位主要负责人或征集办审批，且不得为起草人本人",
            "The head of the drafting department or the office approves, and never its drafter",
        );
        return Err(Refusal::of(UserErrorCode::NotEntitled, "circularId", zh, en));
    }
    step(status, CircularStatus::Draft, CircularStatus::Approved)
}

/// Its author issues it, once it is approved.
pub fn issue(status: CircularStatus) -> Result<CircularStatus, Refusal> {
    step(status, CircularStatus::Approved, CircularStatus::Issued)
}

/// Its author changes a draft; what is approved stays as it was approved.
pub fn edit(status: CircularStatus) -> Result<CircularStatus, Refusal> {
    step(status, CircularStatus::Draft, CircularStatus::Draft)
}

/// Its author gives up what was not issued.
pub fn discard(status: CircularStatus) -> Result<CircularStatus, Refusal> {
    let approved = step(status, CircularStatus::Approved, CircularStatus::Discarded);
    approved.or_else(|_| step(status, CircularStatus::Draft, CircularStatus::Discarded))
}

fn step(status: CircularStatus, from: CircularStatus, to: CircularStatus) -> Result<CircularStatus, Refusal> {
    if status == from {
        return Ok(to);
    }
    let (zh, en) = ("通报当前状态不可此操作", "Not at this state of the circular");
    Err(Refusal::of(UserErrorCode::WrongStage, "circularId", zh, en))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn of(n: u128, numerator: i64, denominator: i64) -> Line {
        Line {
            department: DepartmentId(Uuid::from_u128(n)),
            name: format!("单位{n:03}"),
            received: denominator,
            classified: numerator,
            explained: 0,
            numerator,
            denominator,
            rank: None,
        }
    }

    /// Figures as they come: often nothing at all, often the same.
    fn received() -> impl Strategy<Value = i64> {
        prop::sample::select(vec![0, 0, 0, 1, 3, 12, 29])
    }

    proptest! {
        #[test]
        fn better_rates_stand_in_front_and_equal_ones_share_a_place(parts in prop::collection::vec((received(), received()), 0..60), smallest in 0..12_i64) {
            let lines: Vec<Line> = (0..).zip(&parts).map(|(n, (a, b))| of(n, *a.min(b), *a.max(b))).collect();
            let ranked = ranked(lines.clone(), smallest);
            prop_assert_eq!(ranked.len(), lines.len());
            for line in &ranked {
                prop_assert_eq!(line.rank.is_some(), line.denominator >= smallest.max(1));
            }
            for one in ranked.iter().filter(|line| line.rank.is_some()) {
                let better = ranked.iter().filter(|other| other.rank.is_some() && by_rate(other, one) == Ordering::Greater).count();
                prop_assert_eq!(one.rank, Some(i32::try_from(better).unwrap() + 1));
            }
        }

        #[test]
        fn whoever_drafted_a_circular_never_approves_it(
            position in prop::sample::select(Position::ALL), profile in prop::sample::select(RightsProfile::ALL),
            status in prop::sample::select(CircularStatus::ALL), own in any::<bool>(), same in any::<bool>(),
        ) {
            let approver = Approver {
                profile: Some(profile), position,
                department: DepartmentId(Uuid::from_u128(if own { 1 } else { 2 })),
                account: AccountId(Uuid::from_u128(if same { 7 } else { 8 })),
            };
            let outcome = approve(status, DepartmentId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(7)), approver);
            let may = (own && position == Position::Head || profile == RightsProfile::CampaignOffice) && !same;
            prop_assert_eq!(outcome.is_ok(), may && status == CircularStatus::Draft);
            prop_assert_eq!(issue(status).is_ok(), status == CircularStatus::Approved);
            prop_assert_eq!(edit(status).is_ok(), status == CircularStatus::Draft);
            let given_up = discard(status).ok();
            let open = matches!(status, CircularStatus::Draft | CircularStatus::Approved);
            prop_assert_eq!(given_up, open.then_some(CircularStatus::Discarded));
        }
    }

    #[test]
    fn withdrawn_suggestions_count_on_neither_side() {
        let counts =
            vec![(Stage::Received, 3), (Stage::Classified, 5), (Stage::Withdrawn, 9), (Stage::Declined, 2)];
        let line = line(DepartmentId(Uuid::nil()), "某镇".to_owned(), &counts, classified(&counts));
        assert_eq!((line.received, line.classified, line.explained), (10, 7, 2));
        assert_eq!((line.numerator, line.denominator), (7, 10));
    }

    #[test]
    fn whoever_has_everything_adopted_owes_no_explanation_and_is_not_ranked_last() {
        let adopted = vec![(Stage::Classified, 12)];
        assert_eq!(explained(&adopted, 0, 0), Part { of: 0, whole: 0 });
        let told = vec![(Stage::Classified, 9), (Stage::Declined, 2), (Stage::Merged, 1)];
        assert_eq!(explained(&told, 1, 3), Part { of: 3, whole: 6 });
        let line = |n: u128, part| line(DepartmentId(Uuid::from_u128(n)), format!("单位{n}"), &adopted, part);
        let all = vec![line(1, explained(&adopted, 0, 0)), line(2, explained(&told, 1, 3))];
        let ranks: Vec<_> = ranked(all, 1).into_iter().map(|line| (line.name, line.rank)).collect();
        assert_eq!(ranks, [("单位2".to_owned(), Some(1)), ("单位1".to_owned(), None)]);
    }

    #[test]
    fn what_is_not_due_yet_is_nobodys_merit_or_fault() {
        use DueState as S;
        assert_eq!(on_time([S::OnTime, S::Late, S::Missing, S::NotDue]), Part { of: 1, whole: 3 });
        assert_eq!(on_time([S::NotDue]), Part::default());
        let day = |d| NaiveDate::from_ymd_opt(2019, 11, d).unwrap();
        let findings = [
            (day(7), Some(RecheckResult::Passed)),
            (day(7), Some(RecheckResult::Failed)),
            (day(7), None),
            (day(8), Some(RecheckResult::Passed)),
        ];
        assert_eq!(put_right(findings, day(8)), Part { of: 1, whole: 3 }, "the last one still has its day");
    }
}
