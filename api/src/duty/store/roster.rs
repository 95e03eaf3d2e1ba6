//! Rosters of responsible persons: each hand-in is a new version, the former ones stay (S16, S17).

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{AuditAction, DueState};
use entity::id::{CampaignId, DepartmentId, RosterId, RosterLineId};
use entity::{department, roster, roster_line};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{audit, campaign_of};
use crate::app::App;
use crate::clock::day_of;
use crate::db::{Direction, Fault, Predicate, Tx};
use crate::duty::rules::{Line, check_roster, due_on, is_complete, owes, timeliness};
use crate::error::{ApiError, Stop};
use crate::plan::{DueKind, Plan};
use crate::secrets::entropy;

/// Hands in a whole roster of the viewer's department.
pub async fn submit(
    tx: &Tx,
    app: &App,
    campaign: Option<CampaignId>,
    lines: &[Line],
    now: DateTime<Utc>,
) -> Result<RosterId, Stop> {
    let campaign = campaign_of(tx, campaign).await?;
    let refusals = check_roster(lines);
    if !refusals.is_empty() {
        return Err(refusals.into());
    }
    tx.one_at_a_time("roster").await?;
    let (viewer, id) = (tx.viewer(), RosterId(app.new_key(now)));
    let own = Predicate::is(roster::Column::Department, viewer.department())
        .and(Predicate::is(roster::Column::Campaign, campaign.id));
    let last = tx.from::<roster::Entity>().filter(own).order(roster::Column::Version, Direction::Descending);
    let version = last.one().await?.map_or(1, |row| row.version + 1);
    tx.insert(roster::ActiveModel {
        county: Set(viewer.county().clone()),
        id: Set(id),
        department: Set(viewer.department()),
        campaign: Set(campaign.id),
        version: Set(version),
        submitted_at: Set(now),
        submitted_on: Set(day_of(now)),
        submitted_by: Set(viewer.post()),
    })
    .await?;
    let mut rows = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        rows.push(row_of(tx, app, id, place, line, now)?);
    }
    tx.insert_many(rows).await?;
    let subject = format!("roster:{}", id.0);
    let detail = json!({ "version": version, "lines": lines.len() });
    audit(tx, app, AuditAction::RosterSubmit, subject, detail, now).await?;
    Ok(id)
}

fn row_of(
    tx: &Tx,
    app: &App,
    roster: RosterId,
    place: usize,
    line: &Line,
    now: DateTime<Utc>,
) -> Result<roster_line::ActiveModel, ApiError> {
    let (county, id) = (tx.viewer().county(), RosterLineId(app.new_key(now)));
    let seal = |text: &str| {
        let nonce = entropy::random();
        let sealed = app.sealer.seal(county.as_str(), id.0, "roster", text, nonce);
        sealed.map_err(|fault| ApiError::internal(&fault.to_string()))
    };
    Ok(roster_line::ActiveModel {
        county: Set(county.clone()),
        id: Set(id),
        department: Set(tx.viewer().department()),
        roster: Set(roster),
        rank: Set(i32::try_from(place).unwrap_or(i32::MAX)),
        position: Set(line.position),
        name: Set(line.name.clone()),
        title: Set(line.title.clone()),
        duty: Set(line.duty.clone()),
        contact_sealed: Set(line.contact.as_deref().map(seal).transpose()?),
    })
}

/// The telephone of a line, in clear; whoever shows it looks first who asks.
pub fn contact_of(app: &App, row: &roster_line::Model) -> Result<Option<String>, ApiError> {
    let open = |sealed: &str| {
        let opened = app.sealer.open(row.county.as_str(), row.id.0, "roster", sealed);
        opened.map_err(|fault| ApiError::internal(&fault.to_string()))
    };
    row.contact_sealed.as_deref().map(open).transpose()
}

/// The persons of one roster, in its order.
pub async fn lines_of(tx: &Tx, id: RosterId) -> Result<Vec<roster_line::Model>, Fault> {
    let these = Predicate::is(roster_line::Column::Roster, id);
    tx.from::<roster_line::Entity>()
        .filter(these)
        .order(roster_line::Column::Rank, Direction::Ascending)
        .all()
        .await
}

/// The versions of one department's roster in a campaign, the last first; at most `most`.
pub async fn rosters(
    tx: &Tx,
    campaign: CampaignId,
    department: DepartmentId,
    most: u64,
) -> Result<Vec<roster::Model>, Fault> {
    let these = Predicate::is(roster::Column::Campaign, campaign)
        .and(Predicate::is(roster::Column::Department, department));
    tx.from::<roster::Entity>()
        .filter(these)
        .order(roster::Column::Version, Direction::Descending)
        .limit(most)
        .all()
        .await
}

/// How one department stands with its roster.
#[derive(Clone, Debug)]
pub struct Status {
    /// The department.
    pub department: department::Model,
    /// By when; none where the plan sets no day.
    pub due_on: Option<NaiveDate>,
    /// On time, late, missing or awaited, by the first version.
    pub timeliness: DueState,
    /// The version that holds; none where none was handed in.
    pub roster: Option<roster::Model>,
    /// Whether that version names everybody whom the notice asks for (S17).
    pub complete: bool,
}

/// Every department that owes a roster and is in the viewer's scope, in the plan's order (S16, S17).
pub async fn statuses(
    tx: &Tx,
    plan: &Plan,
    campaign: CampaignId,
    today: NaiveDate,
) -> Result<Vec<Status>, Fault> {
    let of_campaign = Predicate::is(roster::Column::Campaign, campaign);
    let rows = tx.from::<roster::Entity>().filter(of_campaign);
    let rows = rows.order(roster::Column::Version, Direction::Ascending);
    let mut rosters: HashMap<DepartmentId, Vec<roster::Model>> = HashMap::new();
    for row in rows.all().await? {
        rosters.entry(row.department).or_default().push(row);
    }
    let last = rosters.values().filter_map(|versions| versions.last());
    let lines = lines_by_roster(tx, last.map(|row| row.id).collect()).await?;
    let departments = tx.from::<department::Entity>().order(department::Column::Rank, Direction::Ascending);
    let due = due_on(plan, DueKind::Roster);
    let viewer = tx.viewer();
    let mut statuses = Vec::new();
    for row in departments.all().await? {
        let Some(listed) = plan.department(&row.code) else {
            continue;
        };
        let seen = viewer.sees_county() || viewer.department() == row.id;
        if !seen || !owes(plan, listed, DueKind::Roster) {
            continue;
        }
        let versions = rosters.remove(&row.id).unwrap_or_default();
        let first = versions.first().map(|row| row.submitted_on);
        let roster = versions.last().cloned();
        let named = roster.as_ref().and_then(|row| lines.get(&row.id));
        statuses.push(Status {
            due_on: due,
            timeliness: timeliness(due, first, today),
            complete: named.is_some_and(|lines| is_complete(plan, listed, lines)),
            roster,
            department: row,
        });
    }
    Ok(statuses)
}

/// Position and whether there is a telephone, for the persons of some rosters.
async fn lines_by_roster(
    tx: &Tx,
    ids: Vec<RosterId>,
) -> Result<HashMap<RosterId, Vec<(entity::enums::Position, bool)>>, Fault> {
    let these = Predicate::among(roster_line::Column::Roster, ids);
    let mut lines: HashMap<RosterId, Vec<_>> = HashMap::new();
    for row in tx.from::<roster_line::Entity>().filter(these).all().await? {
        let line = (row.position, row.contact_sealed.is_some());
        lines.entry(row.roster).or_default().push(line);
    }
    Ok(lines)
}
