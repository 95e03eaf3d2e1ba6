//! Sealing and checking the trail of one county, as its operator.

use chrono::{DateTime, TimeDelta, Utc};
use entity::id::{AuditEntryId, County};
use uuid::Uuid;

use super::store::{self, Verified};
use crate::access::system;
use crate::app::App;
use crate::db::Fault;

/// No transaction of a request lives nearly as long, so nearly every line is sealed by a look at the last minutes.
const RECENT: TimeDelta = TimeDelta::minutes(5);

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

/// Seals the lines that have no seal yet, a transaction for each batch, and says how many. When another server seals at
/// the same time it ends with [`Fault::Taken`]: the rest is for the next call.
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
        let sealed = store::seal(&tx, first).await?;
        tx.commit().await?;
        from = sealed.last().copied().unwrap_or(first);
        total += u64::try_from(sealed.len()).unwrap_or_default();
    }
}

/// Checks the whole chain of a county in one snapshot.
pub async fn verify(app: &App, county: &County) -> Result<Verified, Fault> {
    let tx = app.db.begin_read(&system::operator(county.clone())).await?;
    store::verify(&tx).await
}
