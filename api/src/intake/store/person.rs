//! The people behind suggestions: sealed when written, opened for a stated reason, erased without the case.

use chrono::{DateTime, Utc};
use entity::id::{County, PersonId, SubmissionId};
use entity::person::{Column, Entity, Model};
use entity::submission;
use sea_orm::Value;

use crate::app::App;
use crate::db::{Fault, Predicate, Tx};
use crate::error::{ApiError, Stop};
use crate::refusal::Refusal;
use crate::secrets::entropy;
use crate::secrets::seal::Telephone;

/// A person in clear. Never logged: it has no `Debug`.
pub struct Identity {
    /// Name. 姓名
    pub name: Option<String>,
    /// Telephone. 电话
    pub phone: Option<String>,
    /// Address. 住址
    pub address: Option<String>,
}

/// Seals one column of a person; nothing stays nothing.
pub fn sealed(
    app: &App,
    county: &County,
    person: PersonId,
    column: &str,
    text: Option<&str>,
) -> Result<Option<String>, ApiError> {
    let seal = |text| app.sealer.seal(county.as_str(), person.0, column, text, entropy::random());
    text.map(seal).transpose().map_err(|fault| ApiError::internal(&fault.to_string()))
}

/// The keyed hash of a telephone, by which the same caller is recognised without being known.
#[must_use]
pub fn blind_index(app: &App, county: &County, phone: Option<&str>) -> Option<String> {
    let phone = Telephone::parse(phone?).ok()?;
    Some(app.sealer.blind_index(county.as_str(), &phone))
}

/// The same of a name.
#[must_use]
pub fn name_index(app: &App, county: &County, name: Option<&str>) -> Option<String> {
    name.map(|name| app.sealer.name_index(county.as_str(), name))
}

/// Opens a person's columns.
pub fn reveal(app: &App, row: &Model) -> Result<Identity, ApiError> {
    let open = |column, sealed: &Option<String>| {
        let open = |sealed: &str| app.sealer.open(row.county.as_str(), row.id.0, column, sealed);
        sealed.as_deref().map(open).transpose().map_err(|fault| ApiError::internal(&fault.to_string()))
    };
    Ok(Identity {
        name: open("name", &row.name_sealed)?,
        phone: open("phone", &row.phone_sealed)?,
        address: open("address", &row.address_sealed)?,
    })
}

/// Erases the person behind a suggestion: columns and indexes go, the case stays at the version after the one that was read.
pub async fn erase(tx: &Tx, case: &submission::Model, now: DateTime<Utc>) -> Result<(), Stop> {
    let nothing = || Value::String(None);
    let changes = vec![
        (Column::NameSealed, nothing()),
        (Column::PhoneSealed, nothing()),
        (Column::AddressSealed, nothing()),
        (Column::PhoneIndex, nothing()),
        (Column::NameIndex, nothing()),
        (Column::ErasedAt, now.into()),
    ];
    let filter = Predicate::is(Column::Submission, case.id).and(Predicate::Empty(Column::ErasedAt));
    if tx.update::<Entity>(filter, changes).await? == 0 {
        return Err(Refusal::not_found("submissionId").into());
    }
    let seen = Predicate::is(submission::Column::Id, case.id)
        .and(Predicate::is(submission::Column::Version, case.version));
    let raised = vec![(submission::Column::Version, (case.version + 1).into())];
    match tx.update::<submission::Entity>(seen, raised).await? {
        0 => Err(Refusal::stale().into()),
        _ => Ok(()),
    }
}

/// The person behind a suggestion, unless there is none or it was erased.
pub async fn person_of(tx: &Tx, submission: SubmissionId) -> Result<Option<Model>, Fault> {
    let filter = Predicate::is(Column::Submission, submission).and(Predicate::Empty(Column::ErasedAt));
    tx.from::<Entity>().filter(filter).one().await
}
