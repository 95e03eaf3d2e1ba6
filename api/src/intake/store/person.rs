//! The people behind suggestions: sealed when written, opened for a stated reason, forgotten without the case.

use chrono::{DateTime, Utc};
use entity::id::{County, PersonId, SubmissionId};
use entity::person::{ActiveModel, Column, Entity, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::Value;

use crate::app::App;
use crate::db::{Fault, Predicate, Tx};
use crate::error::{ApiError, Stop};
use crate::intake::draft::Draft;
use crate::refusal::{Refusal, UserErrorCode};
use crate::secrets::entropy;
use crate::secrets::seal::Telephone;
use crate::shares::names::opened;

/// A person in clear. Never logged: it has no `Debug`.
#[derive(Default)]
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
    Ok(Identity {
        name: opened(app, row, "name", row.name_sealed.as_deref())?,
        phone: opened(app, row, "phone", row.phone_sealed.as_deref())?,
        address: opened(app, row, "address", row.address_sealed.as_deref())?,
    })
}

/// Empties the columns of the person behind a suggestion; its texts are another matter.
pub(super) async fn forget(tx: &Tx, case: SubmissionId, now: DateTime<Utc>) -> Result<(), Stop> {
    let nothing = || Value::String(None);
    let changes = vec![
        (Column::NameSealed, nothing()),
        (Column::PhoneSealed, nothing()),
        (Column::AddressSealed, nothing()),
        (Column::PhoneIndex, nothing()),
        (Column::NameIndex, nothing()),
        (Column::ErasedAt, now.into()),
    ];
    let filter = Predicate::is(Column::Submission, case).and(Predicate::Empty(Column::ErasedAt));
    match tx.update::<Entity>(filter, changes).await? {
        0 => Err(Refusal::not_found("submissionId").into()),
        _ => Ok(()),
    }
}

/// The person behind a suggestion, unless there is none or it was erased.
pub async fn person_of(tx: &Tx, submission: SubmissionId) -> Result<Option<Model>, Fault> {
    let filter = Predicate::is(Column::Submission, submission).and(Predicate::Empty(Column::ErasedAt));
    tx.from::<Entity>().filter(filter).one().await
}

/// Writes the person behind a suggestion as a draft has it: the row that is there, or a first one.
pub(super) async fn rewrite(
    tx: &Tx,
    app: &App,
    (case, known): (SubmissionId, Option<&Model>),
    draft: &Draft,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let Some(known) = known else {
        return first(tx, app, case, draft, now).await;
    };
    let county = &known.county;
    let seal = |column, text: &Option<String>| sealed(app, county, known.id, column, text.as_deref());
    let changes = vec![
        (Column::NameSealed, seal("name", &draft.name)?.into()),
        (Column::PhoneSealed, seal("phone", &draft.phone)?.into()),
        (Column::AddressSealed, seal("address", &draft.address)?.into()),
        (Column::PhoneIndex, blind_index(app, county, draft.phone.as_deref()).into()),
        (Column::NameIndex, name_index(app, county, draft.name.as_deref()).into()),
    ];
    let this = Predicate::is(Column::Id, known.id).and(Predicate::Empty(Column::ErasedAt));
    match tx.update::<Entity>(this, changes).await? {
        0 => Err(Refusal::stale().into()),
        _ => Ok(()),
    }
}

/// A person where nobody was named before. Who was erased is not named again.
async fn first(
    tx: &Tx,
    app: &App,
    case: SubmissionId,
    draft: &Draft,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    if !draft.names_somebody() {
        return Ok(());
    }
    let erased = tx.from::<Entity>().filter(Predicate::is(Column::Submission, case)).count().await?;
    if erased > 0 {
        let (zh, en) = ("个人信息已删除，不能再登记", "The person was erased and is not entered again");
        return Err(Refusal::of(UserErrorCode::WrongStage, "name", zh, en).into());
    }
    Ok(tx.insert_later(row_of(tx, app, case, draft, now)?).await?)
}

/// The row of the person that a draft names.
pub(super) fn row_of(
    tx: &Tx,
    app: &App,
    case: SubmissionId,
    draft: &Draft,
    now: DateTime<Utc>,
) -> Result<ActiveModel, ApiError> {
    let id = PersonId(app.new_key(now));
    let county = tx.viewer().county();
    let seal = |column, text: &Option<String>| sealed(app, county, id, column, text.as_deref());
    Ok(ActiveModel {
        county: Set(county.clone()),
        id: Set(id),
        submission: Set(case),
        name_sealed: Set(seal("name", &draft.name)?),
        phone_sealed: Set(seal("phone", &draft.phone)?),
        address_sealed: Set(seal("address", &draft.address)?),
        phone_index: Set(blind_index(app, county, draft.phone.as_deref())),
        name_index: Set(name_index(app, county, draft.name.as_deref())),
        erased_at: Set(None),
    })
}
