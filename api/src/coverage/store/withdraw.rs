//! Steps on a visit that is there: suggestions added, or the visit taken back. The figures follow by a trigger.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use entity::enums::AuditAction;
use entity::id::{SubmissionId, VisitId};
use entity::visit::{Column, Entity, Model};
use sea_orm::Value;
use serde_json::json;

use super::find::visit_of;
use super::ground::seen_of;
use crate::app::App;
use crate::coverage::rules::{MOST_SUBMISSIONS, owned};
use crate::db::{Predicate, Trail, Tx};
use crate::error::Stop;
use crate::refusal::{Refusal, UserErrorCode};

/// Takes a visit back: the figures are as if it had never been made.
pub async fn withdraw(
    tx: &Tx,
    app: &App,
    id: VisitId,
    expected: i32,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let row = own_visit(tx, id, expected).await?;
    let changes = vec![(Column::WithdrawnAt, now.into()), (Column::WithdrawnReason, reason.into())];
    let detail = json!({ "reason": reason });
    let step = (AuditAction::VisitWithdraw, detail);
    change(tx, app, &row, changes, step, now).await
}

/// Adds suggestions to a visit, for instance those entered after an offline day.
pub async fn link(
    tx: &Tx,
    app: &App,
    id: VisitId,
    expected: i32,
    submissions: &[Option<SubmissionId>],
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let row = own_visit(tx, id, expected).await?;
    let named: HashSet<SubmissionId> = submissions.iter().copied().flatten().collect();
    let seen = seen_of(tx, row.campaign, named).await?;
    let known = |id: &Option<SubmissionId>| id.is_some_and(|id| seen.contains(&id));
    if submissions.is_empty() || !submissions.iter().all(known) {
        return Err(Refusal::not_found("submissionIds").into());
    }
    let mut all: Vec<SubmissionId> = serde_json::from_value(row.submissions.clone())
        .map_err(|_| crate::error::ApiError::internal("a visit's list of suggestions"))?;
    for id in submissions.iter().copied().flatten() {
        if !all.contains(&id) {
            all.push(id);
        }
    }
    if all.len() > MOST_SUBMISSIONS {
        let (zh, en) = ("每次走访最多 20 件意见建议", "At most 20 suggestions");
        return Err(Refusal::invalid("submissionIds", zh, en).into());
    }
    let changes = vec![(Column::Submissions, json!(all).into()), (Column::WithOpinion, true.into())];
    let step = (AuditAction::VisitLink, json!({ "submissions": all.len() }));
    change(tx, app, &row, changes, step, now).await
}

/// A visit of the viewer's own department that still counts, at the version that the caller has seen.
async fn own_visit(tx: &Tx, id: VisitId, expected: i32) -> Result<Model, Stop> {
    let row = visit_of(tx, id).await?;
    let row = row.ok_or_else(|| Refusal::not_found("visitId"))?;
    owned(tx.viewer(), row.department)?;
    if row.version != expected {
        return Err(Refusal::stale().into());
    }
    if row.withdrawn_at.is_some() {
        let (zh, en) = ("此次走访已撤回", "This visit was withdrawn already");
        return Err(Refusal::of(UserErrorCode::WrongStage, "visitId", zh, en).into());
    }
    Ok(row)
}

async fn change(
    tx: &Tx,
    app: &App,
    row: &Model,
    mut changes: Vec<(Column, Value)>,
    (action, detail): (AuditAction, serde_json::Value),
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let this = Predicate::is(Column::Id, row.id).and(Predicate::is(Column::Version, row.version));
    changes.push((Column::Version, (row.version + 1).into()));
    if tx.update::<Entity>(this, changes).await? == 0 {
        return Err(Refusal::stale().into());
    }
    tx.audit(Trail { id: app.new_key(now), at: now, action, subject: format!("visit:{}", row.id.0), detail })
        .await?;
    Ok(())
}
