//! Whom changes concern, read once for all who listen.

use std::collections::BTreeMap;

use entity::enums::Stage;
use entity::id::{County, SubmissionId};
use entity::share::{Column, Entity, Model};

use crate::app::bus::event::{Change, Standing};
use crate::db::{Before, Db, Fault, Predicate};
use crate::scope::system;

/// The changes, with the departments that see them, and how each suggestion stood before; what nobody sees is left out.
pub async fn changes(
    db: &Db,
    county: &County,
    submissions: &BTreeMap<SubmissionId, Before>,
) -> Result<Vec<Change>, Fault> {
    let tx = db.begin_read(&system::herald(county.clone())).await?;
    let named = Predicate::among(Column::Submission, submissions.keys().copied());
    let shares = tx.from::<Entity>().filter(named).all().await?;
    let mut changes: BTreeMap<SubmissionId, Change> = BTreeMap::new();
    for share in shares {
        let change = changes.entry(share.submission).or_insert_with(|| Change {
            county: county.clone(),
            submission: share.submission,
            campaign: share.campaign,
            now: standing(&share),
            before: None,
        });
        change.now.shares.insert(share.department, share.capability);
    }
    for (submission, change) in &mut changes {
        let before = submissions.get(submission).unwrap_or(&Before::Same);
        change.before = stood(before, &change.now);
    }
    Ok(changes.into_values().collect())
}

/// How a suggestion stands, but for who sees it.
fn standing(share: &Model) -> Standing {
    let received = share.stage == Stage::Received;
    Standing { stream: share.stream, shares: BTreeMap::new(), received, late: share.late }
}

/// How it stood: what is not told of that is as it is now.
fn stood(before: &Before, now: &Standing) -> Option<Standing> {
    let stood = match before {
        Before::Same => return Some(now.clone()),
        Before::Nowhere => return None,
        Before::Stood(stood) => stood,
    };
    let elsewhere = stood.elsewhere.as_ref();
    Some(Standing {
        stream: elsewhere.map_or(now.stream, |former| former.stream),
        shares: elsewhere.map_or_else(|| now.shares.clone(), |former| former.shares.clone()),
        received: stood.received,
        late: stood.late,
    })
}
