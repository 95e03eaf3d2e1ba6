//! A workbook: rows wait in a nameless temporary file until the last is known, for a workbook's directory stands at its
//! end; then the whole goes out without being gathered anywhere.

use std::io;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use rust_xlsxwriter::{Format as Look, FormatAlign, Workbook, Worksheet, XlsxError};

use super::{Frame, Pipe, Writer};
use crate::clock::shanghai;
use crate::export::cell::{Cell, ten_thousandths};

/// Rows below the headings of one sheet; a sheet has 1,048,576 in all.
const ROWS_OF_SHEET: u32 = 1_048_575;
/// Characters that a cell holds.
const LONGEST: usize = 32_767;
/// Bytes of text from which on a sheet may need the large form of the archive.
const LARGE: usize = 1 << 30;

pub(super) struct XlsxWriter {
    frame: Frame,
    out: Pipe,
    workbook: Workbook,
    looks: Looks,
    /// Sheets so far.
    sheets: usize,
    /// Rows of the last one, its headings not counted.
    rows: u32,
    bytes: usize,
    rows_of_sheet: u32,
}

struct Looks {
    heading: Look,
    text: Look,
    day: Look,
    moment: Look,
    share: Look,
}

impl XlsxWriter {
    pub(super) fn begin(frame: Frame, out: Pipe) -> io::Result<Self> {
        Self::with_sheets_of(ROWS_OF_SHEET, frame, out)
    }

    fn with_sheets_of(rows_of_sheet: u32, frame: Frame, out: Pipe) -> io::Result<Self> {
        let top = || Look::new().set_align(FormatAlign::Top);
        let mut writer = Self {
            frame,
            out,
            workbook: Workbook::new(),
            looks: Looks {
                heading: Look::new().set_bold(),
                text: top().set_num_format("@"),
                day: top().set_num_format("yyyy-mm-dd"),
                moment: top().set_num_format("yyyy-mm-dd hh:mm:ss"),
                share: top().set_num_format("0.00%"),
            },
            sheets: 0,
            rows: 0,
            bytes: 0,
            rows_of_sheet,
        };
        writer.open_sheet().map_err(io::Error::other)?;
        Ok(writer)
    }

    fn open_sheet(&mut self) -> Result<(), XlsxError> {
        self.sheets += 1;
        self.rows = 0;
        let name = match self.sheets {
            1 => self.frame.title.clone(),
            number => format!("{} {number}", self.frame.title),
        };
        let sheet = self.workbook.add_worksheet_with_constant_memory();
        sheet.set_name(name)?.set_freeze_panes(1, 0)?;
        for (place, column) in (0u16..).zip(&self.frame.columns) {
            sheet.set_column_width(place, column.width)?;
            sheet.write_string_with_format(0, place, &column.heading, &self.looks.heading)?;
        }
        Ok(())
    }

    fn close_sheet(&mut self) -> Result<(), XlsxError> {
        let last = u16::try_from(self.frame.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let rows = self.rows;
        let sheet = self.workbook.worksheet_from_index(self.sheets - 1)?;
        sheet.autofilter(0, 0, rows, last)?;
        Ok(())
    }

    fn write(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        if self.rows == self.rows_of_sheet {
            self.close_sheet()?;
            self.open_sheet()?;
        }
        self.rows += 1;
        let (row, looks) = (self.rows, &self.looks);
        let sheet = self.workbook.worksheet_from_index(self.sheets - 1)?;
        for (place, cell) in (0u16..).zip(cells) {
            self.bytes += put(sheet, row, place, cell, looks)?;
        }
        Ok(())
    }
}

impl Writer for XlsxWriter {
    fn row(&mut self, cells: Vec<Cell>) -> io::Result<()> {
        self.write(&cells).map_err(io::Error::other)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.close_sheet().map_err(io::Error::other)?;
        self.workbook.use_zip_large_file(self.bytes >= LARGE);
        self.workbook.save_to_writer(&mut self.out).map_err(io::Error::other)?;
        io::Write::flush(&mut self.out)
    }
}

/// Writes one cell, and says how much text it has. Text is stored as text, whatever it looks like.
fn put(sheet: &mut Worksheet, row: u32, place: u16, cell: &Cell, looks: &Looks) -> Result<usize, XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => {
            sheet.write_string_with_format(row, place, cut(text), &looks.text)?;
            return Ok(text.len());
        }
        // Whole numbers of ours are counts; a spreadsheet keeps 15 digits of any number.
        Cell::Whole(number) => {
            #[expect(clippy::cast_precision_loss, reason = "spreadsheets know no other numbers")]
            sheet.write_number(row, place, *number as f64)?;
        }
        Cell::Number(number) => {
            sheet.write_number(row, place, *number)?;
        }
        Cell::Share { part, whole } => {
            let share = f64::from(ten_thousandths(*part, *whole)) / 10_000.0;
            sheet.write_number_with_format(row, place, share, &looks.share)?;
        }
        Cell::Day(day) => {
            let serial = serial(day.and_time(chrono::NaiveTime::MIN));
            sheet.write_number_with_format(row, place, serial, &looks.day)?;
        }
        Cell::Moment(at) => {
            let serial = serial(at.with_timezone(&shanghai()).naive_local());
            sheet.write_number_with_format(row, place, serial, &looks.moment)?;
        }
    }
    Ok(0)
}

/// Days since the beginning of a spreadsheet's time, to the second.
fn serial(at: NaiveDateTime) -> f64 {
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default();
    let since: TimeDelta = at - epoch.and_time(chrono::NaiveTime::MIN);
    #[expect(clippy::cast_precision_loss, reason = "seconds of a few thousand years are exact")]
    let seconds = since.num_seconds() as f64;
    seconds / 86_400.0
}

/// What fits a cell; what does not ends in an ellipsis.
fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some(_) => text.chars().take(LONGEST - 1).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};
    use tokio::sync::mpsc;

    use super::*;
    use crate::export::source::Column;

    fn written(rows: Vec<Vec<Cell>>, rows_of_sheet: u32) -> Xlsx<Cursor<Vec<u8>>> {
        let (out, mut came) = mpsc::channel(10_000);
        let frame = Frame {
            title: "台账".to_owned(),
            heading: None,
            preface: Vec::new(),
            closing: Vec::new(),
            to_write_in: false,
            columns: vec![Column::new("编号", 10, 1), Column::new("值", 10, 1)],
        };
        let writer = XlsxWriter::with_sheets_of(rows_of_sheet, frame, Pipe::new(out)).unwrap();
        let mut writer = Box::new(writer);
        for row in rows {
            writer.row(row).unwrap();
        }
        writer.finish().unwrap();
        let mut bytes = Vec::new();
        while let Ok(chunk) = came.try_recv() {
            bytes.extend_from_slice(&chunk);
        }
        open_workbook_from_rs(Cursor::new(bytes)).unwrap()
    }

    #[test]
    fn every_cell_comes_back_with_its_type() {
        let day = NaiveDate::from_ymd_opt(2020, 2, 29).unwrap();
        let values = [
            Cell::from("=1+1"),
            Cell::from("0012"),
            Cell::from("换\n行\t𠮷\u{1}"),
            Cell::Text("长".repeat(40_000)),
            Cell::Whole(42),
            Cell::Number(0.5),
            Cell::Day(day),
            Cell::Moment("2022-03-16T01:30:00Z".parse().unwrap()),
            Cell::Empty,
            Cell::share(19, 20),
        ];
        let rows = values.iter().map(|cell| vec![Cell::from("一"), cell.clone()]);
        let mut book = written(rows.collect(), ROWS_OF_SHEET);
        let sheet = book.worksheet_range("台账").unwrap();
        let read: Vec<&Data> = sheet.rows().skip(1).map(|row| &row[1]).collect();
        assert_eq!(read[0], &Data::String("=1+1".to_owned()));
        assert_eq!(read[1], &Data::String("0012".to_owned()));
        assert!(matches!(read[2], Data::String(text) if text.starts_with("换\n行\t𠮷")));
        assert!(matches!(read[3], Data::String(text) if text.chars().count() == LONGEST));
        assert_eq!((read[4], read[5]), (&Data::Float(42.0), &Data::Float(0.5)));
        let at = |data: &Data| match data {
            Data::DateTime(at) => format!("{:.0}", at.as_f64() * 86_400.0),
            other => panic!("{other:?} is no date"),
        };
        // Seconds since 1899-12-30: days 43,890 and 44,636, the latter at half past nine.
        assert_eq!(at(read[6]), "3792096000");
        assert_eq!(at(read[7]), "3856584600");
        assert_eq!(read[9], &Data::Float(0.95));
        let formulas = book.worksheet_formula("台账").unwrap();
        assert!(formulas.used_cells().next().is_none());
    }

    #[test]
    fn a_full_sheet_is_followed_by_another() {
        let rows = (0..7).map(|n| vec![Cell::Whole(n), Cell::Empty]).collect();
        let mut book = written(rows, 3);
        assert_eq!(book.sheet_names(), ["台账", "台账 2", "台账 3"]);
        let sizes: Vec<usize> = book.worksheets().iter().map(|(_, range)| range.height()).collect();
        assert_eq!(sizes, [4, 4, 2]);
    }
}
