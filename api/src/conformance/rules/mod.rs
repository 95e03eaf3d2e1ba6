//! Each check by its name: what a clause of a plan asks, and how it is answered from the facts. No SQL, no clock, no async.

mod answer;
mod collection;
mod decided;
pub mod facts;
mod handed_in;
mod judge;
#[cfg(test)]
mod tests;
mod visited;

pub use answer::Answer;
pub use facts::{Evidence, Facts};
pub use judge::ClauseStatus;

use self::judge::Need;
use crate::plan::{ChannelKind, Clause, ClauseState, GroupKind, VillageClass};

/// How a check answers.
type Check = fn(&Facts) -> Answer;

/// How a check answers that the clause tells what to look at.
type AskedCheck = fn(&Facts, &Clause) -> Answer;

/// Every check that needs nothing but its name.
const CHECKS: &[(&str, Check)] = &[
    ("document_acknowledged", collection::document_acknowledged),
    ("effect_indicators", visited::effect_indicators),
    ("deputies_vote", decided::deputies_vote),
    ("intake_window", collection::intake_window),
    ("households_not_reached", visited::households_not_reached),
    ("stream_per_collector", collection::stream_per_collector),
    ("categories_complete", collection::categories_complete),
    ("urgency_and_benefit", collection::urgency_and_benefit),
    ("classified_by_collector", collection::classified_by_collector),
    ("household_visits", visited::household_visits),
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
    ("unit_plans_in_time", handed_in::unit_plans_in_time),
    ("open_ended_intake", handed_in::open_ended_intake),
    ("campaign_aliases", collection::campaign_aliases),
    ("any_kind_any_time", collection::any_kind_any_time),
    ("overview_by_dimension", collection::overview_by_dimension),
    ("praise_taken", collection::praise_taken),
    ("channel_owners", collection::channel_owners),
];

/// Every check whose clause names the class, the channels, the roles or the groups, so that another notice asks it of others.
const ASKED: &[(&str, AskedCheck)] = &[
    ("coverage", |facts, clause| match clause.class {
        Some(class) => visited::target(facts, class),
        None => unsaid("class"),
    }),
    ("some_channel", |facts, clause| match clause.channels.as_slice() {
        [] => unsaid("channels"),
        kinds => collection::channels(facts, kinds, Need::Some),
    }),
    ("every_channel", |facts, clause| match clause.channels.as_slice() {
        [] => unsaid("channels"),
        kinds => collection::channels(facts, kinds, Need::All),
    }),
    ("streams", |facts, clause| match clause.roles.as_slice() {
        [] => unsaid("roles"),
        roles => collection::streams_of_roles(facts, roles),
    }),
    ("groups", |facts, clause| match clause.groups.as_slice() {
        [] => unsaid("groups"),
        kinds => collection::groups(facts, kinds),
    }),
];

/// Names that plans of earlier releases use for a check of [`ASKED`] with what it looks at.
const FORMER: &[(&str, Check)] = &[
    ("coverage_environment_scheme", |facts| visited::target(facts, VillageClass::EnvironmentScheme)),
    ("coverage_door_to_door", |facts| visited::target(facts, VillageClass::Ordinary)),
    ("wechat_channel", |facts| collection::channels(facts, &[ChannelKind::SocialMedia], Need::Some)),
    ("television_channel", |facts| collection::channels(facts, &[ChannelKind::Television], Need::Some)),
    ("website_channel", |facts| collection::channels(facts, &[ChannelKind::Website], Need::Some)),
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
    ("groups_formed", |facts| collection::groups(facts, &[GroupKind::Leadership, GroupKind::Office])),
    ("leading_group_formed", |facts| collection::groups(facts, &[GroupKind::Leadership, GroupKind::Office])),
    ("working_groups_formed", |facts| collection::groups(facts, &[GroupKind::Working])),
];

fn unsaid(field: &str) -> Answer {
    Answer::not_applicable(&format!("条款未写明 {field}"), &format!("The clause names no {field}"))
}

/// What the check of a clause says; nothing where there is none of that name.
fn checked(clause: &Clause, facts: &Facts) -> Option<Answer> {
    let named = |name: &str| name == clause.check;
    let mut asked = ASKED.iter().filter(|(name, _)| named(name));
    if let Some((_, check)) = asked.next() {
        return Some(check(facts, clause));
    }
    let mut plain = CHECKS.iter().chain(FORMER).filter(|(name, _)| named(name));
    plain.next().map(|(_, check)| check(facts))
}

/// What is said about a clause.
#[must_use]
pub fn answer(clause: &Clause, facts: &Facts) -> Answer {
    if clause.state == ClauseState::NotMeasuredYet {
        return Answer::not_applicable("尚未核验", "Not measured yet");
    }
    match checked(clause, facts) {
        Some(answer) => answer.by(clause.due_on, facts.today),
        None => Answer::not_applicable("本系统没有此核验项", "The program knows no check of this name"),
    }
}
