//! A line of a file as text, before it is known whether it is the header or a row.

use super::raw::{Header, RawRow};
use crate::intake::import::fault::{Fault, RowError};

/// The cells of one line, and what is wrong with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Line of the file on which it starts, counted from 1; the row number in a workbook.
    pub(super) number: u64,
    /// The cells as far as they can be read.
    pub(super) cells: Vec<String>,
    /// The first fault, with its column counted from 0 where it is one cell's.
    pub(super) fault: Option<(Option<usize>, Fault)>,
}

impl Line {
    /// A line of which nothing but its fault is known.
    pub(super) fn faulty(number: u64, fault: Fault) -> Self {
        Self { number, cells: Vec::new(), fault: Some((None, fault)) }
    }

    /// Whether any cell has text that can be seen.
    pub(super) fn has_text(&self) -> bool {
        self.cells.iter().any(|cell| !cell.trim().is_empty())
    }

    /// The error after which the file is not read further.
    pub(super) fn end(&self) -> Option<RowError> {
        let (_, fault) = self.fault.as_ref()?;
        Some(RowError::in_row(self.number, fault.clone())).filter(RowError::ends_reading)
    }

    /// The line as a row below a header; `Ok(None)` when it holds no data.
    pub(super) fn row(self, header: &Header) -> Result<Option<RawRow>, RowError> {
        if let Some((column, fault)) = self.fault {
            let field = column.and_then(|column| header.names().get(column).cloned());
            return Err(RowError { line: self.number, field, fault });
        }
        RawRow::check(self.number, header, self.cells)
    }
}
