//! Opening a ledger: from a file to rows of text with their line, one at a time.

mod cells;
mod csv_rows;
mod encoding;
mod error;
mod guess;
mod heading;
mod line;
mod merged;
pub(super) mod raw;
mod sheet_row;
mod sheets;
mod size;
#[cfg(test)]
mod tests;
mod xlsx_rows;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use super::fault::RowError;
use heading::Heading;
use raw::{Counted, Rows};

pub use error::{OpenError, Part, Place};
pub use heading::Wanted;
pub(super) use raw::NOTE_MARK;
pub use raw::{Header, MAX_CELL_CHARACTERS, MAX_COLUMNS, Progress, RawRow};

/// The kinds of file that can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated text in UTF-8 (with or without byte order mark) or GB18030, as Chinese Excel saves it.
    Csv,
    /// Excel workbook; one of its sheets is read.
    Xlsx,
}

/// An opened ledger (台账文件): its header, and its rows as an iterator that reads as it goes.
///
/// A row that cannot be read is an `Err` and the rows after it follow; only an error that
/// [`ends_reading`](RowError::ends_reading) is the last item. Rows without any text are passed over, and so are
/// explanations of the template.
pub struct Ledger {
    heading: Heading,
    progress: Progress,
    rows: Rows,
}

/// Opens the file at `path`; its name tells the format.
pub fn open(path: &Path, wanted: &Wanted) -> Result<Ledger, OpenError> {
    let format = Format::of_path(path)?;
    open_source(File::open(path)?, format, wanted)
}

/// Opens a ledger from any source, for instance an upload held in memory.
pub fn open_source<R>(mut source: R, format: Format, wanted: &Wanted) -> Result<Ledger, OpenError>
where
    R: Read + Seek + Send + 'static,
{
    let total = source.seek(SeekFrom::End(0))?;
    source.seek(SeekFrom::Start(0))?;
    let progress = Progress { read: Arc::default(), total };
    let (heading, rows) = match format {
        Format::Csv => csv_rows::read(source, &progress, wanted)?,
        Format::Xlsx => {
            size::check(&mut source)?;
            xlsx_rows::read(Counted { source, read: Arc::clone(&progress.read) }, wanted.clone())?
        }
    };
    Ok(Ledger { heading, progress, rows })
}

impl Format {
    /// The format that a file's name tells, whatever its case.
    pub fn of_path(path: &Path) -> Result<Self, OpenError> {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        match extension.to_ascii_lowercase().as_str() {
            "csv" => Ok(Self::Csv),
            "xlsx" => Ok(Self::Xlsx),
            _ => Err(OpenError::UnknownFormat(path.display().to_string())),
        }
    }
}

impl Ledger {
    /// The column names.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.heading.header
    }

    /// Where the column names stand.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.heading.place
    }

    /// Sheets of the workbook that can be seen and are not read.
    #[must_use]
    pub fn unread_sheets(&self) -> &[String] {
        &self.heading.unread
    }

    /// A handle on how far reading has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }
}

impl Iterator for Ledger {
    type Item = Result<RawRow, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rows.next()
    }
}
