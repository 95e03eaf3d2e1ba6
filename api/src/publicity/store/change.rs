//! A piece of publicity that was entered wrongly is corrected or withdrawn by whoever entered it; what stood is kept.

use chrono::{DateTime, Utc};
use entity::enums::{AuditAction, PaperKind};
use entity::id::PublicityId;
use entity::publicity::{Column, Entity, Model};
use sea_orm::Value;
use serde_json::json;

use crate::app::App;
use crate::campaign::open::refuse_closed;
use crate::clock::day_of;
use crate::db::{Predicate, Tx};
use crate::decision::former::{Former, keep, reasoned};
use crate::decision::{at_version, changed, note};
use crate::error::Stop;
use crate::publicity::rules::{self, Piece};
use crate::refusal::Refusal;

/// Which entry, the version of it that the caller has seen, and why.
#[derive(Clone, Copy)]
pub struct Step<'a> {
    /// The entry.
    pub id: PublicityId,
    /// The version that the caller has seen.
    pub expected: i32,
    /// Why.
    pub reason: &'a str,
}

/// Writes an entry anew.
pub async fn correct(
    tx: &Tx,
    app: &App,
    step: Step<'_>,
    piece: Piece,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let refusals = rules::check(&piece, day_of(now));
    if !refusals.is_empty() {
        return Err(refusals.into());
    }
    let changes = vec![
        (Column::PublishedOn, piece.published_on.into()),
        (Column::Medium, piece.medium.into()),
        (Column::Title, piece.title.into()),
        (Column::Reference, piece.reference.into()),
    ];
    replace(tx, app, step, changes, now).await?;
    let subject = format!("publicity:{}", step.id.0);
    Ok(note(tx, app, AuditAction::PublicityCorrect, subject, json!({}), now).await?)
}

/// Withdraws an entry: it counts no more.
pub async fn withdraw(tx: &Tx, app: &App, step: Step<'_>, now: DateTime<Utc>) -> Result<(), Stop> {
    replace(tx, app, step, vec![(Column::WithdrawnAt, Some(now).into())], now).await?;
    let subject = format!("publicity:{}", step.id.0);
    Ok(note(tx, app, AuditAction::PublicityWithdraw, subject, json!({}), now).await?)
}

async fn replace(
    tx: &Tx,
    app: &App,
    step: Step<'_>,
    mut changes: Vec<(Column, Value)>,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let row = find(tx, step.id).await?;
    reasoned(step.reason)?;
    at_version(row.version, step.expected)?;
    rules::standing(row.withdrawn_at.is_some())?;
    refuse_closed(tx, row.campaign, "publicityId").await?;
    let former = Former::of(PaperKind::Publicity, row.id, row.version)
        .line("publishedOn", row.published_on.to_string())
        .words("medium", &row.medium)
        .words("title", &row.title)
        .words("reference", &row.reference);
    keep(tx, app, former, step.reason, now).await?;
    let this = Predicate::is(Column::Id, row.id).and(Predicate::is(Column::Version, row.version));
    changes.push((Column::Version, (row.version + 1).into()));
    changed(tx.update::<Entity>(this, changes).await?)?;
    Ok(())
}

/// The entry, for whoever made it.
async fn find(tx: &Tx, id: PublicityId) -> Result<Model, Stop> {
    let own = tx.viewer().department();
    let row = tx.from::<Entity>().filter(Predicate::is(Column::Id, id)).one().await?;
    let row = row.filter(|row| row.department == own);
    row.ok_or_else(|| Refusal::not_found("publicityId").into())
}
