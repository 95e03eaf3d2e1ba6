//! A vote or an evaluation that was written down wrongly is put right by whoever may write it down; what stood is kept.

use chrono::{DateTime, NaiveDate, Utc};
use entity::enums::{AuditAction, PaperKind};
use entity::id::ProjectId;
use entity::{evaluation, vote};
use serde_json::json;

use super::entitled;
use crate::app::App;
use crate::campaign::open::refuse_closed;
use crate::clock::day_of;
use crate::db::{Predicate, Tx};
use crate::decision::former::{Former, keep, reasoned};
use crate::decision::vote::rules::{self, Totals};
use crate::decision::{at_version, changed, note};
use crate::error::Stop;
use crate::refusal::input;
use crate::refusal::{Refusal, UserErrorCode};

/// Puts the totals of a vote right. Where the meeting's result is another one now, the office corrects that next.
pub async fn vote(
    tx: &Tx,
    app: &App,
    (id, expected): (ProjectId, i32),
    (voted_on, totals): (NaiveDate, Totals),
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    use vote::Column as C;
    let project = entitled(tx, app, id).await?;
    reasoned(reason)?;
    totals.check()?;
    input::past("votedOn", voted_on, day_of(now))?;
    let this = Predicate::is(C::Project, id);
    let row = tx.from::<vote::Entity>().filter(this.clone()).one().await?;
    let row = row.ok_or_else(|| unrecorded("尚未登记票决", "There is no vote on it yet"))?;
    at_version(row.version, expected)?;
    refuse_closed(tx, project.campaign, "projectId").await?;
    let former = Former::of(PaperKind::Vote, id, row.version)
        .about(id)
        .line("votedOn", row.voted_on.to_string())
        .line("due", row.due.to_string())
        .line("present", row.present.to_string())
        .line("inFavour", row.in_favour.to_string())
        .line("against", row.against.to_string())
        .line("abstained", row.abstained.to_string());
    keep(tx, app, former, reason, now).await?;
    let changes = vec![
        (C::VotedOn, voted_on.into()),
        (C::Due, totals.due.into()),
        (C::Present, totals.present.into()),
        (C::InFavour, totals.in_favour.into()),
        (C::Against, totals.against.into()),
        (C::Abstained, totals.abstained.into()),
        (C::Version, (row.version + 1).into()),
    ];
    let this = this.and(Predicate::is(C::Version, row.version));
    changed(tx.update::<vote::Entity>(this, changes).await?)?;
    let (subject, detail) = (format!("project:{}", id.0), json!({ "passed": totals.passed() }));
    Ok(note(tx, app, AuditAction::VoteCorrect, subject, detail, now).await?)
}

/// Puts the totals of an evaluation right, whenever one may be written down: also behind the end of the campaign.
pub async fn evaluation(
    tx: &Tx,
    app: &App,
    (id, evaluated_on, expected): (ProjectId, NaiveDate, i32),
    [satisfied, acceptable, dissatisfied]: [i32; 3],
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    use evaluation::Column as C;
    entitled(tx, app, id).await?;
    reasoned(reason)?;
    rules::evaluation(satisfied, acceptable, dissatisfied)?;
    let this = Predicate::is(C::Project, id).and(Predicate::is(C::EvaluatedOn, evaluated_on));
    let row = tx.from::<evaluation::Entity>().filter(this.clone()).one().await?;
    let row = row.ok_or_else(|| unrecorded("当日没有测评", "There is no evaluation of that day"))?;
    at_version(row.version, expected)?;
    let former = Former::of(PaperKind::Evaluation, id, row.version)
        .part(evaluated_on.to_string())
        .about(id)
        .line("evaluatedOn", evaluated_on.to_string())
        .line("satisfied", row.satisfied.to_string())
        .line("acceptable", row.acceptable.to_string())
        .line("dissatisfied", row.dissatisfied.to_string());
    keep(tx, app, former, reason, now).await?;
    let changes = vec![
        (C::Satisfied, satisfied.into()),
        (C::Acceptable, acceptable.into()),
        (C::Dissatisfied, dissatisfied.into()),
        (C::Version, (row.version + 1).into()),
    ];
    let this = this.and(Predicate::is(C::Version, row.version));
    changed(tx.update::<evaluation::Entity>(this, changes).await?)?;
    let (subject, detail) = (format!("project:{}", id.0), json!({ "evaluatedOn": evaluated_on }));
    Ok(note(tx, app, AuditAction::EvaluationCorrect, subject, detail, now).await?)
}

fn unrecorded(zh: &str, en: &str) -> Refusal {
    Refusal::of(UserErrorCode::WrongStage, "projectId", zh, en)
}
