//! Indexing the texts of one county anew, as its operator: for texts that a former release indexed by other rules.

use std::collections::HashMap;

use entity::enums::AuditAction;
use entity::id::{County, SubmissionId};
use entity::person;
use entity::submission::{Column, Entity, Model};
use serde_json::json;

use crate::app::App;
use crate::db::{Direction, Document, Fault, Predicate, Side, Trail, Tx};
use crate::scope::system;
use crate::secrets::seal::mask_of_person;
use crate::shares::names::name_of;

/// Suggestions of one page, and of one transaction.
const PAGE: u64 = 500;

/// How many texts a county has.
pub async fn texts(app: &App, county: &County) -> Result<u64, Fault> {
    let tx = app.db.begin_read(&system::operator(county.clone())).await?;
    tx.from::<Entity>().count().await
}

/// Indexes every text of a county anew, a page in each transaction, which leaves a line in the audit trail; says how many
/// there were. A run that was cut off is run again. `seen` is told how many were indexed since the last call.
pub async fn reindex(app: &App, county: &County, seen: &mut (impl FnMut(u64) + Send)) -> Result<u64, Fault> {
    let (mut after, mut indexed) = (None, 0);
    loop {
        let mut rows = page(app, county, after).await?;
        let Some(last) = rows.last().map(|row| row.id) else {
            break;
        };
        let how_many = rows.len() as u64;
        loop {
            write(app, county, &rows).await?;
            // What was corrected between the look and the write was indexed as it had been.
            let present = page(app, county, after).await?;
            if present == rows {
                break;
            }
            rows = present;
        }
        after = Some(last);
        indexed += how_many;
        seen(how_many);
    }
    note(app, county, indexed).await?;
    Ok(indexed)
}

/// The next suggestions behind a key, in the order of their keys.
async fn page(app: &App, county: &County, after: Option<SubmissionId>) -> Result<Vec<Model>, Fault> {
    let tx = app.db.begin_read(&system::operator(county.clone())).await?;
    let mut rows = tx.from::<Entity>();
    if let Some(after) = after {
        rows = rows.filter(Predicate::Past(vec![Column::Id], vec![after.into()], Side::Above));
    }
    rows.order(Column::Id, Direction::Ascending).limit(PAGE).all().await
}

async fn write(app: &App, county: &County, rows: &[Model]) -> Result<(), Fault> {
    let tx = app.db.begin_write(&system::operator(county.clone())).await?;
    let names = names(&tx, app, rows).await?;
    for row in rows {
        let name = names.get(&row.id).map(String::as_str);
        let document = Document {
            submission: row.id,
            departments: Vec::new(),
            received_at: row.received_at,
            title: mask_of_person(&row.title, name),
            content: mask_of_person(&row.content, name),
        };
        tx.reindex_text(&document).await?;
        tx.settle().await?;
    }
    tx.commit().await
}

/// The names of the people behind suggestions that may hold them.
async fn names(tx: &Tx, app: &App, rows: &[Model]) -> Result<HashMap<SubmissionId, String>, Fault> {
    let holding = rows.iter().filter(|row| row.names_person != Some(false)).map(|row| row.id);
    let these = Predicate::among(person::Column::Submission, holding);
    let mut names = HashMap::new();
    for person in tx.from::<person::Entity>().filter(these).all().await? {
        let name = name_of(app, &person);
        let name = name.map_err(|_| Fault::Broken("a sealed name can't be opened".to_owned()))?;
        names.extend(name.map(|name| (person.submission, name)));
    }
    Ok(names)
}

async fn note(app: &App, county: &County, texts: u64) -> Result<(), Fault> {
    let now = app.clock.now();
    let tx = app.db.begin_write(&system::operator(county.clone())).await?;
    tx.audit(Trail {
        id: app.new_key(now),
        at: now,
        action: AuditAction::IndexRebuild,
        subject: format!("county:{county}"),
        detail: json!({ "texts": texts }),
    })
    .await?;
    tx.commit().await
}
