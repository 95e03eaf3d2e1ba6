//! A project that is withdrawn, or stands elsewhere since a meeting was cancelled or corrected; what stood is kept.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{AuditAction, PaperKind, ProgressKind, ProjectStatus};
use entity::id::{ExplanationId, ProjectId, SubmissionId};
use entity::project::{Column, Model};
use entity::{evaluation, explanation, explanation_cover, project_source};
use serde_json::json;

use super::{advance, find, lines, refresh_views, told};
use crate::app::App;
use crate::campaign::open::refuse_closed;
use crate::db::{Fault, Predicate, Tx};
use crate::decision::at_version;
use crate::decision::former::{Former, keep, reasoned};
use crate::decision::meeting::rules::{Before, Built};
use crate::decision::project::rules;
use crate::error::Stop;

/// Takes a project back that was not adopted: its sources are free again, and whoever saw it sees why.
pub async fn withdraw(
    tx: &Tx,
    app: &App,
    id: ProjectId,
    (expected, reason): (i32, &str),
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let row = find(tx, id).await?;
    reasoned(reason)?;
    at_version(row.version, expected)?;
    rules::withdraw(row.status)?;
    refuse_closed(tx, row.campaign, "projectId").await?;
    let freed = sources(tx, id).await?;
    let count = freed.len();
    keep(tx, app, former(&row, freed), reason, now).await?;
    advance(tx, &row, vec![(Column::Status, ProjectStatus::Withdrawn.into())]).await?;
    // The views stay: a department is not left to wonder where a project of its suggestions went.
    tx.delete::<project_source::Entity>(Predicate::is(project_source::Column::Project, id)).await?;
    told(tx, app, AuditAction::ProjectWithdraw, id, json!({ "sources": count }), now).await?;
    Ok(())
}

/// Has a project stand where its meetings leave it, and keeps where it stood.
pub async fn stand(
    tx: &Tx,
    app: &App,
    mut row: Model,
    after: Before,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    if (row.status, row.studied_on, row.decided_on) == (after.status, after.studied_on, after.decided_on) {
        return Ok(());
    }
    let cases = sources(tx, row.id).await?;
    keep(tx, app, former(&row, cases), reason, now).await?;
    let changes = vec![
        (Column::Status, after.status.into()),
        (Column::StudiedOn, after.studied_on.into()),
        (Column::DecidedOn, after.decided_on.into()),
    ];
    advance(tx, &row, changes).await?;
    row.status = after.status;
    refresh_views(tx, app, &row).await
}

/// What was built on a project as it stands.
pub async fn built(tx: &Tx, id: ProjectId) -> Result<Built, Fault> {
    let sources = sources(tx, id).await?;
    let these = Predicate::among(explanation_cover::Column::Submission, sources);
    let covers = tx.from::<explanation_cover::Entity>().filter(these).all().await?;
    let wanted: Vec<ExplanationId> = covers.iter().map(|cover| cover.explanation).collect();
    let delivered = Predicate::among(explanation::Column::Id, wanted)
        .and(Predicate::Present(explanation::Column::DeliveredOn));
    let told = tx.from::<explanation::Entity>().filter(delivered).one().await?.is_some();
    let lines = lines(tx, &[id]).await?;
    let worked = lines.iter().any(|line| line.kind != ProgressKind::Coordination);
    let these = Predicate::is(evaluation::Column::Project, id);
    let evaluated = tx.from::<evaluation::Entity>().filter(these).one().await?.is_some();
    Ok(Built { told, carried: worked || evaluated })
}

async fn sources(tx: &Tx, id: ProjectId) -> Result<Vec<SubmissionId>, Fault> {
    let these = Predicate::is(project_source::Column::Project, id);
    let rows = tx.from::<project_source::Entity>().filter(these).all().await?;
    Ok(rows.into_iter().map(|row| row.submission).collect())
}

fn former(row: &Model, sources: Vec<SubmissionId>) -> Former {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
    let count = sources.len().to_string();
    Former::of(PaperKind::Project, row.id, row.version)
        .about(row.id)
        .drawn_from(sources)
        .line("number", row.number.as_str())
        .words("title", &row.title)
        .words("content", &row.content)
        .may("cost", row.cost.map(|cost| cost.to_string()))
        .words("funding", &row.funding)
        .may("scheduleStart", day(row.schedule_start))
        .may("scheduleFinish", day(row.schedule_finish))
        .may("beneficiaries", row.beneficiaries.map(|people| people.to_string()))
        .line("status", row.status.as_str())
        .may("studiedOn", day(row.studied_on))
        .may("decidedOn", day(row.decided_on))
        .line("sources", count)
}
