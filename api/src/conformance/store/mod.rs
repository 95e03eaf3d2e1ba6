//! The facts of a campaign, read in the viewer's scope: a fixed number of queries, however many clauses and suggestions
//! there are.

mod figures;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{NaiveDate, Utc};
use entity::enums::{DueState, MeetingKind, ProjectStatus};
use entity::id::{
    AcknowledgementId, CampaignId, DepartmentId, InspectionId, MeetingId, SummaryTableId, WeeklyReportId,
};
use entity::{
    acknowledgement, campaign, campaign_closing, department, evaluation, project, publicity, summary_line,
    unit_plan, vote, weekly_report,
};
use sea_orm::Value;

use super::rules::facts::{
    Adopted, Evaluation, Facts, Line, NotAdopted, Project, Roster, Standing, Table, Target, UnitPlan,
    Village, Vote, Week,
};
use super::rules::{self, Answer, Evidence};
use crate::app::App;
use crate::campaign::names::Names;
use crate::clock::day_of;
use crate::coverage::rules::Period;
use crate::db::{Direction, Fault, Predicate, Tx};
use crate::error::ApiError;
use crate::fate::rules::{Disposition, Projects};
use crate::ids::Kind;
use crate::plan::{Clause, Plan};
use crate::reporting::due;
use crate::reporting::summary::rules::stands;
use crate::{coverage, decision, duty, reporting, supervision};

/// Pieces of evidence that are named.
pub const MOST_EVIDENCE: usize = 20;

/// Every clause of a campaign's plan with what is said about it, for a viewer who sees the county.
pub async fn conformance(
    tx: &Tx,
    app: &App,
    campaign: &campaign::Model,
    now: chrono::DateTime<Utc>,
) -> Result<Vec<(Clause, Answer)>, ApiError> {
    let plan = app.plans.of(campaign)?;
    let facts = facts(tx, plan, campaign, day_of(now)).await?;
    let clauses = facts.plan.clauses.iter();
    Ok(clauses.map(|clause| (clause.clone(), rules::answer(clause, &facts))).collect())
}

async fn facts(tx: &Tx, plan: Arc<Plan>, row: &campaign::Model, today: NaiveDate) -> Result<Facts, ApiError> {
    let campaign = row.id;
    let departments = departments(tx).await?;
    let figures = figures::read(tx, row).await?;
    let weeks = weeks(tx, &plan, campaign, &departments, today).await?;
    let tables = tables(tx, &plan, campaign, today).await?;
    let projects = projects(tx, campaign).await?;
    let (published, publicity) = published(tx, campaign).await?;
    let period = Period {
        opens_on: row.opens_on,
        closes_on: row.closes_on,
        as_of: row.closes_on.map_or(today, |last| last.min(today)),
    };
    let counted = |tallies: Vec<coverage::store::Tally>| tallies.iter().map(|one| one.count).sum();
    Ok(Facts {
        campaign,
        campaigns: campaigns(tx).await?,
        today,
        closed_on: closed_on(tx, campaign).await?,
        streams: figures.streams,
        channels: figures.channels,
        categories: figures.categories,
        received: figures.received,
        acknowledgements: acknowledgements(tx, campaign).await?,
        published,
        publicity,
        villages: villages(tx, &plan, campaign, period).await?,
        visits: counted(coverage::store::visit_tally(tx, campaign, period.as_of).await?),
        symposiums: counted(coverage::store::symposium_tally(tx, campaign, period.as_of).await?),
        rosters: rosters(tx, &plan, campaign, today).await?,
        unit_plans: unit_plans(tx, campaign).await?,
        reports: reports(tx, campaign, &weeks).await?,
        weeks,
        lines: lines(tx, &tables).await?,
        tables,
        mergers: decision::merge::store::made(tx, campaign)
            .await?
            .into_iter()
            .map(|row| row.target)
            .collect(),
        meetings: meetings(tx, campaign).await?,
        adopted: adopted(tx, campaign, &projects, today).await?,
        votes: votes(tx, &projects).await?,
        evaluations: evaluations(tx, &projects).await?,
        projects,
        not_adopted: not_adopted(tx, campaign).await?,
        inspections: inspections(tx, campaign).await?,
        circulars: supervision::circular::store::issued(tx, campaign)
            .await?
            .into_iter()
            .map(|row| row.id)
            .collect(),
        departments,
        plan,
    })
}

/// The county's campaigns in the order in which a name finds them.
async fn campaigns(tx: &Tx) -> Result<Vec<(CampaignId, Names)>, Fault> {
    use campaign::Column as C;
    let rows = tx.from::<campaign::Entity>().order(C::OpensOn, Direction::Descending);
    let rows = rows.order(C::Code, Direction::Ascending).all().await?;
    Ok(rows.iter().map(|row| (row.id, Names::of(row))).collect())
}

async fn departments(tx: &Tx) -> Result<HashMap<String, DepartmentId>, Fault> {
    let rows = tx.from::<department::Entity>().all().await?;
    Ok(rows.into_iter().map(|row| (row.code, row.id)).collect())
}

async fn closed_on(tx: &Tx, campaign: CampaignId) -> Result<Option<NaiveDate>, Fault> {
    let this = Predicate::is(campaign_closing::Column::Campaign, campaign);
    let row = tx.from::<campaign_closing::Entity>().filter(this).one().await?;
    Ok(row.map(|row| day_of(row.closed_at)))
}

async fn acknowledgements(
    tx: &Tx,
    campaign: CampaignId,
) -> Result<HashMap<DepartmentId, AcknowledgementId>, Fault> {
    let these = Predicate::is(acknowledgement::Column::Campaign, campaign);
    let rows = tx.from::<acknowledgement::Entity>().filter(these).all().await?;
    Ok(rows.into_iter().map(|row| (row.department, row.id)).collect())
}

/// How much each department has published, and the latest pieces.
async fn published(
    tx: &Tx,
    campaign: CampaignId,
) -> Result<(HashMap<DepartmentId, i64>, Vec<Evidence>), Fault> {
    use publicity::Column as C;
    let these = Predicate::is(C::Campaign, campaign).and(Predicate::Empty(C::WithdrawnAt));
    let rows = tx.from::<publicity::Entity>().filter(these.clone());
    let mut counts = HashMap::new();
    for group in rows.count_by(&[C::Department], None).await? {
        counts.insert(group.key(0)?, group.figure()?);
    }
    if counts.is_empty() {
        return Ok((counts, Vec::new()));
    }
    let latest = tx.from::<publicity::Entity>().filter(these);
    let latest = latest.order(C::RecordedAt, Direction::Descending);
    let latest = latest.limit(MOST_EVIDENCE as u64).all().await?;
    let evidence = latest.iter().map(|row| (Kind::Publicity, row.id.0));
    Ok((counts, evidence.collect()))
}

async fn villages(tx: &Tx, plan: &Plan, campaign: CampaignId, period: Period) -> Result<Vec<Village>, Fault> {
    let rows = coverage::figures::villages(tx, plan, campaign, None, period).await?;
    let village = |row: coverage::figures::VillageFigures| Village {
        id: row.village.id,
        township: row.village.department,
        class: row.register.class,
        counts: row.counts,
        target: row.standing.map(|one| Target { covered: one.covered, met: one.is_met() }),
    };
    Ok(rows.into_iter().map(village).collect())
}

async fn rosters(tx: &Tx, plan: &Plan, campaign: CampaignId, today: NaiveDate) -> Result<Vec<Roster>, Fault> {
    let rows = duty::store::statuses(tx, plan, campaign, today).await?;
    let roster = |row: duty::store::Status| Roster {
        department: row.department.id,
        roster: row.roster.map(|row| row.id),
        timeliness: row.timeliness,
        complete: row.complete,
    };
    Ok(rows.into_iter().map(roster).collect())
}

async fn unit_plans(tx: &Tx, campaign: CampaignId) -> Result<Vec<UnitPlan>, Fault> {
    let first =
        Predicate::is(unit_plan::Column::Campaign, campaign).and(Predicate::is(unit_plan::Column::Number, 1));
    let rows = tx.from::<unit_plan::Entity>().filter(first).all().await?;
    let unit_plan = |row: unit_plan::Model| UnitPlan {
        id: row.id,
        department: row.department,
        submitted_on: row.submitted_on,
    };
    Ok(rows.into_iter().map(unit_plan).collect())
}

async fn tables(
    tx: &Tx,
    plan: &Plan,
    campaign: CampaignId,
    today: NaiveDate,
) -> Result<Vec<Standing>, ApiError> {
    let rows = reporting::summary::store::standings(tx, plan, campaign, today).await?;
    let standing = |row: reporting::summary::store::Standing| Standing {
        department: row.department.id,
        state: row.state,
        table: row.table.map(|table| Table { id: table.id, signed: stands(table.status) }),
        lines: row.lines,
        projects: row.projects,
        unclassified: row.outstanding.unclassified,
        untabled: row.outstanding.untabled,
    };
    Ok(rows.into_iter().map(standing).collect())
}

async fn lines(tx: &Tx, tables: &[Standing]) -> Result<Vec<Line>, Fault> {
    let ids: Vec<SummaryTableId> = tables.iter().filter_map(|row| Some(row.table.as_ref()?.id)).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let these = Predicate::among(summary_line::Column::Summary, ids);
    let rows = tx.from::<summary_line::Entity>().filter(these).all().await?;
    let line = |row: summary_line::Model| Line {
        id: row.id,
        summary: row.summary,
        count: row.count,
        urgency: row.urgency,
        beneficiaries: row.beneficiaries,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// The projects of a campaign, but those that were withdrawn.
async fn projects(tx: &Tx, campaign: CampaignId) -> Result<Vec<Project>, Fault> {
    let standing = ProjectStatus::ALL.iter().copied().filter(|status| *status != ProjectStatus::Withdrawn);
    let these = Predicate::is(project::Column::Campaign, campaign)
        .and(Predicate::among(project::Column::Status, standing));
    let rows = tx.from::<project::Entity>().filter(these).all().await?;
    let project = |row: project::Model| Project {
        id: row.id,
        status: row.status,
        studied_on: row.studied_on,
        decided_on: row.decided_on,
    };
    Ok(rows.into_iter().map(project).collect())
}

async fn adopted(
    tx: &Tx,
    campaign: CampaignId,
    projects: &[Project],
    today: NaiveDate,
) -> Result<Vec<Adopted>, Fault> {
    if projects.iter().all(|row| Projects::of(row.status) != Projects::Adopted) {
        return Ok(Vec::new());
    }
    let rows = decision::project::store::standings(tx, campaign, today).await?;
    let adopted = |row: decision::project::store::Standing| Adopted {
        id: row.project.id,
        reported: !row.lines.is_empty(),
        delayed: row.delayed,
        finish: row.project.schedule_finish,
    };
    Ok(rows.into_iter().map(adopted).collect())
}

async fn meetings(tx: &Tx, campaign: CampaignId) -> Result<Vec<(MeetingId, MeetingKind)>, Fault> {
    let held = decision::meeting::store::held(tx, campaign).await?;
    Ok(held.into_iter().map(|(row, _)| (row.id, row.kind)).collect())
}

async fn votes(tx: &Tx, projects: &[Project]) -> Result<Vec<Vote>, Fault> {
    let these = Predicate::among(vote::Column::Project, projects.iter().map(|row| row.id));
    let rows = tx.from::<vote::Entity>().filter(these).all().await?;
    let vote =
        |row: vote::Model| Vote { project: row.project, in_favour: row.in_favour, present: row.present };
    Ok(rows.into_iter().map(vote).collect())
}

async fn evaluations(tx: &Tx, projects: &[Project]) -> Result<Vec<Evaluation>, Fault> {
    let these = Predicate::among(evaluation::Column::Project, projects.iter().map(|row| row.id));
    let rows = tx.from::<evaluation::Entity>().filter(these).all().await?;
    let evaluation = |row: evaluation::Model| {
        let content = row.satisfied.saturating_add(row.acceptable);
        Evaluation { project: row.project, content, all: content.saturating_add(row.dissatisfied) }
    };
    Ok(rows.into_iter().map(evaluation).collect())
}

async fn not_adopted(tx: &Tx, campaign: CampaignId) -> Result<NotAdopted, Fault> {
    let ends = decision::closing::store::ends(tx, campaign).await?;
    let told = ends.counts.get(&Disposition::Declined).copied().unwrap_or(0);
    Ok(NotAdopted { told, owing: ends.owing })
}

async fn inspections(tx: &Tx, campaign: CampaignId) -> Result<Vec<(InspectionId, usize)>, Fault> {
    let made = supervision::inspection::store::made(tx, campaign).await?;
    Ok(made.into_iter().map(|(row, findings)| (row.id, findings.len())).collect())
}

/// The reports of a campaign that came on time. A correction does not make one late: the first edition says when it came.
fn in_time(campaign: CampaignId) -> Predicate<weekly_report::Column> {
    use weekly_report::Column as C;
    Predicate::All(vec![
        Predicate::is(C::Campaign, campaign),
        Predicate::is(C::Edition, 1),
        Predicate::Is(C::Late, Value::from(false)),
    ])
}

/// What everybody owed for every period that has begun.
async fn weeks(
    tx: &Tx,
    plan: &Plan,
    campaign: CampaignId,
    departments: &HashMap<String, DepartmentId>,
    today: NaiveDate,
) -> Result<Vec<Week>, Fault> {
    use weekly_report::Column as C;
    let rows = tx.from::<weekly_report::Entity>().filter(in_time(campaign));
    let keys = [C::DueKey, C::PeriodEnd, C::Department];
    let mut handed_in: HashSet<(String, NaiveDate, DepartmentId)> = HashSet::new();
    for group in rows.count_by(&keys, None).await? {
        handed_in.insert((group.key(0)?, group.key(1)?, group.key(2)?));
    }
    let mut weeks = Vec::new();
    for due in due::repeated(plan) {
        let owing = due::owing(plan, due);
        for period in due::periods(plan, due, today) {
            let ids = owing.iter().filter_map(|code| departments.get(*code));
            weeks.extend(ids.map(|id| {
                let key = (period.key.clone(), period.to, *id);
                let handed_in = handed_in.contains(&key).then_some(period.to);
                let state = due::state(handed_in, period.to, today);
                Week { department: *id, due_on: period.to, state }
            }));
        }
    }
    Ok(weeks)
}

/// The latest reports that came on time; not looked for where one is missing, for then they prove nothing.
async fn reports(tx: &Tx, campaign: CampaignId, weeks: &[Week]) -> Result<Vec<WeeklyReportId>, Fault> {
    if weeks.iter().any(|week| week.state == DueState::Missing) {
        return Ok(Vec::new());
    }
    let latest = tx.from::<weekly_report::Entity>().filter(in_time(campaign));
    let latest = latest.order(weekly_report::Column::SubmittedAt, Direction::Descending);
    let latest = latest.limit(MOST_EVIDENCE as u64).all().await?;
    Ok(latest.into_iter().map(|row| row.id).collect())
}
