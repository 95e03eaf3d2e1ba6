//! A signed table as bytes: the same rows always give the same text. No SQL, no clock, no async.
//!
//! Everything that the text says stands in the table's own rows, names included, so that neither a later edit of a
//! suggestion nor a later plan changes a byte.

use chrono::{DateTime, SecondsFormat, Utc};
use entity::labels::Labelled as _;
use entity::{summary_line, summary_table};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::clock::shanghai;
use crate::decision::project::planned::Project;
use crate::plan::{ColumnSource, SummaryColumn};
use crate::reporting::seal::in_order;

/// What the text names that stands in no line: as it was at the signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// Code and name of the county.
    pub county: Named,
    /// Code and name of the campaign.
    pub campaign: Named,
    /// Number of the founding document.
    pub document_number: String,
    /// Code and name of the department.
    pub department: Named,
    /// Columns of the printed table.
    pub columns: Vec<SummaryColumn>,
}

/// A code and what it was called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
}

/// A line with the case numbers of its sources.
#[derive(Clone, Debug)]
pub struct FrozenLine {
    /// The row.
    pub row: summary_line::Model,
    /// Case numbers.
    pub numbers: Vec<String>,
}

/// The canonical text of a signed table; none where a row lacks what a signature gives it, or is not of its form.
#[must_use]
pub fn canonical(table: &summary_table::Model, lines: &[FrozenLine]) -> Option<String> {
    Some(in_order(&document(table, lines)?).to_string())
}

fn document(table: &summary_table::Model, lines: &[FrozenLine]) -> Option<Json> {
    let frame = Frame::deserialize(table.frame.as_ref()?).ok()?;
    let mut sorted: Vec<&FrozenLine> = lines.iter().collect();
    sorted.sort_by_key(|line| (line.row.position, line.row.id));
    let printed = sorted.iter().zip(1_i32..);
    let printed = printed.map(|(line, number)| printed_line(&frame.columns, line, number));
    let printed = printed.collect::<Option<Vec<Json>>>()?;
    Some(json!({
        "format": super::super::seal::FORMAT,
        "county": frame.county,
        "campaign": { "code": frame.campaign.code, "name": frame.campaign.name, "documentNumber": frame.document_number },
        "department": frame.department,
        "kind": table.kind.as_str(),
        "number": table.number,
        "edition": table.edition,
        "columns": frame.columns,
        "lines": printed,
        "reviewed": { "by": table.reviewed_by.as_ref()?, "at": instant(table.reviewed_at?) },
        "signed": { "by": table.signed_by.as_ref()?, "at": instant(table.signed_at?) },
    }))
}

fn printed_line(columns: &[SummaryColumn], line: &FrozenLine, number: i32) -> Option<Json> {
    let summary_line::Model {
        county: _,
        id: _,
        department: _,
        summary: _,
        position: _,
        category: _,
        category_code,
        category_name,
        text,
        count,
        proposers,
        beneficiaries,
        urgency,
        villages,
        project,
        remark,
        written_by: _,
    } = &line.row;
    let mut numbers = line.numbers.clone();
    numbers.sort();
    let cells = columns
        .iter()
        .map(|column| cell(column.source, &line.row, number))
        .collect::<Option<Vec<String>>>()?;
    Some(json!({
        "number": number,
        "category": { "code": category_code, "name": category_name },
        "text": text,
        "count": count,
        "proposers": proposers,
        "beneficiaries": beneficiaries,
        "urgency": urgency.as_str(),
        "villages": villages,
        "project": project,
        "remark": remark,
        "sources": numbers,
        "cells": cells,
    }))
}

/// What stands in one cell of the printed table.
#[must_use]
pub fn cell(source: ColumnSource, row: &summary_line::Model, number: i32) -> Option<String> {
    let project = match &row.project {
        Some(project) => Some(Project::deserialize(project).ok()?),
        None => None,
    };
    let villages = Vec::<String>::deserialize(&row.villages).ok()?;
    let figure = |figure: Option<i64>| figure.map(|figure| figure.to_string());
    let of_project = |pick: fn(Project) -> Option<String>| project.clone().and_then(pick);
    let text = match source {
        ColumnSource::LineNumber => Some(number.to_string()),
        ColumnSource::Category => Some(row.category_name.clone()),
        ColumnSource::Summary => Some(row.text.clone()),
        ColumnSource::SuggestionCount => Some(row.count.to_string()),
        ColumnSource::ProposerCount => Some(row.proposers.to_string()),
        ColumnSource::Beneficiaries => figure(row.beneficiaries),
        ColumnSource::Urgency => Some(row.urgency.chinese().to_owned()),
        ColumnSource::Villages => Some(villages.join("、")),
        ColumnSource::Project => of_project(|project| Some(project.content)),
        ColumnSource::EstimatedCost => of_project(|project| project.cost.map(|cost| format!("{cost}元"))),
        ColumnSource::PlannedFinish => of_project(|project| project.finish.map(|day| day.to_string())),
        ColumnSource::Remark => Some(row.remark.clone()),
    };
    Some(text.unwrap_or_default())
}

fn instant(at: DateTime<Utc>) -> String {
    at.with_timezone(&shanghai()).to_rfc3339_opts(SecondsFormat::Micros, false)
}
