//! How a suggestion ended, and when a campaign may be closed (S28).

use async_graphql::Enum;
use entity::enums::Stage;
use serde::Serialize;

use crate::refusal::{Refusal, UserErrorCode};

/// How a suggestion ended; each in exactly one way. 去向
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Enum, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Disposition {
    /// A source of an adopted project, by itself or through what it was merged into. 列入项目
    Adopted,
    /// Not adopted, and its people were told why. 已作说明
    Explained,
    /// Handled and archived, or put on a plan. 已办理
    Handled,
    /// Not admissible, with reason. 不予受理
    Invalid,
    /// Withdrawn by its collector. 已撤回
    Withdrawn,
    /// Neither adopted nor explained yet. 尚无结果
    Open,
}

/// What of a suggestion decides about its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Where it stands.
    pub stage: Stage,
    /// A source of an adopted project, by itself or through what it was merged into.
    pub adopted: bool,
    /// Covered by an explanation that was delivered.
    pub explained: bool,
}

/// How it ended. What was taken back or was no suggestion needs no answer, whatever it was part of.
#[must_use]
pub const fn disposition(facts: Facts) -> Disposition {
    match facts.stage {
        Stage::Withdrawn => Disposition::Withdrawn,
        Stage::Invalid => Disposition::Invalid,
        _ if facts.adopted => Disposition::Adopted,
        Stage::Declined => Disposition::Explained,
        Stage::Closed | Stage::Deferred => Disposition::Handled,
        Stage::Merged if facts.explained => Disposition::Explained,
        Stage::Received
        | Stage::Classified
        | Stage::Claimed
        | Stage::Responded
        | Stage::Recheck
        | Stage::Merged => Disposition::Open,
    }
}

/// Whether a stage leaves it to projects and explanations how a suggestion ended.
#[must_use]
pub const fn leaves_open(stage: Stage) -> bool {
    matches!(disposition(Facts { stage, adopted: false, explained: false }), Disposition::Open)
}

/// Nobody's suggestion is left behind. The samples are case numbers, for the office alone.
pub fn close(open: u64, samples: &[String]) -> Result<(), Refusal> {
    if open == 0 {
        return Ok(());
    }
    let list = samples.join("、");
    Err(Refusal::of(
        UserErrorCode::Uncovered,
        "campaignId",
        format!("尚有 {open} 件既未列入项目也未作说明，如 {list}"),
        format!("{open} suggestions are neither adopted nor explained, such as {list}"),
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The counts of a closing are made from sets, each suggestion looked at once; they add up to all.
        #[test]
        fn every_suggestion_ends_in_exactly_one_way(
            all in prop::collection::vec((prop::sample::select(Stage::ALL), any::<bool>(), any::<bool>()), 0..80)
        ) {
            let ends: Vec<Disposition> = all.iter()
                .map(|(stage, adopted, explained)| disposition(Facts { stage: *stage, adopted: *adopted, explained: *explained }))
                .collect();
            let every = [Disposition::Adopted, Disposition::Explained, Disposition::Handled, Disposition::Invalid, Disposition::Withdrawn, Disposition::Open];
            let sum: usize = every.iter().map(|one| ends.iter().filter(|end| *end == one).count()).sum();
            prop_assert_eq!(sum, all.len());
            for ((stage, adopted, explained), end) in all.iter().zip(&ends) {
                let told = *stage == Stage::Merged && *explained;
                prop_assert_eq!(*end == Disposition::Open, leaves_open(*stage) && !adopted && !told);
            }
        }
    }

    #[test]
    fn a_campaign_closes_only_when_nothing_is_left() {
        assert!(close(0, &[]).is_ok());
        assert_eq!(close(2, &["A-1".to_owned()]).unwrap_err().code, UserErrorCode::Uncovered);
    }
}
