//! What stood in a suggestion before it was corrected: every version is kept, and an erasure of the person reaches each.

use chrono::{DateTime, Utc};
use entity::former_text::{ActiveModel, Column, Entity};
use entity::submission::Model;
use sea_orm::ActiveValue::Set;
use serde_json::Value as Json;

use crate::db::{Fault, Predicate, Tx};
use crate::intake::draft::Draft;
use crate::secrets::seal::mask_of_person;

/// Keeps the words as they were read, if the draft has others.
pub(super) async fn keep(tx: &Tx, row: &Model, draft: &Draft, now: DateTime<Utc>) -> Result<(), Fault> {
    let same = draft.title == row.title
        && draft.content == row.content
        && draft.kind == row.kind
        && Json::Object(draft.extra.clone()) == row.extra;
    if same {
        return Ok(());
    }
    let by = tx.viewer();
    tx.insert_later(ActiveModel {
        county: Set(row.county.clone()),
        submission: Set(row.id),
        version: Set(row.version),
        title: Set(row.title.clone()),
        content: Set(row.content.clone()),
        kind: Set(row.kind),
        extra: Set(row.extra.clone()),
        post: Set(by.post()),
        by_account: Set(by.account()),
        by_department: Set(by.account().map(|_| by.department())),
        by_position: Set(by.account().map(|_| by.position())),
        replaced_at: Set(now),
    })
    .await
}

/// Takes name and numbers of a person out of everything that stood in a suggestion before, once the person is erased.
pub(super) async fn clean(tx: &Tx, case: &Model, name: Option<&str>) -> Result<(), Fault> {
    let these = Predicate::is(Column::Submission, case.id);
    for row in tx.from::<Entity>().filter(these.clone()).all().await? {
        let (title, content) = (mask_of_person(&row.title, name), mask_of_person(&row.content, name));
        let changes = vec![
            (Column::Title, title.into()),
            (Column::Content, content.into()),
            (Column::Extra, cleaned(&row.extra, name).into()),
        ];
        let this = these.clone().and(Predicate::is(Column::Version, row.version));
        tx.update::<Entity>(this, changes).await?;
    }
    Ok(())
}

/// The values of a form, without what is personal.
pub(super) fn cleaned(extra: &Json, name: Option<&str>) -> Json {
    match extra {
        Json::String(text) => Json::String(mask_of_person(text, name)),
        Json::Array(values) => values.iter().map(|value| cleaned(value, name)).collect(),
        Json::Object(fields) => {
            let cleaned = fields.iter().map(|(key, value)| (key.clone(), cleaned(value, name)));
            Json::Object(cleaned.collect())
        }
        other => other.clone(),
    }
}

/// The heading as it was taken in, before any correction.
pub(super) async fn first_title(tx: &Tx, row: &Model) -> Result<Option<String>, Fault> {
    let these = Predicate::is(Column::Submission, row.id);
    let rows = tx.from::<Entity>().filter(these).all().await?;
    Ok(rows.into_iter().min_by_key(|former| former.version).map(|former| former.title))
}
