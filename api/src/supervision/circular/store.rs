//! The rows of circulars: figures are taken from the suggestions at drafting, and stay.

pub mod change;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::circular::{ActiveModel, Column, Entity, Model};
use entity::enums::{AuditAction, CircularRate, CircularStatus};
use entity::id::{AccountId, CampaignId, CircularId, DepartmentId};
use entity::{circular_receipt, department, share, stream};
use sea_orm::Value;
use serde_json::json;

use super::asked::Asked;
use super::measure;
use super::rules::{self, Approver, Counts, Line};
use crate::app::App;
use crate::campaign::open::open_campaign;
use crate::clock::day_of;
use crate::db::{Direction, Fault, Predicate, Tx};
use crate::decision::{at_version, changed, fresh, note};
use crate::error::{ApiError, Stop};
use crate::refusal::input::text;
use crate::refusal::{Refusal, UserErrorCode};

/// A circular to be drafted.
pub struct New {
    /// Campaign.
    pub campaign: CampaignId,
    /// Heading.
    pub title: String,
    /// Text.
    pub text: String,
    /// First and last day of the period.
    pub period: (NaiveDate, NaiveDate),
    /// What departments are ranked by.
    pub rate: CircularRate,
}

/// Drafts a circular, with the figures as they are now.
pub async fn draft(tx: &Tx, app: &App, new: New, now: DateTime<Utc>) -> Result<CircularId, Stop> {
    let campaign = open_campaign(tx, new.campaign).await?;
    text("title", &new.title, 1, 200)?;
    text("text", &new.text, 1, 10_000)?;
    rules::period(new.period.0, new.period.1)?;
    let plan = app.plans.of(&campaign)?;
    measure::offered(&plan, new.rate)?;
    let smallest = if rules::of_suggestions(new.rate) { plan.smallest_ranked() } else { 1 };
    let New { campaign, period, rate, .. } = new;
    let asked = Asked { plan: &plan, campaign, period, rate, today: day_of(now) };
    let lines = rules::ranked(lines(tx, asked).await?, i64::from(smallest));
    let author = tx.viewer().department();
    let id = CircularId(app.new_key(now));
    let row = Model {
        county: tx.viewer().county().clone(),
        id,
        department: author,
        campaign: new.campaign,
        number: 0,
        title: new.title,
        text: new.text,
        period_from: new.period.0,
        period_to: new.period.1,
        rate: new.rate,
        smallest: i32::try_from(smallest).unwrap_or(i32::MAX),
        figures: json!(lines),
        status: CircularStatus::Draft,
        drafted_by: AccountId(tx.viewer().actor()),
        approved_by: None,
        issued_at: None,
        created_at: now,
        version: 1,
    };
    tx.insert(fresh::<ActiveModel>(row)).await?;
    let detail = json!({ "departments": lines.len() });
    note(tx, app, AuditAction::CircularDraft, subject(id), detail, now).await?;
    Ok(id)
}

/// The departments that the rate is about: of suggestions every one that owns a stream of the campaign, else those that have
/// something of the kind. Each with its counts of the period.
async fn lines(tx: &Tx, asked: Asked<'_>) -> Result<Vec<Line>, Fault> {
    use share::Column as C;
    let these = Predicate::is(stream::Column::Campaign, asked.campaign);
    let streams = tx.from::<stream::Entity>().filter(these).all().await?;
    let mut counts: BTreeMap<DepartmentId, Counts> =
        streams.iter().map(|row| (row.department, Vec::new())).collect();
    let groups = tx.from::<share::Entity>().filter(asked.received());
    for group in groups.count_by(&[C::Department, C::Stage], None).await? {
        let place = counts.entry(group.key(0)?).or_default();
        place.push((group.key(1)?, group.figure()?));
    }
    let parts = measure::parts(tx, asked, &counts).await?;
    let these = Predicate::among(department::Column::Id, parts.keys().copied());
    let departments = tx.from::<department::Entity>().filter(these).all().await?;
    let none = Vec::new();
    let line = |row: department::Model| {
        let of_row = counts.get(&row.id).unwrap_or(&none);
        let part = parts.get(&row.id).copied().unwrap_or_default();
        rules::line(row.id, row.name, of_row, part)
    };
    Ok(departments.into_iter().map(line).collect())
}

/// The number of the department's last issued circular; 0 where there is none.
async fn last_number(tx: &Tx, department: DepartmentId) -> Result<i32, Fault> {
    let of_department = Predicate::is(Column::Department, department);
    let rows = tx.from::<Entity>().filter(of_department);
    let last = rows.order(Column::Number, Direction::Descending).one().await?;
    Ok(last.map_or(0, |row| row.number))
}

/// Approves a draft.
pub async fn approve(
    tx: &Tx,
    app: &App,
    id: CircularId,
    expected: i32,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let row = find(tx, id).await?;
    at_version(row.version, expected)?;
    let viewer = tx.viewer();
    let approver = Approver {
        profile: viewer.profile(),
        position: viewer.position(),
        department: viewer.department(),
        account: AccountId(viewer.actor()),
    };
    let status = rules::approve(row.status, row.department, row.drafted_by, approver)?;
    let by = vec![(Column::ApprovedBy, Some(approver.account).into())];
    advance(tx, &row, status, by).await?;
    note(tx, app, AuditAction::CircularApprove, subject(id), json!({}), now).await?;
    Ok(())
}

/// Issues an approved circular under the next number: every department of the county reads it from now on.
pub async fn issue(
    tx: &Tx,
    app: &App,
    id: CircularId,
    expected: i32,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let row = find(tx, id).await?;
    if row.department != tx.viewer().department() {
        return Err(Refusal::not_found("circularId").into());
    }
    at_version(row.version, expected)?;
    let status = rules::issue(row.status)?;
    let number = last_number(tx, row.department).await? + 1;
    let issued = vec![(Column::IssuedAt, Some(now).into()), (Column::Number, number.into())];
    // Two at once want the same number; the second is told to try again.
    advance(tx, &row, status, issued).await?;
    let detail = json!({ "number": number });
    note(tx, app, AuditAction::CircularIssue, subject(id), detail, now).await?;
    Ok(())
}

/// A department acknowledges an issued circular; a second time changes nothing.
pub async fn acknowledge(tx: &Tx, app: &App, id: CircularId, now: DateTime<Utc>) -> Result<(), Stop> {
    let row = find(tx, id).await?;
    if row.status != CircularStatus::Issued {
        let (zh, en) = ("通报尚未印发", "The circular is not issued");
        return Err(Refusal::of(UserErrorCode::WrongStage, "circularId", zh, en).into());
    }
    let receipt = circular_receipt::Model {
        county: row.county,
        circular: id,
        department: tx.viewer().department(),
        post: tx.viewer().post(),
        at: now,
    };
    let new = tx.insert_new(fresh::<circular_receipt::ActiveModel>(receipt)).await?;
    if new {
        let action = AuditAction::CircularAcknowledge;
        note(tx, app, action, subject(id), json!({}), now).await?;
    }
    Ok(())
}

async fn find(tx: &Tx, id: CircularId) -> Result<Model, Stop> {
    let this = Predicate::is(Column::Id, id);
    let row = tx.from::<Entity>().filter(this).one().await?;
    row.ok_or_else(|| Refusal::not_found("circularId").into())
}

async fn advance(
    tx: &Tx,
    row: &Model,
    status: CircularStatus,
    mut changes: Vec<(Column, Value)>,
) -> Result<(), Stop> {
    let this = Predicate::is(Column::Id, row.id).and(Predicate::is(Column::Version, row.version));
    changes.push((Column::Status, status.into()));
    changes.push((Column::Version, (row.version + 1).into()));
    changed(tx.update::<Entity>(this, changes).await?)?;
    Ok(())
}

fn subject(id: CircularId) -> String {
    format!("circular:{}", id.0)
}

/// The frozen figures of a circular.
pub fn figures(row: &Model) -> Result<Vec<Line>, ApiError> {
    serde_json::from_value(row.figures.clone())
        .map_err(|_| ApiError::internal("figures of a circular are not of their form"))
}

/// The circulars of a campaign that were issued, by number (S30).
pub async fn issued(tx: &Tx, campaign: CampaignId) -> Result<Vec<Model>, Fault> {
    let these = Predicate::is(Column::Campaign, campaign).and(Predicate::Present(Column::IssuedAt));
    let rows = tx.from::<Entity>().filter(these);
    rows.order(Column::Number, Direction::Ascending).all().await
}
