//! Steps on a suggestion: load in scope, ask the rules, write what they say.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::enums::{AuditAction, RecordAction};
use entity::id::{CategoryId, DepartmentId, RecordId, SubmissionId};
use entity::record;
use entity::submission::{Column, Entity, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::Value;
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::campaign::open::refuse_closed;
use crate::db::{Block, Fault, Predicate, Trail, Tx};
use crate::error::{ApiError, Stop};
use crate::fate;
use crate::intake::rules::{Action, Case, Step, owned};
use crate::intake::standing;
use crate::refusal::Refusal;
use crate::secrets::seal::mask_of_person;
use crate::shares::names::name_of;

/// The suggestion, if the viewer sees it.
pub async fn find(tx: &Tx, id: SubmissionId) -> Result<Model, Stop> {
    let row = tx.from::<Entity>().filter(Predicate::is(Column::Id, id)).one().await?;
    row.ok_or_else(|| Refusal::not_found("submissionId").into())
}

/// A suggestion of the viewer's own stream, at the version that the caller has seen, if it allows the step.
async fn own_case(tx: &Tx, action: Action, id: SubmissionId, expected: i32) -> Result<(Model, Case), Stop> {
    let row = find(tx, id).await?;
    let case = permitted(tx, action, &row, expected).await?;
    Ok((row, case))
}

/// The same of a row that was read already.
pub(super) async fn permitted(tx: &Tx, action: Action, row: &Model, expected: i32) -> Result<Case, Stop> {
    owned(tx.viewer(), row.department)?;
    let (case, facts) = (standing::case(row).at_version(expected)?, standing::facts(row, false));
    action.permit(tx.viewer(), facts)?;
    if action.changes() {
        refuse_closed(tx, row.campaign, "submissionId").await?;
        action.fits(facts, &fate_of(tx, row).await?)?;
    }
    Ok(case)
}

/// What others made of a suggestion.
pub(super) async fn fate_of(tx: &Tx, row: &Model) -> Result<fate::rules::Facts, Fault> {
    let known = fate::facts::read(tx, &[(row.id, row.stage)], &[]).await?.remove(&row.id);
    Ok(known.map_or(fate::rules::Facts::at(row.stage), |known| known.facts))
}

/// Puts a suggestion into a class, or corrects its class (S11). Its line in the record is the caller's to write.
pub async fn classify(
    tx: &Tx,
    app: &App,
    id: SubmissionId,
    expected: i32,
    category: CategoryId,
    note: &str,
    now: DateTime<Utc>,
) -> Result<Line, Stop> {
    let (row, case) = own_case(tx, Action::Classify, id, expected).await?;
    let this = Predicate::is(entity::category::Column::Id, category)
        .and(Predicate::is(entity::category::Column::Campaign, row.campaign));
    if tx.from::<entity::category::Entity>().filter(this).one().await?.is_none() {
        return Err(Refusal::not_found("categoryId").into());
    }
    let step = case.classify(category)?;
    let detail = json!({ "from": row.category, "to": category });
    change(tx, app, &row, step, Vec::new(), note, detail, now).await
}

/// Takes a suggestion back while nobody has handled it. Its line in the record is the caller's to write.
pub async fn withdraw(
    tx: &Tx,
    app: &App,
    id: SubmissionId,
    expected: i32,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<Line, Stop> {
    let (row, case) = own_case(tx, Action::Withdraw, id, expected).await?;
    change(tx, app, &row, case.withdraw()?, Vec::new(), reason, Json::Null, now).await
}

/// Writes a step: the row under its version, a line of the record, a line of the audit trail. Shares and rollups follow.
#[expect(clippy::too_many_arguments, reason = "every part of a step is a fact of its own")]
pub async fn apply(
    tx: &Tx,
    app: &App,
    row: &Model,
    step: &Step,
    further: Vec<(Column, Value)>,
    note: &str,
    detail: Json,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let line = change(tx, app, row, step.clone(), further, note, detail, now).await?;
    Ok(record_lines(tx, app, vec![line], now).await?)
}

/// The line of the record about a step that is written.
pub struct Line {
    pub(super) submission: SubmissionId,
    pub(super) step: Step,
    pub(super) note: String,
    pub(super) detail: Json,
}

#[expect(clippy::too_many_arguments, reason = "every part of a step is a fact of its own")]
pub(super) async fn change(
    tx: &Tx,
    app: &App,
    row: &Model,
    step: Step,
    further: Vec<(Column, Value)>,
    note: &str,
    detail: Json,
    now: DateTime<Utc>,
) -> Result<Line, Stop> {
    let this = Predicate::is(Column::Id, row.id).and(Predicate::is(Column::Version, row.version));
    let mut changes = vec![
        (Column::Stage, step.to.into()),
        (Column::Category, step.category.into()),
        (Column::Version, (row.version + 1).into()),
    ];
    changes.extend(further);
    tx.stood(row);
    if tx.update::<Entity>(this, changes).await? == 0 {
        return Err(Refusal::stale().into());
    }
    tx.audit(Trail {
        id: app.new_key(now),
        at: now,
        action: audit_action(step.action),
        subject: format!("submission:{}", row.id.0),
        detail: detail.clone(),
    })
    .await?;
    let note = lasting(tx, app, row.id, note).await?;
    Ok(Line { submission: row.id, step, note, detail })
}

/// A remark as it is kept for good: the record outlives an erasure, so names and numbers of persons stay out of it.
pub(super) async fn lasting(tx: &Tx, app: &App, id: SubmissionId, note: &str) -> Result<String, ApiError> {
    if note.is_empty() {
        return Ok(String::new());
    }
    Ok(mask_of_person(note, name_behind(tx, app, id).await?.as_deref()))
}

/// The name of the person behind a suggestion, where there is one.
pub(super) async fn name_behind(tx: &Tx, app: &App, id: SubmissionId) -> Result<Option<String>, ApiError> {
    let person = super::person_of(tx, id).await?;
    Ok(person.map(|person| name_of(app, &person)).transpose()?.flatten())
}

/// Writes lines of the record. Their numbers are taken after all suggestions were changed, so that the department's counter
/// is locked for the shortest time, and two writers never wait for each other in a circle.
pub async fn record_lines(tx: &Tx, app: &App, lines: Vec<Line>, now: DateTime<Utc>) -> Result<(), Fault> {
    let count = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    if count == 0 {
        return Ok(());
    }
    let department = tx.viewer().department();
    let first = tx.take_numbers(department, "record", count).await?;
    let row = |(number, line)| row_of(tx, app, line, (department, number), now);
    tx.insert_all_later((first..).zip(lines).map(row).collect()).await
}

/// Writes one step into several ledgers, under a name of its own in each. Their counters are locked in one order.
pub(super) async fn record_in(
    tx: &Tx,
    app: &App,
    line: &Line,
    ledgers: &BTreeMap<DepartmentId, RecordAction>,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let block =
        |department: &DepartmentId| Block { department: *department, name: "record".to_owned(), how_many: 1 };
    let numbers = tx.take_blocks(&ledgers.keys().map(block).collect::<Vec<_>>()).await?;
    let row = |((department, action), number): ((&DepartmentId, &RecordAction), i64)| {
        let step = Step { action: *action, ..line.step.clone() };
        let line = Line { step, note: line.note.clone(), detail: line.detail.clone(), ..*line };
        row_of(tx, app, line, (*department, number), now)
    };
    tx.insert_all_later(ledgers.iter().zip(numbers).map(row).collect()).await
}

fn row_of(
    tx: &Tx,
    app: &App,
    line: Line,
    (department, number): (DepartmentId, i64),
    now: DateTime<Utc>,
) -> record::ActiveModel {
    let by = tx.viewer();
    record::ActiveModel {
        county: Set(by.county().clone()),
        id: Set(RecordId(app.new_key(now))),
        department: Set(department),
        number: Set(number),
        submission: Set(line.submission),
        action: Set(line.step.action),
        from_stage: Set(Some(line.step.from)),
        to_stage: Set(line.step.to),
        post: Set(by.post()),
        by_account: Set(by.account()),
        by_department: Set(by.account().map(|_| by.department())),
        by_position: Set(by.account().map(|_| by.position())),
        note: Set(line.note),
        detail: Set(line.detail),
        at: Set(now),
    }
}

const fn audit_action(action: RecordAction) -> AuditAction {
    match action {
        RecordAction::Recorded => AuditAction::SubmissionRecord,
        RecordAction::Imported => AuditAction::SubmissionImport,
        RecordAction::Edited => AuditAction::SubmissionEdit,
        RecordAction::Withdrawn => AuditAction::SubmissionWithdraw,
        RecordAction::Classified | RecordAction::Reclassified => AuditAction::SubmissionClassify,
        RecordAction::Merged => AuditAction::SubmissionMerge,
        RecordAction::Unmerged => AuditAction::SubmissionUnmerge,
        RecordAction::Declined => AuditAction::ExplanationDeliver,
        RecordAction::MovedOut | RecordAction::MovedIn => AuditAction::SubmissionMove,
        RecordAction::Assigned | RecordAction::Unassigned => AuditAction::SubmissionAssign,
        RecordAction::InvalidProposed => AuditAction::SubmissionInvalidPropose,
        RecordAction::InvalidAccepted | RecordAction::InvalidRejected => AuditAction::SubmissionInvalidRule,
        RecordAction::Reopened => AuditAction::SubmissionReopen,
    }
}
