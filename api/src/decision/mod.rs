//! From suggestions to decisions (决策): merging, projects, meetings, votes, explanations, and the closing of a campaign.

pub mod agenda;
pub mod closing;
pub mod explanation;
pub mod former;
pub mod graphql;
pub mod meeting;
pub mod merge;
pub mod project;
pub mod vote;

use chrono::{DateTime, Utc};
use entity::department;
use entity::enums::AuditAction;
use entity::id::{DepartmentId, SubmissionId};
use sea_orm::ActiveModelTrait;
use serde_json::Value as Json;

use crate::app::App;
use crate::db::{Fault, Predicate, Trail, Tx};
use crate::error::{ApiError, Stop};
use crate::refusal::Refusal;
use crate::secrets::seal::{mask_in_text, mask_names};
use crate::shares::names::names_of;

/// A whole row to be added.
pub(crate) fn fresh<A: ActiveModelTrait>(row: impl Into<A>) -> A {
    row.into().reset_all()
}

/// A department of the county, which everybody may name.
pub(crate) async fn department_row(
    tx: &Tx,
    id: DepartmentId,
    field: &str,
) -> Result<department::Model, Stop> {
    let this = Predicate::is(department::Column::Id, id);
    let row = tx.from::<department::Entity>().filter(this).one().await?;
    row.ok_or_else(|| Refusal::not_found(field).into())
}

/// One line of the audit trail.
pub(crate) async fn note(
    tx: &Tx,
    app: &App,
    action: AuditAction,
    subject: String,
    detail: Json,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    tx.audit(Trail { id: app.new_key(now), at: now, action, subject, detail }).await
}

/// A text as it is kept for good: without numbers, and without the names of those whose cases it is about.
pub(crate) async fn lasting(
    tx: &Tx,
    app: &App,
    cases: &[SubmissionId],
    text: &str,
) -> Result<String, ApiError> {
    let names = names_of(tx, app, cases).await?;
    Ok(names.iter().fold(mask_in_text(text), |text, name| mask_names(&text, name)))
}

/// Refuses a caller who has not seen the present version.
pub(crate) fn at_version(version: i32, expected: i32) -> Result<(), Refusal> {
    if version == expected { Ok(()) } else { Err(Refusal::stale()) }
}

/// A change under a version reached its row, or somebody else was first.
pub(crate) fn changed(rows: u64) -> Result<(), Refusal> {
    if rows == 0 { Err(Refusal::stale()) } else { Ok(()) }
}
