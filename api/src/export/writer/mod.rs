//! Rows to bytes, on threads where waiting is no harm.

mod csv;
mod pipe;
mod printed;
mod xlsx;

use std::io;

pub(super) use pipe::Pipe;

use super::cell::Cell;
use super::format::Format;
use super::source::Column;

/// What stands around the rows.
pub(super) struct Frame {
    /// Heading of the whole.
    pub(super) title: String,
    /// Heading of the printed page, where it is another.
    pub(super) heading: Option<String>,
    /// Lines above the table, where it is printed.
    pub(super) preface: Vec<String>,
    /// Lines below it.
    pub(super) closing: Vec<String>,
    /// The columns.
    pub(super) columns: Vec<Column>,
}

/// Takes rows, and at the end says that there are no more: a file that is not finished is never taken for a whole one.
pub(super) trait Writer {
    /// One row, a cell for each column.
    fn row(&mut self, cells: Vec<Cell>) -> io::Result<()>;
    /// The end of the file.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// The writer of a format.
pub(super) fn writer(format: Format, frame: Frame, out: Pipe) -> io::Result<Box<dyn Writer>> {
    Ok(match format {
        Format::Csv => Box::new(csv::CsvWriter::begin(&frame, out)?),
        Format::Xlsx => Box::new(xlsx::XlsxWriter::begin(frame, out)?),
        Format::Docx => Box::new(printed::PrintedWriter::begin(frame, out)),
    })
}
