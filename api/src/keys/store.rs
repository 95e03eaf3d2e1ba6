//! The list of keys: read and held against the settings at the start, written when a new key comes into use.

use std::collections::HashMap;

use entity::enums::AuditAction;
use entity::id::County;
use entity::key_version::{ActiveModel, Column, Entity, Model};
use entity::receipt_index;
use sea_orm::ActiveValue::Set;
use serde_json::json;
use uuid::Uuid;

use super::KeyFault;
use super::rules::{Addition, Unfit, additions};
use super::tables::{Row, Table};
use crate::app::{App, counties};
use crate::db::{Direction, Fault, Predicate, Trail, Tx};
use crate::scope::system;
use crate::secrets::entropy;
use crate::secrets::receipt::code_of;
use crate::secrets::seal::{KeptKeys, Link, SealFault, Sealer};

/// Holds the configured master keys against the database: refuses those that don't fit, registers a new one, and lets the
/// application know the look-up keys of those that are retired. Nothing changes when it is done again.
pub async fn take_up(app: &App) -> Result<(), KeyFault> {
    let (counties, additions) = compare(app).await?;
    for county in &counties {
        let mine = additions.iter().filter(|new| new.county == *county);
        register(app, county, &mine.collect::<Vec<_>>()).await?;
    }
    learn(app).await
}

/// Holds the configured master keys against the database, as at a start, and writes nothing.
pub async fn check(app: &App) -> Result<(), KeyFault> {
    compare(app).await.map(|_| ())
}

/// The counties, and what they lack of the configured keys; refuses those that don't fit.
async fn compare(app: &App) -> Result<(Vec<County>, Vec<Addition>), KeyFault> {
    let (counties, rows) = read(app).await?;
    let configured: Vec<&str> = app.sealer.key_ids().collect();
    let additions = additions(&configured, &counties, &rows)?;
    opened(app, &rows)?;
    let unlisted = |county: &&County| rows.iter().all(|row| row.county != **county);
    for county in counties.iter().filter(unlisted) {
        probe(app, county).await?;
    }
    Ok((counties, additions))
}

/// Reads the list again, after something of it was changed.
pub(super) async fn learn(app: &App) -> Result<(), KeyFault> {
    let (_, rows) = read(app).await?;
    let kept = opened(app, &rows)?;
    let mut chains: HashMap<String, Vec<Link>> = HashMap::new();
    // In the order of their numbers, as the list was read.
    for (row, keys) in rows.iter().zip(&kept).filter(|(row, _)| row.number > 0) {
        let chain = chains.entry(row.county.as_str().to_owned()).or_default();
        chain.push(Link { id: row.key_id.clone(), key: keys.index.clone() });
    }
    app.sealer.learn(chains);
    let first = rows.iter().find(|row| row.number == 1);
    let versions = kept.into_iter().map(|keys| keys.lookup).collect();
    app.lookups.learn(versions, first.map(|row| row.key_id.as_str()));
    Ok(())
}

/// The counties, and the keys of all of them in the order in which they came into use.
async fn read(app: &App) -> Result<(Vec<County>, Vec<Model>), Fault> {
    let Some(doorkeeper) = system::doorkeeper() else {
        return Ok((Vec::new(), Vec::new()));
    };
    let tx = app.db.begin_read(&doorkeeper).await?;
    let rows = tx.from::<Entity>();
    let rows = rows.order(Column::Number, Direction::Ascending).all();
    Ok((counties::listed(&tx).await?, rows.await?))
}

/// The keys of one county, in the order in which they came into use.
pub(super) async fn of_county(tx: &Tx) -> Result<Vec<Model>, Fault> {
    let own = Predicate::is(Column::County, tx.viewer().county().clone());
    let rows = tx.from::<Entity>().filter(own);
    rows.order(Column::Number, Direction::Ascending).all().await
}

fn opened(app: &App, rows: &[Model]) -> Result<Vec<KeptKeys>, Unfit> {
    rows.iter().map(|row| open(&app.sealer, row)).collect()
}

/// Opens what is kept of a key. That it opens proves the master key that sealed it.
pub(super) fn open(sealer: &Sealer, row: &Model) -> Result<KeptKeys, Unfit> {
    let place = place(row.number);
    let opened = sealer.open(row.county.as_str(), Uuid::nil(), &place, &row.sealed);
    let kept = opened.map(|text| KeptKeys::read(&row.key_id, &text));
    match kept {
        Ok(Some(keys)) => Ok(keys),
        Err(SealFault::UnknownKey { key_id }) => {
            let given: Vec<&str> = sealer.key_ids().collect();
            Err(Unfit::Needed { ids: key_id, given: given.join(", ") })
        }
        Ok(None) | Err(_) => Err(Unfit::Wrong {
            id: Sealer::key_of(&row.sealed).unwrap_or(&row.key_id).to_owned(),
            county: row.county.clone(),
        }),
    }
}

/// Seals what is kept of a key with a master key: its own while it is in use, the present one once it is retired.
pub(super) fn seal(sealer: &Sealer, row: &Model, keys: &KeptKeys) -> Result<String, Fault> {
    let place = place(row.number);
    let county = row.county.as_str();
    let nonce = entropy::random();
    sealer
        .seal(county, Uuid::nil(), &place, &keys.text(), nonce)
        .map_err(|fault| Fault::Broken(fault.to_string()))
}

fn place(number: i32) -> String {
    format!("key-version:{number}")
}

/// A county that has no list yet: what was sealed and handed out last must be of a configured key.
async fn probe(app: &App, county: &County) -> Result<(), KeyFault> {
    let tx = app.db.begin_read(&system::operator(county.clone())).await?;
    for table in Table::ALL {
        if let Some(row) = table.last(&tx).await? {
            fits(app, county, &row)?;
        }
    }
    let codes = tx.from::<receipt_index::Entity>();
    let own = Predicate::is(receipt_index::Column::County, county.clone());
    let codes = codes.filter(own);
    let codes = codes.order(receipt_index::Column::Submission, Direction::Descending);
    let Some(code) = codes.one().await? else {
        return Ok(());
    };
    let versions = app.lookups.versions();
    let mut hashes = versions.iter().map(|keys| code_of(keys, code.submission).hash(&keys.receipts));
    if hashes.any(|hash| hash == code.receipt_hash) {
        return Ok(());
    }
    Err(foreign(county, None))
}

fn fits(app: &App, county: &County, row: &Row) -> Result<(), KeyFault> {
    match row.opens(&app.sealer, county) {
        // A text of no known form says nothing about keys.
        Ok(()) | Err(SealFault::Form) => Ok(()),
        Err(SealFault::UnknownKey { key_id }) => Err(foreign(county, Some(key_id))),
        Err(_) => Err(foreign(county, None)),
    }
}

fn foreign(county: &County, id: Option<String>) -> KeyFault {
    Unfit::Foreign { id, county: county.clone() }.into()
}

/// Writes down keys that a county did not know; of two servers that start at once, one writes and the other finds it done.
async fn register(app: &App, county: &County, new: &[&Addition]) -> Result<(), Fault> {
    if new.is_empty() {
        return Ok(());
    }
    let now = app.clock.now();
    let tx = app.db.begin_write(&system::operator(county.clone())).await?;
    for addition in new {
        let master = app.sealer.key(&addition.id);
        let master = master.ok_or_else(|| Fault::Broken("a key without its bytes".to_owned()))?;
        let own = Sealer::new(master.clone(), Vec::new());
        let mut row = Model {
            county: county.clone(),
            number: addition.number,
            key_id: addition.id.clone(),
            sealed: String::new(),
            registered_at: now,
            retired_at: None,
        };
        row.sealed = seal(&own, &row, &master.kept(county.as_str()))?;
        if add(&tx, row).await? && addition.changed {
            let detail = json!({ "number": addition.number });
            trail(&tx, app, AuditAction::KeyRegister, &addition.id, detail).await?;
        }
    }
    tx.commit().await
}

async fn add(tx: &Tx, row: Model) -> Result<bool, Fault> {
    tx.insert_new(ActiveModel {
        county: Set(row.county),
        number: Set(row.number),
        key_id: Set(row.key_id),
        sealed: Set(row.sealed),
        registered_at: Set(row.registered_at),
        retired_at: Set(row.retired_at),
    })
    .await
}

pub(super) async fn trail(
    tx: &Tx,
    app: &App,
    action: AuditAction,
    id: &str,
    detail: serde_json::Value,
) -> Result<(), Fault> {
    let now = app.clock.now();
    tx.audit(Trail { id: app.new_key(now), at: now, action, subject: format!("master-key:{id}"), detail })
        .await
}
