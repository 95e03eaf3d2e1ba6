//! What single checks say.

use std::sync::Arc;

use entity::enums::{DueState, ProjectStatus, SubmissionKind};
use entity::id::{CampaignId, ProjectId};

use super::super::facts::{NotAdopted, Project};
use super::world::{facts, key};
use super::*;
use crate::campaign::names::Names;
use crate::ids::Kind;

/// Status, numerator and denominator.
type Said = (ClauseStatus, Option<i64>, Option<i64>);

fn ask(check: &str, facts: &Facts) -> Answer {
    answer(&asking(&facts.plan, check), facts)
}

fn said(check: &str, facts: &Facts) -> Said {
    let answer = ask(check, facts);
    (answer.status, answer.numerator, answer.denominator)
}

fn on(plan: &Plan, done: bool, day: &str) -> Facts {
    facts(plan, done, day.parse().unwrap())
}

#[test]
fn the_week_that_is_not_due_yet_is_left_out() {
    let plan = shuangluan();
    // Friday 18 October is still in time; the running week is not owed yet, whoever has handed in early.
    let due = |facts: &Facts| ask("weekly_report", facts).due_on.map(|day| day.to_string());
    let first = on(&plan, true, "2019-10-18");
    assert_eq!(said("weekly_report", &first), (ClauseStatus::Due, Some(0), Some(0)));
    assert_eq!(due(&first), Some("2019-10-18".to_owned()));
    let second = on(&plan, true, "2019-10-21");
    assert_eq!(said("weekly_report", &second), (ClauseStatus::Met, Some(30), Some(30)));
    assert_eq!(due(&second), Some("2019-10-25".to_owned()));
    let mut failed = on(&plan, true, "2019-10-21");
    let owed = failed.weeks.iter_mut().find(|week| week.due_on.to_string() == "2019-10-18").unwrap();
    owed.state = DueState::Missing;
    let department = (Kind::Department, owed.department.0);
    let answer = ask("weekly_report", &failed);
    assert_eq!(
        (answer.status, answer.numerator, answer.denominator),
        (ClauseStatus::Breached, Some(29), Some(30))
    );
    assert_eq!(answer.evidence, [department]);
}

#[test]
fn an_intake_without_end_is_broken_by_a_last_day_and_by_a_report_that_is_missing() {
    let [_, open, ending] = plans();
    let day = behind(&open, 40);
    assert_eq!(ask("open_ended_intake", &facts(&open, true, day)).status, ClauseStatus::Met);
    assert_eq!(ask("open_ended_intake", &facts(&open, false, day)).status, ClauseStatus::Breached);
    assert_eq!(ask("open_ended_intake", &facts(&ending, true, day)).status, ClauseStatus::Breached);
}

#[test]
fn what_is_undecided_is_not_counted_as_not_adopted() {
    let mut facts = on(&shuangluan(), false, "2019-12-01");
    let mut of = |told, owing| {
        facts.not_adopted = NotAdopted { told, owing };
        said("explained_to_proposers", &facts)
    };
    assert_eq!(of(0, 0), (ClauseStatus::Due, Some(0), Some(0)));
    assert_eq!(of(3, 2), (ClauseStatus::Due, Some(3), Some(5)));
    assert_eq!(of(5, 0), (ClauseStatus::Met, Some(5), Some(5)));
}

#[test]
fn a_project_that_was_decided_without_having_been_studied_breaks_the_order_at_once() {
    let mut facts = on(&shuangluan(), false, "2019-12-01");
    let day = "2019-11-28".parse().ok();
    let mut with = |status, studied_on, decided_on| {
        facts.projects = vec![Project { id: ProjectId(key(1)), status, studied_on, decided_on }];
        ask("two_meetings", &facts).status
    };
    assert_eq!(with(ProjectStatus::Studied, day, None), ClauseStatus::Due);
    assert_eq!(with(ProjectStatus::Adopted, day, day), ClauseStatus::Met);
    assert_eq!(with(ProjectStatus::Rejected, day, None), ClauseStatus::Met);
    assert_eq!(with(ProjectStatus::Adopted, None, day), ClauseStatus::Breached);
}

#[test]
fn a_project_that_is_late_is_breached_before_the_last_day_of_the_others() {
    let mut facts = on(&shuangluan(), true, "2020-03-01");
    assert_eq!(said("project_progress", &facts), (ClauseStatus::Met, Some(1), Some(1)));
    facts.adopted[0].delayed = true;
    let late = ask("project_progress", &facts);
    assert_eq!(late.status, ClauseStatus::Breached);
    assert!(late.due_on.is_some_and(|day| day > facts.today));
}

#[test]
fn suggestions_outside_the_days_of_the_notice_are_taken_and_do_not_meet_it() {
    let mut facts = on(&shuangluan(), true, "2019-11-16");
    (facts.received.all, facts.received.within) = (3, 2);
    assert_eq!(said("intake_window", &facts), (ClauseStatus::Met, Some(2), Some(3)));
    facts.received.within = 0;
    assert_eq!(said("intake_window", &facts), (ClauseStatus::Breached, Some(0), Some(3)));
}

#[test]
fn each_class_of_the_notice_is_heard_and_the_one_for_everything_else_is_not_asked_for() {
    let plan = shuangluan();
    let mut facts = on(&plan, true, "2019-11-16");
    let other = plan.categories.iter().position(|class| class.other).unwrap();
    facts.categories[other].count = 0;
    assert_eq!(said("categories_complete", &facts), (ClauseStatus::Met, Some(10), Some(10)));
    facts.categories[0].count = 0;
    let silent = ask("categories_complete", &facts);
    assert_eq!((silent.status, silent.numerator), (ClauseStatus::Breached, Some(9)));
    assert_eq!(silent.evidence, [facts.categories[0].object], "the class that nothing was heard in");
}

#[test]
fn a_form_counts_once_something_was_collected_by_it() {
    let plan = shuangluan();
    let designed = plan.streams.iter().filter(|stream| !stream.fields.is_empty()).count();
    let mut facts = on(&plan, false, "2019-11-15");
    let all = i64::try_from(designed).ok();
    assert_eq!(said("form_per_unit", &facts), (ClauseStatus::Due, Some(0), all));
    for (stream, row) in plan.streams.iter().zip(&mut facts.streams) {
        row.count = i64::from(stream.fields.is_empty());
    }
    assert_eq!(
        said("form_per_unit", &facts),
        (ClauseStatus::Due, Some(0), all),
        "only the common form was used"
    );
    let own = plan.streams.iter().position(|stream| !stream.fields.is_empty()).unwrap();
    facts.streams[own].count = 1;
    assert_eq!(said("form_per_unit", &facts), (ClauseStatus::Met, Some(1), all));
}

#[test]
fn a_group_is_formed_once_every_member_to_which_the_document_is_addressed_has_taken_it_on() {
    let plan = shuangluan();
    let mut facts = on(&plan, true, "2019-10-16");
    let clause = asking(&plan, "groups");
    let said = |facts: &Facts| {
        let answer = answer(&clause, facts);
        (answer.status, answer.numerator, answer.denominator)
    };
    assert_eq!(said(&facts), (ClauseStatus::Met, Some(2), Some(2)));
    let supervision = facts.departments["SUPERVISION_OFFICE"];
    facts.acknowledgements.remove(&supervision);
    assert_eq!(said(&facts), (ClauseStatus::Due, Some(1), Some(2)));
    assert_eq!(answer(&clause, &facts).evidence, [(Kind::Department, supervision.0)]);
    let mut without = plan.clone();
    without.groups.clear();
    facts.plan = Arc::new(without);
    assert_eq!(said(&facts), (ClauseStatus::Due, Some(0), Some(2)), "each kind is asked for");
}

#[test]
fn a_channel_is_answered_for_by_whoever_has_taken_it_on() {
    let plan = huoqiu();
    let mut facts = on(&plan, true, "2022-03-01");
    let all = i64::try_from(plan.channels.len()).ok();
    assert_eq!(said("channel_owners", &facts), (ClauseStatus::Met, all, all));
    let hotline = facts.departments["HOTLINE_12345"];
    facts.acknowledgements.remove(&hotline);
    let channel = plan.channels.iter().position(|channel| channel.owner == "HOTLINE_12345").unwrap();
    let open = ask("channel_owners", &facts);
    assert_eq!((open.status, open.due_on), (ClauseStatus::Due, None), "the notice sets no day");
    assert_eq!(open.evidence, [facts.channels[channel].object]);
}

#[test]
fn a_spelling_that_finds_another_campaign_is_lacking_and_one_spelling_is_not_enough() {
    let mut plan = huoqiu();
    let mut facts = on(&plan, true, "2022-03-01");
    assert_eq!(said("campaign_aliases", &facts), (ClauseStatus::Met, Some(4), Some(4)));
    let other = CampaignId(key(77));
    facts.campaigns.insert(0, (other, Names::new("LATER", "另一活动", &["民生 倾听".to_owned()])));
    let lacking = ask("campaign_aliases", &facts);
    assert_eq!((lacking.status, lacking.numerator), (ClauseStatus::Breached, Some(3)));
    assert_eq!(lacking.evidence, [(Kind::Campaign, other.0)], "what is found instead");
    plan.campaign.aliases.clear();
    assert_eq!(
        said("campaign_aliases", &on(&plan, true, "2022-03-01")),
        (ClauseStatus::Breached, Some(1), Some(2))
    );
}

#[test]
fn that_anything_is_taken_and_that_all_of_it_is_sorted_are_two_checks() {
    let plan = huoqiu();
    let mut facts = on(&plan, true, "2022-03-01");
    facts.received.kinds.remove(&SubmissionKind::Praise);
    assert_eq!(said("any_kind_any_time", &facts), (ClauseStatus::Due, Some(4), Some(5)));
    assert_eq!(said("overview_by_dimension", &facts), (ClauseStatus::Met, Some(2), Some(2)));
    let mut facts = on(&plan, true, "2022-03-01");
    facts.received.classified = 1;
    assert_eq!(said("any_kind_any_time", &facts), (ClauseStatus::Met, Some(5), Some(5)));
    assert_eq!(said("overview_by_dimension", &facts), (ClauseStatus::Due, Some(1), Some(2)));
    let mut named = plan;
    named.campaign.anonymous_submission = false;
    let shut = on(&named, true, "2022-03-01");
    assert_eq!(ask("any_kind_any_time", &shut).status, ClauseStatus::Breached);
}

#[test]
fn a_day_of_the_clause_comes_before_that_of_the_schedule() {
    let plan = shuangluan();
    let facts = on(&plan, false, "2019-10-20");
    let clause = asking(&plan, "inspections");
    let by = |day: &str| {
        let answer = answer(&Clause { due_on: day.parse().ok(), ..clause.clone() }, &facts);
        (answer.status, answer.due_on.map(|day| day.to_string()))
    };
    assert_eq!(answer(&clause, &facts).due_on, plan.campaign.closes_on);
    assert_eq!(by("2019-10-20"), (ClauseStatus::Due, Some("2019-10-20".to_owned())));
    assert_eq!(by("2019-10-19"), (ClauseStatus::Breached, Some("2019-10-19".to_owned())));
}
