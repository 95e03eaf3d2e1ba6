//! Receipt codes: enough alone to follow a case, kept as a keyed hash.

use entity::enums::{InvalidReason, Stage};
use entity::id::{County, DepartmentId, SubmissionId};
use entity::receipt_index::{ActiveModel, Column, Entity, Model};
use entity::submission;
use sea_orm::ActiveValue::Set;

use super::former;
use crate::app::App;
use crate::db::{Predicate, Tx};
use crate::error::ApiError;
use crate::fate::facts;
use crate::fate::rules::{Facts, Fate, fate};
use crate::intake::standing::by_citizen;
use crate::scope::system;
use crate::secrets::receipt::{ReceiptCode, code_of};
use crate::secrets::seal::mask_of_person;
use crate::shares::names::name_of;

/// What a citizen sees of an own suggestion.
pub struct Seen {
    /// The row, read at the receipt desk.
    pub row: submission::Model,
    /// Its title without names and numbers: a code may be in other hands. Of what a citizen wrote, as it was written.
    pub title: String,
    /// Whether its department corrected its words.
    pub corrected: bool,
    /// Where it stands.
    pub stage: Stage,
    /// What becomes of it.
    pub fate: Fate,
    /// The name of the project that it is a source of, masked as the title is.
    pub project: Option<String>,
    /// Why it was not adopted, once its people were told.
    pub explanation: Option<String>,
    /// Why it is not accepted, where the office agreed to that.
    pub invalid: Option<InvalidReason>,
}

/// Gives a suggestion its code. The code follows from the suggestion's key and a key of the installation, so that a
/// sender whose answer was lost gets the same one again; only its hash is stored.
pub async fn note_receipt(
    tx: &Tx,
    app: &App,
    submission: SubmissionId,
    department: DepartmentId,
) -> Result<ReceiptCode, ApiError> {
    let keys = app.lookups.present();
    let code = code_of(keys, submission);
    tx.insert_later(ActiveModel {
        receipt_hash: Set(code.hash(&keys.receipts)),
        county: Set(tx.viewer().county().clone()),
        department: Set(department),
        submission: Set(submission),
    })
    .await?;
    Ok(code)
}

/// The suggestion of a code, read as its collector's department sees it; nothing for a code that nobody has. Codes that
/// were given out under a former key are on paper: each version of the key is tried.
pub async fn look_up(app: &App, code: &ReceiptCode) -> Result<Option<Seen>, ApiError> {
    let versions = app.lookups.versions();
    let hashes = versions.iter().map(|keys| code.hash(&keys.receipts));
    match place(app, hashes.collect()).await? {
        Some(place) => at_the_desk(app, place).await,
        None => Ok(None),
    }
}

/// The code that a suggestion was given, under whichever version of the key, and what it shows.
pub async fn given(app: &App, submission: SubmissionId) -> Result<Option<(ReceiptCode, Seen)>, ApiError> {
    let Some((code, place)) = code_given(app, submission).await? else {
        return Ok(None);
    };
    Ok(at_the_desk(app, place).await?.map(|seen| (code, seen)))
}

/// The code that a suggestion was given; nothing for one that was given none, such as a ledger's.
pub async fn code_given(
    app: &App,
    submission: SubmissionId,
) -> Result<Option<(ReceiptCode, Model)>, ApiError> {
    let versions = app.lookups.versions();
    let codes: Vec<(String, ReceiptCode)> = versions
        .iter()
        .map(|keys| {
            let code = code_of(keys, submission);
            (code.hash(&keys.receipts), code)
        })
        .collect();
    let hashes = codes.iter().map(|(hash, _)| hash.clone());
    let Some(place) = place(app, hashes.collect()).await? else {
        return Ok(None);
    };
    let code = codes.into_iter().find(|(hash, _)| *hash == place.receipt_hash);
    Ok(code.map(|(_, code)| (code, place)))
}

async fn place(app: &App, hashes: Vec<String>) -> Result<Option<Model>, ApiError> {
    let doorkeeper = system::doorkeeper().ok_or_else(|| ApiError::internal("no doorkeeper"))?;
    let door = app.db.begin_read(&doorkeeper).await?;
    let these = Predicate::among(Column::ReceiptHash, hashes);
    Ok(door.from::<Entity>().filter(these).one().await?)
}

/// At the desk of the department that gave the code; of one that was moved since, at its present collector's.
async fn at_the_desk(app: &App, place: Model) -> Result<Option<Seen>, ApiError> {
    let Model { county, department, submission, .. } = place;
    if let Some(seen) = seen_at(app, &county, department, submission).await? {
        return Ok(Some(seen));
    }
    match collector(app, &county, submission).await? {
        Some(present) if present != department => seen_at(app, &county, present, submission).await,
        _ => Ok(None),
    }
}

/// Whose a suggestion is by now.
async fn collector(app: &App, county: &County, id: SubmissionId) -> Result<Option<DepartmentId>, ApiError> {
    let herald = app.db.begin_read(&system::herald(county.clone())).await?;
    let this = Predicate::is(submission::Column::Id, id);
    let row = herald.from::<submission::Entity>().filter(this).one().await?;
    Ok(row.map(|row| row.department))
}

async fn seen_at(
    app: &App,
    county: &County,
    department: DepartmentId,
    id: SubmissionId,
) -> Result<Option<Seen>, ApiError> {
    let desk = app.db.begin_read(&system::receipt_desk(county.clone(), department)).await?;
    let this = Predicate::is(submission::Column::Id, id);
    let Some(row) = desk.from::<submission::Entity>().filter(this).one().await? else {
        return Ok(None);
    };
    let former = former::first_title(&desk, &row).await?;
    // What stood there before may hold a name that the present words don't.
    let named = former.is_some() || row.names_person != Some(false);
    let person = if named { super::person_of(&desk, row.id).await? } else { None };
    let name = person.map(|person| name_of(app, &person)).transpose()?.flatten();
    let written = former.as_ref().filter(|_| by_citizen(&row)).unwrap_or(&row.title);
    let title = mask_of_person(written, name.as_deref());
    let known = facts::read(&desk, &[(row.id, row.stage)], &[]).await?.remove(&row.id);
    let facts = known.as_ref().map_or(Facts::at(row.stage), |known| known.facts);
    let invalid = known.as_ref().and_then(|known| known.invalid.as_ref()).map(|row| row.reason);
    let (project, explanation) = known.map(|known| (known.project, known.explanation)).unwrap_or_default();
    let explanation = explanation.filter(|row| row.delivered_on.is_some());
    Ok(Some(Seen {
        stage: row.stage,
        corrected: former.is_some(),
        invalid: invalid.filter(|_| row.stage == Stage::Invalid),
        fate: fate(&facts),
        project: project.map(|project| mask_of_person(&project.title, name.as_deref())),
        explanation: explanation.map(|row| row.text),
        title,
        row,
    }))
}
