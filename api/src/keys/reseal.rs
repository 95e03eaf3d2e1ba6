//! Sealing the texts of one county anew, and letting its former master keys go.

use entity::enums::AuditAction;
use entity::id::County;
use entity::key_version::{Column, Entity, Model};
use serde_json::json;
use uuid::Uuid;

use super::KeyFault;
use super::store::{learn, of_county, open, seal, trail};
use super::tables::{Row, Table};
use crate::app::App;
use crate::db::{Fault, Predicate};
use crate::scope::system;

/// What came of one county.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Rows that were sealed anew.
    pub rows: u64,
    /// Rows that no configured key opens: lost before, and left as they are.
    pub lost: u64,
    /// Master keys that the county does not need any more.
    pub retired: u64,
}

/// Seals a county's texts with the present key, a page in each transaction, and then retires the former keys. Whatever was
/// done before is found done; `seen` is told how many rows were read since the last call, before they are written.
pub async fn reseal(
    app: &App,
    county: &County,
    seen: &mut (impl FnMut(u64) + Send),
) -> Result<Resealed, KeyFault> {
    let mut outcome = Resealed::default();
    let former = former(app, county).await?;
    if !former.is_empty() {
        note(app, county, json!({ "state": "BEGUN" })).await?;
    }
    loop {
        let mut changed = 0;
        outcome.lost = 0;
        for table in Table::ALL {
            let (rows, lost) = pass(app, county, table, seen).await?;
            changed += rows;
            outcome.lost += lost;
        }
        // A second look finds what another server sealed meanwhile with a former key.
        if changed == 0 {
            break;
        }
        outcome.rows += changed;
    }
    if !former.is_empty() || outcome.rows > 0 {
        outcome.retired = retire(app, county, &former, &outcome).await?;
        learn(app).await?;
    }
    Ok(outcome)
}

/// Keys of the county that are not the present one and are not retired, or whose kept keys the present one does not seal.
async fn former(app: &App, county: &County) -> Result<Vec<Model>, Fault> {
    let tx = app.db.begin_read(&system::operator(county.clone())).await?;
    let present = app.lookups.present().id();
    let rows = of_county(&tx).await?.into_iter();
    let open = |row: &Model| row.retired_at.is_none() || !app.sealer.is_current(&row.sealed);
    Ok(rows.filter(|row| row.key_id != present && open(row)).collect())
}

/// One walk over a table: how many rows were sealed anew, and how many can't be.
async fn pass(
    app: &App,
    county: &County,
    table: Table,
    seen: &mut (impl FnMut(u64) + Send),
) -> Result<(u64, u64), Fault> {
    let operator = system::operator(county.clone());
    let (mut after, mut changed, mut unreadable): (Option<Uuid>, u64, u64) = (None, 0, 0);
    loop {
        // Looked for in a read: SQLite has but one writer, and a walk that goes on finds most of it done.
        let tx = app.db.begin_read(&operator).await?;
        let rows = table.page(&tx, after).await?;
        drop(tx);
        let Some(last) = rows.last() else {
            return Ok((changed, unreadable));
        };
        after = Some(last.id);
        let stale: Vec<&Row> = rows.iter().filter(|row| !row.is_current(&app.sealer)).collect();
        let anew: Vec<Row> = stale.iter().filter_map(|row| row.anew(&app.sealer, county).ok()).collect();
        unreadable += (stale.len() - anew.len()) as u64;
        seen(rows.len() as u64);
        changed += write(app, county, table, &anew).await?;
    }
}

async fn write(app: &App, county: &County, table: Table, rows: &[Row]) -> Result<u64, Fault> {
    if rows.is_empty() {
        return Ok(0);
    }
    let operator = system::operator(county.clone());
    let tx = app.db.begin_write(&operator).await?;
    let mut written = 0;
    for row in rows {
        written += u64::from(table.write(&tx, row).await?);
    }
    tx.commit().await?;
    Ok(written)
}

/// Seals what is kept of the former keys with the present one, and writes down that they are not needed any more.
async fn retire(app: &App, county: &County, former: &[Model], done: &Resealed) -> Result<u64, KeyFault> {
    let now = app.clock.now();
    let tx = app.db.begin_write(&system::operator(county.clone())).await?;
    let mut retired = 0;
    for row in former {
        let kept = open(&app.sealer, row)?;
        let mut changes = vec![(Column::Sealed, seal(&app.sealer, row, &kept)?.into())];
        if row.retired_at.is_none() {
            changes.push((Column::RetiredAt, now.into()));
            retired += 1;
        }
        tx.update::<Entity>(Predicate::is(Column::Number, row.number), changes).await?;
    }
    let Resealed { rows, lost, .. } = done;
    let ids: Vec<&str> = former.iter().map(|row| row.key_id.as_str()).collect();
    let detail = json!({ "state": "DONE", "rows": rows, "lost": lost, "retired": ids });
    trail(&tx, app, AuditAction::KeyReseal, app.lookups.present().id(), detail).await?;
    tx.commit().await?;
    Ok(retired)
}

async fn note(app: &App, county: &County, detail: serde_json::Value) -> Result<(), Fault> {
    let tx = app.db.begin_write(&system::operator(county.clone())).await?;
    trail(&tx, app, AuditAction::KeyReseal, app.lookups.present().id(), detail).await?;
    tx.commit().await
}
