//! The signature: figures, names and columns are frozen, and the bytes are kept with their hash.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::enums::{AuditAction, SummaryKind, SummaryStatus};
use entity::id::{CategoryId, SubmissionId, SummaryLineId, SummaryTableId};
use entity::summary_table::{Column, Model};
use entity::{campaign, category, county, department, summary_document, summary_line, summary_source};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::steps::change;
use super::steps::note;
use super::suggestions::{held, sources};
use super::tables::{find, find_open, frozen_lines, lines_of, of_department, sources_of};
use crate::app::App;
use crate::db::{Predicate, Tx};
use crate::error::{ApiError, Stop};
use crate::refusal::Refusal;
use crate::reporting::people::signature_name;
use crate::reporting::seal::Sealed;
use crate::reporting::summary::document::{Frame, Named, canonical};
use crate::reporting::summary::line::Figures;
use crate::reporting::summary::rules::{Action, Coverage, live};

/// What a table holds, and what it lacks to be signed.
pub async fn coverage(tx: &Tx, table: &Model, lines: &[summary_line::Model]) -> Result<Coverage, ApiError> {
    let held = held(tx, table.campaign, table.department).await?;
    let all = of_department(tx, table.campaign, table.department).await?;
    let placed: BTreeMap<SubmissionId, (SummaryTableId, SummaryLineId)> =
        sources_of(tx, live(&all).map(|row| row.id))
            .await?
            .into_iter()
            .map(|source| (source.submission, (source.summary, source.line)))
            .collect();
    let classes: BTreeMap<SummaryLineId, CategoryId> =
        lines.iter().map(|line| (line.id, line.category)).collect();
    let closes = crate::app::plans::campaign(tx, table.campaign).await?;
    let closes = closes.and_then(|campaign| campaign.closes_on);
    let mut coverage = Coverage::default();
    for (id, held) in &held {
        let in_time = closes.is_none_or(|last| held.received_on <= last);
        coverage.unclassified += u64::from(held.stage == entity::enums::Stage::Received);
        match placed.get(id) {
            // What came after the last day may wait for a supplementary table.
            None => {
                let owed = in_time || table.kind == SummaryKind::Supplementary;
                coverage.uncovered += u64::from(held.is_due() && owed);
            }
            Some((of, line)) if *of == table.id => {
                let fits = held.is_due() && held.category == classes.get(line).copied();
                coverage.misplaced += u64::from(!fits);
            }
            Some(_) => {}
        }
    }
    Ok(coverage)
}

/// The head signs: from here on nothing of it changes.
pub async fn sign(
    tx: &Tx,
    app: &App,
    id: SummaryTableId,
    expected: i32,
    now: DateTime<Utc>,
) -> Result<SummaryTableId, Stop> {
    let (table, after) = find_open(tx, id, expected, Action::Sign).await?;
    // The row's lock comes first: lines are written under it.
    change(tx, &table, vec![(Column::Version, (expected + 1).into())]).await?;
    let table = Model { version: expected + 1, ..table };
    let lines = lines_of(tx, table.id).await?;
    let obstacles = coverage(tx, &table, &lines).await?.obstacles();
    if !obstacles.is_empty() {
        return Err(obstacles.into());
    }
    freeze_lines(tx, app, &table, &lines).await?;
    let sealed = freeze_table(tx, app, &table, after, now).await?;
    let detail = json!({ "sha256": sealed.sha256, "edition": table.edition });
    note(tx, app, AuditAction::SummaryTableSign, &table, detail, now).await?;
    Ok(table.id)
}

/// Figures and names as they are at this moment.
async fn freeze_lines(tx: &Tx, app: &App, table: &Model, lines: &[summary_line::Model]) -> Result<(), Stop> {
    use summary_line::Column as C;
    let placed = sources_of(tx, [table.id]).await?;
    let classes = tx.from::<category::Entity>();
    let classes = classes.filter(Predicate::is(category::Column::Campaign, table.campaign));
    let classes = classes.all().await?;
    for line in lines {
        let ids: Vec<SubmissionId> = of_line(&placed, line.id).collect();
        let found = sources(tx, app, &ids).await?;
        let parts: Vec<_> = found.into_values().map(|(_, source)| source).collect();
        let figures = Figures::of(&parts);
        let mut values = vec![
            (C::Count, figures.count.into()),
            (C::Proposers, figures.proposers.into()),
            (C::Beneficiaries, figures.beneficiaries.into()),
            (C::Urgency, figures.urgency.into()),
            (C::Villages, json!(figures.villages).into()),
        ];
        if let Some(class) = classes.iter().find(|class| class.id == line.category) {
            values.push((C::CategoryCode, class.code.clone().into()));
            values.push((C::CategoryName, class.name.clone().into()));
        }
        tx.update::<summary_line::Entity>(Predicate::is(C::Id, line.id), values).await?;
    }
    Ok(())
}

fn of_line(placed: &[summary_source::Model], line: SummaryLineId) -> impl Iterator<Item = SubmissionId> {
    let of_line = placed.iter().filter(move |source| source.line == line);
    of_line.map(|source| source.submission)
}

/// Frame, signer and status; then the bytes, made of the rows as they are stored.
async fn freeze_table(
    tx: &Tx,
    app: &App,
    table: &Model,
    after: SummaryStatus,
    now: DateTime<Utc>,
) -> Result<Sealed, Stop> {
    let frame = serde_json::to_value(frame(tx, app, table).await?);
    let frame = frame.map_err(|_| unfit())?;
    let changes = vec![
        (Column::Status, after.into()),
        (Column::Frame, frame.into()),
        (Column::SignedBy, signature_name(tx).await?.into()),
        (Column::SignedAt, now.into()),
    ];
    change(tx, table, changes).await?;
    let signed = find(tx, table.id).await?.ok_or_else(unfit)?;
    let text = canonical(&signed, &frozen_lines(tx, table.id).await?).ok_or_else(unfit)?;
    let sealed = Sealed::sign(text, |message| app.documents.sign(message));
    let sealed = sealed.ok_or_else(|| ApiError::internal("a table could not be sealed"))?;
    tx.insert(summary_document::ActiveModel {
        county: Set(table.county.clone()),
        summary: Set(table.id),
        department: Set(table.department),
        canonical: Set(sealed.canonical.clone()),
        sha256: Set(sealed.sha256.clone()),
        kid: Set(sealed.signature.kid.clone()),
        signature: Set(sealed.signature.value.clone()),
    })
    .await?;
    Ok(sealed)
}

fn unfit() -> ApiError {
    ApiError::internal("a table is not of the form that is signed")
}

async fn frame(tx: &Tx, app: &App, table: &Model) -> Result<Frame, Stop> {
    let campaign = crate::app::plans::campaign(tx, table.campaign).await?;
    let campaign: campaign::Model = campaign.ok_or_else(|| Refusal::not_found("summaryTableId"))?;
    let county = tx.from::<county::Entity>().one().await?.ok_or_else(unfit)?;
    let this = Predicate::is(department::Column::Id, table.department);
    let department = tx.from::<department::Entity>().filter(this).one().await?;
    let department = department.ok_or_else(unfit)?;
    let plan = app.plans.of(&campaign)?;
    Ok(Frame {
        county: Named { code: county.code.as_str().to_owned(), name: county.name },
        campaign: Named { code: campaign.code, name: campaign.name },
        document_number: campaign.document_number,
        department: Named { code: department.code, name: department.name },
        columns: plan.summary_columns.clone(),
    })
}
