//! The facts about suggestions, all of a list in a handful of statements, in the viewer's scope.

use std::collections::{HashMap, HashSet};

use entity::enums::{InvalidationStatus, Stage, SummaryStatus};
use entity::id::{ExplanationId, ProjectId, SubmissionId, SummaryTableId};
use entity::{explanation, explanation_cover, invalidation, project, project_source};
use entity::{summary_source, summary_table};

use super::rules::{Facts, Main, Projects, Tabled, Told};
use crate::db::{Fault, MainCase, Predicate, Tx};

/// Suggestions of one statement at most: both databases bound the number of parameters.
const CHUNK: usize = 500;

/// What is known of a suggestion.
#[derive(Clone, Debug)]
pub struct Known {
    /// What decides about it.
    pub facts: Facts,
    /// Of the projects in scope that it is a source of the one that has come furthest.
    pub project: Option<project::Model>,
    /// What explains it to its people, delivered or not.
    pub explanation: Option<explanation::Model>,
    /// The proposal not to accept it that waits for the office, or that the office agreed to.
    pub invalid: Option<invalidation::Model>,
}

/// What is known of suggestions that the viewer sees, by where they stand. `beside` are those that are looked at together
/// with them.
pub async fn read(
    tx: &Tx,
    cases: &[(SubmissionId, Stage)],
    beside: &[SubmissionId],
) -> Result<HashMap<SubmissionId, Known>, Fault> {
    let mut all = HashMap::with_capacity(cases.len());
    for cases in cases.chunks(CHUNK) {
        let ids: Vec<SubmissionId> = cases.iter().map(|(id, _)| *id).collect();
        let merged = cases.iter().filter(|(_, stage)| *stage == Stage::Merged);
        let merged: Vec<SubmissionId> = merged.map(|(id, _)| *id).collect();
        let mut projects = projects(tx, &ids).await?;
        let mut explanations = explanations(tx, &ids).await?;
        let mut mains = tx.main_cases(&merged, beside).await?;
        let tabled = tabled(tx, cases).await?;
        let mut invalid = invalid(tx, cases).await?;
        all.extend(cases.iter().map(|(id, stage)| {
            let project = projects.remove(id);
            let explanation = explanations.remove(id);
            let invalid = invalid.remove(id);
            let facts = Facts {
                stage: *stage,
                projects: project.as_ref().map(|row| Projects::of(row.status)).unwrap_or_default(),
                told: explanation.as_ref().map(told).unwrap_or_default(),
                main: mains.remove(id).map(main),
                tabled: tabled.get(id).copied().unwrap_or_default(),
                proposed: invalid.as_ref().is_some_and(|row| row.status == InvalidationStatus::Proposed),
            };
            (*id, Known { facts, project, explanation, invalid })
        }));
    }
    Ok(all)
}

const fn main(told: MainCase) -> Main {
    Main { stage: told.stage, adopted: told.adopted, beside: told.beside }
}

const fn told(row: &explanation::Model) -> Told {
    if row.delivered_on.is_some() { Told::Delivered } else { Told::Written }
}

/// Of each suggestion's projects the one that has come furthest; the earlier one of two that are equally far.
async fn projects(tx: &Tx, ids: &[SubmissionId]) -> Result<HashMap<SubmissionId, project::Model>, Fault> {
    let these = Predicate::among(project_source::Column::Submission, ids.iter().copied());
    let sources = tx.from::<project_source::Entity>().filter(these).all().await?;
    if sources.is_empty() {
        return Ok(HashMap::new());
    }
    let wanted: HashSet<ProjectId> = sources.iter().map(|source| source.project).collect();
    let these = Predicate::among(project::Column::Id, wanted);
    let rows = tx.from::<project::Entity>().filter(these).all().await?;
    let mut found: HashMap<SubmissionId, &project::Model> = HashMap::new();
    let rank = |row: &project::Model| (Projects::of(row.status), std::cmp::Reverse(row.id));
    for source in &sources {
        let Some(row) = rows.iter().find(|row| row.id == source.project) else { continue };
        let furthest = found.entry(source.submission).or_insert(row);
        if rank(row) > rank(furthest) {
            *furthest = row;
        }
    }
    Ok(found.into_iter().map(|(id, row)| (id, row.clone())).collect())
}

/// How far suggestions that nobody handles have got into summary tables.
async fn tabled(tx: &Tx, cases: &[(SubmissionId, Stage)]) -> Result<HashMap<SubmissionId, Tabled>, Fault> {
    let untouched = standing(cases, &[Stage::Received, Stage::Classified]);
    if untouched.is_empty() {
        return Ok(HashMap::new());
    }
    let these = Predicate::among(summary_source::Column::Submission, untouched);
    let sources = tx.from::<summary_source::Entity>().filter(these).all().await?;
    if sources.is_empty() {
        return Ok(HashMap::new());
    }
    let wanted: HashSet<SummaryTableId> = sources.iter().map(|source| source.summary).collect();
    let signed = Predicate::among(summary_table::Column::Id, wanted).and(Predicate::among(
        summary_table::Column::Status,
        [SummaryStatus::Signed, SummaryStatus::Accepted],
    ));
    let signed =
        tx.from::<summary_table::Entity>().filter(signed).count_by(&[summary_table::Column::Id], None);
    let signed =
        signed.await?.iter().map(|row| row.key(0)).collect::<Result<HashSet<SummaryTableId>, _>>()?;
    let mut found = HashMap::new();
    for source in sources {
        let place = found.entry(source.submission).or_insert(Tabled::Listed);
        if signed.contains(&source.summary) {
            *place = Tabled::Signed;
        }
    }
    Ok(found)
}

/// Proposals not to accept suggestions that the office has not ruled on, or agreed to.
async fn invalid(
    tx: &Tx,
    cases: &[(SubmissionId, Stage)],
) -> Result<HashMap<SubmissionId, invalidation::Model>, Fault> {
    use invalidation::Column as C;
    let asked = standing(cases, &[Stage::Received, Stage::Classified, Stage::Invalid]);
    if asked.is_empty() {
        return Ok(HashMap::new());
    }
    let these = Predicate::among(C::Submission, asked)
        .and(Predicate::among(C::Status, [InvalidationStatus::Proposed, InvalidationStatus::Accepted]));
    let rows = tx.from::<invalidation::Entity>().filter(these).all().await?;
    Ok(rows.into_iter().map(|row| (row.submission, row)).collect())
}

/// Those of the suggestions that stand at one of these stages.
fn standing(cases: &[(SubmissionId, Stage)], stages: &[Stage]) -> Vec<SubmissionId> {
    cases.iter().filter(|(_, stage)| stages.contains(stage)).map(|(id, _)| *id).collect()
}

async fn explanations(
    tx: &Tx,
    ids: &[SubmissionId],
) -> Result<HashMap<SubmissionId, explanation::Model>, Fault> {
    let these = Predicate::among(explanation_cover::Column::Submission, ids.iter().copied());
    let covers = tx.from::<explanation_cover::Entity>().filter(these).all().await?;
    if covers.is_empty() {
        return Ok(HashMap::new());
    }
    let wanted: HashSet<ExplanationId> = covers.iter().map(|cover| cover.explanation).collect();
    let these = Predicate::among(explanation::Column::Id, wanted);
    let rows = tx.from::<explanation::Entity>().filter(these).all().await?;
    let of = |cover: explanation_cover::Model| {
        let row = rows.iter().find(|row| row.id == cover.explanation)?;
        Some((cover.submission, row.clone()))
    };
    Ok(covers.into_iter().filter_map(of).collect())
}
