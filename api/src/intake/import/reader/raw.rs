//! What stands in a ledger before it is understood: a header, and rows of text.

use std::collections::HashSet;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::error::{OpenError, Place};
use crate::intake::import::fault::{Fault, RowError};

/// Most columns that a ledger may have.
pub const MAX_COLUMNS: usize = 64;

/// Most characters that one cell may have, whatever its field; the fields' own limits are narrower.
pub const MAX_CELL_CHARACTERS: usize = 20_000;

/// A row whose first cell starts with this explains the template and is not data.
pub(in crate::intake) const NOTE_MARK: &str = "#说明";

/// Column names of a ledger (表头): unique, none empty, trimmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header(Arc<[String]>);

/// One row as it stands in the file: every cell is text, dates of a workbook as `YYYY-MM-DD HH:MM:SS`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawRow {
    /// Line of the file on which the row starts, counted from 1; the row number in a workbook.
    pub line: u64,
    /// Names of the columns.
    pub header: Header,
    /// As many cells as the header has columns; an empty cell is an empty text.
    pub cells: Vec<String>,
}

/// How much of the file has been taken, for a progress bar (进度). Cheap to clone, may be read while rows are taken.
#[derive(Debug, Clone)]
pub struct Progress {
    pub(super) read: Arc<AtomicU64>,
    pub(super) total: u64,
}

/// The rows that follow a header.
pub(super) type Rows = Box<dyn Iterator<Item = Result<RawRow, RowError>> + Send>;

/// Counts the bytes that have been read, so that progress is known in bytes of the file, not of decoded text.
pub(super) struct Counted<R> {
    pub(super) source: R,
    pub(super) read: Arc<AtomicU64>,
}

impl Header {
    /// Checks a header row. Empty cells after the last name are not columns.
    pub(super) fn new(place: &Place, mut names: Vec<String>) -> Result<Self, OpenError> {
        for name in &mut names {
            *name = name.trim().to_owned();
        }
        names.truncate(names.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1));
        if names.is_empty() {
            return Err(OpenError::NoHeader);
        }
        if names.len() > MAX_COLUMNS {
            let (found, limit) = (names.len(), MAX_COLUMNS);
            return Err(OpenError::TooManyColumns { place: place.clone(), found, limit });
        }
        let mut seen = HashSet::new();
        for (index, name) in names.iter().enumerate() {
            if name.is_empty() {
                return Err(OpenError::EmptyColumnName { place: place.clone(), column: index + 1 });
            }
            if !seen.insert(name) {
                return Err(OpenError::DuplicateColumnName { place: place.clone(), name: name.clone() });
            }
        }
        Ok(Self(names.into()))
    }

    /// The column names, in the order of the file.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// Position of a column, counted from 0.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|column| column == name)
    }
}

impl RawRow {
    /// Checks the cells of one row against the header; `Ok(None)` when the row holds no data.
    pub(super) fn check(
        line: u64,
        header: &Header,
        mut cells: Vec<String>,
    ) -> Result<Option<Self>, RowError> {
        let is_note = cells.first().is_some_and(|first| first.trim_start().starts_with(NOTE_MARK));
        if is_note || cells.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(None);
        }
        let expected = header.names().len();
        let mut pairs = header.names().iter().zip(&cells);
        // Printed page by page, a ledger has its headings again on each.
        if cells.len() >= expected && pairs.all(|(name, cell)| name == cell.trim()) {
            return Ok(None);
        }
        while cells.len() > expected && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
            cells.pop();
        }
        // Spreadsheets leave out the commas of empty cells at the end.
        if cells.len() < expected {
            cells.resize(expected, String::new());
        }
        if cells.len() != expected {
            return Err(RowError::in_row(line, Fault::WrongWidth { expected, found: cells.len() }));
        }
        for (name, cell) in header.names().iter().zip(&cells) {
            let length = cell.chars().count();
            if length > MAX_CELL_CHARACTERS {
                let fault = Fault::CellTooLong { length, limit: MAX_CELL_CHARACTERS };
                return Err(RowError::in_field(line, name, fault));
            }
        }
        Ok(Some(Self { line, header: header.clone(), cells }))
    }

    /// The cell below a column name.
    #[must_use]
    pub fn cell(&self, name: &str) -> Option<&str> {
        self.header.position(name).and_then(|index| self.cells.get(index)).map(String::as_str)
    }
}

impl Progress {
    /// Bytes read so far; a little ahead of the rows because the file is read in blocks.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        // The parts of a workbook may be read more than once.
        self.read.load(Ordering::Relaxed).min(self.total)
    }

    /// Bytes of the whole file.
    #[must_use]
    pub fn bytes_total(&self) -> u64 {
        self.total
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl<R: Seek> Seek for Counted<R> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.source.seek(position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u64) -> Place {
        Place { sheet: None, line }
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn a_header_is_trimmed_and_loses_empty_columns_at_its_end() {
        let header = Header::new(&at(1), names(&[" 标题 ", "内容", "", ""])).unwrap();
        assert_eq!(header.names(), ["标题", "内容"]);
        assert_eq!(header.position("内容"), Some(1));
    }

    #[test]
    fn a_bad_header_is_refused_with_its_reason() {
        assert_eq!(Header::new(&at(1), names(&["", " "])).unwrap_err().code(), "NO_HEADER");
        let unnamed = Header::new(&at(1), names(&["a", "", "c"])).unwrap_err();
        assert_eq!(unnamed.to_string(), "line 1: column 2 has no name");
        let twice = Header::new(&at(2), names(&["a", "b", "a "])).unwrap_err();
        assert_eq!(twice.to_string(), "line 2: two columns are named `a`");
        assert_eq!(twice.reason_zh(), "第2行：列名“a”重复");
        let many: Vec<String> = (0..=MAX_COLUMNS).map(|column| column.to_string()).collect();
        assert_eq!(Header::new(&at(1), many).unwrap_err().code(), "TOO_MANY_COLUMNS");
    }

    #[test]
    fn a_row_is_no_wider_than_the_header() {
        let header = Header::new(&at(1), names(&["a", "b"])).unwrap();
        let row = RawRow::check(2, &header, names(&["1", "2", "", " "])).unwrap().unwrap();
        assert_eq!(row.cell("b"), Some("2"));
        assert_eq!(row.cell("c"), None);
        let short = RawRow::check(3, &header, names(&["1"])).unwrap().unwrap();
        assert_eq!(short.cells, ["1", ""]);
        let long = RawRow::check(4, &header, names(&["1", "2", "3"])).unwrap_err();
        assert_eq!(long.to_string(), "line 4: the row has 3 cells, the header has 2");
    }

    #[test]
    fn rows_without_data_are_passed_over() {
        let header = Header::new(&at(1), names(&["a", "b"])).unwrap();
        assert_eq!(RawRow::check(2, &header, names(&["", "　"])).unwrap(), None);
        assert_eq!(RawRow::check(2, &header, names(&["#说明：必填", "x"])).unwrap(), None);
        assert_eq!(RawRow::check(2, &header, names(&["a", " b"])).unwrap(), None);
        assert!(RawRow::check(2, &header, names(&["a", ""])).unwrap().is_some());
    }

    #[test]
    fn a_cell_beyond_the_limit_names_its_column() {
        let header = Header::new(&at(1), names(&["a", "b"])).unwrap();
        let longest = "字".repeat(MAX_CELL_CHARACTERS);
        assert!(RawRow::check(2, &header, vec!["1".to_owned(), longest.clone()]).is_ok());
        let error = RawRow::check(2, &header, vec!["1".to_owned(), longest + "字"]).unwrap_err();
        assert_eq!((error.code(), error.field.as_deref()), ("CELL_TOO_LONG", Some("b")));
    }
}
