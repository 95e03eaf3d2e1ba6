//! The names of the people behind suggestions, in clear: for whoever takes them out of a text that is kept for good.

use entity::id::SubmissionId;
use entity::person::{Column, Entity, Model};

use crate::app::App;
use crate::db::{Predicate, Tx};
use crate::error::ApiError;

/// Opens the name alone; nothing where none was given or the person was erased.
pub fn name_of(app: &App, row: &Model) -> Result<Option<String>, ApiError> {
    opened(app, row, "name", row.name_sealed.as_deref())
}

/// Opens one column of a person.
pub fn opened(
    app: &App,
    row: &Model,
    column: &str,
    sealed: Option<&str>,
) -> Result<Option<String>, ApiError> {
    let open = |sealed: &str| app.sealer.open(row.county.as_str(), row.id.0, column, sealed);
    sealed.map(open).transpose().map_err(|fault| ApiError::internal(&fault.to_string()))
}

/// The names behind some suggestions, to take them out of a text that is kept for good.
pub async fn names_of(tx: &Tx, app: &App, cases: &[SubmissionId]) -> Result<Vec<String>, ApiError> {
    let these = Predicate::among(Column::Submission, cases.iter().copied());
    let rows = tx.from::<Entity>().filter(these).all().await?;
    let names: Result<Vec<_>, _> = rows.iter().map(|row| name_of(app, row)).collect();
    Ok(names?.into_iter().flatten().collect())
}
