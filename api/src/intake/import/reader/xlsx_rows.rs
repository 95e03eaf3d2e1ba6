//! Rows of a workbook's first sheet.
//!
//! calamine's cell stream borrows the workbook, so an iterator cannot own both. A thread owns them and sends row after
//! row through a bounded channel: the sheet is never in memory as a whole (its table of shared strings is). The thread
//! ends when the iterator is dropped.

use std::io::{BufReader, Read, Seek};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use calamine::{DataRef, Reader, Xlsx, XlsxCellReader};

use super::super::received::serial_text;
use super::raw::{Header, MAX_COLUMNS, OpenError, RawRow, Rows};
use crate::intake::import::fault::{Fault, RowError};

/// Rows that may wait between the thread and the iterator.
const ROWS_AHEAD: usize = 256;

/// What the thread sends. The header comes first; without an `End` the thread broke down.
enum Message {
    Header(Result<Header, OpenError>),
    Row(Result<RawRow, RowError>),
    End,
}

struct XlsxRows {
    messages: Receiver<Message>,
    last_line: u64,
    ended: bool,
}

/// One row as cells arrive: its number, its texts by column, and the first cell that shows an error.
struct SheetRow {
    line: u64,
    cells: Vec<String>,
    fault: Option<(usize, Fault)>,
}

/// Groups the stream of cells into rows.
struct SheetRows<'a, RS: Read + Seek> {
    cells: XlsxCellReader<'a, RS>,
    epoch_1904: bool,
    ahead: Option<(u64, usize, Text)>,
    /// Past the last cell the stream is not to be asked again.
    ended: bool,
}

/// A cell as text, or the error that it shows.
type Text = Result<String, String>;

/// Opens the workbook on a thread of its own and waits for its header.
pub(super) fn read<R>(source: R) -> Result<(Header, Rows), OpenError>
where
    R: Read + Seek + Send + 'static,
{
    let (sender, messages) = sync_channel(ROWS_AHEAD);
    thread::Builder::new().name("import-xlsx".to_owned()).spawn(move || send_workbook(source, &sender))?;
    match messages.recv() {
        Ok(Message::Header(header)) => {
            Ok((header?, Box::new(XlsxRows { messages, last_line: 1, ended: false })))
        }
        Ok(Message::Row(_) | Message::End) => Err(OpenError::NoHeader),
        Err(_) => Err(OpenError::Workbook("its structure is damaged".to_owned())),
    }
}

/// Sends everything. A failed send means that nobody listens any more, which is no error.
fn send_workbook<R: Read + Seek>(source: R, sender: &SyncSender<Message>) {
    let mut workbook = match Xlsx::new(BufReader::new(source)) {
        Ok(workbook) => workbook,
        Err(error) => return refuse(sender, OpenError::Workbook(error.to_string())),
    };
    let epoch_1904 = workbook.has_1904_epoch();
    let Some(sheet) = workbook.sheet_names().first().cloned() else {
        return refuse(sender, OpenError::NoHeader);
    };
    match workbook.worksheet_cells_reader(&sheet) {
        Ok(cells) => send_sheet(SheetRows { cells, epoch_1904, ahead: None, ended: false }, sender),
        Err(error) => refuse(sender, OpenError::Workbook(error.to_string())),
    }
}

fn refuse(sender: &SyncSender<Message>, error: OpenError) {
    let _ = sender.send(Message::Header(Err(error)));
}

fn send_sheet<RS: Read + Seek>(mut rows: SheetRows<'_, RS>, sender: &SyncSender<Message>) {
    let header = match read_header(&mut rows) {
        Ok(header) => header,
        Err(error) => return refuse(sender, error),
    };
    if sender.send(Message::Header(Ok(header.clone()))).is_err() {
        return;
    }
    for row in rows {
        let checked = row.and_then(|row| row.check(&header));
        if let Some(row) = checked.transpose()
            && sender.send(Message::Row(row)).is_err()
        {
            return;
        }
    }
    let _ = sender.send(Message::End);
}

fn read_header<RS: Read + Seek>(rows: &mut SheetRows<'_, RS>) -> Result<Header, OpenError> {
    for row in rows {
        let row = row.map_err(|error| OpenError::Workbook(error.reason()))?;
        if row.cells.iter().any(|cell| !cell.trim().is_empty()) {
            return Header::new(row.line, row.cells);
        }
    }
    Err(OpenError::NoHeader)
}

impl SheetRow {
    fn put(&mut self, column: usize, text: Text) {
        match text {
            Ok(text) if text.is_empty() => {}
            // One cell past the limit is enough to refuse the row; a cell in column XFD must not cost 16,384 texts.
            Ok(text) => self.widen(column.min(MAX_COLUMNS)).clone_from(&text),
            Err(_) if self.fault.is_some() => {}
            Err(text) => self.fault = Some((column, Fault::CellError { text })),
        }
    }

    fn widen(&mut self, column: usize) -> &mut String {
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        &mut self.cells[column]
    }

    /// Empty cells are not stored in a sheet, so a short row is a row with empty cells at its end.
    fn check(mut self, header: &Header) -> Result<Option<RawRow>, RowError> {
        if let Some((column, fault)) = self.fault {
            let field = header.names().get(column).cloned();
            return Err(RowError { line: self.line, field, fault });
        }
        if self.cells.len() < header.names().len() {
            self.cells.resize(header.names().len(), String::new());
        }
        RawRow::check(self.line, header, self.cells)
    }
}

impl<RS: Read + Seek> SheetRows<'_, RS> {
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
}

impl<RS: Read + Seek> Iterator for SheetRows<'_, RS> {
    type Item = Result<SheetRow, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut row: Option<SheetRow> = None;
        loop {
            let line = row.as_ref().map_or(1, |row| row.line);
            match self.next_cell() {
                Ok(Some((number, column, text))) => {
                    let current =
                        row.get_or_insert(SheetRow { line: number, cells: Vec::new(), fault: None });
                    if current.line != number {
                        self.ahead = Some((number, column, text));
                        return row.map(Ok);
                    }
                    current.put(column, text);
                }
                Ok(None) => return row.map(Ok),
                Err(detail) => {
                    return Some(Err(RowError::in_row(line, Fault::Unreadable { detail })));
                }
            }
        }
    }
}

impl Iterator for XlsxRows {
    type Item = Result<RawRow, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let item = match self.messages.recv() {
            Ok(Message::Row(Ok(row))) => {
                self.last_line = row.line;
                Some(Ok(row))
            }
            Ok(Message::Row(Err(mut error))) => {
                error.line = error.line.max(self.last_line);
                Some(Err(error))
            }
            Ok(Message::End | Message::Header(_)) => None,
            Err(_) => {
                let detail = "the sheet is damaged".to_owned();
                Some(Err(RowError::in_row(self.last_line, Fault::Unreadable { detail })))
            }
        };
        self.ended =
            !matches!(&item, Some(row) if row.as_ref().map_or_else(|error| !error.ends_reading(), |_| true));
        item
    }
}

fn cell_text(value: &DataRef<'_>, epoch_1904: bool) -> Text {
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

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use rust_xlsxwriter::{ExcelDateTime, Format as Style, Workbook};

    use super::super::{Format, Ledger, open_source};

    fn ledger(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Ledger {
        let mut workbook = Workbook::new();
        fill(workbook.add_worksheet());
        open_source(Cursor::new(workbook.save_to_buffer().unwrap()), Format::Xlsx).unwrap()
    }

    #[test]
    fn texts_numbers_and_dates_come_as_text_with_their_row() {
        let mut rows = ledger(|sheet| {
            let time = Style::new().set_num_format("yyyy/m/d h:mm");
            let at = ExcelDateTime::parse_from_str("2019-10-15 09:30:00").unwrap();
            sheet.write_row(0, 0, ["编号", "时间", "内容", "保密"]).unwrap();
            sheet.write_number(2, 0, 12_345).unwrap();
            sheet.write_datetime_with_format(2, 1, &at, &time).unwrap();
            sheet.write_string(2, 2, "路灯\n不亮").unwrap();
            sheet.write_boolean(2, 3, true).unwrap();
        });
        let row = rows.next().unwrap().unwrap();
        assert_eq!(row.line, 3);
        assert_eq!(row.cells, ["12345", "2019-10-15 09:30:00", "路灯\n不亮", "TRUE"]);
        assert!(rows.next().is_none());
        assert!(rows.next().is_none());
    }

    #[test]
    fn a_number_beyond_fifteen_digits_shows_that_it_was_cut() {
        let mut rows = ledger(|sheet| {
            sheet.write_row(0, 0, ["a", "b"]).unwrap();
            sheet.write_number(1, 0, 202_203_150_930_000_100.0).unwrap();
            sheet.write_number(1, 1, 999_999_999_999_999.0).unwrap();
        });
        assert_eq!(rows.next().unwrap().unwrap().cells, ["2.022031509300001E17", "999999999999999"]);
    }

    #[test]
    fn missing_cells_are_empty_and_cells_past_the_header_are_refused() {
        let mut rows = ledger(|sheet| {
            sheet.write_row(0, 0, ["a", "b"]).unwrap();
            sheet.write_string(1, 1, "x").unwrap();
            sheet.write_string(2, 16_000, "far").unwrap();
            sheet.write_string(3, 0, "y").unwrap();
        });
        assert_eq!(rows.next().unwrap().unwrap().cells, ["", "x"]);
        assert_eq!(rows.next().unwrap().unwrap_err().code(), "WRONG_WIDTH");
        assert_eq!(rows.next().unwrap().unwrap().cells, ["y", ""]);
        assert!(rows.next().is_none());
    }

    #[test]
    fn dropping_the_iterator_early_is_harmless() {
        let mut rows = ledger(|sheet| {
            sheet.write_row(0, 0, ["a"]).unwrap();
            for row in 1..2_000 {
                sheet.write_number(row, 0, row).unwrap();
            }
        });
        assert_eq!(rows.next().unwrap().unwrap().cells, ["1"]);
    }

    #[test]
    fn many_rows_come_in_order() {
        let rows = ledger(|sheet| {
            sheet.write_row(0, 0, ["a"]).unwrap();
            for row in 1..=2_000 {
                sheet.write_number(row, 0, row).unwrap();
            }
        });
        let lines: Vec<u64> = rows.map(|row| row.unwrap().line).collect();
        assert_eq!(lines, (2..=2_001).collect::<Vec<u64>>());
    }

    #[test]
    fn what_is_no_workbook_is_refused() {
        let error = open_source(Cursor::new(b"a,b\n".to_vec()), Format::Xlsx).err().unwrap();
        assert_eq!(error.code(), "BAD_WORKBOOK");
    }

    #[test]
    fn an_empty_sheet_has_no_header() {
        let mut workbook = Workbook::new();
        workbook.add_worksheet();
        let bytes = workbook.save_to_buffer().unwrap();
        let error = open_source(Cursor::new(bytes), Format::Xlsx).err().unwrap();
        assert_eq!(error.code(), "NO_HEADER");
    }
}
