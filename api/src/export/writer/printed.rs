//! A printable document of a table: its rows are gathered, since they are bounded, and the whole is made at the end.

use std::borrow::Cow;
use std::io::{self, Write as _};

use super::{Frame, Pipe, Writer};
use crate::export::cell::Cell;
use crate::export::document::{Document, Paper, Table, document};

const PAPER: Paper = Paper::Landscape;

pub(super) struct PrintedWriter {
    frame: Frame,
    table: Table,
    out: Pipe,
}

impl PrintedWriter {
    pub(super) fn begin(mut frame: Frame, out: Pipe) -> Self {
        let columns = std::mem::take(&mut frame.columns);
        Self { table: Table::new(columns, PAPER, frame.to_write_in), frame, out }
    }
}

impl Writer for PrintedWriter {
    fn row(&mut self, cells: Vec<Cell>) -> io::Result<()> {
        let shown: Vec<Cow<'_, str>> = cells.iter().map(Cell::shown).collect();
        self.table.push(shown.iter().map(Cow::as_ref));
        Ok(())
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        let Self { frame, table, mut out } = *self;
        let bytes = document(Document {
            title: frame.heading.unwrap_or(frame.title),
            preface: frame.preface,
            table: Some(table),
            closing: frame.closing,
            paper: PAPER,
        })?;
        out.write_all(&bytes)?;
        out.flush()
    }
}
