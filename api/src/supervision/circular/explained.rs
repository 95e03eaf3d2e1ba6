//! Whom a department has told why nothing came of it, of all to whom it owes that (S28).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::enums::{ProjectStatus, Stage};
use entity::id::{DepartmentId, ExplanationId, ProjectId, SubmissionId};
use entity::{explanation, explanation_cover, project, project_source, share};

use super::asked::{Asked, Parts};
use super::rules::{self, Counts};
use crate::db::{Fault, Predicate, Tx};
use crate::fate::facts;
use crate::fate::rules::{Disposition, fate};

/// Keys that one statement names at most.
const CHUNK: usize = 500;

/// By department: told, of those who are told or wait for it. Of most suggestions the stage says it; the others are looked
/// at one by one: merged ones, those of a project that was turned down, those whose explanation is not delivered.
pub(super) async fn parts(
    tx: &Tx,
    asked: Asked<'_>,
    counts: &BTreeMap<DepartmentId, Counts>,
) -> Result<Parts, Fault> {
    let cases = looked_at(tx, asked).await?;
    let owners: HashMap<SubmissionId, DepartmentId> =
        cases.iter().map(|row| (row.submission, row.department)).collect();
    let stages: Vec<(SubmissionId, Stage)> = cases.iter().map(|row| (row.submission, row.stage)).collect();
    let mut told: BTreeMap<DepartmentId, (i64, i64)> = BTreeMap::new();
    for (id, known) in facts::read(tx, &stages, &[]).await? {
        let Some(owner) = owners.get(&id) else { continue };
        let fate = fate(&known.facts);
        let (merged, waiting) = told.entry(*owner).or_default();
        *merged += i64::from(fate.disposition() == Disposition::Declined);
        *waiting += i64::from(fate.owes_explanation());
    }
    let part = |(id, counts): (&DepartmentId, &Counts)| {
        let (merged, waiting) = told.get(id).copied().unwrap_or_default();
        (*id, rules::explained(counts, merged, waiting))
    };
    Ok(counts.iter().map(part).collect())
}

/// Of the suggestions of the period those of which the stage alone does not say it.
async fn looked_at(tx: &Tx, asked: Asked<'_>) -> Result<Vec<share::Model>, Fault> {
    use share::Column as C;
    let merged = asked.received().and(Predicate::is(C::Stage, Stage::Merged));
    let mut rows = tx.from::<share::Entity>().filter(merged).all().await?;
    let mut named = turned_down(tx, asked).await?;
    named.extend(undelivered(tx, asked).await?);
    let named: Vec<SubmissionId> = named.into_iter().collect();
    for ids in named.chunks(CHUNK) {
        let open = Predicate::among(C::Stage, [Stage::Received, Stage::Classified]);
        let these = Predicate::among(C::Submission, ids.iter().copied());
        rows.extend(tx.from::<share::Entity>().filter(asked.received().and(open).and(these)).all().await?);
    }
    Ok(rows)
}

/// Sources of projects that were turned down.
async fn turned_down(tx: &Tx, asked: Asked<'_>) -> Result<BTreeSet<SubmissionId>, Fault> {
    let rejected = Predicate::is(project::Column::Campaign, asked.campaign)
        .and(Predicate::is(project::Column::Status, ProjectStatus::Rejected));
    let groups = tx.from::<project::Entity>().filter(rejected).count_by(&[project::Column::Id], None).await?;
    let ids: Vec<ProjectId> = groups.iter().map(|group| group.key(0)).collect::<Result<_, Fault>>()?;
    let mut found = BTreeSet::new();
    for ids in ids.chunks(CHUNK) {
        let these = Predicate::among(project_source::Column::Project, ids.iter().copied());
        let rows = tx.from::<project_source::Entity>().filter(these).all().await?;
        found.extend(rows.into_iter().map(|row| row.submission));
    }
    Ok(found)
}

/// What explanations cover that are written and not delivered.
async fn undelivered(tx: &Tx, asked: Asked<'_>) -> Result<BTreeSet<SubmissionId>, Fault> {
    use explanation::Column as C;
    let written = Predicate::is(C::Campaign, asked.campaign).and(Predicate::Empty(C::DeliveredOn));
    let groups = tx.from::<explanation::Entity>().filter(written).count_by(&[C::Id], None).await?;
    let ids: Vec<ExplanationId> = groups.iter().map(|group| group.key(0)).collect::<Result<_, Fault>>()?;
    let mut found = BTreeSet::new();
    for ids in ids.chunks(CHUNK) {
        let these = Predicate::among(explanation_cover::Column::Explanation, ids.iter().copied());
        let rows = tx.from::<explanation_cover::Entity>().filter(these).all().await?;
        found.extend(rows.into_iter().map(|row| row.submission));
    }
    Ok(found)
}
