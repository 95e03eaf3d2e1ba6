//! Documents to print (打印文档), in the look of official papers: A4, small standard Song for the heading, Fangsong for the
//! text, page numbers between dashes (GB/T 9704). The fonts are named, with others in their place where a machine lacks
//! them; none is embedded.

use std::io::{self, Cursor};

use docx_rs::{
    AlignmentType, BreakType, Docx, Footer, LineSpacing, LineSpacingType, PageMargin, PageNum,
    PageOrientationType, Paragraph, Run, RunFonts, SpecialIndentType, TableAlignmentType, TableCell,
    TableLayoutType, TableRow, VAlignType, WidthType, XMLDocx,
};

use super::source::Column;

/// What is printed.
#[derive(Clone, Debug)]
pub struct Document {
    /// The heading.
    pub title: String,
    /// Paragraphs below the heading.
    pub preface: Vec<String>,
    /// A table below them.
    pub table: Option<Table>,
    /// Paragraphs below the table: who signed, and when.
    pub closing: Vec<String>,
    /// How the paper lies.
    pub paper: Paper,
}

/// A table with its heading repeated on every page.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its columns, whose `printed` shares the width.
    pub columns: Vec<Column>,
    /// Its rows, a text for each column.
    pub rows: Vec<Vec<String>>,
}

/// How an A4 sheet lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// For text.
    Portrait,
    /// For wide tables.
    Landscape,
}

const TITLE_FONT: &str = "方正小标宋简体";
const TEXT_FONT: &str = "仿宋_GB2312";
const HEADING_FONT: &str = "黑体";
const LATIN_FONT: &str = "Times New Roman";

/// Each font with what may stand in for it, the nearest first.
const FONTS: [(&str, &str, &str); 4] = [
    (TITLE_FONT, "FZXiaoBiaoSong-B05S,华文中宋,宋体,Source Han Serif SC,Noto Serif CJK SC", "86"),
    (TEXT_FONT, "仿宋,FangSong,华文仿宋,宋体,Source Han Serif SC,Noto Serif CJK SC", "86"),
    (HEADING_FONT, "SimHei,Source Han Sans SC,Noto Sans CJK SC", "86"),
    (LATIN_FONT, "Liberation Serif", "00"),
];

/// Sizes are half points: 二号 for the heading, 三号 for text, 五号 in tables, 四号 for the page number.
const TITLE_SIZE: usize = 44;
const TEXT_SIZE: usize = 32;
const TABLE_SIZE: usize = 21;
const NUMBER_SIZE: usize = 28;

/// A4 in twentieths of a point.
const SHORT_SIDE: u32 = 11_906;
const LONG_SIDE: u32 = 16_838;

struct Sheet {
    width: u32,
    height: u32,
    margins: [i32; 4],
}

impl Paper {
    /// Top, right, bottom and left margins: the standard's upright, narrower ones lying.
    const fn sheet(self) -> Sheet {
        match self {
            Self::Portrait => {
                Sheet { width: SHORT_SIDE, height: LONG_SIDE, margins: [2_098, 1_474, 1_984, 1_587] }
            }
            Self::Landscape => {
                Sheet { width: LONG_SIDE, height: SHORT_SIDE, margins: [1_417, 1_134, 1_417, 1_134] }
            }
        }
    }
}

/// The bytes of a DOCX file.
///
/// # Errors
/// When the archive can't be made.
pub fn document(document: Document) -> io::Result<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    parts(document).pack(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes.into_inner())
}

fn parts(document: Document) -> XMLDocx {
    let Document { title, preface, table, closing, paper } = document;
    let Sheet { width, height, margins: [top, right, bottom, left] } = paper.sheet();
    let margin = PageMargin::new().top(top).right(right).bottom(bottom).left(left).footer(992);
    let orientation = match paper {
        Paper::Portrait => PageOrientationType::Portrait,
        Paper::Landscape => PageOrientationType::Landscape,
    };
    let mut docx = Docx::new()
        .page_size(width, height)
        .page_orient(orientation)
        .page_margin(margin)
        .default_fonts(fonts(TEXT_FONT))
        .default_size(TEXT_SIZE)
        .footer(page_number())
        .add_paragraph(heading(&title));
    for text in &preface {
        docx = docx.add_paragraph(paragraph(text));
    }
    let repeated = table.is_some();
    if let Some(table) = table {
        let room = i64::from(width) - i64::from(left) - i64::from(right);
        docx = docx.add_table(grid(&table, usize::try_from(room).unwrap_or_default()));
    }
    for text in &closing {
        docx = docx.add_paragraph(paragraph(text));
    }
    let mut parts = docx.build();
    parts.font_table = font_table().into_bytes();
    if repeated {
        repeat_heading(&mut parts.document);
    }
    parts
}

fn fonts(east_asian: &str) -> RunFonts {
    RunFonts::new().ascii(LATIN_FONT).hi_ansi(LATIN_FONT).cs(LATIN_FONT).east_asia(east_asian)
}

/// Text of one look; its line breaks stay.
fn run(text: &str, font: &str, size: usize) -> Run {
    let mut run = Run::new().fonts(fonts(font)).size(size);
    for (place, line) in text.lines().enumerate() {
        if place > 0 {
            run = run.add_break(BreakType::TextWrapping);
        }
        run = run.add_text(printable(line));
    }
    run
}

/// Without what XML can't hold.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '\0'..='\x08' | '\x0b'..='\x1f' | '\u{fffe}' | '\u{ffff}')).collect()
}

fn heading(title: &str) -> Paragraph {
    Paragraph::new()
        .align(AlignmentType::Center)
        .line_spacing(spacing(700).after(280))
        .add_run(run(title, TITLE_FONT, TITLE_SIZE))
}

/// Indented by two characters, 28 points from line to line.
fn paragraph(text: &str) -> Paragraph {
    Paragraph::new()
        .indent(None, Some(SpecialIndentType::FirstLine(640)), None, None)
        .line_spacing(spacing(560))
        .add_run(run(text, TEXT_FONT, TEXT_SIZE))
}

fn spacing(line: i32) -> LineSpacing {
    LineSpacing::new().line_rule(LineSpacingType::Exact).line(line)
}

fn page_number() -> Footer {
    Footer::new().add_paragraph(
        Paragraph::new()
            .align(AlignmentType::Center)
            .size(NUMBER_SIZE)
            .add_run(run("— ", TEXT_FONT, NUMBER_SIZE))
            .add_page_num(PageNum::new())
            .add_run(run(" —", TEXT_FONT, NUMBER_SIZE)),
    )
}

fn grid(table: &Table, room: usize) -> docx_rs::Table {
    let shares: usize = table.columns.iter().map(|c| usize::from(c.printed)).sum();
    let widths: Vec<usize> =
        table.columns.iter().map(|column| room * usize::from(column.printed) / shares.max(1)).collect();
    let headings = table.columns.iter().map(|column| column.heading.as_str());
    let mut rows = vec![row(headings, &widths, HEADING_FONT, AlignmentType::Center)];
    for cells in &table.rows {
        let cells = cells.iter().map(String::as_str);
        rows.push(row(cells, &widths, TEXT_FONT, AlignmentType::Left));
    }
    docx_rs::Table::new(rows)
        .layout(TableLayoutType::Fixed)
        .align(TableAlignmentType::Center)
        .width(widths.iter().sum(), WidthType::Dxa)
        .set_grid(widths)
}

fn row<'t>(
    texts: impl Iterator<Item = &'t str>,
    widths: &[usize],
    font: &str,
    align: AlignmentType,
) -> TableRow {
    let cell = |(text, width): (&str, &usize)| {
        let text =
            Paragraph::new().align(align).line_spacing(spacing(300)).add_run(run(text, font, TABLE_SIZE));
        TableCell::new().width(*width, WidthType::Dxa).vertical_align(VAlignType::Center).add_paragraph(text)
    };
    TableRow::new(texts.zip(widths).map(cell).collect()).cant_split()
}

/// The crate's own table of fonts knows three Latin ones and no names that stand in for others.
fn font_table() -> String {
    let fonts: Vec<String> = FONTS
        .iter()
        .map(|(name, instead, charset)| {
            format!(
                r#"<w:font w:name="{name}"><w:altName w:val="{instead}"/><w:charset w:val="{charset}"/><w:pitch w:val="variable"/></w:font>"#
            )
        })
        .collect();
    let fonts = fonts.concat();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{fonts}</w:fonts>"#
    )
}

/// The crate can't say that a row is repeated on each page. The heading's is the first row, and the mark that it may not
/// be split stands where this one belongs; text can't hold it, for its angle brackets are escaped.
fn repeat_heading(document: &mut Vec<u8>) {
    const UNSPLIT: &[u8] = b"<w:cantSplit />";
    let place = document.windows(UNSPLIT.len()).position(|window| window == UNSPLIT);
    if let Some(place) = place {
        let behind = place + UNSPLIT.len();
        document.splice(behind..behind, *b"<w:tblHeader />");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Document {
        Document {
            title: "分类汇总表".to_owned(),
            preface: vec!["第一段。".to_owned()],
            table: Some(Table {
                columns: vec![Column::new("类别", 10, 1), Column::new("条数", 6, 2)],
                rows: vec![vec!["<b>&\u{1}\n次行".to_owned(), "3".to_owned()]; 2],
            }),
            closing: vec!["审签人：".to_owned()],
            paper: Paper::Portrait,
        }
    }

    #[test]
    fn a_document_names_its_fonts_and_repeats_its_heading() {
        let parts = parts(sample());
        let text = String::from_utf8(parts.document).unwrap();
        assert!(text.contains(r#"w:eastAsia="方正小标宋简体""#), "{text}");
        assert!(text.contains(r#"w:w="11906" w:h="16838""#), "{text}");
        assert!(text.contains("&lt;b&gt;&amp;</w:t>") && !text.contains('\u{1}'));
        assert_eq!(text.matches("<w:tblHeader />").count(), 1);
        assert!(text.contains("<w:trPr><w:cantSplit /><w:tblHeader />"));
        assert!(text.contains("审签人"));
        let fonts = String::from_utf8(parts.font_table).unwrap();
        assert!(FONTS.iter().all(|(name, _, _)| fonts.contains(name)));
        assert_eq!(parts.footers.len(), 1);
    }

    #[test]
    fn a_document_is_an_archive() {
        assert!(document(sample()).unwrap().starts_with(b"PK\x03\x04"));
    }
}
