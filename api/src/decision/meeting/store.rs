//! The rows of meetings: agenda, minutes, results. Only the office writes them.

pub mod change;

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{AuditAction, DecisionResult, MeetingKind, MeetingStatus};
use entity::id::{CampaignId, MeetingId, ProjectId};
use entity::meeting::{ActiveModel, Column, Entity, Model};
use entity::{agenda_item, project, vote};
use serde_json::json;

use super::rules::{self, Before, Item};
use crate::app::App;
use crate::campaign::open::open_campaign;
use crate::clock::day_of;
use crate::db::{Direction, Fault, Predicate, Tx};
use crate::decision::vote::rules::{Totals, agrees};
use crate::decision::{at_version, changed, fresh, note, project as projects};
use crate::error::Stop;
use crate::refusal::{Refusal, UserErrorCode};

/// Plans a meeting.
pub async fn plan(
    tx: &Tx,
    app: &App,
    campaign: CampaignId,
    (kind, held_on): (MeetingKind, NaiveDate),
    now: DateTime<Utc>,
) -> Result<MeetingId, Stop> {
    let campaign = open_campaign(tx, campaign).await?;
    if kind == MeetingKind::CongressVote && app.plans.of(&campaign)?.vote_role().is_none() {
        let (zh, en) = ("方案未规定代表票决", "The plan names nobody who votes");
        return Err(Refusal::of(UserErrorCode::NotEntitled, "kind", zh, en).into());
    }
    let id = MeetingId(app.new_key(now));
    tx.insert(fresh::<ActiveModel>(Model {
        county: tx.viewer().county().clone(),
        id,
        department: tx.viewer().department(),
        campaign: campaign.id,
        kind,
        held_on,
        minutes_number: None,
        status: MeetingStatus::Planned,
        created_at: now,
        version: 1,
    }))
    .await?;
    let subject = format!("meeting:{}", id.0);
    note(tx, app, AuditAction::MeetingPlan, subject, json!({ "kind": kind }), now).await?;
    Ok(id)
}

/// Puts a project on the agenda of a meeting that has not been held.
pub async fn put(
    tx: &Tx,
    app: &App,
    (id, expected): (MeetingId, i32),
    project: ProjectId,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let meeting = find(tx, id).await?;
    at_version(meeting.version, expected)?;
    rules::open(meeting.status)?;
    let mut row = projects::store::find(tx, project).await?;
    if row.campaign != meeting.campaign {
        return Err(Refusal::not_found("projectId").into());
    }
    let items = agenda(tx, &[id]).await?;
    if items.len() >= rules::MOST {
        let (zh, en) = ("议题最多 100 项", "At most 100 projects on one agenda");
        return Err(Refusal::invalid("projectId", zh, en).into());
    }
    let former: Vec<Item> = history(tx, project).await?.iter().map(item).collect();
    let voted = former.iter().any(|item| item.kind == MeetingKind::CongressVote);
    let status = rules::put(before(&row, voted), meeting.kind, meeting.held_on)?;
    rules::behind_all(&former, meeting.held_on)?;
    let last = items.iter().map(|item| item.position).max().unwrap_or(0);
    tx.insert(fresh::<agenda_item::ActiveModel>(agenda_item::Model {
        county: row.county.clone(),
        meeting: id,
        project,
        department: meeting.department,
        kind: meeting.kind,
        held_on: meeting.held_on,
        position: last + 1,
        result: None,
        reason: String::new(),
        changes: String::new(),
        deferred_to: String::new(),
    }))
    .await?;
    projects::store::advance(tx, &row, vec![(project::Column::Status, status.into())]).await?;
    row.status = status;
    projects::store::refresh_views(tx, app, &row).await?;
    raise(tx, &meeting, Vec::new()).await?;
    let (subject, detail) = (format!("meeting:{}", id.0), json!({ "project": project }));
    note(tx, app, AuditAction::AgendaPut, subject, detail, now).await?;
    Ok(())
}

/// What a meeting decided on one project.
pub struct Decision {
    /// The project.
    pub project: ProjectId,
    /// What was decided.
    pub result: DecisionResult,
    /// Why.
    pub reason: String,
    /// What is to be changed.
    pub changes: String,
    /// Where one that is put off goes.
    pub deferred_to: String,
}

/// Writes the results of a meeting down, for every project of its agenda at once.
pub async fn record(
    tx: &Tx,
    app: &App,
    (id, expected): (MeetingId, i32),
    minutes: &str,
    decisions: Vec<Decision>,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let meeting = find(tx, id).await?;
    at_version(meeting.version, expected)?;
    rules::open(meeting.status)?;
    rules::minutes(minutes, meeting.held_on, day_of(now))?;
    for (item, decision) in decided(agenda(tx, &[id]).await?, decisions)? {
        decide(tx, app, &meeting, (&item, decision)).await?;
    }
    let held = vec![
        (Column::Status, MeetingStatus::Held.into()),
        (Column::MinutesNumber, Some(minutes.to_owned()).into()),
    ];
    raise(tx, &meeting, held).await?;
    let (subject, detail) = (format!("meeting:{}", id.0), json!({ "minutes": minutes }));
    note(tx, app, AuditAction::MeetingResultRecord, subject, detail, now).await?;
    Ok(())
}

/// Each project of an agenda with what was decided on it.
fn decided(
    items: Vec<agenda_item::Model>,
    decisions: Vec<Decision>,
) -> Result<Vec<(agenda_item::Model, Decision)>, Refusal> {
    let mut items: HashMap<ProjectId, agenda_item::Model> =
        items.into_iter().map(|item| (item.project, item)).collect();
    if items.is_empty() || items.len() != decisions.len() {
        let (zh, en) = ("每个议题都要有结论", "Every project of the agenda needs a result");
        return Err(Refusal::invalid("results", zh, en));
    }
    let with_item = |(place, decision): (usize, Decision)| {
        rules::reasoned(place, decision.result, &decision.reason, &decision.changes)?;
        rules::destination(place, decision.result, &decision.deferred_to)?;
        let item = items.remove(&decision.project);
        let item = item.ok_or_else(|| Refusal::not_found(&format!("results.{place}.projectId")))?;
        Ok((item, decision))
    };
    decisions.into_iter().enumerate().map(with_item).collect()
}

async fn decide(
    tx: &Tx,
    app: &App,
    meeting: &Model,
    (item, decision): (&agenda_item::Model, Decision),
) -> Result<(), Stop> {
    use project::Column as Project;
    let mut row = projects::store::find(tx, item.project).await?;
    if meeting.kind == MeetingKind::CongressVote {
        let this = Predicate::is(vote::Column::Project, item.project);
        let vote = tx.from::<vote::Entity>().filter(this).one().await?;
        agrees(vote.as_ref().map(totals), decision.result)?;
    }
    let before = before(&row, true);
    let status = rules::decide(meeting.kind, before, decision.result)?;
    let after = before.behind(meeting.kind, meeting.held_on, status);
    said(tx, item, decision).await?;
    let changes = vec![
        (Project::Status, status.into()),
        (Project::StudiedOn, after.studied_on.into()),
        (Project::DecidedOn, after.decided_on.into()),
    ];
    projects::store::advance(tx, &row, changes).await?;
    row.status = status;
    projects::store::refresh_views(tx, app, &row).await
}

/// Writes down beside a project of an agenda what was decided on it.
async fn said(tx: &Tx, item: &agenda_item::Model, decision: Decision) -> Result<(), Stop> {
    use agenda_item::Column as Item;
    let this = Predicate::is(Item::Meeting, item.meeting).and(Predicate::is(Item::Project, item.project));
    let said = vec![
        (Item::Result, Some(decision.result).into()),
        (Item::Reason, decision.reason.into()),
        (Item::Changes, decision.changes.into()),
        (Item::DeferredTo, decision.deferred_to.into()),
    ];
    changed(tx.update::<agenda_item::Entity>(this, said).await?)?;
    Ok(())
}

/// The meetings that a project came to, in their order.
async fn history(tx: &Tx, project: ProjectId) -> Result<Vec<agenda_item::Model>, Fault> {
    let these = Predicate::is(agenda_item::Column::Project, project);
    let mut items = tx.from::<agenda_item::Entity>().filter(these).all().await?;
    items.sort_by_key(order);
    Ok(items)
}

/// Meetings of one day go by their turn.
fn order(row: &agenda_item::Model) -> (NaiveDate, MeetingKind, MeetingId) {
    (row.held_on, row.kind, row.meeting)
}

const fn item(row: &agenda_item::Model) -> Item {
    Item { kind: row.kind, held_on: row.held_on, result: row.result }
}

/// Totals of a recorded vote.
#[must_use]
pub const fn totals(row: &vote::Model) -> Totals {
    Totals {
        due: row.due,
        present: row.present,
        in_favour: row.in_favour,
        against: row.against,
        abstained: row.abstained,
    }
}

const fn before(row: &project::Model, voted: bool) -> Before {
    Before { status: row.status, studied_on: row.studied_on, decided_on: row.decided_on, voted }
}

/// One meeting.
pub async fn find(tx: &Tx, id: MeetingId) -> Result<Model, Stop> {
    let this = Predicate::is(Column::Id, id);
    let row = tx.from::<Entity>().filter(this).one().await?;
    row.ok_or_else(|| Refusal::not_found("meetingId").into())
}

async fn raise(tx: &Tx, row: &Model, mut changes: Vec<(Column, sea_orm::Value)>) -> Result<(), Stop> {
    let this = Predicate::is(Column::Id, row.id).and(Predicate::is(Column::Version, row.version));
    changes.push((Column::Version, (row.version + 1).into()));
    changed(tx.update::<Entity>(this, changes).await?)?;
    Ok(())
}

async fn agenda(tx: &Tx, meetings: &[MeetingId]) -> Result<Vec<agenda_item::Model>, Fault> {
    let these = Predicate::among(agenda_item::Column::Meeting, meetings.iter().copied());
    let rows = tx.from::<agenda_item::Entity>().filter(these);
    rows.order(agenda_item::Column::Position, Direction::Ascending).all().await
}

/// The meetings of a campaign that were held, by day, each with its agenda (S25).
pub async fn held(tx: &Tx, campaign: CampaignId) -> Result<Vec<(Model, Vec<agenda_item::Model>)>, Fault> {
    let these =
        Predicate::is(Column::Campaign, campaign).and(Predicate::is(Column::Status, MeetingStatus::Held));
    let meetings = tx.from::<Entity>().filter(these);
    let meetings = meetings.order(Column::HeldOn, Direction::Ascending);
    let meetings = meetings.order(Column::CreatedAt, Direction::Ascending).all().await?;
    let ids: Vec<MeetingId> = meetings.iter().map(|meeting| meeting.id).collect();
    let items = agenda(tx, &ids).await?;
    let with_items = |meeting: Model| {
        let own = items.iter().filter(|item| item.meeting == meeting.id);
        let own = own.cloned().collect();
        (meeting, own)
    };
    Ok(meetings.into_iter().map(with_items).collect())
}
