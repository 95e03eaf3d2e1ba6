//! The rows of meetings: agenda, minutes, results. Only the office writes them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{AuditAction, DecisionResult, MeetingKind, MeetingStatus, ProjectStatus};
use entity::id::{CampaignId, MeetingId, ProjectId};
use entity::meeting::{ActiveModel, Column, Entity, Model};
use entity::{agenda_item, project, vote};
use serde_json::json;

use super::rules::{self, Before};
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
    let voted = projects::store::items(tx, project, MeetingKind::CongressVote).await?;
    let before = before(&row, !voted.is_empty());
    let status = rules::put(before, meeting.kind, meeting.held_on)?;
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
    let mut items: HashMap<ProjectId, agenda_item::Model> =
        agenda(tx, &[id]).await?.into_iter().map(|item| (item.project, item)).collect();
    if items.is_empty() || items.len() != decisions.len() {
        let (zh, en) = ("每个议题都要有结论", "Every project of the agenda needs a result");
        return Err(Refusal::invalid("results", zh, en).into());
    }
    for (place, decision) in decisions.into_iter().enumerate() {
        rules::reasoned(place, decision.result, &decision.reason, &decision.changes)?;
        let field = format!("results.{place}.projectId");
        let item = items.remove(&decision.project);
        let item = item.ok_or_else(|| Refusal::not_found(&field))?;
        decide(tx, app, &meeting, &item, decision).await?;
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

async fn decide(
    tx: &Tx,
    app: &App,
    meeting: &Model,
    item: &agenda_item::Model,
    decision: Decision,
) -> Result<(), Stop> {
    use agenda_item::Column as Item;
    use project::Column as Project;
    let mut row = projects::store::find(tx, item.project).await?;
    if meeting.kind == MeetingKind::CongressVote {
        let this = Predicate::is(vote::Column::Project, item.project);
        let vote = tx.from::<vote::Entity>().filter(this).one().await?;
        agrees(vote.as_ref().map(totals), decision.result)?;
    }
    let status = rules::decide(meeting.kind, before(&row, true), decision.result)?;
    let this = Predicate::is(Item::Meeting, meeting.id).and(Predicate::is(Item::Project, row.id));
    let said = vec![
        (Item::Result, Some(decision.result).into()),
        (Item::Reason, decision.reason.into()),
        (Item::Changes, decision.changes.into()),
    ];
    changed(tx.update::<agenda_item::Entity>(this, said).await?)?;
    let day = Some(meeting.held_on);
    let mut changes = vec![(Project::Status, status.into())];
    match (meeting.kind, status) {
        (MeetingKind::GovernmentExecutive, ProjectStatus::Studied) => {
            changes.push((Project::StudiedOn, day.into()));
        }
        (MeetingKind::PartyStanding, ProjectStatus::Adopted | ProjectStatus::Changed) => {
            changes.push((Project::DecidedOn, day.into()));
        }
        // It comes again from the start.
        (_, ProjectStatus::Deferred) => {
            let none: Option<NaiveDate> = None;
            changes.push((Project::StudiedOn, none.into()));
        }
        _ => {}
    }
    projects::store::advance(tx, &row, changes).await?;
    row.status = status;
    projects::store::refresh_views(tx, app, &row).await
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
