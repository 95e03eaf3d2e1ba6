//! Whom changes concern, read once for all who listen.

use std::collections::{BTreeMap, BTreeSet};

use entity::id::{County, SubmissionId};
use entity::share::{Column, Entity};

use crate::app::bus::event::Change;
use crate::db::{Db, Fault, Predicate};
use crate::scope::system;

/// The changes, with the departments that see them; what nobody sees is left out.
pub async fn changes(
    db: &Db,
    county: &County,
    submissions: &BTreeSet<SubmissionId>,
) -> Result<Vec<Change>, Fault> {
    let tx = db.begin_read(&system::herald(county.clone())).await?;
    let named = Predicate::among(Column::Submission, submissions.iter().copied());
    let shares = tx.from::<Entity>().filter(named).all().await?;
    let mut changes: BTreeMap<SubmissionId, Change> = BTreeMap::new();
    for share in shares {
        let change = changes.entry(share.submission).or_insert_with(|| Change {
            county: county.clone(),
            submission: share.submission,
            campaign: share.campaign,
            stream: share.stream,
            departments: BTreeSet::new(),
        });
        change.departments.insert(share.department);
    }
    Ok(changes.into_values().collect())
}
