//! RFC 4180 with a byte order mark, without which spreadsheets take Chinese text for another encoding.

use std::io::{self, Write as _};

use super::{Frame, Pipe, Writer};
use crate::export::cell::Cell;

pub(super) struct CsvWriter(csv::Writer<Pipe>);

impl CsvWriter {
    pub(super) fn begin(frame: &Frame, mut out: Pipe) -> io::Result<Self> {
        out.write_all("\u{feff}".as_bytes())?;
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        // Headings may come from a plan, which is no better than any other text.
        let headings = frame.columns.iter().map(|column| Cell::Text(column.heading.clone()));
        record(&mut writer, headings)?;
        Ok(Self(writer))
    }
}

impl Writer for CsvWriter {
    fn row(&mut self, cells: Vec<Cell>) -> io::Result<()> {
        record(&mut self.0, cells)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.0.flush()
    }
}

fn record(writer: &mut csv::Writer<Pipe>, cells: impl IntoIterator<Item = Cell>) -> io::Result<()> {
    for cell in cells {
        writer.write_field(cell.harmless().as_bytes())?;
    }
    Ok(writer.write_record(None::<&[u8]>)?)
}
