//! What each master key is still needed for.

use std::collections::{BTreeMap, BTreeSet};

use entity::id::County;
use entity::{audit_head, summary_document};

use super::store::of_county;
use super::tables::Table;
use crate::app::App;
use crate::app::counties::counties;
use crate::db::{Fault, Tx};
use crate::scope::system;
use crate::secrets::seal::Sealer;

/// The keys of one county.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountyKeys {
    /// County.
    pub county: County,
    /// Every master key that it knows or that a text names, the oldest first.
    pub keys: Vec<KeyState>,
    /// Names of document keys that signed a table or an end of the trail of the county and are not known any more.
    pub unknown_documents: Vec<String>,
}

/// One master key in one county.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyState {
    /// Its id.
    pub id: String,
    /// Whether it is among those given.
    pub configured: bool,
    /// Whether the list says that the county does not need it any more.
    pub retired: bool,
    /// Texts that it sealed.
    pub texts: u64,
}

impl KeyState {
    /// Whether something would be lost without it.
    #[must_use]
    pub const fn is_needed(&self) -> bool {
        !self.retired || self.texts > 0
    }
}

/// Counts a county's texts by the key that sealed them; `seen` is told how many rows were looked at since the last call.
pub async fn status(
    app: &App,
    county: &County,
    seen: &mut (impl FnMut(u64) + Send),
) -> Result<CountyKeys, Fault> {
    let operator = system::operator(county.clone());
    let mut texts: BTreeMap<String, u64> = BTreeMap::new();
    for table in Table::ALL {
        let mut after = None;
        loop {
            let tx = app.db.begin_read(&operator).await?;
            let rows = table.page(&tx, after).await?;
            drop(tx);
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            seen(rows.len() as u64);
            for (_, text) in rows.iter().flat_map(|row| &row.texts) {
                let id = Sealer::key_of(text).unwrap_or("?");
                *texts.entry(id.to_owned()).or_default() += 1;
            }
        }
    }
    let tx = app.db.begin_read(&operator).await?;
    let mut keys = Vec::new();
    let configured = |id: &str| app.sealer.key_ids().any(|known| known == id);
    for row in of_county(&tx).await? {
        keys.push(KeyState {
            texts: texts.remove(&row.key_id).unwrap_or_default(),
            configured: configured(&row.key_id),
            retired: row.retired_at.is_some(),
            id: row.key_id,
        });
    }
    let unlisted = texts.into_iter().map(|(id, texts)| KeyState {
        configured: configured(&id),
        retired: false,
        id,
        texts,
    });
    Ok(CountyKeys {
        county: county.clone(),
        keys: unlisted.chain(keys).collect(),
        unknown_documents: unknown_documents(app, &tx).await?,
    })
}

/// Counties of which something was signed with a document key that is not known, and the names of those keys: for the log
/// at the start.
pub async fn unverifiable(app: &App) -> Result<Vec<(County, Vec<String>)>, Fault> {
    let mut found = Vec::new();
    for county in counties(app).await? {
        let tx = app.db.begin_read(&system::operator(county.clone())).await?;
        let kids = unknown_documents(app, &tx).await?;
        if !kids.is_empty() {
            found.push((county, kids));
        }
    }
    Ok(found)
}

/// How many rows [`status`] and a walk of a reseal look at.
pub async fn rows(app: &App, county: &County) -> Result<u64, Fault> {
    let tx = app.db.begin_read(&system::operator(county.clone())).await?;
    let mut all = 0;
    for table in Table::ALL {
        all += table.count(&tx).await?;
    }
    Ok(all)
}

/// Names of the document keys that signed tables or ends of the trail and are not known.
async fn unknown_documents(app: &App, tx: &Tx) -> Result<Vec<String>, Fault> {
    let tables = tx.from::<summary_document::Entity>();
    let tables = tables.count_by(&[summary_document::Column::Kid], None);
    let heads = tx.from::<audit_head::Entity>();
    let heads = heads.count_by(&[audit_head::Column::Kid], None);
    let mut kids = BTreeSet::new();
    for group in tables.await?.iter().chain(&heads.await?) {
        kids.insert(group.key::<String>(0)?);
    }
    for (known, _) in app.documents.public_keys() {
        kids.remove(known);
    }
    Ok(kids.into_iter().collect())
}
