//! A table as it is printed: a signed one from the bytes that were signed, an open one from its rows. No SQL, no clock, no
//! async.

use chrono::{DateTime, Utc};
use entity::{summary_line, summary_table};
use serde::Deserialize;

use super::document::{Named, cell};
use crate::plan::{ColumnSource, SummaryColumn};
use crate::reporting::seal::Sealed;
use crate::secrets::seal::digest::sha256_hex;

/// What a printed table says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// Name of the department.
    pub department: String,
    /// Name of the campaign.
    pub campaign: String,
    /// Number of the founding document.
    pub document_number: String,
    /// Its columns.
    pub columns: Vec<SummaryColumn>,
    /// The cells of each line.
    pub lines: Vec<Vec<String>>,
    /// Who reviewed it, and when.
    pub reviewed: Option<Hand>,
    /// Who signed it, and when.
    pub signed: Option<Hand>,
    /// SHA-256 of what was signed.
    pub sha256: Option<String>,
}

/// Who put a hand to it, and when.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Hand {
    /// Name and rank.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Text {
    campaign: Campaign,
    department: Named,
    columns: Vec<SummaryColumn>,
    lines: Vec<Line>,
    reviewed: Hand,
    signed: Hand,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Campaign {
    name: String,
    document_number: String,
}

#[derive(Deserialize)]
struct Line {
    cells: Vec<String>,
}

impl Printed {
    /// What was signed, and nothing that came later; none where the bytes are not those that were signed.
    #[must_use]
    pub fn signed(sealed: &Sealed) -> Option<Self> {
        if sha256_hex(sealed.canonical.as_bytes()) != sealed.sha256 {
            return None;
        }
        let text: Text = serde_json::from_str(&sealed.canonical).ok()?;
        Some(Self {
            department: text.department.name,
            campaign: text.campaign.name,
            document_number: text.campaign.document_number,
            columns: text.columns,
            lines: text.lines.into_iter().map(|line| line.cells).collect(),
            reviewed: Some(text.reviewed),
            signed: Some(text.signed),
            sha256: Some(sealed.sha256.clone()),
        })
    }

    /// An open table as it stands now; none where a line is not of its form. `lines` come in their order.
    #[must_use]
    pub fn open(
        (department, campaign, document_number): (String, String, String),
        columns: &[SummaryColumn],
        table: &summary_table::Model,
        lines: &[summary_line::Model],
    ) -> Option<Self> {
        let cells = |(row, number): (&summary_line::Model, i32)| {
            let columns = columns.iter();
            columns.map(|column| cell(column.source, row, number)).collect::<Option<Vec<String>>>()
        };
        let hand = |by: Option<&String>, at: Option<DateTime<Utc>>| Some(Hand { by: by?.clone(), at: at? });
        Some(Self {
            department,
            campaign,
            document_number,
            columns: columns.to_vec(),
            lines: lines.iter().zip(1..).map(cells).collect::<Option<_>>()?,
            reviewed: hand(table.reviewed_by.as_ref(), table.reviewed_at),
            signed: None,
            sha256: None,
        })
    }
}

/// Width of a column in a workbook, and its share of a printed page.
#[must_use]
pub const fn widths(source: ColumnSource) -> (u16, u16) {
    match source {
        ColumnSource::LineNumber => (6, 3),
        ColumnSource::Category => (16, 8),
        ColumnSource::Summary => (60, 26),
        ColumnSource::SuggestionCount | ColumnSource::ProposerCount => (8, 5),
        ColumnSource::Beneficiaries => (10, 6),
        ColumnSource::Urgency => (10, 5),
        ColumnSource::Villages => (24, 11),
        ColumnSource::Project => (40, 18),
        ColumnSource::EstimatedCost => (14, 9),
        ColumnSource::PlannedFinish => (14, 8),
        ColumnSource::Remark => (24, 9),
    }
}

/// Whether a column's cells are whole numbers.
#[must_use]
pub const fn counts(source: ColumnSource) -> bool {
    matches!(
        source,
        ColumnSource::LineNumber
            | ColumnSource::SuggestionCount
            | ColumnSource::ProposerCount
            | ColumnSource::Beneficiaries
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::secrets::token::Signature;

    fn sealed() -> Sealed {
        let canonical = json!({
            "campaign": { "code": "MXGC", "name": "征集", "documentNumber": "某办〔2019〕1号" },
            "department": { "code": "T", "name": "某镇" },
            "columns": [{ "key": "n", "name": "序号", "source": "LINE_NUMBER" }],
            "lines": [{ "cells": ["1"], "text": "路灯" }],
            "reviewed": { "by": "乙（分管负责人）", "at": "2019-11-15T09:00:00.000000+08:00" },
            "signed": { "by": "甲（主要负责人）", "at": "2019-11-15T10:00:00.000000+08:00" },
        })
        .to_string();
        Sealed {
            sha256: sha256_hex(canonical.as_bytes()),
            canonical,
            signature: Signature { kid: String::new(), value: String::new() },
        }
    }

    #[test]
    fn bytes_that_were_not_signed_are_not_printed() {
        let sealed = sealed();
        let printed = Printed::signed(&sealed).unwrap();
        assert_eq!(printed.lines, [["1"]]);
        let signed = printed.signed.unwrap();
        assert_eq!(signed.at.to_rfc3339(), "2019-11-15T02:00:00+00:00");
        let canonical = sealed.canonical.replace("路灯", "路面");
        assert_eq!(Printed::signed(&Sealed { canonical, ..sealed }), None);
    }
}
