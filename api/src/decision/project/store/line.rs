//! A line of a summary table, as a project is made from it.

use entity::enums::ProjectStatus;
use entity::id::{CampaignId, ProjectId, SubmissionId, SummaryLineId};
use entity::{project, project_source, submission, summary_line, summary_source, summary_table};
use serde::Deserialize as _;

use crate::db::{Fault, Predicate, Tx};
use crate::decision::project::planned::{Project, offered};
use crate::error::{ApiError, Stop};
use crate::intake::rules::ended;
use crate::refusal::{Refusal, UserErrorCode};

/// Suggestions of one statement at most: both databases bound the number of parameters.
const CHUNK: usize = 1_000;

/// The field that names the line.
const FIELD: &str = "summaryLineId";

/// A line that a project is made from.
pub(super) struct Line {
    /// Its key.
    pub(super) id: SummaryLineId,
    /// Campaign of its table.
    pub(super) campaign: CampaignId,
    /// What its department planned; none where it is a bare line.
    pub(super) planned: Option<Project>,
    /// Its suggestions that have not ended.
    pub(super) sources: Vec<SubmissionId>,
}

/// A line of an accepted table from which no project was made that stands.
pub(super) async fn line(tx: &Tx, id: SummaryLineId) -> Result<Line, Stop> {
    // Whoever comes to the same line second sees the project of the first.
    tx.one_at_a_time("project_of_line").await?;
    let this = Predicate::is(summary_line::Column::Id, id);
    let row = tx.from::<summary_line::Entity>().filter(this).one().await?;
    let row = row.ok_or_else(|| Refusal::not_found(FIELD))?;
    let this = Predicate::is(summary_table::Column::Id, row.summary);
    let table = tx.from::<summary_table::Entity>().filter(this).one().await?;
    let table = table.ok_or_else(|| Refusal::not_found(FIELD))?;
    offered(table.status, &made(tx, id).await?)?;
    let planned = row.project.as_ref().map(Project::deserialize).transpose();
    let planned = planned.map_err(|_| ApiError::internal("a stored project is unfit"))?;
    let sources = going_on(tx, id).await?;
    if sources.is_empty() {
        let (zh, en) = ("该汇总行的意见均已办结、并入或说明", "All suggestions of the line have ended");
        return Err(Refusal::of(UserErrorCode::WrongStage, FIELD, zh, en).into());
    }
    Ok(Line { id, campaign: table.campaign, planned, sources })
}

/// What is refused of a line's suggestions is refused of the line: nobody named the suggestions.
pub(super) fn of_the_line(stop: Stop) -> Stop {
    let named = |refusal: Refusal| Refusal { field: vec![FIELD.to_owned()], ..refusal };
    match stop {
        Stop::Refused(refusals) => Stop::Refused(refusals.into_iter().map(named).collect()),
        Stop::Raced | Stop::Failed(_) => stop,
    }
}

/// How the projects stand that were made from a line.
async fn made(tx: &Tx, line: SummaryLineId) -> Result<Vec<ProjectStatus>, Fault> {
    let of_line = Predicate::is(project_source::Column::Line, line);
    let sources = tx.from::<project_source::Entity>().filter(of_line);
    let groups = sources.count_by(&[project_source::Column::Project], None).await?;
    let ids = groups.iter().map(|group| group.key(0)).collect::<Result<Vec<ProjectId>, Fault>>()?;
    let these = Predicate::among(project::Column::Id, ids);
    let rows = tx.from::<project::Entity>().filter(these).all().await?;
    Ok(rows.into_iter().map(|row| row.status).collect())
}

/// The suggestions of a line that have not ended since: what was withdrawn, merged or explained is no source of anything new.
async fn going_on(tx: &Tx, line: SummaryLineId) -> Result<Vec<SubmissionId>, Fault> {
    let of_line = Predicate::is(summary_source::Column::Line, line);
    let sources = tx.from::<summary_source::Entity>().filter(of_line).all().await?;
    let ids: Vec<SubmissionId> = sources.into_iter().map(|source| source.submission).collect();
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let these = Predicate::among(submission::Column::Id, chunk.iter().copied());
        let rows = tx.from::<submission::Entity>().filter(these).all().await?;
        found.extend(rows.into_iter().filter(|row| !ended(row.stage)).map(|row| row.id));
    }
    Ok(found)
}
