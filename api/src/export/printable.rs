//! How much a printed document holds: it is made in memory, and nobody leafs through more.

use super::cell::Cell;
use crate::error::ApiError;
use crate::refusal::Refusal;

/// Rows of a printed document at most: a million helps nobody.
const MOST_PRINTED: u64 = 5_000;

/// Bytes of text in its rows at most, some five million Chinese characters: with as many rows as it may have, a document
/// then takes 75 MiB while it is made.
const MOST_TEXT: usize = 16 << 20;

/// Refuses a document to print that would have more rows than one has.
pub fn printable(rows: u64) -> Result<(), Refusal> {
    if rows <= MOST_PRINTED {
        return Ok(());
    }
    let (zh, en) = (
        format!("共 {rows} 行，打印文档最多 {MOST_PRINTED} 行，请导出 CSV 或 XLSX"),
        format!("{rows} rows: a printed document has at most {MOST_PRINTED}; export CSV or XLSX"),
    );
    Err(Refusal::invalid("format", zh, en))
}

/// What a document holds so far.
#[derive(Default)]
pub(super) struct Printed {
    rows: u64,
    text: usize,
}

impl Printed {
    /// Counts further rows, or refuses them where they are too many or too long.
    pub(super) fn add(&mut self, rows: &[Vec<Cell>]) -> Result<(), ApiError> {
        self.rows += rows.len() as u64;
        self.text += rows.iter().flatten().map(Cell::text_len).sum::<usize>();
        if self.rows > MOST_PRINTED {
            return Err(ApiError::bad_input(
                format!("打印文档最多 {MOST_PRINTED} 行，请导出 CSV 或 XLSX"),
                format!("A printed document has at most {MOST_PRINTED} rows; export CSV or XLSX"),
            ));
        }
        if self.text > MOST_TEXT {
            let most = MOST_TEXT >> 20;
            return Err(ApiError::bad_input(
                format!("打印文档的文字最多 {most} MiB，请导出 CSV 或 XLSX"),
                format!("A printed document has at most {most} MiB of text; export CSV or XLSX"),
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_too_many_rows_nor_too_long_ones_are_printed() {
        let rows = |many: usize, bytes: usize| vec![vec![Cell::Text("x".repeat(bytes))]; many];
        let mut printed = Printed::default();
        for _ in 0..25 {
            assert!(printed.add(&rows(200, 10)).is_ok());
        }
        assert!(printed.add(&rows(1, 0)).is_err());
        let mut printed = Printed::default();
        assert!(printed.add(&rows(16, 1 << 20)).is_ok());
        assert!(printed.add(&rows(1, 1)).is_err());
        assert!(printable(MOST_PRINTED).is_ok() && printable(MOST_PRINTED + 1).is_err());
    }
}
