//! Rows of a CSV file, each with the line on which it starts.

use std::io::{Read, Seek};
use std::sync::Arc;

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::encoding::{PlainText, TextEncoding, detect};
use super::error::OpenError;
use super::heading::{Heading, Wanted, find, nothing};
use super::line::Line;
use super::raw::{Counted, Progress, Rows};
use crate::intake::import::fault::Fault;

/// The file's records, with lines as an editor counts them.
struct Records<R> {
    reader: Reader<R>,
    record: ByteRecord,
    is_quote_open: bool,
    ended: bool,
}

/// Finds the encoding and the heading, and hands out the rows that follow.
pub(super) fn read<R>(
    mut source: R,
    progress: &Progress,
    wanted: &Wanted,
) -> Result<(Heading, Rows), OpenError>
where
    R: Read + Seek + Send + 'static,
{
    if wanted.sheet.is_some() {
        return Err(OpenError::NoSheets);
    }
    let encoding = detect(&mut source)?;
    if encoding == TextEncoding::Utf16 {
        return Err(OpenError::Utf16);
    }
    let text = PlainText::new(Counted { source, read: Arc::clone(&progress.read) }, encoding);
    let mut records = Records::new(text);
    let found = find(&mut records, wanted)?.ok_or_else(|| nothing(None, wanted))?;
    let (heading, below) = found.open(None, Vec::new())?;
    let header = heading.header.clone();
    let rows = below.into_iter().chain(records).filter_map(move |line| line.row(&header).transpose());
    Ok((heading, Box::new(rows)))
}

impl<R: Read> Records<R> {
    fn new(text: R) -> Self {
        let reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
        Self { reader, record: ByteRecord::new(), is_quote_open: false, ended: false }
    }

    /// Reads the next record and returns the line of its start; `None` at the end of the file.
    fn advance(&mut self) -> Result<Option<u64>, csv::Error> {
        let earliest = self.reader.position().line();
        if !self.reader.read_byte_record(&mut self.record)? {
            return Ok(None);
        }
        // The reader's position before a record lies in front of the blank lines that it passes over,
        // so the start is counted back from the end.
        let inside: u64 = self.record.as_slice().iter().map(|&byte| u64::from(byte == b'\n')).sum();
        let after_start = self.reader.position().line().saturating_sub(inside);
        // Every line is ended, so only a quotation mark left open can have swallowed the last line end.
        self.is_quote_open = after_start <= earliest;
        Ok(Some(after_start.saturating_sub(1).max(earliest)))
    }

    /// The record just read. A cell that is no text keeps what of it can be read, for the heading; as a row it is refused.
    fn line(&self, number: u64) -> Line {
        let cells = self.record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
        let is_text = self.record.iter().all(|cell| std::str::from_utf8(cell).is_ok());
        Line { number, cells, fault: (!is_text).then_some((None, Fault::NotText)) }
    }
}

/// Ends behind a line that ends reading.
impl<R: Read> Iterator for Records<R> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        if self.ended {
            return None;
        }
        let line = match self.advance() {
            Ok(Some(number)) if self.is_quote_open => Line::faulty(number, Fault::OpenQuote),
            Ok(Some(number)) => return Some(self.line(number)),
            Ok(None) => return None,
            Err(error) => {
                let detail = error.to_string();
                Line::faulty(self.reader.position().line(), Fault::Unreadable { detail })
            }
        };
        self.ended = true;
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Cursor, SeekFrom};

    use super::super::{Format, Ledger, open_source};
    use super::*;

    fn ledger(text: &[u8]) -> Ledger {
        open_source(Cursor::new(text.to_vec()), Format::Csv, &Wanted::default()).unwrap()
    }

    fn refused(text: &[u8], wanted: &Wanted) -> &'static str {
        open_source(Cursor::new(text.to_vec()), Format::Csv, wanted).err().unwrap().code()
    }

    fn lines(text: &[u8]) -> Vec<u64> {
        ledger(text).map(|row| row.unwrap().line).collect()
    }

    #[test]
    fn rows_carry_the_line_of_their_start() {
        assert_eq!(lines(b"a,b\n1,2\n3,4\n"), [2, 3]);
        assert_eq!(lines(b"a,b\r\n1,2\r\n3,4"), [2, 3]);
        assert_eq!(lines(b"a,b\n\n1,2\n\n\n3,4\n\n"), [3, 6]);
        assert_eq!(lines(b"\n\na,b\n1,\"x\ny\n\nz\"\n3,4\n"), [4, 8]);
        assert_eq!(lines(b"a,b\r\n1,\"x\r\ny\"\r\n,\r\n3,4\r\n"), [2, 5]);
    }

    #[test]
    fn cells_are_found_by_column_and_hold_one_kind_of_line_end() {
        let row =
            ledger("编号,内容\r\n1,\"路灯\r\n不亮，\"\"很暗\"\"\"\r\n".as_bytes()).next().unwrap().unwrap();
        assert_eq!(row.cell("编号"), Some("1"));
        assert_eq!(row.cell("内容"), Some("路灯\n不亮，\"很暗\""));
    }

    #[test]
    fn a_gbk_file_gives_the_same_rows_as_a_utf8_file() {
        let text = "编号,标题\n1,小区门口油烟扰民\n2,停车难\n";
        let (bytes, _, _) = encoding_rs::GBK.encode(text);
        let from_gbk: Vec<_> = ledger(&bytes).map(Result::unwrap).collect();
        let from_utf8: Vec<_> = ledger(text.as_bytes()).map(Result::unwrap).collect();
        assert_eq!(from_gbk, from_utf8);
        assert_eq!(from_gbk[0].cell("标题"), Some("小区门口油烟扰民"));
    }

    #[test]
    fn a_bad_row_does_not_stop_the_rows_after_it() {
        let mut rows = ledger(b"a,b\n1,2,3\n2,\xff\xff\n3,4\n");
        assert_eq!(rows.next().unwrap().unwrap_err().code(), "WRONG_WIDTH");
        let not_text = rows.next().unwrap().unwrap_err();
        assert_eq!((not_text.line, not_text.code()), (3, "NOT_TEXT"));
        assert_eq!(rows.next().unwrap().unwrap().line, 4);
        assert!(rows.next().is_none());
    }

    #[test]
    fn headings_below_a_title_are_found_and_named() {
        let ledger = ledger(
            "台账（2022年3月）,,\n填报单位：示例镇,,\n\n编号,标题,内容\n1,甲,乙\n编号,标题,内容\n2,丙,丁\n"
                .as_bytes(),
        );
        assert_eq!((ledger.place().line, ledger.place().zh().as_str()), (4, "第4行"));
        assert_eq!(ledger.map(|row| row.unwrap().line).collect::<Vec<_>>(), [5, 7]);
    }

    #[test]
    fn a_broken_character_costs_its_row_alone() {
        let mut text = "external_ref,title,content\nB1,路灯,东街的路灯坏\nB2,井盖,井盖".as_bytes().to_vec();
        text.extend(b"\xe6\n");
        let rows: Vec<_> = ledger(&text).collect();
        assert_eq!(rows[0].as_ref().unwrap().cell("title"), Some("路灯"));
        assert_eq!((rows[1].as_ref().unwrap_err().code(), rows.len()), ("NOT_TEXT", 2));
    }

    #[test]
    fn a_quotation_mark_left_open_is_told_with_its_line() {
        let mut rows = ledger(b"a,b\n1,2\n3,\"x,y\n4,5\n6,7");
        assert!(rows.next().unwrap().is_ok());
        let error = rows.next().unwrap().unwrap_err();
        assert_eq!((error.line, error.code()), (3, "OPEN_QUOTE"));
        assert!(error.ends_reading());
        assert!(rows.next().is_none());
    }

    #[test]
    fn an_empty_file_has_no_header() {
        assert_eq!(refused(b"\n , \n", &Wanted::default()), "NO_HEADER");
        let wanted = Wanted { header_row: Some(2), ..Wanted::default() };
        assert_eq!(refused(b"a,b\n,\n", &wanted), "EMPTY_HEADER_ROW");
        assert_eq!(refused(b"\"a,b\n1,2\n", &Wanted::default()), "OPEN_QUOTE");
        let wanted = Wanted { sheet: Some("x".to_owned()), ..Wanted::default() };
        assert_eq!(refused(b"a,b\n", &wanted), "NO_SHEETS");
    }

    #[test]
    fn utf16_is_refused_with_advice() {
        assert_eq!(refused(b"\xff\xfea\0", &Wanted::default()), "UTF16");
    }

    #[test]
    fn progress_ends_at_the_size_of_the_file() {
        let text = b"a,b\n1,2\n";
        let mut rows = ledger(text);
        let progress = rows.progress();
        assert_eq!(rows.by_ref().count(), 1);
        assert_eq!((progress.bytes_read(), progress.bytes_total()), (text.len() as u64, text.len() as u64));
    }

    /// A source that breaks after its first bytes, but only once its encoding has been found.
    struct Breaking {
        inner: Cursor<Vec<u8>>,
        rewinds: u32,
    }

    impl Read for Breaking {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.inner.read(buffer)?;
            if count == 0 && self.rewinds >= 3 { Err(io::Error::other("cable pulled")) } else { Ok(count) }
        }
    }

    impl Seek for Breaking {
        fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
            self.rewinds += u32::from(matches!(position, SeekFrom::Start(0)));
            self.inner.seek(position)
        }
    }

    #[test]
    fn a_source_that_breaks_ends_reading_with_an_error() {
        let rest = "1,2\n".repeat(40_000);
        let source = Breaking { inner: Cursor::new(format!("a,b\n{rest}").into_bytes()), rewinds: 0 };
        let rows: Vec<_> = open_source(source, Format::Csv, &Wanted::default()).unwrap().collect();
        let last = rows.last().unwrap().as_ref().unwrap_err();
        assert!(last.ends_reading());
        assert!(rows[..rows.len() - 1].iter().all(Result::is_ok));
    }
}
