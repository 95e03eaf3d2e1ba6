//! A printable document of a table: it is gathered, since it is bounded, and made at the end.

use std::io::{self, Write as _};

use super::{Frame, Pipe, Writer};
use crate::export::cell::Cell;
use crate::export::document::{Document, Paper, Table, document};

pub(super) struct PrintedWriter {
    frame: Frame,
    out: Pipe,
    rows: Vec<Vec<String>>,
}

impl PrintedWriter {
    pub(super) const fn begin(frame: Frame, out: Pipe) -> Self {
        Self { frame, out, rows: Vec::new() }
    }
}

impl Writer for PrintedWriter {
    fn row(&mut self, cells: Vec<Cell>) -> io::Result<()> {
        let printed = cells.iter().zip(&self.frame.columns);
        let printed = printed.filter(|(_, column)| column.printed > 0);
        self.rows.push(printed.map(|(cell, _)| cell.shown().into_owned()).collect());
        Ok(())
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        let Self { frame, mut out, rows } = *self;
        let columns = frame.columns.into_iter().filter(|column| column.printed > 0);
        let bytes = document(Document {
            title: frame.heading.unwrap_or(frame.title),
            preface: frame.preface,
            table: Some(Table { columns: columns.collect(), rows }),
            closing: frame.closing,
            paper: Paper::Landscape,
        })?;
        out.write_all(&bytes)?;
        out.flush()
    }
}
