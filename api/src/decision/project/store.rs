//! The rows of projects: content and sources by the office, milestones and progress by whoever carries them out.

pub mod former;
mod line;

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{AuditAction, MeetingKind, ProgressKind, ProjectStatus};
use entity::id::{CampaignId, DepartmentId, ProgressId, ProjectId, SubmissionId, SummaryLineId};
use entity::project::{ActiveModel, Column, Entity, Model};
use entity::{
    agenda_item, campaign, department, explanation_cover, milestone, progress, project_source, project_view,
    submission,
};
use sea_orm::Value;
use serde_json::json;

use super::planned::Given;
use super::rules::{self, Draft, Due};
use crate::app::App;
use crate::campaign::open::open_campaign;
use crate::clock::day_of;
use crate::db::{Direction, Fault, Predicate, Tx};
use crate::decision::{at_version, changed, department_row, fresh, note};
use crate::error::Stop;
use crate::refusal::Refusal;
use crate::refusal::input;
use line::{Line, line, of_the_line};

/// Case numbers that a refusal shows at most.
const SAMPLES: usize = 5;

/// A project that is to be made.
pub struct New {
    /// Campaign.
    pub campaign: CampaignId,
    /// Department that carries it out.
    pub owner: DepartmentId,
    /// Words and figures.
    pub draft: Draft,
    /// What it was drawn from.
    pub sources: Vec<SubmissionId>,
}

/// Makes a project, with its sources.
pub async fn create(tx: &Tx, app: &App, new: New, now: DateTime<Utc>) -> Result<ProjectId, Stop> {
    make(tx, app, new, None, now).await
}

/// Makes a project from a line of a summary table, whose suggestions are its sources.
pub async fn create_from_line(
    tx: &Tx,
    app: &App,
    id: SummaryLineId,
    (given, owner): (Given, DepartmentId),
    now: DateTime<Utc>,
) -> Result<ProjectId, Stop> {
    department_row(tx, owner, "departmentId").await?;
    let line = line(tx, id).await?;
    let draft = given.over(line.planned.as_ref())?;
    let new = New { campaign: line.campaign, owner, draft, sources: Vec::new() };
    make(tx, app, new, Some(&line), now).await
}

async fn make(
    tx: &Tx,
    app: &App,
    new: New,
    line: Option<&Line>,
    now: DateTime<Utc>,
) -> Result<ProjectId, Stop> {
    sound(&new.draft)?;
    open_campaign(tx, new.campaign).await?;
    department_row(tx, new.owner, "departmentId").await?;
    let id = ProjectId(app.new_key(now));
    let office = tx.viewer().department();
    let draft = new.draft;
    let mut row = Model {
        county: tx.viewer().county().clone(),
        id,
        department: new.owner,
        campaign: new.campaign,
        number: String::new(),
        title: draft.title,
        content: draft.content,
        cost: draft.cost,
        funding: draft.funding,
        schedule_start: draft.schedule_start,
        schedule_finish: draft.schedule_finish,
        beneficiaries: draft.beneficiaries,
        status: ProjectStatus::Proposed,
        studied_on: None,
        decided_on: None,
        created_at: now,
        version: 1,
    };
    let name = format!("project:{}", new.campaign.0);
    row.number = format!("XM-{:04}", tx.take_numbers(office, &name, 1).await?);
    tx.insert(fresh::<ActiveModel>(row.clone())).await?;
    let of_line = line.map_or(&[][..], |line| line.sources.as_slice());
    for some in of_line.chunks(rules::MOST_SOURCES) {
        link(tx, &row, some, line.map(|line| line.id), now).await.map_err(of_the_line)?;
    }
    link(tx, &row, &new.sources, None, now).await?;
    refresh_views(tx, app, &row).await?;
    let detail = match line {
        Some(line) => json!({ "number": row.number, "line": line.id }),
        None => json!({ "number": row.number }),
    };
    told(tx, app, AuditAction::ProjectCreate, id, detail, now).await?;
    Ok(id)
}

/// Changes words, figures and owner.
pub async fn edit(
    tx: &Tx,
    app: &App,
    id: ProjectId,
    expected: i32,
    (draft, owner): (Draft, DepartmentId),
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    sound(&draft)?;
    let mut row = find(tx, id).await?;
    at_version(row.version, expected)?;
    rules::editable(row.status)?;
    department_row(tx, owner, "departmentId").await?;
    let changes = vec![
        (Column::Title, draft.title.into()),
        (Column::Content, draft.content.into()),
        (Column::Cost, draft.cost.into()),
        (Column::Funding, draft.funding.into()),
        (Column::ScheduleStart, draft.schedule_start.into()),
        (Column::ScheduleFinish, draft.schedule_finish.into()),
        (Column::Beneficiaries, draft.beneficiaries.into()),
        (Column::Department, owner.into()),
    ];
    advance(tx, &row, changes).await?;
    row.department = owner;
    refresh_views(tx, app, &row).await?;
    told(tx, app, AuditAction::ProjectEdit, id, json!({}), now).await?;
    Ok(())
}

/// Links and unlinks sources.
pub async fn put_sources(
    tx: &Tx,
    app: &App,
    id: ProjectId,
    expected: i32,
    (add, remove): (&[SubmissionId], &[SubmissionId]),
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let row = find(tx, id).await?;
    at_version(row.version, expected)?;
    rules::linkable(row.status, !remove.is_empty())?;
    let distinct: BTreeSet<SubmissionId> = remove.iter().copied().collect();
    let gone = Predicate::is(project_source::Column::Project, id)
        .and(Predicate::among(project_source::Column::Submission, distinct.iter().copied()));
    if tx.delete::<project_source::Entity>(gone).await? != distinct.len() as u64 {
        return Err(Refusal::not_found("removeSubmissionIds").into());
    }
    link(tx, &row, add, None, now).await?;
    advance(tx, &row, Vec::new()).await?;
    refresh_views(tx, app, &row).await?;
    let detail = json!({ "linked": add.len(), "unlinked": remove.len() });
    told(tx, app, AuditAction::ProjectSourcesPut, id, detail, now).await?;
    Ok(())
}

/// The project, if the viewer sees it.
pub async fn find(tx: &Tx, id: ProjectId) -> Result<Model, Stop> {
    let this = Predicate::is(Column::Id, id);
    let row = tx.from::<Entity>().filter(this).one().await?;
    row.ok_or_else(|| Refusal::not_found("projectId").into())
}

/// Changes a project under its version, which it raises.
pub async fn advance(tx: &Tx, row: &Model, mut changes: Vec<(Column, Value)>) -> Result<(), Stop> {
    let this = Predicate::is(Column::Id, row.id).and(Predicate::is(Column::Version, row.version));
    changes.push((Column::Version, (row.version + 1).into()));
    changed(tx.update::<Entity>(this, changes).await?)?;
    Ok(())
}

/// Links suggestions; those of a line of a summary table with that line.
async fn link(
    tx: &Tx,
    row: &Model,
    ids: &[SubmissionId],
    line: Option<SummaryLineId>,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let distinct: BTreeSet<SubmissionId> = ids.iter().copied().collect();
    if distinct.len() > rules::MOST_SOURCES {
        let (zh, en) = ("每次最多 200 件", "At most 200 at once");
        return Err(Refusal::invalid("submissionIds", zh, en).into());
    }
    let these = Predicate::among(submission::Column::Id, distinct.iter().copied());
    let found = tx.from::<submission::Entity>().filter(these).all().await?;
    let here = |one: &&submission::Model| one.campaign == row.campaign;
    if found.iter().filter(here).count() != distinct.len() {
        return Err(Refusal::not_found("submissionIds").into());
    }
    let these = Predicate::is(project_source::Column::Project, row.id)
        .and(Predicate::among(project_source::Column::Submission, distinct));
    let linked = tx.from::<project_source::Entity>().filter(these).all().await?;
    found.iter().try_for_each(|one| rules::source(one.stage))?;
    let is_new = |one: &&submission::Model| !linked.iter().any(|source| source.submission == one.id);
    let new: Vec<&submission::Model> = found.iter().filter(is_new).collect();
    uncovered(tx, &new).await?;
    let source = |one: &submission::Model| {
        fresh::<project_source::ActiveModel>(project_source::Model {
            county: row.county.clone(),
            project: row.id,
            submission: one.id,
            department: one.department,
            line,
            linked_at: now,
        })
    };
    tx.insert_many(new.into_iter().map(source).collect()).await?;
    Ok(())
}

/// None of the suggestions that are to be linked may stand in an explanation: one that was delivered has ended them, and one
/// that was not could not be delivered any more.
async fn uncovered(tx: &Tx, new: &[&submission::Model]) -> Result<(), Stop> {
    if new.is_empty() {
        return Ok(());
    }
    let these = Predicate::among(explanation_cover::Column::Submission, new.iter().map(|row| row.id));
    let covers = tx.from::<explanation_cover::Entity>().filter(these).all().await?;
    let covered = |row: &&&submission::Model| covers.iter().any(|cover| cover.submission == row.id);
    let numbers = new.iter().filter(covered).map(|row| row.number.as_str());
    let samples: Vec<&str> = numbers.take(SAMPLES).collect();
    Ok(rules::uncovered(&samples)?)
}

/// Who sees a project: its owner, the collectors of its sources, and whoever votes on it once it is adopted.
pub async fn refresh_views(tx: &Tx, app: &App, row: &Model) -> Result<(), Stop> {
    let mut wanted = BTreeSet::from([row.department]);
    let of_project = Predicate::is(project_source::Column::Project, row.id);
    let sources = tx.from::<project_source::Entity>().filter(of_project);
    for group in sources.count_by(&[project_source::Column::Department], None).await? {
        wanted.insert(group.key(0)?);
    }
    if rules::adopted(row.status) || !items(tx, row.id, MeetingKind::CongressVote).await?.is_empty() {
        wanted.extend(voters(tx, app, row.campaign).await?);
    }
    let this = Predicate::is(project_view::Column::Project, row.id);
    let views = tx.from::<project_view::Entity>().filter(this.clone());
    let views: BTreeSet<DepartmentId> = views.all().await?.into_iter().map(|view| view.department).collect();
    let lost = views.difference(&wanted).copied();
    let lost = this.and(Predicate::among(project_view::Column::Department, lost));
    tx.delete::<project_view::Entity>(lost).await?;
    let new = wanted.difference(&views).map(|department| {
        fresh::<project_view::ActiveModel>(project_view::Model {
            county: row.county.clone(),
            department: *department,
            project: row.id,
        })
    });
    tx.insert_many(new.collect()).await?;
    Ok(())
}

/// The items by which a project came to meetings of one kind.
pub async fn items(tx: &Tx, project: ProjectId, kind: MeetingKind) -> Result<Vec<agenda_item::Model>, Fault> {
    let these = Predicate::is(agenda_item::Column::Project, project)
        .and(Predicate::is(agenda_item::Column::Kind, kind));
    tx.from::<agenda_item::Entity>().filter(these).all().await
}

async fn voters(tx: &Tx, app: &App, id: CampaignId) -> Result<Vec<DepartmentId>, Stop> {
    let this = Predicate::is(campaign::Column::Id, id);
    let Some(row) = tx.from::<campaign::Entity>().filter(this).one().await? else {
        return Ok(Vec::new());
    };
    let plan = app.plans.of(&row)?;
    let Some(role) = plan.vote_role() else {
        return Ok(Vec::new());
    };
    let these = Predicate::is(department::Column::Role, role);
    let rows = tx.from::<department::Entity>().filter(these).all().await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// A milestone as its owner puts it.
pub struct Milestone {
    /// Place in the order.
    pub position: i32,
    /// Name.
    pub name: String,
    /// Last day.
    pub due_on: NaiveDate,
    /// Day it was reached.
    pub done_on: Option<NaiveDate>,
    /// The version that the caller has seen; none for a new one.
    pub expected: Option<i32>,
}

/// Puts a milestone of an adopted project: a new one, or another state of one that is there.
pub async fn put_milestone(
    tx: &Tx,
    app: &App,
    id: ProjectId,
    new: Milestone,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    use milestone::Column as C;
    let row = carried(tx, id).await?;
    input::text("name", &new.name, 1, 200)?;
    if !(1..=100).contains(&new.position) {
        return Err(Refusal::invalid("position", "应为 1 至 100", "From 1 to 100").into());
    }
    if let Some(done) = new.done_on {
        input::past("doneOn", done, day_of(now))?;
    }
    if !rules::adopted(row.status) {
        rules::progress(row.status, ProgressKind::Note, &[])?;
        return Err(Refusal::stale().into());
    }
    let this = Predicate::is(C::Project, id).and(Predicate::is(C::Position, new.position));
    let before = tx.from::<milestone::Entity>().filter(this.clone()).one().await?;
    match (before, new.expected) {
        (None, None) => {
            tx.insert(fresh::<milestone::ActiveModel>(milestone::Model {
                county: row.county.clone(),
                project: id,
                position: new.position,
                department: row.department,
                name: new.name,
                due_on: new.due_on,
                done_on: new.done_on,
                version: 1,
            }))
            .await?;
        }
        (Some(before), Some(expected)) if before.version == expected => {
            let changes = vec![
                (C::Name, new.name.into()),
                (C::DueOn, new.due_on.into()),
                (C::DoneOn, new.done_on.into()),
                (C::Version, (expected + 1).into()),
            ];
            let this = this.and(Predicate::is(C::Version, expected));
            changed(tx.update::<milestone::Entity>(this, changes).await?)?;
        }
        _ => return Err(Refusal::stale().into()),
    }
    let detail = json!({ "position": new.position });
    told(tx, app, AuditAction::MilestonePut, id, detail, now).await?;
    Ok(())
}

/// A line about progress.
pub struct Progress {
    /// What it tells.
    pub kind: ProgressKind,
    /// Text.
    pub text: String,
    /// With whom it was coordinated.
    pub counterpart: Option<String>,
}

/// Writes a line about progress or coordination (S27).
pub async fn record_progress(
    tx: &Tx,
    app: &App,
    id: ProjectId,
    new: Progress,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let row = carried(tx, id).await?;
    input::text("text", &new.text, 1, 2000)?;
    let named = new.counterpart.as_deref().unwrap_or_default();
    let least = usize::from(new.kind == ProgressKind::Coordination);
    input::text("counterpart", named, least, 200)?;
    let before: Vec<ProgressKind> = lines(tx, &[id]).await?.iter().map(|line| line.kind).collect();
    rules::progress(row.status, new.kind, &before)?;
    tx.insert(fresh::<progress::ActiveModel>(progress::Model {
        county: row.county.clone(),
        id: ProgressId(app.new_key(now)),
        project: id,
        department: row.department,
        kind: new.kind,
        text: new.text,
        counterpart: new.counterpart,
        post: tx.viewer().post(),
        at: now,
    }))
    .await?;
    let detail = json!({ "kind": new.kind });
    told(tx, app, AuditAction::ProgressRecord, id, detail, now).await?;
    Ok(())
}

/// A project that the viewer's department carries out.
async fn carried(tx: &Tx, id: ProjectId) -> Result<Model, Stop> {
    let row = find(tx, id).await?;
    if row.department == tx.viewer().department() {
        return Ok(row);
    }
    Err(Refusal::not_found("projectId").into())
}

async fn lines(tx: &Tx, projects: &[ProjectId]) -> Result<Vec<progress::Model>, Fault> {
    let these = Predicate::among(progress::Column::Project, projects.iter().copied());
    tx.from::<progress::Entity>().filter(these).all().await
}

/// An adopted project and whether it is late (S27).
#[derive(Clone, Debug)]
pub struct Standing {
    /// The project.
    pub project: Model,
    /// What was written about it.
    pub lines: Vec<progress::Model>,
    /// Its milestones.
    pub milestones: Vec<milestone::Model>,
    /// Whether a milestone or the finish has passed undone.
    pub delayed: bool,
}

/// How the adopted projects of a campaign stand on a day (S27).
pub async fn standings(tx: &Tx, campaign: CampaignId, today: NaiveDate) -> Result<Vec<Standing>, Fault> {
    let adopted = [ProjectStatus::Adopted, ProjectStatus::Changed];
    let these = Predicate::is(Column::Campaign, campaign).and(Predicate::among(Column::Status, adopted));
    let projects = tx.from::<Entity>().filter(these);
    let projects = projects.order(Column::Number, Direction::Ascending).all().await?;
    let ids: Vec<ProjectId> = projects.iter().map(|row| row.id).collect();
    let lines = lines(tx, &ids).await?;
    let of_these = Predicate::among(milestone::Column::Project, ids);
    let milestones = tx.from::<milestone::Entity>().filter(of_these).all().await?;
    let standing = |project: Model| {
        let lines: Vec<_> = lines.iter().filter(|line| line.project == project.id).cloned().collect();
        let of_project = milestones.iter().filter(|one| one.project == project.id);
        let milestones: Vec<_> = of_project.cloned().collect();
        let delayed = delayed(&project, &lines, &milestones, today);
        Standing { project, lines, milestones, delayed }
    };
    Ok(projects.into_iter().map(standing).collect())
}

/// Whether a project is late on a day.
#[must_use]
pub fn delayed(
    project: &Model,
    lines: &[progress::Model],
    milestones: &[milestone::Model],
    today: NaiveDate,
) -> bool {
    let finished = lines.iter().any(|line| line.kind == ProgressKind::Finish);
    let due = |one: &milestone::Model| Due { due_on: one.due_on, done_on: one.done_on };
    let due: Vec<Due> = milestones.iter().map(due).collect();
    rules::delayed(project.status, finished, project.schedule_finish, &due, today)
}

fn sound(draft: &Draft) -> Result<(), Stop> {
    match draft.refusals() {
        refusals if refusals.is_empty() => Ok(()),
        refusals => Err(refusals.into()),
    }
}

async fn told(
    tx: &Tx,
    app: &App,
    action: AuditAction,
    id: ProjectId,
    detail: serde_json::Value,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    note(tx, app, action, format!("project:{}", id.0), detail, now).await
}
