//! From facts to what becomes of a suggestion. No SQL, no clock, no async.

#![expect(clippy::trivially_copy_pass_by_ref, reason = "facts grow with each capability that adds some")]

use async_graphql::Enum;
use entity::enums::{ProjectStatus, Stage};
use serde::Serialize;

/// What became of a suggestion; each in exactly one way. A merged one shares what becomes of what it was merged into. 去向
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Enum, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Disposition {
    /// Part of an adopted project. 列入项目
    InProject,
    /// Not adopted, and its people were told why. 未采纳，已说明
    Declined,
    /// Answered and archived. 已答复办结
    Answered,
    /// Put on a plan, for later. 列入计划
    Planned,
    /// Not admissible, with reason. 不予受理
    Invalid,
    /// Withdrawn by its collector. 已撤回
    Withdrawn,
    /// No outcome yet; it waits for something. 尚无结果
    Open,
}

/// What a suggestion without an outcome waits for. 等待事项
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Enum)]
pub enum WaitsFor {
    /// Nothing: it has its outcome. 已有结果
    Nothing,
    /// Its collector to put it into a class. 待归类
    Classification,
    /// The office to rule whether it is accepted at all. 待裁定是否受理
    Ruling,
    /// The office to make a project of it, or its collector to explain why not. 待研究
    Consideration,
    /// A meeting to decide on its project. 待会议审定
    Meeting,
    /// Its collector to explain why it was not adopted. 待说明
    Explanation,
    /// Its collector to deliver the explanation that is written. 待送达说明
    Delivery,
    /// The outcome of what it was merged into. 待主件结果
    MainCase,
    /// The office to undo its merging: what it was merged into was taken back. 待撤销并案
    Unmerging,
    /// Whoever handles it. 待办理
    Handling,
    /// A call to its people. 待回访
    Callback,
}

/// At whom a suggestion without an outcome stands. 当前责任方
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Enum)]
pub enum WaitsForWhom {
    /// Nobody: it has its outcome. 无
    Nobody,
    /// Its collector. 征集单位
    Collector,
    /// Whoever handles it. 承办单位
    Handler,
    /// The campaign's office. 征集办
    CampaignOffice,
    /// The callback office. 诉求办
    CallbackOffice,
}

impl WaitsFor {
    /// At whom it stands.
    #[must_use]
    pub const fn whom(self) -> WaitsForWhom {
        match self {
            Self::Nothing => WaitsForWhom::Nobody,
            Self::Classification | Self::Explanation | Self::Delivery => WaitsForWhom::Collector,
            Self::Ruling | Self::Consideration | Self::Meeting | Self::MainCase | Self::Unmerging => {
                WaitsForWhom::CampaignOffice
            }
            Self::Handling => WaitsForWhom::Handler,
            Self::Callback => WaitsForWhom::CallbackOffice,
        }
    }
}

/// How far the projects of a suggestion have come: the furthest of them counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Projects {
    /// There is none.
    #[default]
    None,
    /// Each was turned down.
    Rejected,
    /// One was put off: not this year, and it may come to a meeting again.
    Deferred,
    /// A meeting may still take one in.
    Undecided,
    /// One is adopted.
    Adopted,
}

impl Projects {
    /// Of one project.
    #[must_use]
    pub const fn of(status: ProjectStatus) -> Self {
        use ProjectStatus as S;
        match status {
            S::Adopted | S::Changed => Self::Adopted,
            S::Rejected => Self::Rejected,
            S::Deferred => Self::Deferred,
            S::Proposed | S::OnGovernmentAgenda | S::Studied | S::OnPartyAgenda => Self::Undecided,
            S::Withdrawn => Self::None,
        }
    }
}

/// How far it has got into a summary table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tabled {
    /// It is in none.
    #[default]
    Nowhere,
    /// It is in a draft, or was in one that the office returned.
    Listed,
    /// It is in one that is signed and not returned.
    Signed,
}

/// How far its people have been told why it was not adopted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Told {
    /// Nobody has written why.
    #[default]
    Nothing,
    /// It is written and not delivered.
    Written,
    /// They were told.
    Delivered,
}

/// What is known of the case that a suggestion was merged into: that much and no more reaches the department of the merged
/// one. It is itself merged into nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Main {
    /// Where it stands.
    pub stage: Stage,
    /// Part of an adopted project.
    pub adopted: bool,
    /// Among those that the reader named together with the merged one.
    pub beside: bool,
}

impl Main {
    /// What became of it.
    #[must_use]
    pub fn disposition(self) -> Disposition {
        let projects = if self.adopted { Projects::Adopted } else { Projects::None };
        fate(&Facts { projects, ..Facts::at(self.stage) }).disposition()
    }
}

/// What decides about a suggestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Where it stands.
    pub stage: Stage,
    /// How far the projects have come that it is a source of.
    pub projects: Projects,
    /// How far its people have been told.
    pub told: Told,
    /// What it was merged into; none unless it stands at MERGED.
    pub main: Option<Main>,
    /// How far it has got into a summary table, while nobody handles it.
    pub tabled: Tabled,
    /// Whether its collector proposed not to accept it and the office has not ruled.
    pub proposed: bool,
}

impl Facts {
    /// Of a suggestion of which nothing but the stage is known.
    #[must_use]
    pub const fn at(stage: Stage) -> Self {
        Self {
            stage,
            projects: Projects::None,
            told: Told::Nothing,
            main: None,
            tabled: Tabled::Nowhere,
            proposed: false,
        }
    }
}

/// What becomes of a suggestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It has its outcome.
    Ended(Disposition),
    /// It waits.
    Waits(WaitsFor),
}

impl Fate {
    /// In which way it ended, if it has.
    #[must_use]
    pub const fn disposition(self) -> Disposition {
        match self {
            Self::Ended(disposition) => disposition,
            Self::Waits(_) => Disposition::Open,
        }
    }

    /// What it waits for.
    #[must_use]
    pub const fn waits_for(self) -> WaitsFor {
        match self {
            Self::Ended(_) => WaitsFor::Nothing,
            Self::Waits(what) => what,
        }
    }

    /// Whether its collector owes its people an explanation, or the delivery of one.
    #[must_use]
    pub const fn owes_explanation(self) -> bool {
        matches!(self, Self::Waits(WaitsFor::Explanation | WaitsFor::Delivery))
    }
}

/// What becomes of a suggestion. What was taken back or was no suggestion needs no answer, whatever it was part of.
#[must_use]
pub fn fate(facts: &Facts) -> Fate {
    match facts.stage {
        Stage::Withdrawn => Fate::Ended(Disposition::Withdrawn),
        Stage::Invalid => Fate::Ended(Disposition::Invalid),
        _ if facts.projects == Projects::Adopted => Fate::Ended(Disposition::InProject),
        Stage::Declined => Fate::Ended(Disposition::Declined),
        Stage::Closed => Fate::Ended(Disposition::Answered),
        Stage::Deferred => Fate::Ended(Disposition::Planned),
        Stage::Claimed | Stage::Recheck => Fate::Waits(WaitsFor::Handling),
        Stage::Responded => Fate::Waits(WaitsFor::Callback),
        Stage::Received | Stage::Classified => undecided(facts),
        Stage::Merged => shared(facts),
    }
}

/// Of one that nobody handles and that is merged into nothing.
fn undecided(facts: &Facts) -> Fate {
    match (facts.projects, facts.told) {
        (Projects::Adopted | Projects::Undecided, _) => Fate::Waits(WaitsFor::Meeting),
        (_, Told::Delivered) => Fate::Ended(Disposition::Declined),
        _ if facts.proposed => Fate::Waits(WaitsFor::Ruling),
        (_, Told::Written) => Fate::Waits(WaitsFor::Delivery),
        (Projects::Rejected | Projects::Deferred, Told::Nothing) => Fate::Waits(WaitsFor::Explanation),
        (Projects::None, Told::Nothing) if facts.stage == Stage::Received => {
            Fate::Waits(WaitsFor::Classification)
        }
        (Projects::None, Told::Nothing) => Fate::Waits(WaitsFor::Consideration),
    }
}

/// Of a merged one: what becomes of the case that it was merged into. Where that was not adopted, its own collector tells
/// its own people.
fn shared(facts: &Facts) -> Fate {
    match facts.main.map_or(Disposition::Open, Main::disposition) {
        Disposition::Withdrawn | Disposition::Invalid => Fate::Waits(WaitsFor::Unmerging),
        // Its own project may come to a meeting yet, as may that of the other.
        Disposition::Declined | Disposition::Open if facts.projects == Projects::Undecided => {
            Fate::Waits(WaitsFor::Meeting)
        }
        Disposition::Declined => match facts.told {
            Told::Nothing => Fate::Waits(WaitsFor::Explanation),
            Told::Written => Fate::Waits(WaitsFor::Delivery),
            Told::Delivered => Fate::Ended(Disposition::Declined),
        },
        Disposition::Open => Fate::Waits(WaitsFor::MainCase),
        ended @ (Disposition::InProject | Disposition::Answered | Disposition::Planned) => Fate::Ended(ended),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PROJECTS: [Projects; 5] =
        [Projects::None, Projects::Rejected, Projects::Deferred, Projects::Undecided, Projects::Adopted];
    const TOLD: [Told; 3] = [Told::Nothing, Told::Written, Told::Delivered];

    fn stages() -> impl Strategy<Value = Stage> {
        prop::sample::select(Stage::ALL)
    }

    fn mains() -> impl Strategy<Value = Main> {
        (stages(), any::<bool>(), any::<bool>()).prop_map(|(stage, adopted, beside)| Main {
            stage,
            adopted,
            beside,
        })
    }

    fn facts() -> impl Strategy<Value = Facts> {
        let (projects, told) = (prop::sample::select(&PROJECTS[..]), prop::sample::select(&TOLD[..]));
        let rest = (prop::option::of(mains()), any::<bool>());
        (stages(), projects, told, rest).prop_map(|(stage, projects, told, (main, proposed))| Facts {
            projects,
            told,
            main: main.filter(|_| stage == Stage::Merged),
            proposed,
            ..Facts::at(stage)
        })
    }

    proptest! {
        #[test]
        fn whatever_is_known_there_is_one_outcome_or_one_thing_that_it_waits_for(facts in facts()) {
            let fate = fate(&facts);
            let waits = fate.waits_for();
            prop_assert_eq!(waits == WaitsFor::Nothing, fate.disposition() != Disposition::Open);
            prop_assert_eq!(waits.whom() == WaitsForWhom::Nobody, waits == WaitsFor::Nothing);
            prop_assert!(!fate.owes_explanation() || waits.whom() == WaitsForWhom::Collector);
        }

        #[test]
        fn a_merged_one_shares_what_becomes_of_the_other(main in mains(), told in prop::sample::select(&TOLD[..])) {
            let merged = fate(&Facts { told, main: Some(main), ..Facts::at(Stage::Merged) });
            match main.disposition() {
                // Each collector tells its own people, and what somebody else took back is not taken back for others.
                Disposition::Declined => prop_assert_eq!(merged.disposition() == Disposition::Declined, told == Told::Delivered),
                Disposition::Withdrawn | Disposition::Invalid => prop_assert_eq!(merged, Fate::Waits(WaitsFor::Unmerging)),
                other => prop_assert_eq!(merged.disposition(), other),
            }
        }

        #[test]
        fn no_merged_one_is_told_no_before_or_against_the_other(main in mains(), told in prop::sample::select(&TOLD[..])) {
            let merged = fate(&Facts { told, main: Some(main), ..Facts::at(Stage::Merged) });
            if merged.disposition() == Disposition::Declined || merged.owes_explanation() {
                prop_assert_eq!(main.stage, Stage::Declined);
                prop_assert!(!main.adopted);
            }
        }

        #[test]
        fn nobody_owes_an_explanation_while_a_meeting_may_say_yes(facts in facts()) {
            if matches!(facts.projects, Projects::Undecided | Projects::Adopted) {
                prop_assert!(!fate(&facts).owes_explanation());
            }
        }

        #[test]
        fn the_furthest_project_counts(statuses in prop::collection::vec(prop::sample::select(ProjectStatus::ALL), 0..5)) {
            let furthest = statuses.iter().copied().map(Projects::of).max().unwrap_or_default();
            let adopted = statuses.iter().any(|status| matches!(status, ProjectStatus::Adopted | ProjectStatus::Changed));
            prop_assert_eq!(furthest == Projects::Adopted, adopted);
            let all_withdrawn = statuses.iter().all(|status| *status == ProjectStatus::Withdrawn);
            prop_assert_eq!(furthest == Projects::None, all_withdrawn);
        }
    }

    #[test]
    fn what_it_waits_for_goes_by_how_far_it_is() {
        let at = |stage, projects, told| fate(&Facts { projects, told, ..Facts::at(stage) });
        use {Projects as P, Stage as S, Told as T, WaitsFor as W};
        assert_eq!(at(S::Received, P::None, T::Nothing), Fate::Waits(W::Classification));
        assert_eq!(at(S::Classified, P::None, T::Nothing), Fate::Waits(W::Consideration));
        assert_eq!(at(S::Classified, P::Undecided, T::Written), Fate::Waits(W::Meeting));
        assert_eq!(at(S::Classified, P::Rejected, T::Nothing), Fate::Waits(W::Explanation));
        assert_eq!(at(S::Classified, P::Rejected, T::Written), Fate::Waits(W::Delivery));
        // Put off is told like turned down; who was told is told so until it is adopted after all.
        assert_eq!(at(S::Classified, P::Deferred, T::Nothing), Fate::Waits(W::Explanation));
        assert_eq!(at(S::Classified, P::Deferred, T::Written), Fate::Waits(W::Delivery));
        assert_eq!(at(S::Declined, P::Deferred, T::Delivered), Fate::Ended(Disposition::Declined));
        assert_eq!(at(S::Declined, P::Adopted, T::Delivered), Fate::Ended(Disposition::InProject));
        assert_eq!(at(S::Classified, P::Adopted, T::Nothing), Fate::Ended(Disposition::InProject));
        assert_eq!(at(S::Withdrawn, P::Adopted, T::Nothing), Fate::Ended(Disposition::Withdrawn));
        assert_eq!(at(S::Merged, P::None, T::Delivered), Fate::Waits(W::MainCase));
    }

    #[test]
    fn a_proposal_not_to_accept_it_waits_for_the_office_and_ends_nothing() {
        let proposed = |stage| fate(&Facts { proposed: true, ..Facts::at(stage) });
        assert_eq!(proposed(Stage::Received), Fate::Waits(WaitsFor::Ruling));
        assert_eq!(proposed(Stage::Classified).waits_for().whom(), WaitsForWhom::CampaignOffice);
        assert_eq!(proposed(Stage::Invalid), Fate::Ended(Disposition::Invalid));
    }
}
