//! Who has signed in time, and what is outstanding: the clauses S20 to S23.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use entity::enums::{Capability, DueState, Stage, SummaryKind};
use entity::id::{CampaignId, DepartmentId, SubmissionId, SummaryTableId};
use entity::summary_table::{Column, Entity, Model};
use entity::{department, share, summary_line, summary_source};

use crate::clock::day_of;
use crate::db::{Direction, Fault, Predicate, Tx};
use crate::error::ApiError;
use crate::plan::Plan;
use crate::reporting::summary::rules::{Coverage, counts, live, stands};
use crate::reporting::{due, people};
use crate::shares::figures::{Dimension, Key, cells};
use crate::shares::filter::{Filter, Queue};

/// Keys of one statement at most.
const CHUNK: usize = 1_000;

/// How one department stands with its main table.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The department that owes it.
    pub department: department::Model,
    /// By the day on which its first edition was signed (S23).
    pub state: DueState,
    /// The latest edition.
    pub table: Option<Model>,
    /// Lines of that edition (S21).
    pub lines: u64,
    /// Those with a project (S22).
    pub projects: u64,
    /// What is in no class or in no table (S20).
    pub outstanding: Outstanding,
}

/// What a department has received that its tables do not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outstanding {
    /// In no class yet.
    pub unclassified: u64,
    /// Classified, and in no live table.
    pub untabled: u64,
}

/// How everybody who owes a summary table stands, as far as the viewer sees; empty where the plan asks for none.
pub async fn standings(
    tx: &Tx,
    plan: &Plan,
    campaign: CampaignId,
    today: NaiveDate,
) -> Result<Vec<Standing>, ApiError> {
    let Some(due) = plan.summary_due() else {
        return Ok(Vec::new());
    };
    let last = due.on.or(plan.campaign.closes_on).unwrap_or(NaiveDate::MAX);
    let owing = people::departments(tx, &due::owing(plan, due)).await?;
    let mut tables: HashMap<DepartmentId, Vec<Model>> = HashMap::new();
    for row in of_campaign(tx, campaign).await? {
        tables.entry(row.department).or_default().push(row);
    }
    let main = |row: &&Model| row.kind == SummaryKind::Main;
    let latest: Vec<Model> = tables.values().flat_map(|all| live(all).filter(main).cloned()).collect();
    let lines = line_counts(tx, latest.iter().map(|row| row.id)).await?;
    let outstanding = outstanding_of(tx, campaign, None, &tables).await?;
    let standing = |department: department::Model| {
        let all = tables.get(&department.id).map_or(&[][..], Vec::as_slice);
        let table = live(all).find(main).cloned();
        let (count, projects) =
            table.as_ref().and_then(|row| lines.get(&row.id)).copied().unwrap_or_default();
        Standing {
            state: state(all, last, today),
            lines: count,
            projects,
            outstanding: outstanding.get(&department.id).copied().unwrap_or_default(),
            table,
            department,
        }
    };
    Ok(owing.into_iter().map(standing).collect())
}

/// By the first signature; a table that came back counts as returned until its next edition is signed.
fn state(all: &[Model], due: NaiveDate, today: NaiveDate) -> DueState {
    let main = || all.iter().filter(|row| row.kind == SummaryKind::Main);
    let first = main().filter_map(|row| row.signed_at).min();
    let latest = main().max_by_key(|row| row.edition);
    match latest {
        Some(row) if first.is_some() && !stands(row.status) => DueState::Returned,
        _ => due::state(first.map(day_of), due, today),
    }
}

async fn of_campaign(tx: &Tx, campaign: CampaignId) -> Result<Vec<Model>, Fault> {
    tx.from::<Entity>()
        .filter(Predicate::is(Column::Campaign, campaign))
        .order(Column::Edition, Direction::Ascending)
        .all()
        .await
}

/// Lines of tables, and how many of them have a project.
pub type LineCounts = HashMap<SummaryTableId, (u64, u64)>;

/// Lines of each table, and how many of them have a project.
pub async fn line_counts(tx: &Tx, tables: impl Iterator<Item = SummaryTableId>) -> Result<LineCounts, Fault> {
    use summary_line::Column as C;
    let these = Predicate::among(C::Summary, tables);
    let mut found = LineCounts::new();
    let lines = tx.from::<summary_line::Entity>().filter(these.clone());
    for group in lines.count_by(&[C::Summary], None).await? {
        found.entry(group.key(0)?).or_default().0 = group.figure()?.unsigned_abs();
    }
    let planned = tx.from::<summary_line::Entity>().filter(these.and(Predicate::Present(C::Project)));
    for group in planned.count_by(&[C::Summary], None).await? {
        found.entry(group.key(0)?).or_default().1 = group.figure()?.unsigned_abs();
    }
    Ok(found)
}

/// What one department's tables do not say.
pub async fn outstanding(
    tx: &Tx,
    campaign: CampaignId,
    department: DepartmentId,
) -> Result<Outstanding, Fault> {
    let mut tables = HashMap::new();
    let all = super::tables::of_department(tx, campaign, department).await?;
    tables.insert(department, all);
    let found = outstanding_of(tx, campaign, Some(department), &tables).await?;
    Ok(found.get(&department).copied().unwrap_or_default())
}

/// What an open table lacks, at a cost that does not grow with the suggestions. `all` are the tables of its department in its
/// campaign. What stands in a line that does not fit it any more is not looked for: `coverage` reads every suggestion.
pub async fn shortfall(tx: &Tx, table: &Model, all: &[Model]) -> Result<Coverage, Fault> {
    let tables = HashMap::from([(table.department, all.to_vec())]);
    let found = outstanding_of(tx, table.campaign, Some(table.department), &tables).await?;
    let Outstanding { unclassified, untabled } = found.get(&table.department).copied().unwrap_or_default();
    Ok(Coverage { unclassified, uncovered: untabled, misplaced: 0 })
}

/// From the rollups and the sources of live tables, without a look at every suggestion.
async fn outstanding_of(
    tx: &Tx,
    campaign: CampaignId,
    department: Option<DepartmentId>,
    tables: &HashMap<DepartmentId, Vec<Model>>,
) -> Result<BTreeMap<DepartmentId, Outstanding>, Fault> {
    let filter = Filter {
        campaigns: Some(vec![campaign]),
        departments: department.map(|id| vec![id]),
        queue: Some(Queue::Collected),
        ..Filter::default()
    };
    let by = [Dimension::Department, Dimension::Category];
    let mut found: BTreeMap<DepartmentId, (i64, i64)> = BTreeMap::new();
    for cell in cells(tx, &filter, &by).await? {
        let [Key::Department(owner), Key::Category(class)] = cell.keys[..] else {
            continue;
        };
        let (unclassified, classified) = found.entry(owner).or_default();
        match class {
            _ if cell.stage == Stage::Received => *unclassified += cell.count,
            Some(_) if counts(cell.stage) => *classified += cell.count,
            _ => {}
        }
    }
    let live_tables: Vec<SummaryTableId> =
        tables.values().flat_map(|all| live(all).map(|row| row.id)).collect();
    for (owner, tabled) in tabled(tx, campaign, department, &live_tables).await? {
        found.entry(owner).or_default().1 -= tabled;
    }
    let outstanding = |(unclassified, untabled): (i64, i64)| Outstanding {
        unclassified: u64::try_from(unclassified).unwrap_or(0),
        untabled: u64::try_from(untabled).unwrap_or(0),
    };
    Ok(found.into_iter().map(|(owner, figures)| (owner, outstanding(figures))).collect())
}

/// Sources of live tables by department, without those that no longer count.
async fn tabled(
    tx: &Tx,
    campaign: CampaignId,
    department: Option<DepartmentId>,
    tables: &[SummaryTableId],
) -> Result<BTreeMap<DepartmentId, i64>, Fault> {
    use summary_source::Column as C;
    let live = Predicate::among(C::Summary, tables.iter().copied());
    let mut found: BTreeMap<DepartmentId, i64> = BTreeMap::new();
    let placed = tx.from::<summary_source::Entity>().filter(live.clone());
    for group in placed.count_by(&[C::Department], None).await? {
        *found.entry(group.key(0)?).or_default() += group.figure()?;
    }
    if found.is_empty() {
        return Ok(found);
    }
    for chunk in gone(tx, campaign, department).await?.chunks(CHUNK) {
        let these = Predicate::among(C::Submission, chunk.iter().copied());
        let placed = tx.from::<summary_source::Entity>().filter(live.clone().and(these));
        for group in placed.count_by(&[C::Department], None).await? {
            *found.entry(group.key(0)?).or_default() -= group.figure()?;
        }
    }
    Ok(found)
}

/// Suggestions that were withdrawn or found inadmissible.
async fn gone(
    tx: &Tx,
    campaign: CampaignId,
    department: Option<DepartmentId>,
) -> Result<Vec<SubmissionId>, Fault> {
    use share::Column as C;
    let stages = Stage::ALL.iter().copied().filter(|stage| !counts(*stage));
    let mut these = vec![
        Predicate::is(C::Campaign, campaign),
        Predicate::is(C::Capability, Capability::Collect),
        Predicate::among(C::Stage, stages),
        Predicate::Present(C::Category),
    ];
    these.extend(department.map(|id| Predicate::is(C::Department, id)));
    let rows = tx.from::<share::Entity>().filter(Predicate::All(these));
    let rows = rows.count_by(&[C::Submission], None).await?;
    rows.iter().map(|row| row.key(0)).collect()
}
