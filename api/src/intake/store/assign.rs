//! Who works on a suggestion in its department: one at a time, or everything of somebody who leaves.
//!
//! The record is read by every department with a share, so it says that a case was assigned, and neither to whom nor why; that
//! stands in the audit trail.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::enums::{AuditAction, RecordAction, Stage};
use entity::id::{AccountId, CategoryId, SubmissionId};
use entity::share::{Column as C, Entity as Share};
use entity::submission::{Column, Entity};
use serde_json::{Value as Json, json};

use super::step::{Line, find, lasting, permitted, record_lines};
use crate::app::App;
use crate::db::{Direction, Fault, Group, Predicate, Trail, Tx};
use crate::error::Stop;
use crate::intake::rules::{self, Action, Step, ended};
use crate::refusal::Refusal;
use crate::secrets::seal::{mask_in_text, mask_names};
use crate::shares::names::names_of;

/// Cases that are handed over by one call at most.
pub const MOST_MOVED: u64 = 500;

/// Gives a case of the viewer's department to somebody of it, or to nobody. Its line in the record is the caller's to write.
pub async fn assign(
    tx: &Tx,
    app: &App,
    id: SubmissionId,
    expected: i32,
    to: Option<AccountId>,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<Line, Stop> {
    may_receive(tx, to, "accountId").await?;
    let row = find(tx, id).await?;
    let case = permitted(tx, Action::Assign, &row, expected).await?;
    let former = assignee_of(tx, id).await?;
    let action = rules::assign(tx.viewer(), former, to)?;
    let seen = Predicate::is(Column::Id, id).and(Predicate::is(Column::Version, row.version));
    write(tx, (seen, row.version), vec![id], to).await?;
    let reason = lasting(tx, app, id, reason).await?;
    tx.audit(trail(app, id, (former, to), &reason, now)).await?;
    Ok(line(id, case.stage, case.category, action))
}

/// Who works on a case in the viewer's department.
pub async fn assignee_of(tx: &Tx, id: SubmissionId) -> Result<Option<AccountId>, Fault> {
    let own = Predicate::is(C::Submission, id).and(Predicate::is(C::Department, tx.viewer().department()));
    Ok(tx.from::<Share>().filter(own).one().await?.and_then(|share| share.assignee))
}

/// What became of all that somebody worked on.
pub struct Moved {
    /// Cases that were handed over.
    pub moved: u64,
    /// Cases that are left: the same again hands over the next.
    pub remaining: u64,
}

/// Hands over the open cases that somebody works on, those entered first at most [`MOST_MOVED`] at a time, to somebody of the
/// viewer's department or to nobody.
pub async fn move_everything(
    tx: &Tx,
    app: &App,
    (from, to): (AccountId, Option<AccountId>),
    reason: &str,
    now: DateTime<Utc>,
) -> Result<Moved, Stop> {
    may_receive(tx, to, "toAccountId").await?;
    let of_leaver = open_of(tx, from);
    let total = tx.from::<Share>().filter(of_leaver.clone()).count().await?;
    if total == 0 && !tx.staff_names(&[from]).await?.contains_key(&from) {
        return Err(Refusal::not_found("fromAccountId").into());
    }
    if to == Some(from) {
        let (zh, en) = ("不能转交给本人", "Not to the same person");
        return Err(Refusal::invalid("toAccountId", zh, en).into());
    }
    let shares = tx.from::<Share>().filter(of_leaver).order(C::Submission, Direction::Ascending);
    let ids = shares.limit(MOST_MOVED).all().await?.into_iter().map(|share| share.submission).collect();
    let cases = cases(tx, ids).await?;
    for (version, ids) in by_version(&cases) {
        let seen =
            Predicate::among(Column::Id, ids.iter().copied()).and(Predicate::is(Column::Version, version));
        write(tx, (seen, version), ids, to).await?;
    }
    log(tx, app, &cases, (from, to), reason, now).await?;
    let moved = cases.len() as u64;
    Ok(Moved { moved, remaining: total.saturating_sub(moved) })
}

/// Refuses whoever does not work in the viewer's department now. Nobody but its head is told who else does.
async fn may_receive(tx: &Tx, to: Option<AccountId>, field: &str) -> Result<(), Stop> {
    let Some(to) = to else { return Ok(()) };
    let known = rules::heads(tx.viewer()) || tx.viewer().account() == Some(to);
    if known && tx.staff_serving(&[to]).await?.contains(&to) {
        return Ok(());
    }
    Err(Refusal::not_found(field).into())
}

/// The shares of the viewer's department by which somebody works on what has not ended.
fn open_of(tx: &Tx, assignee: AccountId) -> Predicate<C> {
    let open = Stage::ALL.iter().copied().filter(|stage| !ended(*stage));
    Predicate::All(vec![
        Predicate::is(C::Department, tx.viewer().department()),
        Predicate::is(C::Assignee, assignee),
        Predicate::among(C::Stage, open),
    ])
}

/// A case as far as handing it over asks.
struct Case {
    id: SubmissionId,
    version: i32,
    stage: Stage,
    category: Option<CategoryId>,
}

/// Without their long contents.
async fn cases(tx: &Tx, ids: Vec<SubmissionId>) -> Result<Vec<Case>, Fault> {
    let columns = [Column::Id, Column::Version, Column::Stage, Column::Category];
    let rows = tx.from::<Entity>().filter(Predicate::among(Column::Id, ids));
    let case = |group: &Group| {
        Ok(Case { id: group.key(0)?, version: group.key(1)?, stage: group.key(2)?, category: group.key(3)? })
    };
    rows.count_by(&columns, None).await?.iter().map(case).collect()
}

fn by_version(cases: &[Case]) -> BTreeMap<i32, Vec<SubmissionId>> {
    let mut groups: BTreeMap<i32, Vec<SubmissionId>> = BTreeMap::new();
    for case in cases {
        groups.entry(case.version).or_default().push(case.id);
    }
    groups
}

/// Raises the version of the suggestions that were seen, so that nobody decides on what has changed, and says who has them.
async fn write(
    tx: &Tx,
    (seen, version): (Predicate<Column>, i32),
    ids: Vec<SubmissionId>,
    to: Option<AccountId>,
) -> Result<(), Stop> {
    let count = ids.len() as u64;
    let shares =
        Predicate::among(C::Submission, ids).and(Predicate::is(C::Department, tx.viewer().department()));
    let raised = tx.update::<Entity>(seen, vec![(Column::Version, (version + 1).into())]).await?;
    if raised != count || tx.update::<Share>(shares, vec![(C::Assignee, to.into())]).await? != count {
        return Err(Refusal::stale().into());
    }
    Ok(())
}

/// A line of the record and one of the audit trail for each case.
async fn log(
    tx: &Tx,
    app: &App,
    cases: &[Case],
    (from, to): (AccountId, Option<AccountId>),
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    if cases.is_empty() {
        return Ok(());
    }
    let ids: Vec<SubmissionId> = cases.iter().map(|case| case.id).collect();
    let names = names_of(tx, app, &ids).await?;
    let reason = mask_in_text(&names.iter().fold(reason.to_owned(), |text, name| mask_names(&text, name)));
    tx.audit_all(ids.iter().map(|id| trail(app, *id, (Some(from), to), &reason, now))).await?;
    let action = if to.is_some() { RecordAction::Assigned } else { RecordAction::Unassigned };
    let lines = cases.iter().map(|case| line(case.id, case.stage, case.category, action));
    Ok(record_lines(tx, app, lines.collect(), now).await?)
}

fn trail(
    app: &App,
    id: SubmissionId,
    (from, to): (Option<AccountId>, Option<AccountId>),
    reason: &str,
    now: DateTime<Utc>,
) -> Trail {
    let reason = (!reason.is_empty()).then_some(reason);
    let detail = json!({ "from": from, "to": to, "reason": reason });
    let subject = format!("submission:{}", id.0);
    Trail { id: app.new_key(now), at: now, action: AuditAction::SubmissionAssign, subject, detail }
}

fn line(submission: SubmissionId, stage: Stage, category: Option<CategoryId>, action: RecordAction) -> Line {
    let step = Step { from: stage, to: stage, category, action };
    Line { submission, step, note: String::new(), detail: Json::Null }
}
