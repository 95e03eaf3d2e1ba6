//! The rows of explanations, written by the collectors of the suggestions that they cover.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{AuditAction, ExplanationChannel, RecordAction, Stage};
use entity::explanation::{ActiveModel, Column, Entity, Model};
use entity::id::{CampaignId, ExplanationId, SubmissionId};
use entity::{explanation_cover, explanation_version, submission};
use sea_orm::Value;
use serde_json::json;

use super::rules;
use crate::app::App;
use crate::campaign::open::open_campaign;
use crate::clock::day_of;
use crate::db::{Fault, Predicate, Tx};
use crate::decision::{at_version, changed, fresh, lasting, note};
use crate::error::Stop;
use crate::fate::facts::{self, Known};
use crate::fate::rules::{Facts, Told};
use crate::intake::store::move_all;
use crate::refusal::input::text;
use crate::refusal::{Refusal, UserErrorCode};

/// An explanation to be written.
pub struct New {
    /// Campaign.
    pub campaign: CampaignId,
    /// What is told.
    pub text: String,
    /// By which way.
    pub channel: ExplanationChannel,
    /// Suggestions that it covers.
    pub submissions: Vec<SubmissionId>,
}

/// Writes an explanation that covers suggestions of the viewer's own stream.
pub async fn record(tx: &Tx, app: &App, new: New, now: DateTime<Utc>) -> Result<ExplanationId, Stop> {
    open_campaign(tx, new.campaign).await?;
    text("text", &new.text, 2, 4000)?;
    rules::list(&new.submissions)?;
    let rows = own(tx, new.campaign, &new.submissions).await?;
    let known = known(tx, &rows).await?;
    known.values().try_for_each(|known| rules::explainable(&known.facts))?;
    let id = ExplanationId(app.new_key(now));
    let count = new.submissions.len();
    tx.insert(fresh::<ActiveModel>(Model {
        county: tx.viewer().county().clone(),
        id,
        department: tx.viewer().department(),
        campaign: new.campaign,
        text: new.text,
        channel: new.channel,
        delivered_on: None,
        proof: String::new(),
        covered: counted(count),
        withdrawn_at: None,
        created_at: now,
        version: 1,
    }))
    .await?;
    cover(tx, id, &new.submissions, now).await?;
    let (subject, detail) = (format!("explanation:{}", id.0), json!({ "covered": count }));
    note(tx, app, AuditAction::ExplanationRecord, subject, detail, now).await?;
    Ok(id)
}

fn counted(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Writes down what an explanation of the viewer's department covers.
async fn cover(
    tx: &Tx,
    id: ExplanationId,
    submissions: &[SubmissionId],
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let cover = |submission: &SubmissionId| {
        fresh::<explanation_cover::ActiveModel>(explanation_cover::Model {
            county: tx.viewer().county().clone(),
            submission: *submission,
            explanation: id,
            department: tx.viewer().department(),
            covered_at: now,
        })
    };
    match tx.insert_many(submissions.iter().map(cover).collect()).await {
        // Another explanation may have covered one of them just now.
        Err(Fault::Taken) => {
            let (zh, en) = ("已有说明覆盖", "An explanation covers it already");
            Err(Refusal::of(UserErrorCode::Duplicate, "submissionIds", zh, en).into())
        }
        other => Ok(other?),
    }
}

/// Suggestions of the viewer's own stream in a campaign, all of those that are named.
async fn own(tx: &Tx, campaign: CampaignId, ids: &[SubmissionId]) -> Result<Vec<submission::Model>, Stop> {
    let own = tx.viewer().department();
    let mut rows = submissions(tx, ids).await?;
    rows.retain(|row| row.department == own && row.campaign == campaign);
    if rows.len() == ids.len() { Ok(rows) } else { Err(Refusal::not_found("submissionIds").into()) }
}

/// What is known of suggestions that one explanation covers.
async fn known(tx: &Tx, rows: &[submission::Model]) -> Result<HashMap<SubmissionId, Known>, Fault> {
    let cases: Vec<(SubmissionId, Stage)> = rows.iter().map(|row| (row.id, row.stage)).collect();
    let ids: Vec<SubmissionId> = rows.iter().map(|row| row.id).collect();
    facts::read(tx, &cases, &ids).await
}

/// How an explanation reads from now on.
pub struct Change {
    /// The version that the caller has seen.
    pub expected: i32,
    /// What is told.
    pub text: String,
    /// By which way.
    pub channel: ExplanationChannel,
    /// Suggestions that it covers.
    pub submissions: Vec<SubmissionId>,
    /// Why it is changed.
    pub reason: String,
}

/// Writes an explanation anew that was not delivered, and keeps what stood in it.
pub async fn edit(
    tx: &Tx,
    app: &App,
    id: ExplanationId,
    change: Change,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let row = find(tx, id).await?;
    text("text", &change.text, 2, 4000)?;
    text("reason", &change.reason, 2, 500)?;
    rules::list(&change.submissions)?;
    let rows = own(tx, row.campaign, &change.submissions).await?;
    at_version(row.version, change.expected)?;
    rules::pending(row.delivered_on.is_some(), row.withdrawn_at.is_some())?;
    open_campaign(tx, row.campaign).await?;
    for known in known(tx, &rows).await?.into_values() {
        let by_itself = known.explanation.is_some_and(|other| other.id == id);
        let told = if by_itself { Told::Nothing } else { known.facts.told };
        rules::explainable(&Facts { told, ..known.facts })?;
    }
    let before = covered(tx, id).await?;
    let changes = vec![
        (Column::Text, change.text.into()),
        (Column::Channel, change.channel.into()),
        (Column::Covered, counted(change.submissions.len()).into()),
    ];
    advance(tx, &row, changes).await?;
    keep(tx, app, &row, &before, &change.reason, now).await?;
    let gone = before.iter().copied().filter(|id| !change.submissions.contains(id));
    uncover(tx, id, gone.collect()).await?;
    let new = change.submissions.iter().copied().filter(|id| !before.contains(id));
    cover(tx, id, &new.collect::<Vec<_>>(), now).await?;
    let (subject, detail) = (format!("explanation:{}", id.0), json!({ "covered": change.submissions.len() }));
    note(tx, app, AuditAction::ExplanationEdit, subject, detail, now).await?;
    Ok(())
}

/// Takes an explanation back that was not delivered, and keeps what stood in it: it covers nothing any more.
pub async fn withdraw(
    tx: &Tx,
    app: &App,
    id: ExplanationId,
    (expected, reason): (i32, &str),
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let row = find(tx, id).await?;
    text("reason", reason, 2, 500)?;
    at_version(row.version, expected)?;
    rules::pending(row.delivered_on.is_some(), row.withdrawn_at.is_some())?;
    open_campaign(tx, row.campaign).await?;
    let before = covered(tx, id).await?;
    let changes = vec![(Column::WithdrawnAt, Some(now).into()), (Column::Covered, 0.into())];
    advance(tx, &row, changes).await?;
    keep(tx, app, &row, &before, reason, now).await?;
    uncover(tx, id, before).await?;
    let subject = format!("explanation:{}", id.0);
    note(tx, app, AuditAction::ExplanationWithdraw, subject, json!({}), now).await?;
    Ok(())
}

/// The explanation of a key, for whoever wrote it.
async fn find(tx: &Tx, id: ExplanationId) -> Result<Model, Stop> {
    let own = tx.viewer().department();
    let row = tx.from::<Entity>().filter(Predicate::is(Column::Id, id)).one().await?;
    let row = row.filter(|row| row.department == own);
    row.ok_or_else(|| Refusal::not_found("explanationId").into())
}

/// Changes an explanation under its version, which it raises.
async fn advance(tx: &Tx, row: &Model, mut changes: Vec<(Column, Value)>) -> Result<(), Stop> {
    changes.push((Column::Version, (row.version + 1).into()));
    let this = Predicate::is(Column::Id, row.id).and(Predicate::is(Column::Version, row.version));
    changed(tx.update::<Entity>(this, changes).await?)?;
    Ok(())
}

/// Keeps an explanation as it stands, for good.
async fn keep(
    tx: &Tx,
    app: &App,
    row: &Model,
    covered: &[SubmissionId],
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    tx.insert(fresh::<explanation_version::ActiveModel>(explanation_version::Model {
        county: row.county.clone(),
        explanation: row.id,
        version: row.version,
        department: row.department,
        text: lasting(tx, app, covered, &row.text).await?,
        channel: row.channel,
        covered: json!(covered),
        reason: lasting(tx, app, covered, reason).await?,
        replaced_by: tx.viewer().post(),
        replaced_at: now,
    }))
    .await?;
    Ok(())
}

/// The suggestions that an explanation covers.
async fn covered(tx: &Tx, id: ExplanationId) -> Result<Vec<SubmissionId>, Fault> {
    let these = Predicate::is(explanation_cover::Column::Explanation, id);
    let covers = tx.from::<explanation_cover::Entity>().filter(these).all().await?;
    Ok(covers.into_iter().map(|cover| cover.submission).collect())
}

async fn uncover(tx: &Tx, id: ExplanationId, submissions: Vec<SubmissionId>) -> Result<(), Fault> {
    let these = Predicate::is(explanation_cover::Column::Explanation, id)
        .and(Predicate::among(explanation_cover::Column::Submission, submissions));
    tx.delete::<explanation_cover::Entity>(these).await?;
    Ok(())
}

/// How an explanation reached the people.
pub struct Delivery {
    /// The version that the caller has seen.
    pub expected: i32,
    /// Day.
    pub on: NaiveDate,
    /// What proves it.
    pub proof: String,
}

/// Writes down that an explanation was delivered: what it covers has its answer now.
pub async fn deliver(
    tx: &Tx,
    app: &App,
    id: ExplanationId,
    delivery: Delivery,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let row = find(tx, id).await?;
    at_version(row.version, delivery.expected)?;
    rules::pending(row.delivered_on.is_some(), row.withdrawn_at.is_some())?;
    rules::deliver(delivery.on, &delivery.proof, day_of(now))?;
    let changes =
        vec![(Column::DeliveredOn, Some(delivery.on).into()), (Column::Proof, delivery.proof.into())];
    advance(tx, &row, changes).await?;
    let rows = tellable(tx, id).await?;
    let covered = rows.len();
    let ends = |row: &submission::Model| rules::told(row.stage) != row.stage;
    let ended: Vec<_> = rows.into_iter().filter(ends).collect();
    let declined = (RecordAction::Declined, Stage::Declined);
    move_all(tx, app, &ended, declined, now).await?;
    let (subject, detail) = (format!("explanation:{}", id.0), json!({ "covered": covered }));
    note(tx, app, AuditAction::ExplanationDeliver, subject, detail, now).await?;
    Ok(())
}

/// What an explanation covers; refused while something of it became part of a project meanwhile, or still may: nobody is
/// told that what may yet be built was not adopted.
async fn tellable(tx: &Tx, id: ExplanationId) -> Result<Vec<submission::Model>, Stop> {
    let rows = submissions(tx, &covered(tx, id).await?).await?;
    let known = known(tx, &rows).await?;
    known.values().try_for_each(|known| rules::tellable(&known.facts))?;
    Ok(rows)
}

async fn submissions(tx: &Tx, ids: &[SubmissionId]) -> Result<Vec<submission::Model>, Fault> {
    let these = Predicate::among(submission::Column::Id, ids.iter().copied());
    tx.from::<submission::Entity>().filter(these).all().await
}
