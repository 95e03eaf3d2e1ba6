//! Rows of one sheet of a workbook.
//!
//! calamine's cell stream borrows the workbook, so an iterator cannot own both. A thread owns them and sends row after
//! row through a bounded channel: the sheet is never in memory as a whole (its table of shared strings is). The thread
//! ends when the iterator is dropped.

use std::io::{BufReader, Read, Seek};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use calamine::{Reader as _, Xlsx};

use super::error::OpenError;
use super::heading::{Heading, Wanted, find, nothing};
use super::line::Line;
use super::raw::{RawRow, Rows};
use super::sheets::{choose, lines};
use crate::intake::import::fault::{Fault, RowError};

/// Rows that may wait between the thread and the iterator.
const ROWS_AHEAD: usize = 256;

/// What the thread sends. The heading comes first; without an `End` the thread broke down.
enum Message {
    Heading(Result<Heading, OpenError>),
    Row(Result<RawRow, RowError>),
    End,
}

struct XlsxRows {
    messages: Receiver<Message>,
    last_line: u64,
    ended: bool,
}

/// Opens the workbook on a thread of its own and waits for its heading.
pub(super) fn read<R>(source: R, wanted: Wanted) -> Result<(Heading, Rows), OpenError>
where
    R: Read + Seek + Send + 'static,
{
    let (sender, messages) = sync_channel(ROWS_AHEAD);
    let work = move || send_workbook(source, &wanted, &sender);
    thread::Builder::new().name("import-xlsx".to_owned()).spawn(work)?;
    match messages.recv() {
        Ok(Message::Heading(heading)) => {
            let heading = heading?;
            let last_line = heading.place.line;
            Ok((heading, Box::new(XlsxRows { messages, last_line, ended: false })))
        }
        Ok(Message::Row(_) | Message::End) => Err(OpenError::NoHeader),
        Err(_) => Err(OpenError::Workbook("its structure is damaged".to_owned())),
    }
}

/// Sends everything. A failed send means that nobody listens any more, which is no error.
fn send_workbook<R: Read + Seek>(source: R, wanted: &Wanted, sender: &SyncSender<Message>) {
    if let Err(error) = send_sheet(source, wanted, sender) {
        let _ = sender.send(Message::Heading(Err(error)));
    }
}

fn send_sheet<R: Read + Seek>(
    source: R,
    wanted: &Wanted,
    sender: &SyncSender<Message>,
) -> Result<(), OpenError> {
    let workbook = Xlsx::new(BufReader::new(source));
    let mut workbook = workbook.map_err(|error| OpenError::Workbook(error.to_string()))?;
    let sheet = choose(&mut workbook, wanted)?;
    let mut lines = lines(&mut workbook, &sheet.name)?;
    let found = find(&mut lines, wanted)?.ok_or_else(|| nothing(Some(&sheet.name), wanted))?;
    let (heading, below) = found.open(Some(sheet.name), sheet.unread)?;
    let header = heading.header.clone();
    if sender.send(Message::Heading(Ok(heading))).is_err() {
        return Ok(());
    }
    let rows = below.into_iter().chain(lines).filter_map(|line: Line| line.row(&header).transpose());
    for row in rows {
        if sender.send(Message::Row(row)).is_err() {
            return Ok(());
        }
    }
    let _ = sender.send(Message::End);
    Ok(())
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
            Ok(Message::End | Message::Heading(_)) => None,
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

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use rust_xlsxwriter::{ExcelDateTime, Format as Style, Workbook};

    use super::super::{Format, Ledger, OpenError, Wanted, open_source};

    fn opened(workbook: &mut Workbook, wanted: &Wanted) -> Result<Ledger, OpenError> {
        open_source(Cursor::new(workbook.save_to_buffer().unwrap()), Format::Xlsx, wanted)
    }

    fn ledger(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Ledger {
        let mut workbook = Workbook::new();
        fill(workbook.add_worksheet());
        opened(&mut workbook, &Wanted::default()).unwrap()
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
        let error =
            open_source(Cursor::new(b"a,b\n".to_vec()), Format::Xlsx, &Wanted::default()).err().unwrap();
        assert_eq!(error.code(), "BAD_WORKBOOK");
    }

    #[test]
    fn an_empty_sheet_has_no_header() {
        let mut workbook = Workbook::new();
        workbook.add_worksheet();
        let code = |wanted: &Wanted, workbook: &mut Workbook| opened(workbook, wanted).err().unwrap().code();
        assert_eq!(code(&Wanted::default(), &mut workbook), "NO_HEADER");
        let wanted = Wanted { header_row: Some(1), ..Wanted::default() };
        assert_eq!(code(&wanted, &mut workbook), "EMPTY_HEADER_ROW");
    }
}
