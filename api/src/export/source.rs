//! Where the rows of an export come from.

use async_graphql::async_trait::async_trait;
use futures::future::BoxFuture;

use super::cell::Cell;
use super::format::Format;
use crate::clock::day_of;
use crate::error::ApiError;
use crate::graphql::context::Request;
use crate::refusal::Language;

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its heading, in the language of the export.
    pub heading: String,
    /// Width in characters, of a spreadsheet; a column of no width stands on paper alone.
    pub width: u16,
    /// Share of the width of a printed page; a column of no share is not printed.
    pub printed: u16,
}

impl Column {
    /// A column.
    pub fn new(heading: impl Into<String>, width: u16, printed: u16) -> Self {
        Self { heading: heading.into(), width, printed }
    }

    /// Whether a file of this format has it.
    #[must_use]
    pub const fn is_in(&self, format: Format) -> bool {
        match format {
            Format::Csv | Format::Xlsx => self.width > 0,
            Format::Docx => self.printed > 0,
        }
    }

    /// The columns of a layout.
    #[must_use]
    pub fn all(layout: &[Layout], language: Language) -> Vec<Self> {
        let columns = layout.iter();
        columns.map(|(zh, en, width, printed)| Self::new(language.pick(zh, en), *width, *printed)).collect()
    }
}

/// Heading in Chinese and English, width in a workbook, share of a printed page.
pub type Layout = (&'static str, &'static str, u16, u16);

/// The line that says when the rows were read.
#[must_use]
pub fn exported_on(request: &Request) -> String {
    let day = day_of(request.now).format("%Y-%m-%d");
    match request.language {
        Language::Chinese => format!("导出日期：{day}"),
        Language::English => format!("Exported on {day}"),
    }
}

/// What was let out is not there any more when it is fetched, or not in the caller's scope: the two look the same.
#[must_use]
pub fn gone() -> ApiError {
    ApiError::bad_input("不存在，或不在本单位范围", "Absent, or not within your scope")
}

/// Rows that are being opened.
pub type Opened<'r> = BoxFuture<'r, Result<Box<dyn Source>, ApiError>>;

/// Rows in their order, a batch at a time: no more than a batch is ever in memory. It is dropped, and its snapshot with
/// it, once the rows are read.
#[async_trait]
pub trait Source: Send {
    /// The columns; every row has a cell for each.
    fn columns(&self) -> Vec<Column>;

    /// Heading of a printed document, where it has one of its own.
    fn heading(&self) -> Option<String> {
        None
    }

    /// Lines above the table of a printed document.
    fn preface(&self) -> Vec<String> {
        Vec::new()
    }

    /// Lines below it.
    fn closing(&self) -> Vec<String> {
        Vec::new()
    }

    /// Whether the rows of a printed document are written in by hand, so that they must be high.
    fn to_write_in(&self) -> bool {
        false
    }

    /// The next rows; none at the end.
    async fn next(&mut self) -> Result<Vec<Vec<Cell>>, ApiError>;
}
