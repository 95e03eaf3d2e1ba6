//! Erasing a person: its columns, its name and its numbers in every text of the case. The case stays.
//!
//! The record and the audit trail only grow: what is written there of a case was freed of names and numbers as it was written.

use chrono::{DateTime, Utc};
use entity::submission::{Column, Entity, Model};
use entity::{explanation, explanation_cover};

use super::former::{self, cleaned};
use super::person::forget;
use crate::db::{Document, Predicate, Tx};
use crate::error::Stop;
use crate::refusal::Refusal;
use crate::secrets::seal::{mask_names, mask_of_person};

/// Erases the person behind a suggestion, whose name is given; the case stays, at the version after the one that was read.
pub async fn erase(tx: &Tx, case: &Model, name: Option<&str>, now: DateTime<Utc>) -> Result<(), Stop> {
    forget(tx, case.id, now).await?;
    let (title, content) = (mask_of_person(&case.title, name), mask_of_person(&case.content, name));
    let seen = Predicate::is(Column::Id, case.id).and(Predicate::is(Column::Version, case.version));
    let changes = vec![
        (Column::Title, title.clone().into()),
        (Column::Content, content.clone().into()),
        (Column::Extra, cleaned(&case.extra, name).into()),
        (Column::NamesPerson, Some(false).into()),
        (Column::Version, (case.version + 1).into()),
    ];
    if tx.update::<Entity>(seen, changes).await? == 0 {
        return Err(Refusal::stale().into());
    }
    tx.reindex_text(&Document {
        submission: case.id,
        departments: Vec::new(),
        received_at: case.received_at,
        title,
        content,
    })
    .await?;
    former::clean(tx, case, name).await?;
    explained(tx, case, name).await
}

/// What was told about the case. Its text goes to many, and may give them an office's number: the name alone goes. The
/// proof is the case's own.
async fn explained(tx: &Tx, case: &Model, name: Option<&str>) -> Result<(), Stop> {
    use explanation::{Column as Told, Entity as Explanation};
    let these = Predicate::is(explanation_cover::Column::Submission, case.id);
    let covers = tx.from::<explanation_cover::Entity>().filter(these).all().await?;
    if covers.is_empty() {
        return Ok(());
    }
    let these = Predicate::among(Told::Id, covers.iter().map(|cover| cover.explanation));
    for row in tx.from::<Explanation>().filter(these).all().await? {
        let text = name.map_or_else(|| row.text.clone(), |name| mask_names(&row.text, name));
        let proof = mask_of_person(&row.proof, name);
        if (&text, &proof) != (&row.text, &row.proof) {
            let changes = vec![(Told::Text, text.into()), (Told::Proof, proof.into())];
            tx.update::<Explanation>(Predicate::is(Told::Id, row.id), changes).await?;
        }
    }
    Ok(())
}
