//! What may happen to a summary table, by whom, and when. No SQL, no clock, no async.

mod coverage;
mod review;

use entity::enums::{Position, Stage, SummaryKind, SummaryStatus};
use entity::id::DepartmentId;
use entity::summary_table;
use strum::VariantArray;

use crate::refusal::{Refusal, UserErrorCode};
use crate::scope::profiles::Operation;
use crate::scope::viewer::Viewer;
use review::only;

pub use coverage::{Coverage, SummaryWarningCode, Warning, warnings};
pub use review::{InPlace, Reviewer};

/// A step on a table that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray)]
pub enum Action {
    /// Write a line.
    Put,
    /// Remove a line.
    Remove,
    /// Review it.
    Review,
    /// Sign it.
    Sign,
    /// Attach the scanned page.
    Attach,
    /// Accept it.
    Accept,
    /// Return it.
    Return,
    /// Begin its next edition.
    Revise,
}

impl Action {
    /// Every step.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// What the rights table calls it.
    #[must_use]
    pub const fn operation(self) -> Operation {
        match self {
            Self::Put => Operation::SummaryLinePut,
            Self::Remove => Operation::SummaryLineRemove,
            Self::Review => Operation::SummaryTableReview,
            Self::Sign => Operation::SummaryTableSign,
            Self::Attach => Operation::SummaryTableScanAttach,
            Self::Accept => Operation::SummaryTableAccept,
            Self::Return => Operation::SummaryTableReturn,
            Self::Revise => Operation::SummaryTableRevise,
        }
    }

    /// The office decides on what others hand in; everything else is the department's own.
    #[must_use]
    pub const fn is_the_offices(self) -> bool {
        matches!(self, Self::Accept | Self::Return)
    }

    /// Whether a viewer may take it now, as far as right, rank and status tell.
    #[must_use]
    pub fn may(self, viewer: &Viewer, facts: Facts) -> bool {
        viewer.may(self.operation()) && self.permit(viewer, facts).is_ok()
    }

    /// The status that follows, or why not.
    pub fn permit(self, viewer: &Viewer, facts: Facts) -> Result<SummaryStatus, Refusal> {
        if !self.is_the_offices() && viewer.department() != facts.owner {
            return Err(Refusal::not_found("summaryTableId"));
        }
        self.step(viewer.position(), facts)
    }

    fn step(self, position: Position, facts: Facts) -> Result<SummaryStatus, Refusal> {
        use SummaryStatus as S;
        match self {
            Self::Review => facts.reviewer.permit(position)?,
            Self::Sign if position != Position::Head => return Err(only("主要负责人", "the head")),
            _ => {}
        }
        match (self, facts.status) {
            // Whoever changes a reviewed table has it reviewed again.
            (Self::Put | Self::Remove, S::Draft | S::Reviewed) => Ok(S::Draft),
            (Self::Review, S::Draft) => Ok(S::Reviewed),
            (Self::Sign, S::Reviewed) | (Self::Attach, S::Signed) => Ok(S::Signed),
            (Self::Accept, S::Signed) => Ok(S::Accepted),
            (Self::Return, S::Signed) => Ok(S::Returned),
            (Self::Revise, S::Returned) if !facts.superseded => Ok(S::Returned),
            _ => Err(wrong_status()),
        }
    }
}

fn wrong_status() -> Refusal {
    let (zh, en) = ("汇总表当前状态不可此操作", "Not possible as the table stands now");
    Refusal::of(UserErrorCode::WrongStage, "", zh, en)
}

/// What of a table decides about a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Whose it is.
    pub owner: DepartmentId,
    /// Where it stands.
    pub status: SummaryStatus,
    /// Whether there is a next edition.
    pub superseded: bool,
    /// What of the viewer decides about a review; looked up for that step alone.
    pub reviewer: Reviewer,
}

impl Facts {
    /// Of a row among all tables of its department in the campaign.
    #[must_use]
    pub fn of(row: &summary_table::Model, all: &[summary_table::Model]) -> Self {
        let reviewer = Reviewer::default();
        Self { owner: row.department, status: row.status, superseded: is_superseded(row, all), reviewer }
    }

    /// The same, with what decides about the viewer's review.
    #[must_use]
    pub fn by(self, reviewer: Reviewer) -> Self {
        Self { reviewer, ..self }
    }
}

/// Whether a table has a next edition.
#[must_use]
pub fn is_superseded(row: &summary_table::Model, all: &[summary_table::Model]) -> bool {
    all.iter().any(|other| other.former == Some(row.id))
}

/// The latest edition of each table of one department in one campaign.
pub fn live(all: &[summary_table::Model]) -> impl Iterator<Item = &summary_table::Model> {
    all.iter().filter(|row| !is_superseded(row, all))
}

/// Whether a table is still being written.
#[must_use]
pub const fn is_open(status: SummaryStatus) -> bool {
    matches!(status, SummaryStatus::Draft | SummaryStatus::Reviewed)
}

/// Whether a table has been signed and not returned.
#[must_use]
pub const fn stands(status: SummaryStatus) -> bool {
    matches!(status, SummaryStatus::Signed | SummaryStatus::Accepted)
}

/// The number of a further table beside those that a department has in a campaign.
pub fn begin(kind: SummaryKind, all: &[summary_table::Model]) -> Result<i32, Refusal> {
    no_open_one(all)?;
    let main = live(all).find(|row| row.kind == SummaryKind::Main);
    match (kind, main) {
        (SummaryKind::Main, None) => Ok(1),
        (SummaryKind::Main, Some(_)) => Err(Refusal::of(
            UserErrorCode::Duplicate,
            "kind",
            "主表已有；后来的意见列入补报表，退回的用修订",
            "There is a main table; what came later goes into a supplementary one, a returned one is revised",
        )),
        (SummaryKind::Supplementary, Some(main)) if stands(main.status) => {
            Ok(all.iter().map(|row| row.number).max().unwrap_or(0) + 1)
        }
        (SummaryKind::Supplementary, _) => Err(Refusal::of(
            UserErrorCode::WrongStage,
            "kind",
            "主表审签报送后才能补报",
            "A supplementary table follows a signed main one",
        )),
    }
}

/// One table is written at a time, so that no suggestion gets into two.
pub fn no_open_one(all: &[summary_table::Model]) -> Result<(), Refusal> {
    if live(all).all(|row| !is_open(row.status)) {
        return Ok(());
    }
    let (zh, en) = ("本单位已有一张未审签的汇总表", "The department has a table that is not signed yet");
    Err(Refusal::of(UserErrorCode::Duplicate, "", zh, en))
}

/// Whether a suggestion at this stage is accounted for in tables.
#[must_use]
pub const fn counts(stage: Stage) -> bool {
    !matches!(stage, Stage::Withdrawn | Stage::Invalid)
}

#[cfg(test)]
mod tests {
    use entity::id::{CampaignId, County, SummaryTableId};
    use uuid::Uuid;

    use super::*;

    fn table(n: u128, number: i32, status: SummaryStatus, former: Option<u128>) -> summary_table::Model {
        let at = chrono::DateTime::from_timestamp(1_573_776_000, 0).unwrap();
        summary_table::Model {
            county: County::parse("999999").unwrap(),
            id: SummaryTableId(Uuid::from_u128(n)),
            department: DepartmentId(Uuid::from_u128(1)),
            campaign: CampaignId(Uuid::from_u128(2)),
            kind: if number == 1 { SummaryKind::Main } else { SummaryKind::Supplementary },
            number,
            edition: 1,
            version: 1,
            status,
            former: former.map(|former| SummaryTableId(Uuid::from_u128(former))),
            return_reason: None,
            frame: None,
            reviewed_by: None,
            reviewed_at: None,
            signed_by: None,
            signed_at: None,
            decided_at: None,
            created_at: at,
        }
    }

    fn facts(status: SummaryStatus, superseded: bool) -> Facts {
        let reviewer = Reviewer::default();
        Facts { owner: DepartmentId(Uuid::from_u128(1)), status, superseded, reviewer }
    }

    /// Every step × every status × every rank, as the table of the notice says it, a second time.
    #[test]
    fn every_step_leads_where_the_notice_says_and_nowhere_else() {
        use {Action as A, Position as P, SummaryStatus as S};
        for action in A::ALL {
            for status in S::ALL.iter().copied() {
                for position in P::ALL.iter().copied() {
                    for superseded in [false, true] {
                        let wanted = match (action, status, position) {
                            (A::Review, _, P::Head | P::Officer) | (A::Sign, _, P::Deputy | P::Officer) => {
                                Err(UserErrorCode::NotEntitled)
                            }
                            (A::Put | A::Remove, S::Draft | S::Reviewed, _) => Ok(S::Draft),
                            (A::Review, S::Draft, P::Deputy) => Ok(S::Reviewed),
                            (A::Sign, S::Reviewed, P::Head) | (A::Attach, S::Signed, _) => Ok(S::Signed),
                            (A::Accept, S::Signed, _) => Ok(S::Accepted),
                            (A::Return, S::Signed, _) => Ok(S::Returned),
                            (A::Revise, S::Returned, _) if !superseded => Ok(S::Returned),
                            _ => Err(UserErrorCode::WrongStage),
                        };
                        let found = action.step(position, facts(status, superseded));
                        let found = found.map_err(|refusal| refusal.code);
                        assert_eq!(found, wanted, "{action:?} {status:?} {position:?} {superseded}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_head_who_may_review_does_so_at_a_draft_and_signs_what_was_reviewed() {
        use {Action as A, Position as P, SummaryStatus as S};
        let reviewer = Reviewer { wrote: false, in_place: Some(InPlace::NoDeputy) };
        for status in S::ALL.iter().copied() {
            let found = A::Review.step(P::Head, facts(status, false).by(reviewer));
            assert_eq!(found.is_ok(), status == S::Draft, "{status:?}");
        }
        let wrote = facts(S::Draft, false).by(Reviewer { wrote: true, ..reviewer });
        let refused = A::Review.step(P::Head, wrote).map_err(|refusal| refusal.code);
        assert_eq!(refused, Err(UserErrorCode::NotEntitled));
        assert!(
            A::Sign.step(P::Head, facts(S::Reviewed, false).by(Reviewer { wrote: true, ..reviewer })).is_ok()
        );
    }

    #[test]
    fn one_main_table_and_then_supplementary_ones_one_at_a_time() {
        use {SummaryKind as K, SummaryStatus as S};
        let codes = |kind, all: &[summary_table::Model]| begin(kind, all).map_err(|refusal| refusal.code);
        assert_eq!(codes(K::Main, &[]), Ok(1));
        assert_eq!(codes(K::Supplementary, &[]), Err(UserErrorCode::WrongStage));
        for status in [S::Draft, S::Reviewed] {
            for kind in [K::Main, K::Supplementary] {
                assert_eq!(codes(kind, &[table(1, 1, status, None)]), Err(UserErrorCode::Duplicate));
            }
        }
        for status in [S::Signed, S::Accepted] {
            let all = [table(1, 1, status, None)];
            assert_eq!(codes(K::Main, &all), Err(UserErrorCode::Duplicate));
            assert_eq!(codes(K::Supplementary, &all), Ok(2));
        }
        let returned = [table(1, 1, S::Returned, None)];
        assert_eq!(codes(K::Main, &returned), Err(UserErrorCode::Duplicate));
        assert_eq!(codes(K::Supplementary, &returned), Err(UserErrorCode::WrongStage));
        let again =
            [table(1, 1, S::Returned, None), table(2, 1, S::Signed, Some(1)), table(3, 2, S::Accepted, None)];
        assert_eq!(codes(K::Supplementary, &again), Ok(3));
        assert_eq!(live(&again).count(), 2);
    }
}
