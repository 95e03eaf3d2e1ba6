//! The rows of explanations, written by the collectors of the suggestions that they cover.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{AuditAction, ExplanationChannel, RecordAction, Stage};
use entity::explanation::{ActiveModel, Column, Entity, Model};
use entity::id::{CampaignId, ExplanationId, SubmissionId};
use entity::{explanation_cover, submission};
use serde_json::json;

use super::rules;
use crate::app::App;
use crate::campaign::open::open_campaign;
use crate::clock::day_of;
use crate::db::{Fault, Predicate, Tx};
use crate::decision::{at_version, changed, fresh, note};
use crate::error::Stop;
use crate::fate::facts::{self, Known};
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
    check(tx, new.campaign, &new.submissions).await?;
    let id = ExplanationId(app.new_key(now));
    let (county, own) = (tx.viewer().county().clone(), tx.viewer().department());
    let count = new.submissions.len();
    tx.insert(fresh::<ActiveModel>(Model {
        county: county.clone(),
        id,
        department: own,
        campaign: new.campaign,
        text: new.text,
        channel: new.channel,
        delivered_on: None,
        proof: String::new(),
        covered: i32::try_from(count).unwrap_or(i32::MAX),
        created_at: now,
        version: 1,
    }))
    .await?;
    let cover = |submission: &SubmissionId| {
        fresh::<explanation_cover::ActiveModel>(explanation_cover::Model {
            county: county.clone(),
            submission: *submission,
            explanation: id,
            department: own,
            covered_at: now,
        })
    };
    let covers = new.submissions.iter().map(cover).collect();
    // Another explanation may have covered one of them just now.
    match tx.insert_many(covers).await {
        Err(Fault::Taken) => return Err(taken().into()),
        other => other?,
    }
    let (subject, detail) = (format!("explanation:{}", id.0), json!({ "covered": count }));
    note(tx, app, AuditAction::ExplanationRecord, subject, detail, now).await?;
    Ok(id)
}

fn taken() -> Refusal {
    let (zh, en) = ("已有说明覆盖", "An explanation covers it already");
    Refusal::of(UserErrorCode::Duplicate, "submissionIds", zh, en)
}

async fn check(tx: &Tx, campaign: CampaignId, ids: &[SubmissionId]) -> Result<(), Stop> {
    let own = tx.viewer().department();
    let rows = submissions(tx, ids).await?;
    let mine = |row: &&submission::Model| row.department == own && row.campaign == campaign;
    if rows.iter().filter(mine).count() != ids.len() {
        return Err(Refusal::not_found("submissionIds").into());
    }
    let known = known(tx, &rows).await?;
    known.values().try_for_each(|known| rules::explainable(&known.facts))?;
    Ok(())
}

/// What is known of suggestions that one explanation covers.
async fn known(tx: &Tx, rows: &[submission::Model]) -> Result<HashMap<SubmissionId, Known>, Fault> {
    let cases: Vec<(SubmissionId, Stage)> = rows.iter().map(|row| (row.id, row.stage)).collect();
    let ids: Vec<SubmissionId> = rows.iter().map(|row| row.id).collect();
    facts::read(tx, &cases, &ids).await
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
    let this = Predicate::is(Column::Id, id);
    let row = tx.from::<Entity>().filter(this.clone()).one().await?;
    let row = row.ok_or_else(|| Refusal::not_found("explanationId"))?;
    at_version(row.version, delivery.expected)?;
    rules::deliver(row.delivered_on, delivery.on, &delivery.proof, day_of(now))?;
    let changes = vec![
        (Column::DeliveredOn, Some(delivery.on).into()),
        (Column::Proof, delivery.proof.into()),
        (Column::Version, (row.version + 1).into()),
    ];
    let this = this.and(Predicate::is(Column::Version, row.version));
    changed(tx.update::<Entity>(this, changes).await?)?;
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
    let covered = Predicate::is(explanation_cover::Column::Explanation, id);
    let covers = tx.from::<explanation_cover::Entity>().filter(covered).all().await?;
    let ids: Vec<SubmissionId> = covers.into_iter().map(|cover| cover.submission).collect();
    let rows = submissions(tx, &ids).await?;
    let known = known(tx, &rows).await?;
    known.values().try_for_each(|known| rules::tellable(&known.facts))?;
    Ok(rows)
}

async fn submissions(tx: &Tx, ids: &[SubmissionId]) -> Result<Vec<submission::Model>, Fault> {
    let these = Predicate::among(submission::Column::Id, ids.iter().copied());
    tx.from::<submission::Entity>().filter(these).all().await
}
