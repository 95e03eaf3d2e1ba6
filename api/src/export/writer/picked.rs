//! Of each row the cells that the format has a column for.

use std::io;

use super::{Frame, Writer};
use crate::export::cell::Cell;
use crate::export::format::Format;

pub(super) struct Picked {
    kept: Vec<bool>,
    writer: Box<dyn Writer>,
}

impl Picked {
    /// Leaves the frame the columns of the format, and hands it on.
    pub(super) fn of(
        format: Format,
        mut frame: Frame,
        writer: impl FnOnce(Frame) -> io::Result<Box<dyn Writer>>,
    ) -> io::Result<Self> {
        let kept = frame.columns.iter().map(|column| column.is_in(format)).collect();
        frame.columns.retain(|column| column.is_in(format));
        Ok(Self { kept, writer: writer(frame)? })
    }
}

impl Writer for Picked {
    fn row(&mut self, cells: Vec<Cell>) -> io::Result<()> {
        let cells = cells.into_iter().zip(&self.kept);
        self.writer.row(cells.filter_map(|(cell, kept)| kept.then_some(cell)).collect())
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        self.writer.finish()
    }
}
