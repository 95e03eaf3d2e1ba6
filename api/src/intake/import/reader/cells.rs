//! The stream of a sheet's cells, grouped into lines.

use std::io::{Read, Seek};

use calamine::XlsxCellReader;

use super::line::Line;
use super::merged::Merged;
use super::sheet_row::{SheetRow, Text, cell_text};
use crate::intake::import::fault::Fault;

/// The lines of a sheet that show anything of their own. After an error there are no more.
pub(super) struct SheetLines<'a, RS: Read + Seek> {
    cells: XlsxCellReader<'a, RS>,
    merged: Merged,
    epoch_1904: bool,
    ahead: Option<(u64, usize, Text)>,
    /// Past the last cell the stream is not to be asked again.
    ended: bool,
}

impl<'a, RS: Read + Seek> SheetLines<'a, RS> {
    pub(super) fn new(cells: XlsxCellReader<'a, RS>, merged: Merged, epoch_1904: bool) -> Self {
        Self { cells, merged, epoch_1904, ahead: None, ended: false }
    }

    fn next_cell(&mut self) -> Result<Option<(u64, usize, Text)>, String> {
        if self.ahead.is_some() || self.ended {
            return Ok(self.ahead.take());
        }
        let cell = self.cells.next_cell();
        self.ended = !matches!(cell, Ok(Some(_)));
        let Some(cell) = cell.map_err(|error| error.to_string())? else {
            return Ok(None);
        };
        let (row, column) = cell.get_position();
        let text = cell_text(cell.get_value(), self.epoch_1904);
        Ok(Some((u64::from(row) + 1, column as usize, text)))
    }

    /// The next row with any cell; where the sheet is damaged, the line of it.
    fn next_row(&mut self) -> Option<Result<SheetRow, Line>> {
        let mut row: Option<SheetRow> = None;
        loop {
            match self.next_cell() {
                Ok(Some((number, column, text))) => {
                    let current = row.get_or_insert_with(|| SheetRow::new(number));
                    if current.number != number {
                        self.ahead = Some((number, column, text));
                        return row.map(Ok);
                    }
                    current.put(column, text);
                }
                Ok(None) => return row.map(Ok),
                Err(detail) => {
                    let number = row.map_or(1, |row| row.number);
                    return Some(Err(Line::faulty(number, Fault::Unreadable { detail })));
                }
            }
        }
    }
}

impl<RS: Read + Seek> Iterator for SheetLines<'_, RS> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        loop {
            match self.next_row()? {
                Ok(mut row) => {
                    if self.merged.fill(&mut row) {
                        return Some(row.into_line());
                    }
                }
                Err(line) => return Some(line),
            }
        }
    }
}
