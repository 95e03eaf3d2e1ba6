//! A circular that was not issued is changed or given up by its author; what stood is kept. Its figures stay as they were drafted.

use chrono::{DateTime, Utc};
use entity::circular::{Column, Model};
use entity::enums::{AuditAction, CircularStatus, PaperKind};
use entity::id::{AccountId, CircularId};
use serde_json::json;

use super::{advance, find, subject};
use crate::app::App;
use crate::campaign::open::refuse_closed;
use crate::db::Tx;
use crate::decision::former::{Former, keep, reasoned};
use crate::decision::{at_version, note};
use crate::error::Stop;
use crate::refusal::Refusal;
use crate::refusal::input::text;
use crate::supervision::circular::rules;

/// Which circular, the version of it that the caller has seen, and why.
#[derive(Clone, Copy)]
pub struct Step<'a> {
    /// The circular.
    pub id: CircularId,
    /// The version that the caller has seen.
    pub expected: i32,
    /// Why.
    pub reason: &'a str,
}

/// Changes heading and text of a draft. Whoever does counts as its drafter, and does not approve it.
pub async fn edit(
    tx: &Tx,
    app: &App,
    step: Step<'_>,
    (title, words): (String, String),
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    text("title", &title, 1, 200)?;
    text("text", &words, 1, 10_000)?;
    let row = own(tx, step).await?;
    let status = rules::edit(row.status)?;
    kept(tx, app, &row, step.reason, now).await?;
    let editor = AccountId(tx.viewer().actor());
    let changes =
        vec![(Column::Title, title.into()), (Column::Text, words.into()), (Column::DraftedBy, editor.into())];
    advance(tx, &row, status, changes).await?;
    Ok(note(tx, app, AuditAction::CircularEdit, subject(row.id), json!({}), now).await?)
}

/// Gives a circular up that was not issued and so has no number.
pub async fn discard(tx: &Tx, app: &App, step: Step<'_>, now: DateTime<Utc>) -> Result<(), Stop> {
    let row = own(tx, step).await?;
    let status = rules::discard(row.status)?;
    kept(tx, app, &row, step.reason, now).await?;
    advance(tx, &row, status, Vec::new()).await?;
    let detail = json!({ "number": row.number });
    Ok(note(tx, app, AuditAction::CircularDiscard, subject(row.id), detail, now).await?)
}

/// The circular, for the department that drafts it, while its campaign goes on.
async fn own(tx: &Tx, step: Step<'_>) -> Result<Model, Stop> {
    let row = find(tx, step.id).await?;
    if row.department != tx.viewer().department() {
        return Err(Refusal::not_found("circularId").into());
    }
    reasoned(step.reason)?;
    at_version(row.version, step.expected)?;
    refuse_closed(tx, row.campaign, "circularId").await?;
    Ok(row)
}

async fn kept(tx: &Tx, app: &App, row: &Model, reason: &str, now: DateTime<Utc>) -> Result<(), Stop> {
    let status: CircularStatus = row.status;
    let former = Former::of(PaperKind::Circular, row.id, row.version)
        .line("status", status.as_str())
        .words("title", &row.title)
        .words("text", &row.text);
    keep(tx, app, former, reason, now).await
}
