//! Rows to bytes, on threads where waiting is no harm.

mod csv;
mod frame;
mod picked;
mod pipe;
mod printed;
mod xlsx;

use std::io;

pub(super) use frame::{Frame, Writer};
pub(super) use pipe::Pipe;

use self::picked::Picked;
use super::format::Format;

/// The writer of a format.
pub(super) fn writer(format: Format, frame: Frame, out: Pipe) -> io::Result<Box<dyn Writer>> {
    let writer = |frame: Frame| -> io::Result<Box<dyn Writer>> {
        Ok(match format {
            Format::Csv => Box::new(csv::CsvWriter::begin(&frame, out)?),
            Format::Xlsx => Box::new(xlsx::XlsxWriter::begin(frame, out)?),
            Format::Docx => Box::new(printed::PrintedWriter::begin(frame, out)),
        })
    };
    Ok(Box::new(Picked::of(format, frame, writer)?))
}
