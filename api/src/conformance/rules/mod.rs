//! Each check by its name: what a clause of a plan asks, and how it is answered from the facts. No SQL, no clock, no async.

mod answer;
mod collection;
mod decided;
pub mod facts;
mod handed_in;
mod judge;
mod visited;

pub use answer::Answer;
pub use facts::{Evidence, Facts};
pub use judge::ClauseStatus;

use self::judge::Need;
use crate::plan::{ChannelKind, Clause, ClauseState, GroupKind, VillageClass};

/// How a check answers.
type Check = fn(&Facts) -> Answer;

/// Every check that there is.
const CHECKS: &[(&str, Check)] = &[
    ("document_acknowledged", collection::document_acknowledged),
    ("effect_indicators", visited::effect_indicators),
    ("deputies_vote", decided::deputies_vote),
    ("intake_window", collection::intake_window),
    ("coverage_environment_scheme", |facts| visited::target(facts, VillageClass::EnvironmentScheme)),
    ("coverage_door_to_door", |facts| visited::target(facts, VillageClass::Ordinary)),
    ("households_not_reached", visited::households_not_reached),
    ("stream_per_collector", collection::stream_per_collector),
    ("categories_complete", collection::categories_complete),
    ("urgency_and_benefit", collection::urgency_and_benefit),
    ("classified_by_collector", collection::classified_by_collector),
    ("household_visits", visited::household_visits),
    ("wechat_channel", |facts| collection::channels(facts, &[ChannelKind::SocialMedia], Need::Some)),
    ("television_channel", |facts| collection::channels(facts, &[ChannelKind::Television], Need::Some)),
    ("website_channel", |facts| collection::channels(facts, &[ChannelKind::Website], Need::Some)),
    ("roster_in_time", handed_in::roster_in_time),
    ("roster_complete", handed_in::roster_complete),
    ("publicity_log", collection::publicity_log),
    ("weekly_report", handed_in::weekly_report),
    ("summary_classified", handed_in::summary_classified),
    ("summary_not_a_list", handed_in::summary_not_a_list),
    ("summary_projects", handed_in::summary_projects),
    ("summary_signed_in_time", handed_in::summary_signed_in_time),
    ("merge_across_departments", decided::merge_across_departments),
    ("two_meetings", decided::two_meetings),
    ("form_per_unit", collection::form_per_unit),
    ("project_progress", decided::project_progress),
    ("explained_to_proposers", decided::explained_to_proposers),
    ("inspections", decided::inspections),
    ("circulars", decided::circulars),
    ("groups_formed", |facts| collection::groups(facts, &[GroupKind::Leadership, GroupKind::Office])),
    ("leading_group_formed", |facts| collection::groups(facts, &[GroupKind::Leadership, GroupKind::Office])),
    ("working_groups_formed", |facts| collection::groups(facts, &[GroupKind::Working])),
    ("unit_plans_in_time", handed_in::unit_plans_in_time),
    ("open_ended_intake", collection::intake_window),
    ("campaign_aliases", collection::campaign_aliases),
    ("any_kind_any_time", collection::anything_received),
    ("overview_by_dimension", collection::anything_received),
    ("praise_taken", collection::praise_taken),
    ("channel_owners", collection::channel_owners),
    ("six_channels", |facts| {
        use ChannelKind as C;
        let lines = [C::Hotline, C::MessageBoard, C::Mailbox, C::Petition];
        collection::channels(facts, &lines, Need::All)
    }),
    ("service_windows", |facts| collection::channels(facts, &[ChannelKind::ServiceWindow], Need::Some)),
    ("congress_stream", |facts| collection::streams_of_roles(facts, &["PEOPLES_CONGRESS"])),
    ("cppcc_stream", |facts| collection::streams_of_roles(facts, &["CPPCC"])),
    ("united_front_stream", |facts| collection::streams_of_roles(facts, &["UNITED_FRONT"])),
    ("industry_commerce_stream", |facts| collection::streams_of_roles(facts, &["INDUSTRY_COMMERCE"])),
    ("enterprise_streams", |facts| collection::streams_of_roles(facts, &["ENTERPRISE_SERVICE"])),
    ("youth_and_women_streams", |facts| {
        collection::streams_of_roles(facts, &["YOUTH_LEAGUE", "WOMENS_FEDERATION"])
    }),
];

fn check(name: &str) -> Option<Check> {
    let mut checks = CHECKS.iter();
    checks.find(|(known, _)| *known == name).map(|(_, check)| *check)
}

/// What is said about a clause.
#[must_use]
pub fn answer(clause: &Clause, facts: &Facts) -> Answer {
    match (clause.state, check(&clause.check)) {
        (ClauseState::Measured, Some(check)) => check(facts),
        (ClauseState::Measured, None) => {
            Answer::not_applicable("本系统没有此核验项", "The program knows no check of this name")
        }
        (ClauseState::NotMeasuredYet, _) => Answer::not_applicable("尚未核验", "Not measured yet"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Plan;

    const PLANS: [&str; 2] = [
        include_str!("../../../plans/shuangluan-2020.toml"),
        include_str!("../../../plans/huoqiu-2022.toml"),
    ];

    #[test]
    fn a_shipped_plan_calls_measured_exactly_what_has_a_check() {
        for text in PLANS {
            let plan = Plan::parse("plan.toml", text).unwrap();
            for clause in &plan.clauses {
                let measured = clause.state == ClauseState::Measured;
                assert_eq!(measured, check(&clause.check).is_some(), "{} {}", clause.code, clause.check);
            }
        }
    }

    #[test]
    fn every_clause_of_shuangluan_is_measured_and_no_name_stands_twice() {
        let plan = Plan::parse("plan.toml", PLANS[0]).unwrap();
        assert_eq!(plan.clauses.len(), 31);
        assert!(plan.clauses.iter().all(|clause| check(&clause.check).is_some()));
        for (place, (name, _)) in CHECKS.iter().enumerate() {
            assert!(CHECKS[..place].iter().all(|(other, _)| other != name), "{name}");
        }
    }
}
