//! One row of a sheet as its cells arrive.

use calamine::DataRef;

use super::line::Line;
use super::raw::MAX_COLUMNS;
use crate::intake::import::fault::Fault;
use crate::intake::import::received::serial_text;

/// A cell as text, or the error that it shows.
pub(super) type Text = Result<String, String>;

/// One row: its number, counted from 1, and its cells by column.
#[derive(Debug)]
pub(super) struct SheetRow {
    pub(super) number: u64,
    cells: Vec<Text>,
}

impl SheetRow {
    pub(super) fn new(number: u64) -> Self {
        Self { number, cells: Vec::new() }
    }

    pub(super) fn put(&mut self, column: usize, text: Text) {
        if text.as_ref().is_ok_and(String::is_empty) {
            return;
        }
        // One cell past the limit is enough to refuse the row; a cell in column XFD must not cost 16,384 texts.
        let column = column.min(MAX_COLUMNS);
        if self.cells.len() <= column {
            self.cells.resize(column + 1, Ok(String::new()));
        }
        self.cells[column] = text;
    }

    pub(super) fn get(&self, column: usize) -> Option<&Text> {
        self.cells.get(column)
    }

    /// Takes away the cells from one column to another, both included.
    pub(super) fn hide(&mut self, first: usize, last: usize) {
        for cell in self.cells.iter_mut().take(last + 1).skip(first) {
            *cell = Ok(String::new());
        }
    }

    /// Whether any cell shows something.
    pub(super) fn shows_anything(&self) -> bool {
        self.cells.iter().any(|cell| cell.as_ref().map_or(true, |text| !text.trim().is_empty()))
    }

    pub(super) fn into_line(self) -> Line {
        let error = |(column, cell): (usize, &Text)| cell.clone().err().map(|text| (Some(column), text));
        let fault = self.cells.iter().enumerate().find_map(error);
        Line {
            number: self.number,
            fault: fault.map(|(column, text)| (column, Fault::CellError { text })),
            cells: self.cells.into_iter().map(Result::unwrap_or_default).collect(),
        }
    }
}

pub(super) fn cell_text(value: &DataRef<'_>, epoch_1904: bool) -> Text {
    match value {
        DataRef::Empty => Ok(String::new()),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Ok(text.clone()),
        DataRef::SharedString(text) => Ok((*text).to_owned()),
        // A workbook keeps 15 digits of a number: whoever needs more sees by the form that they are lost.
        DataRef::Int(number) if number.unsigned_abs() >= 10u64.pow(15) => Ok(format!("{number:E}")),
        DataRef::Float(number) if number.abs() >= 1e15 => Ok(format!("{number:E}")),
        DataRef::Int(number) => Ok(number.to_string()),
        // Whole numbers print without a fraction, so 12345.0 is the reference number 12345.
        DataRef::Float(number) => Ok(number.to_string()),
        DataRef::Bool(flag) => Ok(if *flag { "TRUE" } else { "FALSE" }.to_owned()),
        DataRef::DateTime(time) => {
            let serial = time.as_f64();
            let text = if time.is_duration() { None } else { serial_text(serial, epoch_1904) };
            Ok(text.unwrap_or_else(|| serial.to_string()))
        }
        DataRef::Error(error) => Err(error.to_string()),
    }
}
