//! Sealing, signing and checking the trail of one county, as its operator.

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::AuditAction;
use entity::id::{AuditEntryId, County};
use serde_json::json;
use uuid::Uuid;

use super::head::{self, KeptHead};
use super::rules::Head;
use super::store;
use super::walk::{self, Against, Verified};
use crate::app::App;
use crate::db::{Fault, Trail, Tx};
use crate::scope::system;
use crate::secrets::token::{Checked, KeyRing, KnowsKeys as _, Signature};

/// No transaction of a request lives nearly as long, so nearly every line is sealed by a look at the last minutes.
const RECENT: TimeDelta = TimeDelta::minutes(5);
/// A line that is older should have its seal.
pub const SEALED_WITHIN: TimeDelta = TimeDelta::minutes(10);

/// How far back lines without a seal are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Horizon {
    /// Over the whole trail: at the start of a server and now and then, for what came later than the usual five minutes.
    Everything,
    /// The last minutes before this instant: what it costs depends on their lines, not on the length of the trail.
    Recent(DateTime<Utc>),
}

impl Horizon {
    /// Keys of lines are in the order of time.
    fn first(self) -> AuditEntryId {
        AuditEntryId(match self {
            Self::Everything => Uuid::nil(),
            Self::Recent(now) => {
                let millis = u64::try_from((now - RECENT).timestamp_millis()).unwrap_or_default();
                uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid()
            }
        })
    }
}

/// The keys that sign the ends of the chain.
pub(super) fn keys(app: &App) -> &KeyRing {
    &app.documents
}

/// Seals the lines that have no seal yet and signs the new end, a transaction for each batch, and says how many. When
/// another server seals at the same time it ends with [`Fault::Taken`]: the rest is for the next call.
pub async fn seal(app: &App, county: &County, horizon: Horizon) -> Result<u64, Fault> {
    let operator = system::operator(county.clone());
    let (mut from, mut total) = (horizon.first(), 0);
    loop {
        // Looked for in a read: SQLite has but one writer, and most of the time there is nothing to seal.
        let tx = app.db.begin_read(&operator).await?;
        let first = store::first_unsealed(&tx, from).await?;
        drop(tx);
        let Some(first) = first else {
            return Ok(total);
        };
        let tx = app.db.begin_write(&operator).await?;
        let end = trusted_end(&tx, app).await?;
        let (sealed, end) = store::seal(&tx, first, end).await?;
        if !sealed.is_empty() {
            store::put_head(&tx, &end, sign(app, county, &end)?).await?;
        }
        tx.commit().await?;
        from = sealed.last().copied().unwrap_or(first);
        total += u64::try_from(sealed.len()).unwrap_or_default();
    }
}

/// The end of the chain, if it is what was signed: what somebody wrote anew behind the program's back is not signed by
/// the next batch. A chain without any head is one of a release that did not sign; a line tells that it was taken over.
async fn trusted_end(tx: &Tx, app: &App) -> Result<Head, Fault> {
    let end = store::last_seal(tx).await?;
    let Some(row) = store::last_head(tx).await? else {
        if end.seq > 0 {
            tx.audit(adoption(app, tx, &end)).await?;
        }
        return Ok(end);
    };
    let signed = Head { seq: row.seq, hash: row.hash.clone() };
    let text = head::message(&row.county, &signed);
    let checked = keys(app).check(text.as_bytes(), &head::signature_of(&row));
    // Seals and their head are committed together: a later head is another server's, if its seals are there too.
    if signed.seq > end.seq && store::last_seal(tx).await?.seq >= signed.seq {
        return Err(Fault::Taken);
    }
    // The key of the last head may be retired; the check of the chain tells of that.
    if signed != end || checked == Checked::Forged {
        return Err(Fault::Broken(format!(
            "the audit trail of {} does not end as it was signed at place {}, so nothing more is sealed: keep the \
             database as it is and run `minsheng audit verify`",
            row.county, row.seq
        )));
    }
    Ok(end)
}

fn adoption(app: &App, tx: &Tx, end: &Head) -> Trail {
    let now = app.clock.now();
    Trail {
        id: app.new_key(now),
        at: now,
        action: AuditAction::AuditAdopt,
        subject: format!("county:{}", tx.viewer().county()),
        detail: json!({ "seq": end.seq, "hash": end.hash }),
    }
}

fn sign(app: &App, county: &County, head: &Head) -> Result<Signature, Fault> {
    let signature = keys(app).sign(head::message(county, head).as_bytes());
    signature.ok_or_else(|| Fault::Broken("the end of the audit trail can't be signed".to_owned()))
}

/// Checks the whole chain of a county in one snapshot, also against heads that were kept elsewhere.
pub async fn verify(app: &App, county: &County, kept: &[KeptHead]) -> Result<Verified, Fault> {
    let tx = app.db.begin_read(&system::operator(county.clone())).await?;
    let against = Against { keys: keys(app), kept, sealed_before: app.clock.now() - SEALED_WITHIN };
    walk::verify(&tx, &against).await
}

/// Lines that should have their seal by now and have none.
pub async fn overdue(app: &App, county: &County) -> Result<u64, Fault> {
    let tx = app.db.begin_read(&system::operator(county.clone())).await?;
    store::overdue(&tx, app.clock.now() - SEALED_WITHIN).await
}

/// Whether the signature of a kept head is ours; one without is taken at its word.
#[must_use]
pub fn check_kept(app: &App, county: &County, kept: &KeptHead) -> Checked {
    let message = head::message(county, &kept.head);
    kept.signature
        .as_ref()
        .map_or(Checked::Genuine, |signature| keys(app).check(message.as_bytes(), signature))
}
