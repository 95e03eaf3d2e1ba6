//! A step that many suggestions take at once: a statement for each version and stage, not for each row.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::enums::{RecordAction, Stage};
use entity::id::{RecordId, SubmissionId};
use entity::record;
use entity::submission::{Column, Entity, Model};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use crate::app::App;
use crate::db::{Predicate, Tx};
use crate::error::Stop;
use crate::refusal::Refusal;

/// Moves suggestions from wherever they stand to one stage, all or none, with a line of the record for each. What the
/// audit trail says of it, the caller knows best.
pub async fn move_all(
    tx: &Tx,
    app: &App,
    rows: &[Model],
    (action, to): (RecordAction, Stage),
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let mut by_version: BTreeMap<i32, Vec<SubmissionId>> = BTreeMap::new();
    for row in rows {
        tx.stood(row);
        by_version.entry(row.version).or_default().push(row.id);
    }
    for (version, ids) in by_version {
        let count = ids.len() as u64;
        let these = Predicate::among(Column::Id, ids).and(Predicate::is(Column::Version, version));
        let changes = vec![(Column::Stage, to.into()), (Column::Version, (version + 1).into())];
        if tx.update::<Entity>(these, changes).await? != count {
            return Err(Refusal::stale().into());
        }
    }
    let lines = i64::try_from(rows.len()).unwrap_or(0);
    if lines == 0 {
        return Ok(());
    }
    let by = tx.viewer();
    let department = by.department();
    let first = tx.take_numbers(department, "record", lines).await?;
    let line = |(number, row): (i64, &Model)| record::ActiveModel {
        county: Set(row.county.clone()),
        id: Set(RecordId(app.new_key(now))),
        department: Set(department),
        number: Set(number),
        submission: Set(row.id),
        action: Set(action),
        from_stage: Set(Some(row.stage)),
        to_stage: Set(to),
        post: Set(by.post()),
        by_account: Set(by.account()),
        by_department: Set(by.account().map(|_| by.department())),
        by_position: Set(by.account().map(|_| by.position())),
        note: Set(String::new()),
        detail: Set(json!({})),
        at: Set(now),
    };
    tx.insert_many((first..).zip(rows).map(line).collect()).await?;
    Ok(())
}
