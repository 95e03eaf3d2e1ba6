//! What was planned or written down is moved, cancelled, taken off or corrected; what stood is kept. Only the office does it.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{AuditAction, MeetingKind, MeetingStatus, PaperKind, ProjectStatus};
use entity::id::{MeetingId, ProjectId};
use entity::meeting::{Column, Model};
use entity::{agenda_item, project, vote};
use serde_json::json;

use super::{Decision, agenda, decided, find, history, item, order, raise, said, totals};
use crate::app::App;
use crate::campaign::open::refuse_closed;
use crate::clock::day_of;
use crate::db::{Fault, Predicate, Tx};
use crate::decision::former::{Former, keep, reasoned};
use crate::decision::meeting::rules::{self, Item};
use crate::decision::vote::rules::agrees;
use crate::decision::{at_version, changed, note, project as projects};
use crate::error::Stop;
use crate::refusal::Refusal;

/// Which meeting, the version of it that the caller has seen, and why.
#[derive(Clone, Copy)]
pub struct Step<'a> {
    /// The meeting.
    pub id: MeetingId,
    /// The version that the caller has seen.
    pub expected: i32,
    /// Why.
    pub reason: &'a str,
}

/// Moves a meeting that was not held to another day, with its agenda.
pub async fn postpone(
    tx: &Tx,
    app: &App,
    step: Step<'_>,
    held_on: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let meeting = planned(tx, step).await?;
    let items = agenda(tx, &[step.id]).await?;
    for one in &items {
        let mut items = history(tx, one.project).await?;
        items.iter_mut().filter(|item| item.meeting == step.id).for_each(|item| item.held_on = held_on);
        items.sort_by_key(order);
        rules::standing(&reckoned(&items))?;
    }
    kept(tx, app, (&meeting, &items), step.reason, now).await?;
    let these = Predicate::is(agenda_item::Column::Meeting, step.id);
    tx.update::<agenda_item::Entity>(these, vec![(agenda_item::Column::HeldOn, held_on.into())]).await?;
    raise(tx, &meeting, vec![(Column::HeldOn, held_on.into())]).await?;
    let detail = json!({ "from": meeting.held_on, "to": held_on });
    noted(tx, app, AuditAction::MeetingMove, (step.id, detail), now).await
}

/// Cancels a meeting that was not held: its projects stand where they stood before.
pub async fn cancel(tx: &Tx, app: &App, step: Step<'_>, now: DateTime<Utc>) -> Result<(), Stop> {
    let meeting = planned(tx, step).await?;
    let items = agenda(tx, &[step.id]).await?;
    kept(tx, app, (&meeting, &items), step.reason, now).await?;
    for item in &items {
        take_off(tx, app, item, step.reason, now).await?;
    }
    raise(tx, &meeting, vec![(Column::Status, MeetingStatus::Cancelled.into())]).await?;
    let detail = json!({ "projects": items.len() });
    noted(tx, app, AuditAction::MeetingCancel, (step.id, detail), now).await
}

/// Takes a project off the agenda of a meeting that was not held.
pub async fn remove(
    tx: &Tx,
    app: &App,
    step: Step<'_>,
    project: ProjectId,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let meeting = planned(tx, step).await?;
    let items = agenda(tx, &[step.id]).await?;
    let item = items.iter().find(|item| item.project == project);
    let item = item.ok_or_else(|| Refusal::not_found("projectId"))?;
    kept(tx, app, (&meeting, &items), step.reason, now).await?;
    take_off(tx, app, item, step.reason, now).await?;
    raise(tx, &meeting, Vec::new()).await?;
    let detail = json!({ "project": project });
    noted(tx, app, AuditAction::AgendaItemRemove, (step.id, detail), now).await
}

/// Writes the results of a meeting down anew: where its projects stand follows, unless something was built on it.
pub async fn correct(
    tx: &Tx,
    app: &App,
    step: Step<'_>,
    (minutes, decisions): (&str, Vec<Decision>),
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let meeting = begun(tx, step).await?;
    rules::correctable(meeting.status)?;
    refuse_closed(tx, meeting.campaign, "meetingId").await?;
    rules::minutes(minutes, meeting.held_on, day_of(now))?;
    let items = agenda(tx, &[step.id]).await?;
    kept(tx, app, (&meeting, &items), step.reason, now).await?;
    let decided = decided(items, decisions)?;
    let results = decided.len();
    for (item, decision) in decided {
        let other = item.result != Some(decision.result);
        said(tx, &item, decision).await?;
        if other {
            settle(tx, app, (&item, true), step.reason, now).await?;
        }
    }
    raise(tx, &meeting, vec![(Column::MinutesNumber, Some(minutes.to_owned()).into())]).await?;
    let detail = json!({ "minutes": minutes, "results": results });
    noted(tx, app, AuditAction::MeetingResultCorrect, (step.id, detail), now).await
}

async fn begun(tx: &Tx, step: Step<'_>) -> Result<Model, Stop> {
    let meeting = find(tx, step.id).await?;
    reasoned(step.reason)?;
    at_version(meeting.version, step.expected)?;
    Ok(meeting)
}

/// A meeting that is still to be held.
async fn planned(tx: &Tx, step: Step<'_>) -> Result<Model, Stop> {
    let meeting = begun(tx, step).await?;
    rules::open(meeting.status)?;
    refuse_closed(tx, meeting.campaign, "meetingId").await?;
    Ok(meeting)
}

async fn take_off(
    tx: &Tx,
    app: &App,
    item: &agenda_item::Model,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    if item.kind == MeetingKind::CongressVote {
        rules::unvoted(voted(tx, item.project).await?.is_some())?;
    }
    let this = Predicate::is(agenda_item::Column::Meeting, item.meeting)
        .and(Predicate::is(agenda_item::Column::Project, item.project));
    changed(tx.delete::<agenda_item::Entity>(this).await?)?;
    settle(tx, app, (item, false), reason, now).await
}

/// Has a project stand where the meetings that it came to leave it now.
async fn settle(
    tx: &Tx,
    app: &App,
    (item, corrects): (&agenda_item::Model, bool),
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let items = history(tx, item.project).await?;
    let after = rules::standing(&reckoned(&items))?;
    let row = projects::store::find(tx, item.project).await?;
    // What the office took back stays so, whatever a meeting had said of it.
    if row.status == ProjectStatus::Withdrawn {
        return Ok(());
    }
    if corrects {
        if item.kind == MeetingKind::CongressVote {
            let this = items.iter().find(|one| one.meeting == item.meeting);
            let result = this.and_then(|one| one.result).ok_or_else(Refusal::stale)?;
            agrees(voted(tx, item.project).await?.as_ref().map(totals), result)?;
        }
        rules::corrects(row.status, after.status, projects::store::former::built(tx, row.id).await?)?;
    }
    projects::store::former::stand(tx, app, row, after, reason, now).await
}

async fn voted(tx: &Tx, project: ProjectId) -> Result<Option<vote::Model>, Fault> {
    tx.from::<vote::Entity>().filter(Predicate::is(vote::Column::Project, project)).one().await
}

fn reckoned(items: &[agenda_item::Model]) -> Vec<Item> {
    items.iter().map(item).collect()
}

/// Keeps a meeting as it stands, with its agenda and what was decided.
async fn kept(
    tx: &Tx,
    app: &App,
    (row, items): (&Model, &[agenda_item::Model]),
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let these = Predicate::among(project::Column::Id, items.iter().map(|item| item.project));
    let projects = tx.from::<project::Entity>().filter(these).all().await?;
    let projects: HashMap<ProjectId, &project::Model> = projects.iter().map(|row| (row.id, row)).collect();
    let mut former = Former::of(PaperKind::Meeting, row.id, row.version)
        .line("heldOn", row.held_on.to_string())
        .line("status", row.status.as_str())
        .may("minutesNumber", row.minutes_number.clone());
    for item in items {
        let Some(project) = projects.get(&item.project) else { continue };
        let name = |field: &str| format!("{}.{field}", project.number);
        former = former
            .words(name("title"), &project.title)
            .may(&name("result"), item.result.map(|result| result.as_str().to_owned()))
            .words(name("reason"), &item.reason)
            .words(name("changes"), &item.changes)
            .words(name("deferredTo"), &item.deferred_to);
    }
    keep(tx, app, former, reason, now).await
}

async fn noted(
    tx: &Tx,
    app: &App,
    action: AuditAction,
    (id, detail): (MeetingId, serde_json::Value),
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    Ok(note(tx, app, action, format!("meeting:{}", id.0), detail, now).await?)
}
