//! What every writer is given, and does.

use std::io;

use crate::export::cell::Cell;
use crate::export::source::Column;

/// What stands around the rows.
pub(in crate::export) struct Frame {
    /// Heading of the whole.
    pub(in crate::export) title: String,
    /// Heading of the printed page, where it is another.
    pub(in crate::export) heading: Option<String>,
    /// Lines above the table, where it is printed.
    pub(in crate::export) preface: Vec<String>,
    /// Lines below it.
    pub(in crate::export) closing: Vec<String>,
    /// Whether the rows are written in by hand, where they are printed.
    pub(in crate::export) to_write_in: bool,
    /// The columns of the format.
    pub(in crate::export) columns: Vec<Column>,
}

/// Takes rows, and at the end says that there are no more: a file that is not finished is never taken for a whole one.
pub(in crate::export) trait Writer {
    /// One row, a cell for each column.
    fn row(&mut self, cells: Vec<Cell>) -> io::Result<()>;
    /// The end of the file.
    fn finish(self: Box<Self>) -> io::Result<()>;
}
