//! Every check can be met, due and breached; and what each says of facts made up for it.

mod each;
mod world;

use chrono::{Days, NaiveDate};

use super::*;
use crate::plan::Plan;
use world::facts;

const PLANS: [&str; 2] = [
    include_str!("../../../../plans/shuangluan-2020.toml"),
    include_str!("../../../../plans/huoqiu-2022.toml"),
];

/// Checks of what the notices set no day for: they are due until the campaign is closed, unless the clause names a day.
const WITHOUT_DAY: [&str; 5] = [
    "deputies_vote",
    "effect_indicators",
    "explained_to_proposers",
    "merge_across_departments",
    "two_meetings",
];

fn shuangluan() -> Plan {
    Plan::parse("plan.toml", PLANS[0]).unwrap()
}

fn huoqiu() -> Plan {
    Plan::parse("plan.toml", PLANS[1]).unwrap()
}

/// Both plans as they are, and that of Huoqiu as it would be with a last day.
fn plans() -> [Plan; 3] {
    let mut ending = huoqiu();
    ending.campaign.closes_on = Some(ending.campaign.opens_on + Days::new(60));
    [shuangluan(), huoqiu(), ending]
}

fn behind(plan: &Plan, days: u64) -> NaiveDate {
    plan.campaign.opens_on + Days::new(days)
}

/// A clause of a plan that has this check; else one that asks for it by its name alone.
fn asking(plan: &Plan, check: &str) -> Clause {
    let mut own = plan.clauses.iter().filter(|clause| clause.check == check);
    own.next().cloned().unwrap_or_else(|| Clause {
        check: check.to_owned(),
        state: ClauseState::Measured,
        due_on: None,
        class: None,
        channels: Vec::new(),
        roles: Vec::new(),
        groups: Vec::new(),
        ..plan.clauses[0].clone()
    })
}

/// A plan with the facts that every clause of it is held against.
struct Stage {
    plan: Plan,
    /// Everything done, years later; nothing done, on the first day; nothing done, years later.
    facts: [Facts; 3],
}

impl Stage {
    fn of(plan: Plan) -> Self {
        let on = |done, days| facts(&plan, done, behind(&plan, days));
        Self { facts: [on(true, 1_000), on(false, 0), on(false, 1_000)], plan }
    }

    fn said(&self, clause: &Clause) -> [Answer; 3] {
        self.facts.each_ref().map(|facts| answer(clause, facts))
    }

    /// Whether a clause can be met, due with a day ahead, and breached.
    fn can_fail(&self, clause: &Clause) -> bool {
        let [met, due, breached] = self.said(clause);
        let ahead = due.due_on.is_some_and(|day| day >= self.plan.campaign.opens_on);
        let statuses = [met.status, due.status, breached.status];
        statuses == [ClauseStatus::Met, ClauseStatus::Due, ClauseStatus::Breached] && ahead
    }
}

fn with_a_day(plan: &Plan, clause: &Clause) -> Clause {
    Clause { due_on: Some(behind(plan, 100)), ..clause.clone() }
}

fn registered() -> impl Iterator<Item = &'static str> {
    let asked = ASKED.iter().map(|(name, _)| *name);
    CHECKS.iter().chain(FORMER).map(|(name, _)| *name).chain(asked)
}

#[test]
fn every_check_that_is_registered_can_be_met_due_and_breached() {
    let stages = plans().map(Stage::of);
    for name in registered() {
        let some = stages.iter().any(|stage| {
            let clause = asking(&stage.plan, name);
            stage.can_fail(&clause) || stage.can_fail(&with_a_day(&stage.plan, &clause))
        });
        let said = |stage: &Stage| stage.said(&asking(&stage.plan, name)).map(|one| one.status);
        assert!(some, "{name}: {:?}", stages.each_ref().map(said));
    }
}

#[test]
fn what_the_notices_set_no_day_for_is_breached_by_a_day_of_the_clause_or_by_the_closing_alone() {
    let stages = plans().map(Stage::of);
    for name in registered() {
        let never = stages.iter().all(|stage| !stage.can_fail(&asking(&stage.plan, name)));
        assert_eq!(never, WITHOUT_DAY.contains(&name), "{name}");
    }
    let plan = shuangluan();
    for name in WITHOUT_DAY {
        let clause = asking(&plan, name);
        let mut undone = facts(&plan, false, behind(&plan, 1_000));
        let open = answer(&clause, &undone);
        assert_eq!((open.status, open.due_on), (ClauseStatus::Due, None), "{name}");
        undone.closed_on = Some(behind(&plan, 999));
        assert_eq!(answer(&clause, &undone).status, ClauseStatus::Breached, "{name}");
    }
}

#[test]
fn every_measured_clause_of_a_shipped_plan_is_met_where_all_is_done_and_due_on_the_first_day() {
    for stage in [shuangluan(), huoqiu()].map(Stage::of) {
        for clause in stage.plan.clauses.iter().filter(|clause| clause.state == ClauseState::Measured) {
            let [met, due, _] = stage.said(clause);
            assert_eq!((met.status, due.status), (ClauseStatus::Met, ClauseStatus::Due), "{}", clause.code);
        }
    }
}

#[test]
fn a_shipped_plan_calls_measured_exactly_what_has_a_check() {
    for plan in [shuangluan(), huoqiu()] {
        for clause in &plan.clauses {
            let measured = clause.state == ClauseState::Measured;
            assert_eq!(
                measured,
                registered().any(|name| name == clause.check),
                "{} {}",
                clause.code,
                clause.check
            );
        }
    }
}

#[test]
fn every_clause_of_shuangluan_is_measured_and_no_name_stands_twice() {
    let plan = shuangluan();
    assert_eq!(plan.clauses.len(), 31);
    assert!(plan.clauses.iter().all(|clause| clause.state == ClauseState::Measured));
    let names: Vec<&str> = registered().collect();
    for (place, name) in names.iter().enumerate() {
        assert!(!names[..place].contains(name), "{name}");
    }
}

#[test]
fn what_is_not_measured_what_is_unknown_and_what_names_nothing_to_look_at_is_not_applicable() {
    let plan = shuangluan();
    let facts = facts(&plan, true, behind(&plan, 1_000));
    let status = |clause: &Clause| answer(clause, &facts).status;
    let known = asking(&plan, "weekly_report");
    assert_eq!(status(&known), ClauseStatus::Met);
    let unmeasured = Clause { state: ClauseState::NotMeasuredYet, ..known.clone() };
    assert_eq!(status(&unmeasured), ClauseStatus::NotApplicable);
    assert_eq!(status(&Clause { check: "astrology".to_owned(), ..known }), ClauseStatus::NotApplicable);
    for (name, _) in ASKED {
        let clause =
            Clause { class: None, channels: vec![], roles: vec![], groups: vec![], ..asking(&plan, name) };
        assert_eq!(status(&clause), ClauseStatus::NotApplicable, "{name}");
    }
}
