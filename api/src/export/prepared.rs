//! Rows that are few enough to be made at once: the lines of a table, the persons of rosters, the villages of a county.

use std::vec::IntoIter;

use async_graphql::async_trait::async_trait;

use super::cell::Cell;
use super::source::{Column, Source};
use crate::error::ApiError;

/// Rows that are handed on at once.
const BATCH: usize = 500;

/// A table that is made already: it holds no snapshot any more.
#[derive(Default)]
pub struct Prepared {
    /// Heading of the printed page; the subject's title where there is none.
    pub heading: Option<String>,
    /// Lines above the table.
    pub preface: Vec<String>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, a cell for each column.
    pub rows: IntoIter<Vec<Cell>>,
    /// Lines below the table.
    pub closing: Vec<String>,
    /// Whether the rows are written in by hand once they are printed.
    pub to_write_in: bool,
}

#[async_trait]
impl Source for Prepared {
    fn columns(&self) -> Vec<Column> {
        self.columns.clone()
    }

    fn heading(&self) -> Option<String> {
        self.heading.clone()
    }

    fn preface(&self) -> Vec<String> {
        self.preface.clone()
    }

    fn closing(&self) -> Vec<String> {
        self.closing.clone()
    }

    fn to_write_in(&self) -> bool {
        self.to_write_in
    }

    async fn next(&mut self) -> Result<Vec<Vec<Cell>>, ApiError> {
        Ok(self.rows.by_ref().take(BATCH).collect())
    }
}
