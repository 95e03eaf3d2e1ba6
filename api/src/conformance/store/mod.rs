//! The facts of a campaign, read in the viewer's scope: a fixed number of queries, however many clauses and suggestions
//! there are.

mod figures;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{NaiveDate, Utc};
use entity::id::{CampaignId, DepartmentId, WeeklyReportId};
use entity::{
    acknowledgement, campaign, campaign_closing, department, evaluation, project, publicity, summary_line,
    unit_plan, weekly_report,
};
use sea_orm::Value;

use super::rules::facts::{Facts, Week};
use super::rules::{self, Answer, Evidence};
use crate::app::App;
use crate::clock::day_of;
use crate::coverage::rules::Period;
use crate::db::{Direction, Fault, Predicate, Tx};
use crate::error::ApiError;
use crate::ids::Kind;
use crate::plan::{Clause, Plan};
use crate::reporting::due;
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
    let heard = figures::heard(tx, campaign).await?;
    let received = figures::received(tx, row).await?;
    let (weeks, reports) = weeks(tx, &plan, campaign, &departments, today).await?;
    let tables = reporting::summary::store::standings(tx, &plan, campaign, today).await?;
    let lines = lines(tx, &tables).await?;
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
        today,
        closed_on: closed_on(tx, campaign).await?,
        streams: heard.streams,
        channels: heard.channels,
        categories: heard.categories,
        received,
        acknowledgements: acknowledgements(tx, campaign).await?,
        published,
        publicity,
        villages: coverage::figures::villages(tx, &plan, campaign, None, period).await?,
        visits: counted(coverage::store::visit_tally(tx, campaign, period.as_of).await?),
        symposiums: counted(coverage::store::symposium_tally(tx, campaign, period.as_of).await?),
        rosters: duty::store::statuses(tx, &plan, campaign, today).await?,
        unit_plans: unit_plans(tx, campaign).await?,
        weeks,
        reports,
        tables,
        lines,
        mergers: decision::merge::store::made(tx, campaign).await?,
        meetings: decision::meeting::store::held(tx, campaign).await?,
        adopted: decision::project::store::standings(tx, campaign, today).await?,
        votes: decision::vote::store::votes(tx, campaign).await?,
        evaluations: evaluations(tx, &projects).await?,
        projects,
        ends: decision::closing::store::ends(tx, campaign).await?,
        inspections: supervision::inspection::store::made(tx, campaign).await?,
        circulars: supervision::circular::store::issued(tx, campaign).await?,
        departments,
        plan,
    })
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

async fn acknowledgements(tx: &Tx, campaign: CampaignId) -> Result<Vec<acknowledgement::Model>, Fault> {
    let these = Predicate::is(acknowledgement::Column::Campaign, campaign);
    tx.from::<acknowledgement::Entity>().filter(these).all().await
}

/// How much each department has published, and the latest pieces.
async fn published(
    tx: &Tx,
    campaign: CampaignId,
) -> Result<(HashMap<DepartmentId, i64>, Vec<Evidence>), Fault> {
    use publicity::Column as C;
    let these = Predicate::is(C::Campaign, campaign);
    let rows = tx.from::<publicity::Entity>().filter(these.clone());
    let mut counts = HashMap::new();
    for group in rows.count_by(&[C::Department], None).await? {
        counts.insert(group.key(0)?, group.figure()?);
    }
    let latest = tx.from::<publicity::Entity>().filter(these);
    let latest = latest.order(C::RecordedAt, Direction::Descending);
    let latest = latest.limit(MOST_EVIDENCE as u64).all().await?;
    let evidence = latest.iter().map(|row| (Kind::Publicity, row.id.0));
    Ok((counts, evidence.collect()))
}

async fn unit_plans(tx: &Tx, campaign: CampaignId) -> Result<Vec<unit_plan::Model>, Fault> {
    let first =
        Predicate::is(unit_plan::Column::Campaign, campaign).and(Predicate::is(unit_plan::Column::Number, 1));
    tx.from::<unit_plan::Entity>().filter(first).all().await
}

async fn projects(tx: &Tx, campaign: CampaignId) -> Result<Vec<project::Model>, Fault> {
    let these = Predicate::is(project::Column::Campaign, campaign);
    tx.from::<project::Entity>().filter(these).all().await
}

async fn evaluations(tx: &Tx, projects: &[project::Model]) -> Result<Vec<evaluation::Model>, Fault> {
    let ids = projects.iter().map(|row| row.id);
    let these = Predicate::among(evaluation::Column::Project, ids);
    tx.from::<evaluation::Entity>().filter(these).all().await
}

async fn lines(
    tx: &Tx,
    tables: &[reporting::summary::store::Standing],
) -> Result<Vec<summary_line::Model>, Fault> {
    let ids = tables.iter().filter_map(|row| row.table.as_ref());
    let these = Predicate::among(summary_line::Column::Summary, ids.map(|row| row.id));
    tx.from::<summary_line::Entity>().filter(these).all().await
}

/// What everybody owed for every period that has begun, and the latest reports that came on time.
async fn weeks(
    tx: &Tx,
    plan: &Plan,
    campaign: CampaignId,
    departments: &HashMap<String, DepartmentId>,
    today: NaiveDate,
) -> Result<(Vec<Week>, Vec<WeeklyReportId>), Fault> {
    use weekly_report::Column as C;
    // A correction does not make a report late: the first edition says when it came.
    let in_time = Predicate::All(vec![
        Predicate::is(C::Campaign, campaign),
        Predicate::is(C::Edition, 1),
        Predicate::Is(C::Late, Value::from(false)),
    ]);
    let rows = tx.from::<weekly_report::Entity>().filter(in_time.clone());
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
                Week { department: *id, state: due::state(handed_in, period.to, today) }
            }));
        }
    }
    let latest = tx.from::<weekly_report::Entity>().filter(in_time);
    let latest = latest.order(C::SubmittedAt, Direction::Descending);
    let latest = latest.limit(MOST_EVIDENCE as u64).all().await?;
    Ok((weeks, latest.into_iter().map(|row| row.id).collect()))
}
