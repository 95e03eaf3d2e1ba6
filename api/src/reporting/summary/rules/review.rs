//! Who reviews a table: the deputy, or the head in the deputy's place; never whoever wrote it (S23).

use entity::enums::Position;
use serde::Serialize;

use crate::refusal::{Refusal, UserErrorCode};

/// By what right the head reviews in the deputy's place; the trail says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InPlace {
    /// The plan lets the head review.
    Plan,
    /// No deputy is in office who did not write the table.
    NoDeputy,
}

impl InPlace {
    /// As the plan and the posts that are held say now. `deputies` are those in office who wrote nothing of the table.
    #[must_use]
    pub const fn of(plan_says: bool, deputies: usize) -> Option<Self> {
        match (plan_says, deputies) {
            (true, _) => Some(Self::Plan),
            (false, 0) => Some(Self::NoDeputy),
            (false, _) => None,
        }
    }
}

/// What of the viewer decides about a review.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reviewer {
    /// Whether the viewer wrote one of the table's lines as they stand.
    pub wrote: bool,
    /// By what right a head may review; none where it is the deputy's.
    pub in_place: Option<InPlace>,
}

impl Reviewer {
    /// Whether somebody of this rank may review now.
    pub fn permit(self, position: Position) -> Result<(), Refusal> {
        let entitled = match position {
            Position::Deputy => true,
            Position::Head => self.in_place.is_some(),
            Position::Officer => false,
        };
        if !entitled {
            return Err(only("分管负责人", "the deputy"));
        }
        if self.wrote {
            let (zh, en) = (
                "编写汇总行的人不能审核本表，请由他人审核或改写其所写的行",
                "Whoever wrote a line does not review the table; let somebody else review it, or write those lines anew",
            );
            return Err(Refusal::of(UserErrorCode::NotEntitled, "", zh, en));
        }
        Ok(())
    }
}

/// That somebody of another rank does it.
pub(super) fn only(zh: &str, en: &str) -> Refusal {
    Refusal::of(
        UserErrorCode::NotEntitled,
        "",
        format!("只有本单位{zh}可以办理"),
        format!("Only {en} of the department may do this"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_stands_in_where_the_plan_says_so_or_no_deputy_is_there() {
        assert_eq!(InPlace::of(false, 1), None);
        assert_eq!(InPlace::of(false, 0), Some(InPlace::NoDeputy));
        assert_eq!(InPlace::of(true, 0), Some(InPlace::Plan));
        assert_eq!(InPlace::of(true, 2), Some(InPlace::Plan));
    }

    #[test]
    fn the_deputy_reviews_or_the_head_in_that_place_and_nobody_what_is_of_ones_own_hand() {
        for in_place in [None, Some(InPlace::Plan), Some(InPlace::NoDeputy)] {
            for wrote in [false, true] {
                for position in Position::ALL.iter().copied() {
                    let found = Reviewer { wrote, in_place }.permit(position);
                    let rank =
                        position == Position::Deputy || position == Position::Head && in_place.is_some();
                    assert_eq!(found.is_ok(), rank && !wrote, "{position:?} {in_place:?} {wrote}");
                    assert!(found.err().is_none_or(|refusal| refusal.code == UserErrorCode::NotEntitled));
                }
            }
        }
    }
}
