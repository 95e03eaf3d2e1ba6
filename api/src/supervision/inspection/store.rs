//! The rows of inspections: written by their author; the inspected department adds its reports.

pub mod change;

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{AuditAction, RecheckResult};
use entity::id::{CampaignId, DepartmentId, InspectionId, RectificationId};
use entity::inspection::{ActiveModel, Column, Entity, Model};
use entity::{finding, rectification};
use serde_json::json;

use super::rules::{self, Draft, Standing};
use crate::app::App;
use crate::campaign::open::open_campaign;
use crate::clock::day_of;
use crate::db::{Direction, Fault, Predicate, Tx};
use crate::decision::{at_version, changed, department_row, fresh, note};
use crate::error::Stop;
use crate::refusal::Refusal;
use crate::refusal::input::{past, text};

/// An inspection to be written down.
pub struct New {
    /// Campaign.
    pub campaign: CampaignId,
    /// Who was inspected.
    pub inspected: DepartmentId,
    /// Day.
    pub on: NaiveDate,
    /// What was looked at.
    pub summary: String,
    /// What was found.
    pub findings: Vec<Draft>,
}

/// Writes an inspection down with its findings.
pub async fn record(tx: &Tx, app: &App, new: New, now: DateTime<Utc>) -> Result<InspectionId, Stop> {
    open_campaign(tx, new.campaign).await?;
    department_row(tx, new.inspected, "departmentId").await?;
    text("summary", &new.summary, 1, 4000)?;
    past("inspectedOn", new.on, day_of(now))?;
    rules::findings(&new.findings, new.on)?;
    let id = InspectionId(app.new_key(now));
    tx.insert(fresh::<ActiveModel>(Model {
        county: tx.viewer().county().clone(),
        id,
        department: tx.viewer().department(),
        inspected: new.inspected,
        campaign: new.campaign,
        inspected_on: new.on,
        summary: new.summary,
        created_at: now,
        withdrawn_at: None,
        version: 1,
    }))
    .await?;
    let count = new.findings.len();
    found(tx, (id, new.inspected), new.findings).await?;
    let (subject, detail) = (subject(id), json!({ "findings": count }));
    note(tx, app, AuditAction::InspectionRecord, subject, detail, now).await?;
    Ok(id)
}

/// Writes down what was found.
async fn found(
    tx: &Tx,
    (id, inspected): (InspectionId, DepartmentId),
    findings: Vec<Draft>,
) -> Result<(), Fault> {
    let finding = |(position, (text, rectify_by)): (i32, Draft)| {
        fresh::<finding::ActiveModel>(finding::Model {
            county: tx.viewer().county().clone(),
            inspection: id,
            position,
            department: tx.viewer().department(),
            inspected,
            text,
            rectify_by,
            recheck: None,
            rechecked_on: None,
            recheck_note: String::new(),
            version: 1,
        })
    };
    tx.insert_many((1..).zip(findings).map(finding).collect()).await
}

/// The inspected department says what it did about a finding.
pub async fn report(
    tx: &Tx,
    app: &App,
    (id, position): (InspectionId, i32),
    (words, done_on): (String, NaiveDate),
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let row = finding_of(tx, id, position).await?;
    if row.inspected != tx.viewer().department() {
        return Err(Refusal::not_found("inspectionId").into());
    }
    text("text", &words, 2, 4000)?;
    past("doneOn", done_on, day_of(now))?;
    rules::report(standing(&row, reports(tx, &row).await?))?;
    tx.insert(fresh::<rectification::ActiveModel>(rectification::Model {
        county: row.county,
        id: RectificationId(app.new_key(now)),
        inspection: id,
        position,
        department: row.inspected,
        text: words,
        done_on,
        post: tx.viewer().post(),
        reported_at: now,
    }))
    .await?;
    let detail = json!({ "position": position });
    note(tx, app, AuditAction::RectificationReport, subject(id), detail, now).await?;
    Ok(())
}

/// A recheck of one finding.
pub struct Recheck {
    /// Place of the finding.
    pub position: i32,
    /// The version that the caller has seen.
    pub expected: i32,
    /// What it found.
    pub result: RecheckResult,
    /// Day.
    pub on: NaiveDate,
    /// Remark.
    pub note: String,
}

/// Writes down what a recheck found.
pub async fn recheck(
    tx: &Tx,
    app: &App,
    id: InspectionId,
    new: Recheck,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    use finding::Column as C;
    let row = finding_of(tx, id, new.position).await?;
    if row.department != tx.viewer().department() {
        return Err(Refusal::not_found("inspectionId").into());
    }
    at_version(row.version, new.expected)?;
    text("note", &new.note, 0, 1000)?;
    past("recheckedOn", new.on, day_of(now))?;
    rules::recheck(standing(&row, reports(tx, &row).await?))?;
    let this = Predicate::All(vec![
        Predicate::is(C::Inspection, id),
        Predicate::is(C::Position, new.position),
        Predicate::is(C::Version, row.version),
    ]);
    let changes = vec![
        (C::Recheck, Some(new.result).into()),
        (C::RecheckedOn, Some(new.on).into()),
        (C::RecheckNote, new.note.into()),
        (C::Version, (row.version + 1).into()),
    ];
    changed(tx.update::<finding::Entity>(this, changes).await?)?;
    let detail = json!({ "position": new.position, "result": new.result });
    note(tx, app, AuditAction::FindingRecheck, subject(id), detail, now).await?;
    Ok(())
}

async fn finding_of(tx: &Tx, id: InspectionId, position: i32) -> Result<finding::Model, Stop> {
    let this = Predicate::is(finding::Column::Inspection, id)
        .and(Predicate::is(finding::Column::Position, position));
    let row = tx.from::<finding::Entity>().filter(this).one().await?;
    row.ok_or_else(|| Refusal::not_found("inspectionId").into())
}

/// How many reports of rectification a finding has.
async fn reports(tx: &Tx, row: &finding::Model) -> Result<usize, Fault> {
    use rectification::Column as C;
    let these = Predicate::is(C::Inspection, row.inspection).and(Predicate::is(C::Position, row.position));
    let count = tx.from::<rectification::Entity>().filter(these).count().await?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// How far a finding with so many reports has come.
#[must_use]
pub fn standing(row: &finding::Model, reports: usize) -> Standing {
    Standing::of(reports, row.version, row.recheck)
}

fn subject(id: InspectionId) -> String {
    format!("inspection:{}", id.0)
}

/// The inspections of a campaign, by day, each with its findings (S29).
pub async fn made(tx: &Tx, campaign: CampaignId) -> Result<Vec<(Model, Vec<finding::Model>)>, Fault> {
    let these = Predicate::is(Column::Campaign, campaign).and(Predicate::Empty(Column::WithdrawnAt));
    let rows = tx.from::<Entity>().filter(these);
    let rows = rows.order(Column::InspectedOn, Direction::Ascending).all().await?;
    let of_these = Predicate::among(finding::Column::Inspection, rows.iter().map(|row| row.id));
    let findings = tx.from::<finding::Entity>().filter(of_these);
    let findings = findings.order(finding::Column::Position, Direction::Ascending).all().await?;
    let with_findings = |row: Model| {
        let own = findings.iter().filter(|one| one.inspection == row.id);
        let own = own.cloned().collect();
        (row, own)
    };
    Ok(rows.into_iter().map(with_findings).collect())
}
