//! The rows of merging: each case keeps its department, its proposers and its place in the figures.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::enums::{AuditAction, RecordAction, Stage};
use entity::id::{CampaignId, MergerId, SubmissionId};
use entity::merger::{ActiveModel, Column, Entity, Model};
use entity::submission;
use serde_json::json;

use super::rules::{self, Facts};
use crate::app::App;
use crate::campaign::open::refuse_closed;
use crate::db::{Direction, Fault, Predicate, Trail, Tx};
use crate::decision::{at_version, changed, fresh, lasting};
use crate::error::Stop;
use crate::fate;
use crate::fate::rules::Told;
use crate::intake::store::{apply, move_all};
use crate::refusal::Refusal;

/// What is to be merged into what.
pub struct Merge {
    /// The one that goes on.
    pub target: SubmissionId,
    /// The version of it that the caller has seen.
    pub expected: i32,
    /// Those that are merged into it.
    pub duplicates: Vec<SubmissionId>,
    /// Why; kept beside the merger, where no department reads it.
    pub reason: String,
}

/// Merges, all or none.
pub async fn merge(tx: &Tx, app: &App, merge: Merge, now: DateTime<Utc>) -> Result<(), Stop> {
    rules::list(&merge.duplicates)?;
    tx.one_at_a_time("merge").await?;
    let mut ids = merge.duplicates.clone();
    ids.push(merge.target);
    let rows = rows(tx, &ids).await?;
    let holding = holding(tx, &ids).await?;
    let goal = rows.get(&merge.target).ok_or_else(|| Refusal::not_found("targetId"))?;
    at_version(goal.version, merge.expected)?;
    refuse_closed(tx, goal.campaign, "targetId").await?;
    let goal = facts(goal, &holding);
    rules::target(&goal)?;
    let reason = lasting(tx, app, &ids, &merge.reason).await?;
    let (mut mergers, mut moved) = (Vec::new(), Vec::new());
    for id in &merge.duplicates {
        let row = rows.get(id).ok_or_else(|| Refusal::not_found("duplicateIds"))?;
        let step = rules::merge(&goal, &facts(row, &holding))?;
        moved.push(row.clone());
        mergers.push(fresh::<ActiveModel>(Model {
            county: row.county.clone(),
            id: MergerId(app.new_key(now)),
            department: tx.viewer().department(),
            campaign: row.campaign,
            target: merge.target,
            merged: *id,
            former_stage: step.from,
            reason: reason.clone(),
            merged_by: tx.viewer().post(),
            merged_at: now,
            undone_by: None,
            undone_at: None,
        }));
    }
    // Neither the lines of the record nor those of the trail say with whose.
    move_all(tx, app, &moved, (RecordAction::Merged, Stage::Merged), now).await?;
    let line = |row: &submission::Model| Trail {
        id: app.new_key(now),
        at: now,
        action: AuditAction::SubmissionMerge,
        subject: format!("submission:{}", row.id.0),
        detail: json!({}),
    };
    tx.audit_all(moved.iter().map(line)).await?;
    tx.insert_many(mergers).await?;
    Ok(())
}

/// Undoes the merging of one suggestion: it stands where it stood.
pub async fn unmerge(
    tx: &Tx,
    app: &App,
    id: SubmissionId,
    expected: i32,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    tx.one_at_a_time("merge").await?;
    let rows = rows(tx, &[id]).await?;
    let row = rows.get(&id).ok_or_else(|| Refusal::not_found("submissionId"))?;
    at_version(row.version, expected)?;
    refuse_closed(tx, row.campaign, "submissionId").await?;
    let case = facts(row, &[]);
    let merger = of(tx, &[id]).await?.into_iter().next();
    let known = fate::facts::read(tx, &[(id, row.stage)], &[]).await?.remove(&id);
    let explained = known.is_some_and(|known| known.facts.told == Told::Delivered);
    let former = merger.as_ref().map_or(row.stage, |merger| merger.former_stage);
    let step = rules::unmerge(&case, former, explained)?;
    let merger = merger.ok_or_else(|| Refusal::not_found("submissionId"))?;
    apply(tx, app, row, &step, Vec::new(), "", json!({}), now).await?;
    let this = Predicate::is(Column::Id, merger.id).and(Predicate::Empty(Column::UndoneAt));
    let undone = vec![(Column::UndoneAt, now.into()), (Column::UndoneBy, tx.viewer().post().into())];
    changed(tx.update::<Entity>(this, undone).await?)?;
    Ok(())
}

/// The mergers that hold of suggestions that were merged; nothing for whoever may not know with whose.
pub async fn of(tx: &Tx, merged: &[SubmissionId]) -> Result<Vec<Model>, Fault> {
    let these = Predicate::among(Column::Merged, merged.iter().copied());
    let hold = these.and(Predicate::Empty(Column::UndoneAt));
    tx.from::<Entity>().filter(hold).all().await
}

/// The mergers that hold of a campaign, in the order in which they were made (S24).
pub async fn made(tx: &Tx, campaign: CampaignId) -> Result<Vec<Model>, Fault> {
    let this = Predicate::is(Column::Campaign, campaign).and(Predicate::Empty(Column::UndoneAt));
    let rows = tx.from::<Entity>().filter(this);
    let rows = rows.order(Column::MergedAt, Direction::Ascending);
    rows.order(Column::Id, Direction::Ascending).all().await
}

/// Two mergers at once could make a chain that neither sees; the office's counter makes one wait for the other.
async fn rows(tx: &Tx, ids: &[SubmissionId]) -> Result<HashMap<SubmissionId, submission::Model>, Fault> {
    let these = Predicate::among(submission::Column::Id, ids.iter().copied());
    let rows = tx.from::<submission::Entity>().filter(these).all().await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Of the suggestions, those that have others merged into them.
async fn holding(tx: &Tx, ids: &[SubmissionId]) -> Result<Vec<SubmissionId>, Fault> {
    let these = Predicate::among(Column::Target, ids.iter().copied());
    let hold = these.and(Predicate::Empty(Column::UndoneAt));
    let rows = tx.from::<Entity>().filter(hold).all().await?;
    Ok(rows.into_iter().map(|row| row.target).collect())
}

fn facts(row: &submission::Model, holding: &[SubmissionId]) -> Facts {
    Facts {
        id: row.id,
        campaign: row.campaign,
        stage: row.stage,
        category: row.category,
        has_merged: holding.contains(&row.id),
    }
}
