//! Where the rows of an export come from.

use async_graphql::async_trait::async_trait;

use super::cell::Cell;
use crate::graphql::error::ApiError;

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its heading, in the language of the export.
    pub heading: String,
    /// Width in characters, of a spreadsheet.
    pub width: u16,
    /// Share of the width of a printed page; a column of no share is not printed.
    pub printed: u16,
}

impl Column {
    /// A column.
    pub fn new(heading: impl Into<String>, width: u16, printed: u16) -> Self {
        Self {
            heading: heading.into(),
            width,
            printed,
        }
    }
}

/// Rows in their order, a batch at a time: no more than a batch is ever in memory. It is dropped, and its snapshot with
/// it, once the rows are read.
#[async_trait]
pub trait Source: Send {
    /// The columns; every row has a cell for each.
    fn columns(&self) -> Vec<Column>;

    /// Lines above the table of a printed document.
    fn preface(&self) -> Vec<String> {
        Vec::new()
    }

    /// Lines below it.
    fn closing(&self) -> Vec<String> {
        Vec::new()
    }

    /// The next rows; none at the end.
    async fn next(&mut self) -> Result<Vec<Vec<Cell>>, ApiError>;
}
