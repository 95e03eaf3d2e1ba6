//! A table on paper: made row by row as text of the file at once, for the crate's own form of a row takes ten times as much
//! memory as its text.

use docx_rs::{
    AlignmentType, BuildXML as _, Paragraph, TableAlignmentType, TableCell, TableLayoutType, TableRow,
    VAlignType, WidthType,
};

use super::look::{HEADING_FONT, Paper, TABLE_SIZE, TEXT_FONT, run, spacing};
use crate::export::source::Column;

/// Least height of a row that is written in by hand, in twentieths of a point: 1.8 cm.
const WRITTEN_IN: f32 = 1_020.0;

/// A table whose heading is repeated on every page.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its columns, whose `printed` shares the width.
    columns: Vec<Column>,
    /// Widths of the columns in twentieths of a point.
    widths: Vec<usize>,
    /// Least height of a row.
    height: Option<f32>,
    /// The rows as text of the file.
    rows: Vec<u8>,
}

impl Table {
    /// A table without rows that fills the width of the paper; `to_write_in` by hand it has high rows.
    #[must_use]
    pub fn new(columns: Vec<Column>, paper: Paper, to_write_in: bool) -> Self {
        let shares: usize = columns.iter().map(|column| usize::from(column.printed)).sum();
        let room = paper.room();
        let width = |column: &Column| room * usize::from(column.printed) / shares.max(1);
        Self {
            widths: columns.iter().map(width).collect(),
            height: to_write_in.then_some(WRITTEN_IN),
            columns,
            rows: Vec::new(),
        }
    }

    /// Adds a row, a text for each column.
    pub fn push<'t>(&mut self, cells: impl Iterator<Item = &'t str>) {
        let mut row = self.row(cells, TEXT_FONT, AlignmentType::Left);
        if let Some(height) = self.height {
            row = row.row_height(height);
        }
        self.rows.extend(row.build());
    }

    /// The table with its heading alone.
    pub(super) fn headed(&self) -> docx_rs::Table {
        let headings = self.columns.iter().map(|column| column.heading.as_str());
        let heading = self.row(headings, HEADING_FONT, AlignmentType::Center);
        docx_rs::Table::new(vec![heading])
            .layout(TableLayoutType::Fixed)
            .align(TableAlignmentType::Center)
            .width(self.widths.iter().sum(), WidthType::Dxa)
            .set_grid(self.widths.clone())
    }

    fn row<'t>(&self, texts: impl Iterator<Item = &'t str>, font: &str, align: AlignmentType) -> TableRow {
        let cell = |(text, width): (&str, &usize)| {
            let text =
                Paragraph::new().align(align).line_spacing(spacing(300)).add_run(run(text, font, TABLE_SIZE));
            TableCell::new()
                .width(*width, WidthType::Dxa)
                .vertical_align(VAlignType::Center)
                .add_paragraph(text)
        };
        TableRow::new(texts.zip(&self.widths).map(cell).collect()).cant_split()
    }

    /// Puts the rows behind the heading of a document that has no other table, and says that the heading is repeated on each
    /// page, which the crate can't. Text can't hold these marks, for its angle brackets are escaped.
    pub(super) fn fill(self, document: &mut Vec<u8>) {
        insert_behind(b"<w:cantSplit />", *b"<w:tblHeader />", document);
        insert_behind(b"</w:tr>", self.rows, document);
    }
}

/// Puts bytes behind the first place of a mark.
fn insert_behind(mark: &[u8], bytes: impl IntoIterator<Item = u8>, document: &mut Vec<u8>) {
    if let Some(place) = document.windows(mark.len()).position(|window| window == mark) {
        let behind = place + mark.len();
        document.splice(behind..behind, bytes);
    }
}
