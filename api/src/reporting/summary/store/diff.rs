//! What was signed, held against what the suggestions say now.

use std::collections::{BTreeMap, BTreeSet};

use entity::enums::Urgency;
use entity::id::{SubmissionId, SummaryLineId};
use entity::summary_line;
use entity::summary_table::Model;

use super::suggestions::{held, sources};
use super::tables::{lines_of, of_department, sources_of};
use crate::app::App;
use crate::db::{Fault, Tx};
use crate::reporting::summary::rules::{counts, live};

/// The differences of a table.
#[derive(Clone, Debug, Default)]
pub struct Diff {
    /// Lines that differ.
    pub lines: Vec<LineDiff>,
    /// Classified suggestions of the department that are in no table.
    pub new_since: u64,
}

/// One line, then and now. Now counts the sources that still stand in its class.
#[derive(Clone, Debug)]
pub struct LineDiff {
    /// The line as it was frozen.
    pub line: summary_line::Model,
    /// Sources that still are of its class.
    pub count: u64,
    /// The most urgent one now.
    pub urgency: Option<Urgency>,
    /// How many people would benefit now.
    pub beneficiaries: Option<i64>,
    /// Case numbers of those put into another class since.
    pub reclassified: Vec<String>,
    /// Case numbers of those withdrawn or found inadmissible since.
    pub withdrawn: Vec<String>,
}

impl LineDiff {
    fn differs(&self) -> bool {
        u64::try_from(self.line.count) != Ok(self.count)
            || self.urgency.is_some_and(|urgency| urgency != self.line.urgency)
            || self.beneficiaries != self.line.beneficiaries
    }
}

/// Compares the lines of a table with the suggestions as they are.
pub async fn diff(tx: &Tx, app: &App, table: &Model) -> Result<Diff, Fault> {
    let held = held(tx, table.campaign, table.department).await?;
    let all = of_department(tx, table.campaign, table.department).await?;
    let placed = sources_of(tx, live(&all).map(|row| row.id).chain([table.id])).await?;
    let in_tables: BTreeSet<SubmissionId> = placed.iter().map(|source| source.submission).collect();
    let mut by_line: BTreeMap<SummaryLineId, Vec<(SubmissionId, String)>> = BTreeMap::new();
    for source in placed.into_iter().filter(|source| source.summary == table.id) {
        let of_line = by_line.entry(source.line).or_default();
        of_line.push((source.submission, source.number));
    }
    let new_since = held.iter().filter(|(id, held)| held.is_due() && !in_tables.contains(id));
    let new_since = new_since.count() as u64;
    let mut lines = Vec::new();
    for line in lines_of(tx, table.id).await? {
        let mut named = by_line.remove(&line.id).unwrap_or_default();
        named.sort_by(|one, other| one.1.cmp(&other.1));
        let (mut standing, mut reclassified, mut withdrawn) = (Vec::new(), Vec::new(), Vec::new());
        for (id, number) in named {
            match held.get(&id) {
                Some(held) if !counts(held.stage) => withdrawn.push(number),
                Some(held) if held.category == Some(line.category) => standing.push(id),
                Some(_) | None => reclassified.push(number),
            }
        }
        let found = sources(tx, app, &standing).await?;
        let said = || found.values().filter_map(|(_, source)| source.beneficiaries);
        let found = LineDiff {
            count: standing.len() as u64,
            urgency: found.values().map(|(_, source)| source.urgency).max(),
            beneficiaries: said().next().map(|_| said().map(i64::from).sum()),
            reclassified,
            withdrawn,
            line,
        };
        lines.extend(found.differs().then_some(found));
    }
    Ok(Diff { lines, new_since })
}
