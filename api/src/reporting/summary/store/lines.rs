//! Writing the lines of a table that is not signed yet.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use entity::enums::{AuditAction, SummaryStatus};
use entity::id::{CategoryId, SubmissionId, SummaryLineId, SummaryTableId};
use entity::summary_line::{ActiveModel, Column, Entity, Model};
use entity::{category, summary_source, summary_table};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::steps::{all_set, change, note};
use super::suggestions::{Held, held, sources};
use super::tables::{find_line, find_open, lines_of, of_department, sources_of};
use crate::app::App;
use crate::db::{Predicate, Tx};
use crate::error::{ApiError, Stop};
use crate::refusal::{Refusal, UserErrorCode};
use crate::reporting::summary::line::{Figures, MOST_LINES, MOST_SOURCES, Source, Words};
use crate::reporting::summary::rules::{Action, live};

/// A line to be written.
#[derive(Clone, Debug)]
pub struct LineDraft {
    /// Its table.
    pub table: SummaryTableId,
    /// The table's version as the caller has seen it.
    pub expected: i32,
    /// The line that it replaces; a new one otherwise.
    pub line: Option<SummaryLineId>,
    /// Class of all of its sources.
    pub category: CategoryId,
    /// Words and project.
    pub words: Words,
    /// Sources; none where the id given is no suggestion's.
    pub sources: Vec<Option<SubmissionId>>,
    /// Whether everything of the class that is in no line is taken too.
    pub remaining: bool,
}

/// Writes a line anew or in place of another; a reviewed table has to be reviewed again.
pub async fn put(tx: &Tx, app: &App, draft: LineDraft, now: DateTime<Utc>) -> Result<SummaryTableId, Stop> {
    let (table, after) = find_open(tx, draft.table, draft.expected, Action::Put).await?;
    touch(tx, &table, after).await?;
    let words = draft.words.clone().checked()?;
    let class = class_of(tx, &table, draft.category).await?;
    let (line, position, fresh) = place(tx, app, &table, draft.line, now).await?;
    let chosen = choose(tx, &table, &draft, line).await?;
    let found = sources(tx, app, &chosen).await?;
    let parts: Vec<Source> = found.values().map(|(_, source)| source.clone()).collect();
    let project = words.project.as_ref().map(serde_json::to_value).transpose();
    let project = project.map_err(|_| ApiError::internal("a project is unfit"))?;
    let Figures { count, proposers, beneficiaries, urgency, villages } = Figures::of(&parts);
    let row = Model {
        county: table.county.clone(),
        id: line,
        department: table.department,
        summary: table.id,
        position,
        category: class.id,
        category_code: class.code,
        category_name: class.name,
        text: words.text,
        count,
        proposers,
        beneficiaries,
        urgency,
        villages: json!(villages),
        project,
        remark: words.remark,
        written_by: tx.viewer().account(),
    };
    write(tx, row, fresh).await?;
    keep_sources(tx, &table, line, &found).await?;
    let detail = json!({ "position": position, "sources": chosen.len() });
    note(tx, app, AuditAction::SummaryLinePut, &table, detail, now).await?;
    Ok(table.id)
}

/// Removes a line; its suggestions are in none then.
pub async fn remove(
    tx: &Tx,
    app: &App,
    table: SummaryTableId,
    expected: i32,
    line: Option<SummaryLineId>,
    now: DateTime<Utc>,
) -> Result<SummaryTableId, Stop> {
    let (table, after) = find_open(tx, table, expected, Action::Remove).await?;
    touch(tx, &table, after).await?;
    let (line, position, _) = match line {
        Some(_) => place(tx, app, &table, line, now).await?,
        None => return Err(Refusal::not_found("summaryLineId").into()),
    };
    forget_sources(tx, line).await?;
    tx.delete::<Entity>(Predicate::is(Column::Id, line)).await?;
    let detail = json!({ "position": position });
    note(tx, app, AuditAction::SummaryLineRemove, &table, detail, now).await?;
    Ok(table.id)
}

/// Raises the version under the row's lock, first of all, so that two writers of one table follow each other.
async fn touch(tx: &Tx, table: &summary_table::Model, after: SummaryStatus) -> Result<(), Stop> {
    use summary_table::Column as C;
    let changes = vec![
        (C::Version, (table.version + 1).into()),
        (C::Status, after.into()),
        (C::ReviewedBy, None::<String>.into()),
        (C::ReviewedAt, None::<DateTime<Utc>>.into()),
    ];
    change(tx, table, changes).await
}

async fn class_of(tx: &Tx, table: &summary_table::Model, id: CategoryId) -> Result<category::Model, Stop> {
    let this = Predicate::is(category::Column::Id, id)
        .and(Predicate::is(category::Column::Campaign, table.campaign));
    let row = tx.from::<category::Entity>().filter(this).one().await?;
    row.ok_or_else(|| Refusal::not_found("categoryId").into())
}

/// Key and position of the line that is replaced, or of a further one.
async fn place(
    tx: &Tx,
    app: &App,
    table: &summary_table::Model,
    line: Option<SummaryLineId>,
    now: DateTime<Utc>,
) -> Result<(SummaryLineId, i32, bool), Stop> {
    if let Some(id) = line {
        let row = find_line(tx, id).await?;
        let row = row.filter(|row| row.summary == table.id);
        let row = row.ok_or_else(|| Refusal::not_found("summaryLineId"))?;
        return Ok((row.id, row.position, false));
    }
    let lines = lines_of(tx, table.id).await?;
    if lines.len() >= MOST_LINES {
        return Err(Refusal::invalid(
            "",
            format!("一张汇总表最多 {MOST_LINES} 行"),
            format!("A table has at most {MOST_LINES} lines"),
        )
        .into());
    }
    let last = lines.last().map_or(0, |line| line.position);
    Ok((SummaryLineId(app.new_key(now)), last + 1, true))
}

/// The suggestions of a line: own ones of its class, each in no other line of the department's tables.
async fn choose(
    tx: &Tx,
    table: &summary_table::Model,
    draft: &LineDraft,
    line: SummaryLineId,
) -> Result<Vec<SubmissionId>, Stop> {
    let known = held(tx, table.campaign, table.department).await?;
    let tables = of_department(tx, table.campaign, table.department).await?;
    let elsewhere = sources_of(tx, live(&tables).map(|row| row.id)).await?;
    let elsewhere: BTreeSet<SubmissionId> =
        elsewhere.into_iter().filter(|source| source.line != line).map(|source| source.submission).collect();
    let mut chosen = BTreeSet::new();
    for (place, id) in draft.sources.iter().enumerate() {
        let field = format!("submissionIds.{place}");
        let (id, held) =
            id.and_then(|id| Some((id, known.get(&id)?))).ok_or_else(|| Refusal::not_found(&field))?;
        fits(held, draft.category, elsewhere.contains(&id), &field)?;
        chosen.insert(id);
    }
    if draft.remaining {
        let free = known.iter().filter(|(id, held)| {
            held.is_due() && held.category == Some(draft.category) && !elsewhere.contains(id)
        });
        chosen.extend(free.map(|(id, _)| *id));
    }
    if (1..=MOST_SOURCES).contains(&chosen.len()) {
        return Ok(chosen.into_iter().collect());
    }
    Err(Refusal::invalid(
        "submissionIds",
        format!("一行应有 1 至 {MOST_SOURCES} 件意见"),
        format!("A line has 1 to {MOST_SOURCES} suggestions"),
    )
    .into())
}

fn fits(held: &Held, category: CategoryId, elsewhere: bool, field: &str) -> Result<(), Refusal> {
    if !held.is_due() || held.category != Some(category) {
        let (zh, en) = ("未归入本行类别，或已撤回", "Not in the class of this line, or withdrawn");
        return Err(Refusal::of(UserErrorCode::WrongStage, field, zh, en));
    }
    if elsewhere {
        let (zh, en) = ("已列入另一行", "In another line already");
        return Err(Refusal::of(UserErrorCode::Duplicate, field, zh, en));
    }
    Ok(())
}

/// A further row, or every column of one that is there but those that say whose and where it is.
async fn write(tx: &Tx, row: Model, fresh: bool) -> Result<(), Stop> {
    if fresh {
        return Ok(tx.insert(all_set::<ActiveModel>(row.into())).await?);
    }
    forget_sources(tx, row.id).await?;
    let values = vec![
        (Column::Category, row.category.into()),
        (Column::CategoryCode, row.category_code.into()),
        (Column::CategoryName, row.category_name.into()),
        (Column::Text, row.text.into()),
        (Column::Project, row.project.into()),
        (Column::Remark, row.remark.into()),
        (Column::Count, row.count.into()),
        (Column::Proposers, row.proposers.into()),
        (Column::Beneficiaries, row.beneficiaries.into()),
        (Column::Urgency, row.urgency.into()),
        (Column::Villages, row.villages.into()),
        (Column::WrittenBy, row.written_by.into()),
    ];
    tx.update::<Entity>(Predicate::is(Column::Id, row.id), values).await?;
    Ok(())
}

async fn forget_sources(tx: &Tx, line: SummaryLineId) -> Result<(), Stop> {
    let of_line = Predicate::is(summary_source::Column::Line, line);
    tx.delete::<summary_source::Entity>(of_line).await?;
    Ok(())
}

async fn keep_sources(
    tx: &Tx,
    table: &summary_table::Model,
    line: SummaryLineId,
    found: &BTreeMap<SubmissionId, (String, Source)>,
) -> Result<(), Stop> {
    let rows = found.iter().map(|(id, (number, _))| summary_source::ActiveModel {
        county: Set(table.county.clone()),
        summary: Set(table.id),
        submission: Set(*id),
        line: Set(line),
        number: Set(number.clone()),
        department: Set(table.department),
    });
    Ok(tx.insert_many(rows.collect()).await?)
}
