//! Signed tables in the database, held against their own bytes.

use entity::enums::SummaryKind;
use entity::id::{CampaignId, SummaryTableId};
use entity::summary_table::{Column, Entity, Model};
use entity::{department, summary_document};

use super::tables::{document_of, frozen_lines, sealed_of};
use crate::db::{Direction, Fault, Predicate, Tx};
use crate::reporting::seal::Finding;
use crate::reporting::summary::document::canonical;
use crate::secrets::token::KnowsKeys;

/// A signed table that is not what was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Code of its department; its key where there is none such.
    pub department: String,
    /// Main or supplementary.
    pub kind: SummaryKind,
    /// Its number.
    pub number: i32,
    /// Its edition.
    pub edition: i32,
    /// What is wrong with the kept bytes.
    pub findings: Vec<Finding>,
    /// Whether the rows give other bytes than those that were signed.
    pub rows_differ: bool,
    /// Whether the bytes are gone altogether.
    pub document_missing: bool,
}

/// Regenerates every signed table of a county, or of one campaign, and compares; says how many there are.
pub async fn verify(
    tx: &Tx,
    campaign: Option<CampaignId>,
    keys: &dyn KnowsKeys,
) -> Result<(usize, Vec<Problem>), Fault> {
    let mut these = vec![Predicate::Present(Column::SignedAt)];
    these.extend(campaign.map(|id| Predicate::is(Column::Campaign, id)));
    let tables = tx.from::<Entity>().filter(Predicate::All(these));
    let tables = tables.order(Column::Id, Direction::Ascending).all().await?;
    let mut problems = Vec::new();
    let mut known = Vec::new();
    for table in &tables {
        known.push(table.id);
        problems.extend(examined(tx, table, keys).await?);
    }
    problems.extend(orphans(tx, campaign, &known).await?);
    Ok((tables.len(), problems))
}

async fn examined(tx: &Tx, table: &Model, keys: &dyn KnowsKeys) -> Result<Option<Problem>, Fault> {
    let lines = frozen_lines(tx, table.id).await?;
    let again = canonical(table, &lines);
    let document = document_of(tx, table.id).await?.map(sealed_of);
    let findings = document.as_ref().map_or_else(Vec::new, |sealed| sealed.findings(Some(keys)));
    let rows_differ = document.as_ref().is_some_and(|sealed| again.as_deref() != Some(&*sealed.canonical));
    if document.is_some() && findings.is_empty() && !rows_differ {
        return Ok(None);
    }
    Ok(Some(Problem {
        findings,
        rows_differ,
        document_missing: document.is_none(),
        ..problem(tx, table).await?
    }))
}

async fn problem(tx: &Tx, table: &Model) -> Result<Problem, Fault> {
    let this = Predicate::is(department::Column::Id, table.department);
    let row = tx.from::<department::Entity>().filter(this).one().await?;
    Ok(Problem {
        department: row.map_or_else(|| table.department.0.to_string(), |row| row.code),
        kind: table.kind,
        number: table.number,
        edition: table.edition,
        findings: Vec::new(),
        rows_differ: false,
        document_missing: false,
    })
}

/// Signed bytes whose table does not count as signed any more.
async fn orphans(
    tx: &Tx,
    campaign: Option<CampaignId>,
    known: &[SummaryTableId],
) -> Result<Vec<Problem>, Fault> {
    use summary_document::Column as C;
    let mut found = Vec::new();
    let documents = tx.from::<summary_document::Entity>();
    for row in documents.count_by(&[C::Summary], None).await? {
        let id: SummaryTableId = row.key(0)?;
        if known.contains(&id) {
            continue;
        }
        let table = super::tables::find(tx, id).await?;
        let table = table.filter(|table| campaign.is_none_or(|id| id == table.campaign));
        if let Some(table) = table.filter(|table| table.signed_at.is_none()) {
            found.push(Problem { rows_differ: true, ..problem(tx, &table).await? });
        }
    }
    Ok(found)
}
