//! An inspection that was written down wrongly is corrected or withdrawn by whoever inspected, while nothing answers it; what
//! stood is kept.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{AuditAction, PaperKind};
use entity::id::InspectionId;
use entity::inspection::{Column, Entity, Model};
use entity::{finding, rectification};
use sea_orm::Value;
use serde_json::json;

use super::{found, subject};
use crate::app::App;
use crate::campaign::open::refuse_closed;
use crate::clock::day_of;
use crate::db::{Direction, Predicate, Tx};
use crate::decision::former::{Former, keep, reasoned};
use crate::decision::{at_version, changed, note};
use crate::error::Stop;
use crate::refusal::Refusal;
use crate::refusal::input::{past, text};
use crate::supervision::inspection::rules::{self, Draft};

/// Which inspection, the version of it that the caller has seen, and why.
#[derive(Clone, Copy)]
pub struct Step<'a> {
    /// The inspection.
    pub id: InspectionId,
    /// The version that the caller has seen.
    pub expected: i32,
    /// Why.
    pub reason: &'a str,
}

/// Writes an inspection anew, with all of its findings.
pub async fn correct(
    tx: &Tx,
    app: &App,
    step: Step<'_>,
    (on, summary, findings): (NaiveDate, String, Vec<Draft>),
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    text("summary", &summary, 1, 4000)?;
    past("inspectedOn", on, day_of(now))?;
    rules::findings(&findings, on)?;
    let (count, changes) =
        (findings.len(), vec![(Column::InspectedOn, on.into()), (Column::Summary, summary.into())]);
    let row = replace(tx, app, step, changes, now).await?;
    found(tx, (row.id, row.inspected), findings).await?;
    let detail = json!({ "findings": count });
    Ok(note(tx, app, AuditAction::InspectionCorrect, subject(row.id), detail, now).await?)
}

/// Withdraws an inspection with its findings.
pub async fn withdraw(tx: &Tx, app: &App, step: Step<'_>, now: DateTime<Utc>) -> Result<(), Stop> {
    let row = replace(tx, app, step, vec![(Column::WithdrawnAt, Some(now).into())], now).await?;
    Ok(note(tx, app, AuditAction::InspectionWithdraw, subject(row.id), json!({}), now).await?)
}

/// Keeps an inspection as it stands, and takes its findings away.
async fn replace(
    tx: &Tx,
    app: &App,
    step: Step<'_>,
    mut changes: Vec<(Column, Value)>,
    now: DateTime<Utc>,
) -> Result<Model, Stop> {
    let row = find(tx, step.id).await?;
    reasoned(step.reason)?;
    at_version(row.version, step.expected)?;
    let reports = Predicate::is(rectification::Column::Inspection, row.id);
    let reports = tx.from::<rectification::Entity>().filter(reports).count().await?;
    rules::unanswered(row.withdrawn_at.is_some(), usize::try_from(reports).unwrap_or(usize::MAX))?;
    refuse_closed(tx, row.campaign, "inspectionId").await?;
    keep(tx, app, former(tx, &row).await?, step.reason, now).await?;
    let this = Predicate::is(Column::Id, row.id).and(Predicate::is(Column::Version, row.version));
    changes.push((Column::Version, (row.version + 1).into()));
    changed(tx.update::<Entity>(this, changes).await?)?;
    tx.delete::<finding::Entity>(Predicate::is(finding::Column::Inspection, row.id)).await?;
    Ok(row)
}

/// The inspection, for whoever made it.
async fn find(tx: &Tx, id: InspectionId) -> Result<Model, Stop> {
    let own = tx.viewer().department();
    let row = tx.from::<Entity>().filter(Predicate::is(Column::Id, id)).one().await?;
    let row = row.filter(|row| row.department == own);
    row.ok_or_else(|| Refusal::not_found("inspectionId").into())
}

async fn former(tx: &Tx, row: &Model) -> Result<Former, Stop> {
    let these = Predicate::is(finding::Column::Inspection, row.id);
    let findings = tx.from::<finding::Entity>().filter(these);
    let findings = findings.order(finding::Column::Position, Direction::Ascending).all().await?;
    let former = Former::of(PaperKind::Inspection, row.id, row.version)
        .concerning(row.inspected)
        .line("inspectedOn", row.inspected_on.to_string())
        .words("summary", &row.summary);
    let with_finding = |former: Former, one: &finding::Model| {
        let name = |field: &str| format!("findings.{}.{field}", one.position);
        former.words(name("text"), &one.text).line(name("rectifyBy"), one.rectify_by.to_string())
    };
    Ok(findings.iter().fold(former, with_finding))
}
