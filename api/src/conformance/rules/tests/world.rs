//! A campaign made up from its plan: one in which everything was done in time, and one in which nothing was.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use entity::enums::{DueState, MeetingKind, ProjectStatus, SubmissionKind, Urgency};
use entity::id::{
    AcknowledgementId, CampaignId, CircularId, DepartmentId, InspectionId, MeetingId, ProjectId, RosterId,
    SubmissionId, SummaryLineId, SummaryTableId, UnitPlanId, VillageId, WeeklyReportId,
};
use uuid::Uuid;

use crate::campaign::names::Names;
use crate::conformance::rules::facts::{
    Adopted, Evaluation, Facts, Heard, Line, NotAdopted, Project, Received, Roster, Standing, Table, Target,
    UnitPlan, Village, Vote, Week,
};
use crate::coverage::rules::Counts;
use crate::ids::Kind;
use crate::plan::Plan;
use crate::reporting::due;

/// Days behind the opening on which the made-up project is to be finished.
const FINISH: u64 = 900;

/// A key that is always the same for one number.
pub(super) fn key(number: usize) -> Uuid {
    Uuid::from_u128(number as u128 + 1)
}

fn departments(plan: &Plan) -> HashMap<String, DepartmentId> {
    let listed = plan.departments.iter().enumerate();
    listed.map(|(place, row)| (row.code.clone(), DepartmentId(key(1_000 + place)))).collect()
}

fn heard<'p>(codes: impl Iterator<Item = &'p String>, kind: Kind, first: usize, count: i64) -> Vec<Heard> {
    let row = |(place, code): (usize, &'p String)| Heard {
        code: code.clone(),
        object: (kind, key(first + place)),
        count,
    };
    codes.enumerate().map(row).collect()
}

fn villages(plan: &Plan, departments: &HashMap<String, DepartmentId>, done: bool) -> Vec<Village> {
    let village = |(place, row): (usize, &crate::plan::Village)| {
        let reached = if done { 100 } else { 0 };
        let aimed = plan.coverage_targets.iter().any(|target| target.class == row.class);
        Village {
            id: VillageId(key(4_000 + place)),
            township: departments[&row.department],
            class: row.class,
            counts: Counts::new(100, reached, reached),
            target: aimed.then_some(Target { covered: reached, met: done }),
        }
    };
    plan.villages.iter().enumerate().map(village).collect()
}

/// Reports of every period that has begun, each handed in on its first day or not at all.
fn weeks(
    plan: &Plan,
    departments: &HashMap<String, DepartmentId>,
    done: bool,
    today: NaiveDate,
) -> Vec<Week> {
    let mut found = Vec::new();
    for due in due::repeated(plan) {
        for period in due::periods(plan, due, today) {
            for code in due::owing(plan, due) {
                let state = due::state(done.then_some(period.from), period.to, today);
                found.push(Week { department: departments[code], due_on: period.to, state });
            }
        }
    }
    found
}

/// A campaign on a day: everything done in time, or nothing, with two suggestions that nobody looks at.
pub(super) fn facts(plan: &Plan, done: bool, today: NaiveDate) -> Facts {
    let (opens, id) = (plan.campaign.opens_on, CampaignId(key(0)));
    let departments = departments(plan);
    let some = i64::from(done);
    let finish = opens + Days::new(FINISH);
    let all: Vec<DepartmentId> = departments.values().copied().collect();
    let owing = || all.iter().enumerate();
    let other = Names::new("OTHER", &plan.campaign.name, &plan.campaign.aliases);
    let mut campaigns = vec![(id, Names::of_plan(plan)), (CampaignId(key(1)), other)];
    if !done {
        campaigns.reverse();
    }
    let table = |place: usize| Table { id: SummaryTableId(key(5_000 + place)), signed: true };
    let standing = |(place, department): (usize, &DepartmentId)| Standing {
        department: *department,
        state: if done { DueState::OnTime } else { DueState::Missing },
        table: done.then(|| table(place)),
        lines: u64::from(done),
        projects: u64::from(done),
        unclassified: u64::from(!done),
        untabled: 0,
    };
    let line = |(place, _): (usize, &DepartmentId)| Line {
        id: SummaryLineId(key(6_000 + place)),
        summary: SummaryTableId(key(5_000 + place)),
        count: 2,
        urgency: if done { Urgency::Urgent } else { Urgency::Normal },
        beneficiaries: None,
    };
    let roster = |(place, department): (usize, &DepartmentId)| Roster {
        department: *department,
        roster: done.then(|| RosterId(key(7_000 + place))),
        timeliness: if done { DueState::OnTime } else { DueState::Missing },
        complete: done,
    };
    let unit_plan = |(place, department): (usize, &DepartmentId)| UnitPlan {
        id: UnitPlanId(key(8_000 + place)),
        department: *department,
        submitted_on: opens,
    };
    let acknowledged =
        |(place, department): (usize, &DepartmentId)| (*department, AcknowledgementId(key(9_000 + place)));
    let project = ProjectId(key(10_000));
    let list = usize::from;
    Facts {
        campaign: id,
        campaigns,
        today,
        closed_on: None,
        streams: heard(plan.streams.iter().map(|row| &row.code), Kind::IntakeStream, 2_000, some),
        channels: heard(plan.channels.iter().map(|row| &row.code), Kind::Channel, 2_500, some),
        categories: heard(plan.categories.iter().map(|row| &row.code), Kind::Category, 3_000, some),
        received: Received {
            all: 2,
            within: 2 * some,
            classified: 2 * some,
            kinds: SubmissionKind::ALL.iter().map(|kind| (*kind, some)).collect(),
        },
        acknowledgements: owing().filter(|_| done).map(acknowledged).collect(),
        published: owing().filter(|_| done).map(|(_, department)| (*department, 1)).collect(),
        publicity: vec![(Kind::Publicity, key(11_000)); list(done)],
        villages: villages(plan, &departments, done),
        visits: some,
        symposiums: some,
        rosters: owing().map(roster).collect(),
        unit_plans: owing().filter(|_| done).map(unit_plan).collect(),
        weeks: weeks(plan, &departments, done, today),
        reports: vec![WeeklyReportId(key(12_000)); list(done)],
        tables: owing().map(standing).collect(),
        lines: owing().map(line).collect(),
        mergers: vec![SubmissionId(key(13_000)); list(done)],
        meetings: vec![
            (MeetingId(key(14_000)), MeetingKind::GovernmentExecutive),
            (MeetingId(key(14_001)), MeetingKind::PartyStanding),
        ],
        projects: vec![Project {
            id: project,
            status: if done { ProjectStatus::Adopted } else { ProjectStatus::Proposed },
            studied_on: done.then_some(opens),
            decided_on: done.then_some(opens),
        }],
        adopted: vec![Adopted {
            id: project,
            reported: done,
            delayed: !done && today > finish,
            finish: Some(finish),
        }],
        votes: vec![Vote { project, in_favour: 140, present: 150 }; list(done)],
        evaluations: vec![Evaluation { project, content: 9, all: 10 }; list(done)],
        not_adopted: NotAdopted { told: u64::from(done), owing: u64::from(!done) },
        inspections: vec![(InspectionId(key(15_000)), 2); list(done)],
        circulars: vec![CircularId(key(16_000)); list(done)],
        departments,
        plan: Arc::new(plan.clone()),
    }
}
