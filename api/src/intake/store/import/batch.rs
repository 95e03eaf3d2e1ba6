//! One batch, one transaction: its entries, the place that it reached and a line in the audit trail.

use chrono::{DateTime, Utc};
use entity::enums::{AuditAction, ImportStatus};
use entity::import_batch;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::catalogue::Catalogue;
use super::references::{Marked, References, Standing};
use super::understood::{MOST_SHOWN, Understood};
use crate::app::App;
use crate::db::{Fault, Predicate, Trail, Tx};
use crate::error::ApiError;
use crate::intake::import::{Batch, Position, RowError};
use crate::intake::store::entry::{Entry, Untaken, take_in};

/// Most failing lines that a run keeps; the clerk's file has all of them.
pub const MOST_FAILURES: usize = 200;

/// What came of a batch. Every row counts once; a refused row may have several errors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Rows taken in. 导入行数
    pub accepted: u64,
    /// Rows that were there already, by channel and reference, with the same text. 重复行数
    pub repeated: u64,
    /// Rows with errors. 错误行数
    pub refused: u64,
    /// What is wrong with them, by line.
    pub errors: Vec<RowError>,
    /// What has the references of the repeated rows, by line.
    pub repeats: Vec<RowError>,
    /// The first rows that would be taken in, as they were understood. 预览
    pub first: Vec<Understood>,
}

/// What is to be said of a line, as it is kept, in both languages. 错误明细
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Line of the file, counted from 1.
    pub line: u64,
    /// Field of the ledger; none for the row as a whole.
    pub field: Option<String>,
    /// Stable code.
    pub code: String,
    /// Reason in English.
    pub reason: String,
    /// Reason in Chinese.
    pub reason_zh: String,
}

/// Says what would come of a batch and writes nothing. `earlier` has the references of the file's batches before, which
/// a real run finds in the table, and gets those of this one.
pub async fn look_over(
    tx: &Tx,
    app: &App,
    catalogue: &Catalogue,
    batch: &Batch,
    earlier: &mut References,
    now: DateTime<Utc>,
) -> Result<Outcome, ApiError> {
    Ok(sort(tx, app, catalogue, batch, earlier, now).await?.1)
}

/// Takes a batch in and moves `run` on, all in the caller's transaction, which it commits or drops.
///
/// # Errors
///
/// [`Untaken::Reference`] where another writer was first, with one of the entries or with this very run: the transaction
/// is of no use any more, and the batch may be tried again in another.
pub async fn run_batch(
    tx: &Tx,
    app: &App,
    catalogue: &Catalogue,
    run: &import_batch::Model,
    batch: &Batch,
    now: DateTime<Utc>,
) -> Result<(import_batch::Model, Outcome), Untaken> {
    let (entries, outcome) = sort(tx, app, catalogue, batch, &mut References::default(), now).await?;
    take_in(tx, app, &entries, now).await?;
    let moved = moved(run, &outcome, batch.position, now);
    if !advance(tx, run, &moved).await? {
        return Err(Untaken::Reference);
    }
    let Outcome { accepted, repeated, refused, .. } = outcome;
    tx.audit(Trail {
        id: app.new_key(now),
        at: now,
        action: AuditAction::SubmissionImport,
        subject: format!("import_batch:{}", run.id.0),
        detail: json!({ "accepted": accepted, "repeated": repeated, "refused": refused }),
    })
    .await?;
    Ok((moved, outcome))
}

/// The failing lines that a run keeps.
#[must_use]
pub fn failures_of(run: &import_batch::Model) -> Vec<Failure> {
    serde_json::from_value(run.failures.clone()).unwrap_or_default()
}

impl From<&RowError> for Failure {
    fn from(error: &RowError) -> Self {
        Self {
            line: error.line,
            field: error.field.clone(),
            code: error.code().to_owned(),
            reason: error.reason(),
            reason_zh: error.reason_zh(),
        }
    }
}

/// Parts the rows of a batch: new and sound, there already, refused. One whose reference has another text is refused.
async fn sort(
    tx: &Tx,
    app: &App,
    catalogue: &Catalogue,
    batch: &Batch,
    seen: &mut References,
    now: DateTime<Utc>,
) -> Result<(Vec<Entry>, Outcome), ApiError> {
    let mut outcome = Outcome { refused: batch.refused, errors: batch.errors.clone(), ..Outcome::default() };
    let mut rows = Vec::with_capacity(batch.rows.len());
    for row in &batch.rows {
        match catalogue.channel_of(row) {
            Ok(channel) => rows.push(Marked::of(tx, app, channel, row)),
            Err(error) => outcome.refuse(vec![error]),
        }
    }
    seen.learn(tx, app, catalogue, &rows).await?;
    let mut entries = Vec::with_capacity(rows.len());
    for marked in rows {
        match seen.standing(&marked) {
            Standing::New => {}
            Standing::Repeated(what) => {
                outcome.repeated += 1;
                outcome.repeats.push(what);
                continue;
            }
            Standing::Conflict(error) => {
                outcome.refuse(vec![error]);
                continue;
            }
        }
        match catalogue.entry(app, marked.row, marked.channel, now) {
            Ok(entry) => {
                if outcome.first.len() < MOST_SHOWN {
                    outcome.first.extend(Understood::of(catalogue, marked.row, &entry));
                }
                seen.take(marked);
                entries.push(entry);
            }
            Err(errors) => outcome.refuse(errors),
        }
    }
    outcome.accepted = entries.len() as u64;
    outcome.errors.sort_by_key(|error| error.line);
    Ok((entries, outcome))
}

fn moved(
    run: &import_batch::Model,
    outcome: &Outcome,
    position: Position,
    now: DateTime<Utc>,
) -> import_batch::Model {
    let mut failures = failures_of(run);
    let room = MOST_FAILURES.saturating_sub(failures.len());
    failures.extend(outcome.errors.iter().take(room).map(Failure::from));
    import_batch::Model {
        status: ImportStatus::Running,
        next_line: position.line.cast_signed() + 1,
        accepted: run.accepted + outcome.accepted.cast_signed(),
        repeated: run.repeated + outcome.repeated.cast_signed(),
        refused: run.refused + outcome.refused.cast_signed(),
        failures: serde_json::to_value(failures).unwrap_or(Json::Null),
        updated_at: now,
        ..run.clone()
    }
}

/// Writes down the place reached; false where the run stands elsewhere by now.
async fn advance(tx: &Tx, from: &import_batch::Model, to: &import_batch::Model) -> Result<bool, Fault> {
    use import_batch::Column as C;
    let still_there = Predicate::All(vec![
        Predicate::is(C::Id, from.id),
        Predicate::is(C::Status, ImportStatus::Running),
        Predicate::is(C::NextLine, from.next_line),
    ]);
    let changes = vec![
        (C::NextLine, to.next_line.into()),
        (C::Accepted, to.accepted.into()),
        (C::Repeated, to.repeated.into()),
        (C::Refused, to.refused.into()),
        (C::Failures, to.failures.clone().into()),
        (C::UpdatedAt, to.updated_at.into()),
    ];
    Ok(tx.update::<import_batch::Entity>(still_there, changes).await? == 1)
}

impl Outcome {
    fn refuse(&mut self, errors: Vec<RowError>) {
        self.refused += 1;
        self.errors.extend(errors);
    }
}
