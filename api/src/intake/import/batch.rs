//! Rows in groups, one transaction each, with the place at which to go on.

use std::fmt;
use std::str::FromStr;

use super::fault::RowError;
use super::mapping::Binding;
use super::reader::{Ledger, Progress, RawRow};
use super::row::ImportRow;

/// Rows in a batch unless the caller says otherwise.
pub const DEFAULT_BATCH_SIZE: usize = 500;

/// A place between two rows of a ledger (断点): after how many rows, the last of which started on which line.
///
/// Written as `rows@line`. The line only proves that it is still the same file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Position {
    /// Rows taken, good and refused.
    pub rows: u64,
    /// Line of the last of them; 0 before the first.
    pub line: u64,
}

/// Rows that belong into one transaction (批次).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The good rows, in the order of the file.
    pub rows: Vec<ImportRow>,
    /// What is wrong with the others, several errors for a row where it has several.
    pub errors: Vec<RowError>,
    /// Rows refused: fewer than `errors` where a row has several.
    pub refused: u64,
    /// Where to go on once this batch is committed.
    pub position: Position,
    /// Bytes of the file read so far, for the progress bar.
    pub bytes_read: u64,
    /// False when the file broke off: the last error tells where, and what lay behind it is unknown.
    pub is_sound: bool,
}

/// A ledger in batches. Takes rows from the file only as batches are asked for.
pub struct Batches {
    rows: Box<dyn Iterator<Item = Result<RawRow, RowError>> + Send>,
    progress: Progress,
    binding: Binding,
    size: usize,
    position: Position,
}

/// Why a ledger cannot be taken up at a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ResumeError {
    /// The file has fewer rows than were taken.
    #[error("the file has {found} rows, {} were taken from it before: it is another file", wanted.rows)]
    TooShort {
        /// The position asked for.
        wanted: Position,
        /// Rows found.
        found: u64,
    },
    /// The last row taken stood on another line.
    #[error("row {} starts on line {found}, on line {} before: the file was changed", wanted.rows, wanted.line)]
    Moved {
        /// The position asked for.
        wanted: Position,
        /// Line on which that row starts now.
        found: u64,
    },
    /// Not of the form `rows@line`.
    #[error("not a position of the form rows@line")]
    NotAPosition,
}

impl Batches {
    /// Groups the rows of `ledger`; a `size` of 0 counts as 1.
    #[must_use]
    pub fn new(ledger: Ledger, binding: Binding, size: usize) -> Self {
        let progress = ledger.progress();
        Self { rows: Box::new(ledger), progress, binding, size: size.max(1), position: Position::default() }
    }

    /// Passes over the rows up to `position`, which a batch of an earlier run has told.
    pub fn resume(mut self, position: Position) -> Result<Self, ResumeError> {
        while self.position.rows < position.rows {
            let Some(row) = self.rows.next() else {
                return Err(ResumeError::TooShort { wanted: position, found: self.position.rows });
            };
            self.advance(line_of(&row));
        }
        if self.position.line != position.line {
            return Err(ResumeError::Moved { wanted: position, found: self.position.line });
        }
        Ok(self)
    }

    /// Where reading stands.
    #[must_use]
    pub fn position(&self) -> Position {
        self.position
    }

    /// A handle on how far reading has come, in bytes.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    fn advance(&mut self, line: u64) {
        self.position = Position { rows: self.position.rows + 1, line };
    }

    /// Puts one row into the batch. A row behind which the file breaks off is not taken: a mended file has it.
    fn put(&mut self, batch: &mut Batch, row: Result<RawRow, RowError>) {
        let line = line_of(&row);
        let outcome = row.map_err(|error| vec![error]).and_then(|row| ImportRow::read(&row, &self.binding));
        match outcome {
            Ok(row) => batch.rows.push(row),
            Err(errors) => {
                batch.is_sound = !errors.iter().any(RowError::ends_reading);
                batch.refused += u64::from(batch.is_sound);
                batch.errors.extend(errors);
            }
        }
        if batch.is_sound {
            self.advance(line);
        }
    }
}

impl Iterator for Batches {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        let mut batch = Batch {
            rows: Vec::new(),
            errors: Vec::new(),
            refused: 0,
            position: self.position,
            bytes_read: 0,
            is_sound: true,
        };
        let start = self.position.rows;
        while batch.is_sound && self.position.rows - start < self.size as u64 {
            let Some(row) = self.rows.next() else { break };
            self.put(&mut batch, row);
        }
        batch.position = self.position;
        batch.bytes_read = self.progress.bytes_read();
        let is_empty = batch.rows.is_empty() && batch.errors.is_empty();
        (!is_empty).then_some(batch)
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.rows, self.line)
    }
}

impl FromStr for Position {
    type Err = ResumeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |part: &str| part.parse().map_err(|_| ResumeError::NotAPosition);
        let (rows, line) = text.split_once('@').ok_or(ResumeError::NotAPosition)?;
        Ok(Self { rows: number(rows)?, line: number(line)? })
    }
}

fn line_of(row: &Result<RawRow, RowError>) -> u64 {
    match row {
        Ok(row) => row.line,
        Err(error) => error.line,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::super::mapping::Mapping;
    use super::super::reader::{Format, Wanted, open_source};
    use super::*;

    fn batches(text: &str, size: usize) -> Batches {
        let ledger =
            open_source(Cursor::new(text.as_bytes().to_vec()), Format::Csv, &Wanted::default()).unwrap();
        let binding = Mapping::default().bind(ledger.header()).unwrap();
        Batches::new(ledger, binding, size)
    }

    fn seven_rows() -> String {
        (1..=7).fold("id,content\n".to_owned(), |text, id| text + &format!("{id},内容\n"))
    }

    fn references(batch: &Batch) -> Vec<&str> {
        batch.rows.iter().map(|row| row.external_ref.as_str()).collect()
    }

    #[test]
    fn rows_come_in_batches_with_the_place_reached() {
        let text = seven_rows();
        let all: Vec<Batch> = batches(&text, 3).collect();
        assert_eq!(all.iter().map(|batch| batch.rows.len()).collect::<Vec<_>>(), [3, 3, 1]);
        assert_eq!(
            all.iter().map(|batch| batch.position.to_string()).collect::<Vec<_>>(),
            ["3@4", "6@7", "7@8"]
        );
        assert_eq!(all[2].bytes_read, text.len() as u64);
    }

    #[test]
    fn refused_rows_count_towards_a_batch_and_carry_all_their_errors() {
        let mut all = batches("id,content,kind\n1,a\n,,抱怨\n3,c,,x\n4,d,\n", 3);
        let batch = all.next().unwrap();
        assert_eq!(references(&batch), ["1"]);
        assert_eq!((batch.refused, batch.errors.len()), (2, 4));
        assert_eq!(references(&all.next().unwrap()), ["4"]);
        assert!(all.next().is_none());
    }

    #[test]
    fn an_import_goes_on_where_a_batch_ended() {
        let first = batches(&seven_rows(), 3).next().unwrap();
        let position: Position = first.position.to_string().parse().unwrap();
        let rest: Vec<Batch> = batches(&seven_rows(), 3).resume(position).unwrap().collect();
        assert_eq!(references(&rest[0]), ["4", "5", "6"]);
        assert_eq!(references(&rest[1]), ["7"]);
        assert_eq!(batches(&seven_rows(), 3).resume(Position { rows: 7, line: 8 }).unwrap().count(), 0);
    }

    #[test]
    fn a_changed_file_is_not_taken_up() {
        let moved = batches(&seven_rows(), 3).resume(Position { rows: 3, line: 5 }).err().unwrap();
        assert_eq!(moved.to_string(), "row 3 starts on line 4, on line 5 before: the file was changed");
        let short = batches(&seven_rows(), 3).resume(Position { rows: 8, line: 9 }).err().unwrap();
        assert!(matches!(short, ResumeError::TooShort { found: 7, .. }));
        assert_eq!("3".parse::<Position>(), Err(ResumeError::NotAPosition));
        assert_eq!("a@b".parse::<Position>(), Err(ResumeError::NotAPosition));
    }

    #[test]
    fn a_ledger_without_rows_has_no_batch() {
        assert_eq!(batches("id,content\n", 3).count(), 0);
    }
}
