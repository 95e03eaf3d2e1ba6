//! Finding tables and what hangs on them.

use std::collections::HashMap;

use entity::enums::{SummaryKind, SummaryStatus};
use entity::id::{CampaignId, DepartmentId, SummaryLineId, SummaryTableId};
use entity::summary_table::{Column, Entity, Model};
use entity::{summary_document, summary_line, summary_source};

use super::reviewer::reviewer;
use crate::app::App;
use crate::db::{Direction, Fault, Predicate, Tx};
use crate::error::Stop;
use crate::refusal::Refusal;
use crate::reporting::seal::Sealed;
use crate::reporting::summary::document::FrozenLine;
use crate::reporting::summary::rules::{Action, Facts, Reviewer};
use crate::secrets::token::Signature;

/// One table, if the viewer sees it.
pub async fn find(tx: &Tx, id: SummaryTableId) -> Result<Option<Model>, Fault> {
    tx.from::<Entity>().filter(Predicate::is(Column::Id, id)).one().await
}

/// A table at the version that the caller has seen, with the status that a step leads to.
pub async fn find_open(
    tx: &Tx,
    id: SummaryTableId,
    expected: i32,
    action: Action,
) -> Result<(Model, SummaryStatus), Stop> {
    let (row, facts) = found(tx, id).await?;
    let after = permitted(tx, &row, facts, expected, action)?;
    Ok((row, after))
}

/// The same for a review, with by what right the caller reviews.
pub async fn find_to_review(
    tx: &Tx,
    app: &App,
    id: SummaryTableId,
    expected: i32,
) -> Result<(Model, SummaryStatus, Reviewer), Stop> {
    let (row, facts) = found(tx, id).await?;
    let reviewer = reviewer(tx, app, &row).await?;
    let after = permitted(tx, &row, facts.by(reviewer), expected, Action::Review)?;
    Ok((row, after, reviewer))
}

async fn found(tx: &Tx, id: SummaryTableId) -> Result<(Model, Facts), Stop> {
    let row = find(tx, id).await?;
    let row = row.ok_or_else(|| Refusal::not_found("summaryTableId"))?;
    let all = of_department(tx, row.campaign, row.department).await?;
    let facts = Facts::of(&row, &all);
    Ok((row, facts))
}

/// Whose it is comes first, then whether it was changed, then whether it may be done.
fn permitted(
    tx: &Tx,
    row: &Model,
    facts: Facts,
    expected: i32,
    action: Action,
) -> Result<SummaryStatus, Refusal> {
    match action.permit(tx.viewer(), facts) {
        Err(refusal) if refusal == Refusal::not_found("summaryTableId") => Err(refusal),
        _ if row.version != expected => Err(Refusal::stale()),
        after => after,
    }
}

/// Every table of a department in a campaign, the first first.
pub async fn of_department(
    tx: &Tx,
    campaign: CampaignId,
    department: DepartmentId,
) -> Result<Vec<Model>, Fault> {
    let these = Predicate::is(Column::Campaign, campaign).and(Predicate::is(Column::Department, department));
    tx.from::<Entity>()
        .filter(these)
        .order(Column::Number, Direction::Ascending)
        .order(Column::Edition, Direction::Ascending)
        .all()
        .await
}

/// The lines of a table in their order.
pub async fn lines_of(tx: &Tx, table: SummaryTableId) -> Result<Vec<summary_line::Model>, Fault> {
    use summary_line::Column as C;
    tx.from::<summary_line::Entity>()
        .filter(Predicate::is(C::Summary, table))
        .order(C::Position, Direction::Ascending)
        .all()
        .await
}

/// One line, if the viewer sees it.
pub async fn find_line(tx: &Tx, id: SummaryLineId) -> Result<Option<summary_line::Model>, Fault> {
    tx.from::<summary_line::Entity>().filter(Predicate::is(summary_line::Column::Id, id)).one().await
}

/// Every source of some tables.
pub(super) async fn sources_of(
    tx: &Tx,
    tables: impl IntoIterator<Item = SummaryTableId>,
) -> Result<Vec<summary_source::Model>, Fault> {
    tx.from::<summary_source::Entity>()
        .filter(Predicate::among(summary_source::Column::Summary, tables))
        .all()
        .await
}

/// The lines of a table with the case numbers of their sources: what its bytes are made of.
pub async fn frozen_lines(tx: &Tx, table: SummaryTableId) -> Result<Vec<FrozenLine>, Fault> {
    let mut numbers: HashMap<SummaryLineId, Vec<String>> = HashMap::new();
    for source in sources_of(tx, [table]).await? {
        numbers.entry(source.line).or_default().push(source.number);
    }
    let rows = lines_of(tx, table).await?;
    let frozen =
        rows.into_iter().map(|row| FrozenLine { numbers: numbers.remove(&row.id).unwrap_or_default(), row });
    Ok(frozen.collect())
}

/// What was signed of a table; nothing before it was.
pub async fn document_of(tx: &Tx, table: SummaryTableId) -> Result<Option<summary_document::Model>, Fault> {
    tx.from::<summary_document::Entity>()
        .filter(Predicate::is(summary_document::Column::Summary, table))
        .one()
        .await
}

/// The signed text of a table with what proves it.
#[must_use]
pub fn sealed_of(row: summary_document::Model) -> Sealed {
    Sealed {
        canonical: row.canonical,
        sha256: row.sha256,
        signature: Signature { kid: row.kid, value: row.signature },
    }
}

/// Which tables.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Campaign.
    pub campaign: CampaignId,
    /// Departments.
    pub departments: Option<Vec<DepartmentId>>,
    /// Statuses.
    pub statuses: Option<Vec<SummaryStatus>>,
    /// Kind.
    pub kind: Option<SummaryKind>,
}

impl Wanted {
    /// As a condition on tables.
    #[must_use]
    pub fn predicate(&self) -> Predicate<Column> {
        let mut parts = vec![Predicate::is(Column::Campaign, self.campaign)];
        parts.extend(
            self.departments.as_ref().map(|ids| Predicate::among(Column::Department, ids.iter().copied())),
        );
        parts.extend(
            self.statuses.as_ref().map(|wanted| Predicate::among(Column::Status, wanted.iter().copied())),
        );
        parts.extend(self.kind.map(|kind| Predicate::is(Column::Kind, kind)));
        Predicate::All(parts)
    }
}
