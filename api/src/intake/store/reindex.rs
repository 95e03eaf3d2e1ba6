//! Indexing the texts of one county anew, as its operator: for texts that a former release indexed by other rules.

use entity::enums::AuditAction;
use entity::id::{County, SubmissionId};
use entity::submission::{Column, Entity, Model};
use serde_json::json;

use crate::app::App;
use crate::db::{Direction, Document, Fault, Predicate, Side, Trail};
use crate::scope::system;
use crate::secrets::seal::mask_in_text;

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
    for row in rows {
        let document = Document {
            submission: row.id,
            departments: Vec::new(),
            received_at: row.received_at,
            title: mask_in_text(&row.title),
            content: mask_in_text(&row.content),
        };
        tx.reindex_text(&document).await?;
        tx.settle().await?;
    }
    tx.commit().await
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
