//! The file of refused rows (未导入行清单) that a clerk opens beside the ledger.

use std::io::Write;

use super::fault::RowError;
use crate::export::looks_like_formula;

/// Writes refused rows as CSV with byte order mark: line, field, code, reason in English and Chinese.
pub struct ErrorReport<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> ErrorReport<W> {
    /// Starts the file with its header.
    pub fn new(mut target: W) -> Result<Self, csv::Error> {
        target.write_all("\u{feff}".as_bytes())?;
        let mut writer = csv::Writer::from_writer(target);
        writer.write_record(["line", "field", "code", "reason", "reason_zh"])?;
        Ok(Self { writer })
    }

    /// Goes on in a file that has its header already.
    #[must_use]
    pub fn continued(target: W) -> Self {
        Self { writer: csv::Writer::from_writer(target) }
    }

    /// Writes out what is still held back.
    pub fn flush(&mut self) -> Result<(), csv::Error> {
        Ok(self.writer.flush()?)
    }

    /// Adds one refused row.
    pub fn push(&mut self, error: &RowError) -> Result<(), csv::Error> {
        let line = error.line.to_string();
        let field = error.field.as_deref().unwrap_or_default();
        let (reason, reason_zh) = (error.reason(), error.reason_zh());
        self.writer.write_record([&line, &inert(field), error.code(), &inert(&reason), &inert(&reason_zh)])
    }

    /// Writes out what is still held back and returns the target.
    pub fn finish(mut self) -> Result<W, csv::Error> {
        self.writer.flush()?;
        self.writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
    }
}

/// A cell that no spreadsheet takes for a formula: names of columns come from a stranger's file.
fn inert(text: &str) -> String {
    if looks_like_formula(text) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::fault::Fault;
    use super::*;

    #[test]
    fn refused_rows_stand_one_a_line_with_their_reason() {
        let mut report = ErrorReport::new(Vec::new()).unwrap();
        report.push(&RowError::in_field(3, "title", Fault::TooLong { length: 201, limit: 200 })).unwrap();
        report.push(&RowError::in_row(9, Fault::NotText)).unwrap();
        let text = String::from_utf8(report.finish().unwrap()).unwrap();
        assert_eq!(
            text,
            "\u{feff}line,field,code,reason,reason_zh\n\
             3,title,TOO_LONG,\"has 201 characters, at most 200 are taken\",共201字，最多200字\n\
             9,,NOT_TEXT,not readable as text in UTF-8 or GB18030,不是UTF-8或GB18030编码的文字\n"
        );
    }

    #[test]
    fn no_cell_starts_a_formula() {
        let mut report = ErrorReport::new(Vec::new()).unwrap();
        for name in ["=1+1", "@SUM(A1)", "-2", "+3", "\t=4", "＝5"] {
            report.push(&RowError::in_field(1, name, Fault::Required)).unwrap();
        }
        let text = String::from_utf8(report.finish().unwrap()).unwrap();
        assert!(
            text.lines().skip(1).all(|line| line.starts_with("1,'") || line.starts_with("1,\"'")),
            "{text}"
        );
    }

    #[test]
    fn a_report_without_rows_is_its_header() {
        let bytes = ErrorReport::new(Vec::new()).unwrap().finish().unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), "\u{feff}line,field,code,reason,reason_zh\n");
    }
}
