//! From draft to acceptance, without the signature itself.

use chrono::{DateTime, Utc};
use entity::enums::{AuditAction, SummaryKind, SummaryStatus};
use entity::id::{CampaignId, SummaryLineId, SummaryTableId};
use entity::summary_table::{ActiveModel, Column, Entity, Model};
use entity::{summary_line, summary_source};
use sea_orm::Value;
use serde_json::{Value as Json, json};

use super::tables::{find_open, find_to_review, lines_of, of_department, sources_of};
use crate::app::App;
use crate::db::{Fault, Predicate, Trail, Tx};
use crate::error::Stop;
use crate::refusal::{Refusal, UserErrorCode};
use crate::reporting::due;
use crate::reporting::people::{own_code, signature_name};
use crate::reporting::summary::rules::{Action, begin, no_open_one};
use crate::text::passage;

/// Begins the main table of the viewer's department, or a further supplementary one.
pub async fn draft(
    tx: &Tx,
    app: &App,
    campaign: CampaignId,
    kind: SummaryKind,
    now: DateTime<Utc>,
) -> Result<SummaryTableId, Stop> {
    let row = crate::app::plans::campaign(tx, campaign).await?;
    let row = row.ok_or_else(|| Refusal::not_found("campaignId"))?;
    let plan = app.plans.of(&row)?;
    let own = own_code(tx, &plan).await?.ok_or_else(|| Refusal::not_found("campaignId"))?;
    let owed = plan.summary_due().is_some_and(|due| due::owing(&plan, due).contains(&own));
    if !owed {
        let (zh, en) = ("方案未要求本单位报送汇总表", "The plan asks the department for no summary table");
        return Err(Refusal::of(UserErrorCode::NotFound, "campaignId", zh, en).into());
    }
    let department = tx.viewer().department();
    let number = begin(kind, &of_department(tx, campaign, department).await?)?;
    let table = Model {
        county: tx.viewer().county().clone(),
        id: SummaryTableId(app.new_key(now)),
        department,
        campaign,
        kind,
        number,
        edition: 1,
        version: 1,
        status: SummaryStatus::Draft,
        former: None,
        return_reason: None,
        frame: None,
        reviewed_by: None,
        reviewed_at: None,
        signed_by: None,
        signed_at: None,
        decided_at: None,
        created_at: now,
    };
    insert(tx, &table).await?;
    let detail = json!({ "kind": kind, "number": number });
    note(tx, app, AuditAction::SummaryTableDraft, &table, detail, now).await?;
    Ok(table.id)
}

/// Adds a table; another request that did so at the same time was first.
async fn insert(tx: &Tx, table: &Model) -> Result<(), Stop> {
    let row: ActiveModel = table.clone().into();
    match tx.insert(all_set(row)).await {
        Err(Fault::Taken) => {
            let (zh, en) = ("本单位刚刚建立了这张表，请刷新", "The table was made just now; reload");
            Err(Refusal::of(UserErrorCode::Duplicate, "", zh, en).into())
        }
        done => Ok(done?),
    }
}

/// A model's columns count as unchanged; for an insert each is set.
pub(super) fn all_set<A: sea_orm::ActiveModelTrait>(mut row: A) -> A {
    use sea_orm::Iterable as _;
    for column in <A::Entity as sea_orm::EntityTrait>::Column::iter() {
        if let Some(value) = row.get(column).into_value() {
            row.set(column, value);
        }
    }
    row
}

/// Changes a table at the version that was read; somebody else was first where there is none such any more.
pub(super) async fn change(tx: &Tx, table: &Model, changes: Vec<(Column, Value)>) -> Result<(), Stop> {
    let this = Predicate::is(Column::Id, table.id).and(Predicate::is(Column::Version, table.version));
    if tx.update::<Entity>(this, changes).await? == 0 {
        return Err(Refusal::stale().into());
    }
    Ok(())
}

/// A line of the audit trail about a table.
pub(super) async fn note(
    tx: &Tx,
    app: &App,
    action: AuditAction,
    table: &Model,
    detail: Json,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    tx.audit(Trail {
        id: app.new_key(now),
        at: now,
        action,
        subject: format!("summary_table:{}", table.id.0),
        detail,
    })
    .await?;
    Ok(())
}

/// The deputy has looked it through, or the head in the deputy's place; the trail says by what right.
pub async fn review(
    tx: &Tx,
    app: &App,
    id: SummaryTableId,
    expected: i32,
    now: DateTime<Utc>,
) -> Result<SummaryTableId, Stop> {
    let (table, after, reviewer) = find_to_review(tx, app, id, expected).await?;
    let changes = vec![
        (Column::Version, (table.version + 1).into()),
        (Column::Status, after.into()),
        (Column::ReviewedBy, signature_name(tx).await?.into()),
        (Column::ReviewedAt, now.into()),
    ];
    change(tx, &table, changes).await?;
    let in_place = reviewer.in_place;
    let detail = in_place.map_or_else(|| json!({}), |right| json!({ "inPlaceOfDeputy": right }));
    note(tx, app, AuditAction::SummaryTableReview, &table, detail, now).await?;
    Ok(table.id)
}

/// The office takes it.
pub async fn accept(
    tx: &Tx,
    app: &App,
    id: SummaryTableId,
    expected: i32,
    now: DateTime<Utc>,
) -> Result<SummaryTableId, Stop> {
    let (table, after) = find_open(tx, id, expected, Action::Accept).await?;
    decide(tx, &table, after, None, now).await?;
    note(tx, app, AuditAction::SummaryTableAccept, &table, json!({}), now).await?;
    Ok(table.id)
}

/// The office returns it with a reason.
pub async fn give_back(
    tx: &Tx,
    app: &App,
    id: SummaryTableId,
    expected: i32,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<SummaryTableId, Stop> {
    let (table, after) = find_open(tx, id, expected, Action::Return).await?;
    let reason = passage(reason);
    if !(2..=500).contains(&reason.chars().count()) {
        let (zh, en) = ("请写明理由，2 至 500 个字", "Give a reason of 2 to 500 characters");
        return Err(Refusal::invalid("reason", zh, en).into());
    }
    decide(tx, &table, after, Some(&reason), now).await?;
    let detail = json!({ "reason": reason });
    note(tx, app, AuditAction::SummaryTableReturn, &table, detail, now).await?;
    Ok(table.id)
}

async fn decide(
    tx: &Tx,
    table: &Model,
    after: SummaryStatus,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let changes = vec![
        (Column::Version, (table.version + 1).into()),
        (Column::Status, after.into()),
        (Column::ReturnReason, reason.map(str::to_owned).into()),
        (Column::DecidedAt, now.into()),
    ];
    change(tx, table, changes).await
}

/// The next edition of a returned table: a draft with the same lines, beside the former one, which stays as it is.
pub async fn revise(
    tx: &Tx,
    app: &App,
    id: SummaryTableId,
    expected: i32,
    now: DateTime<Utc>,
) -> Result<SummaryTableId, Stop> {
    let (former, _) = find_open(tx, id, expected, Action::Revise).await?;
    no_open_one(&of_department(tx, former.campaign, former.department).await?)?;
    let next = Model {
        id: SummaryTableId(app.new_key(now)),
        edition: former.edition + 1,
        version: 1,
        status: SummaryStatus::Draft,
        former: Some(former.id),
        return_reason: None,
        frame: None,
        reviewed_by: None,
        reviewed_at: None,
        signed_by: None,
        signed_at: None,
        decided_at: None,
        created_at: now,
        ..former.clone()
    };
    insert(tx, &next).await?;
    copy_lines(tx, app, &former, &next, now).await?;
    let detail = json!({ "former": former.id, "edition": next.edition });
    note(tx, app, AuditAction::SummaryTableRevise, &next, detail, now).await?;
    Ok(next.id)
}

async fn copy_lines(
    tx: &Tx,
    app: &App,
    former: &Model,
    next: &Model,
    now: DateTime<Utc>,
) -> Result<(), Stop> {
    let sources = sources_of(tx, [former.id]).await?;
    let (mut lines, mut copies) = (Vec::new(), Vec::new());
    for line in lines_of(tx, former.id).await? {
        let id = SummaryLineId(app.new_key(now));
        let of_line = sources.iter().filter(|source| source.line == line.id);
        copies.extend(of_line.map(|source| {
            let copy = summary_source::Model { summary: next.id, line: id, ..source.clone() };
            all_set::<summary_source::ActiveModel>(copy.into())
        }));
        let copy = summary_line::Model { id, summary: next.id, ..line };
        lines.push(all_set::<summary_line::ActiveModel>(copy.into()));
    }
    tx.insert_many(lines).await?;
    tx.insert_many(copies).await?;
    Ok(())
}
