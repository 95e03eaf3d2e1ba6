//! Receipt codes: enough alone to follow a case, kept as a keyed hash.

use entity::enums::Stage;
use entity::id::{DepartmentId, SubmissionId};
use entity::receipt_index::{ActiveModel, Column, Entity};
use entity::submission;
use sea_orm::ActiveValue::Set;

use crate::access::receipt::ReceiptCode;
use crate::access::seal::digest::keyed_hash;
use crate::access::system;
use crate::app::App;
use crate::db::{Predicate, Tx};
use crate::decision::explanation;
use crate::graphql::error::ApiError;

/// What a citizen sees of an own suggestion.
pub struct Seen {
    /// The row, read at the receipt desk.
    pub row: submission::Model,
    /// Where it stands.
    pub stage: Stage,
    /// Why it was not adopted, once its people were told.
    pub explanation: Option<String>,
}

/// Gives a suggestion its code. The code follows from the suggestion's key and a key of the installation, so that a
/// sender whose answer was lost gets the same one again; only its hash is stored.
pub async fn note_receipt(
    tx: &Tx,
    app: &App,
    submission: SubmissionId,
    department: DepartmentId,
) -> Result<ReceiptCode, ApiError> {
    let code = code_of(app, submission);
    tx.insert_new(ActiveModel {
        receipt_hash: Set(code.hash(&app.receipt_key)),
        county: Set(tx.viewer().county().clone()),
        department: Set(department),
        submission: Set(submission),
    })
    .await?;
    Ok(code)
}

/// The code of a suggestion that was given one.
#[must_use]
pub fn code_of(app: &App, submission: SubmissionId) -> ReceiptCode {
    let tag = keyed_hash(&app.receipt_key, submission.0.as_bytes());
    let mut random = [0; 10];
    random.copy_from_slice(&tag[..10]);
    ReceiptCode::mint(random)
}

/// The suggestion of a code, read as its collector's department sees it; nothing for a code that nobody has.
pub async fn look_up(app: &App, code: &ReceiptCode) -> Result<Option<Seen>, ApiError> {
    let doorkeeper = system::doorkeeper().ok_or_else(|| ApiError::internal("no doorkeeper"))?;
    let door = app.db.begin_read(&doorkeeper).await?;
    let this = Predicate::is(Column::ReceiptHash, code.hash(&app.receipt_key));
    let Some(place) = door.from::<Entity>().filter(this).one().await? else {
        return Ok(None);
    };
    drop(door);
    let desk = app
        .db
        .begin_read(&system::receipt_desk(place.county, place.department))
        .await?;
    let this = Predicate::is(submission::Column::Id, place.submission);
    let Some(row) = desk.from::<submission::Entity>().filter(this).one().await? else {
        return Ok(None);
    };
    Ok(Some(Seen {
        stage: row.stage,
        explanation: explanation::store::told(&desk, row.id).await?,
        row,
    }))
}
