//! Documents to print (打印文档), in the look of official papers: A4, small standard Song for the heading, Fangsong for the
//! text, page numbers between dashes (GB/T 9704). The pages of a table are counted too, so that a sheet that is missing is
//! noticed, and the lines around it are smaller, so that it begins on the first. The fonts are named, with others in their
//! place where a machine lacks them; none is embedded.

mod look;
mod table;

use std::io::{self, Cursor};

use docx_rs::{
    AlignmentType, Docx, Footer, NumPages, PageMargin, PageNum, PageOrientationType, Paragraph,
    SpecialIndentType, XMLDocx,
};

use self::look::{
    FONTS, NUMBER_SIZE, Sheet, TEXT_FONT, TEXT_SIZE, TITLE_FONT, TITLE_SIZE, fonts, run, spacing,
};
pub use look::Paper;
pub use table::Table;

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

#[derive(Clone, Copy)]
struct Lines {
    size: usize,
    line: i32,
    indent: i32,
}

/// Paragraphs: size of the text, from line to line, and indented by two characters.
const TEXT: Lines = Lines { size: TEXT_SIZE, line: 560, indent: 640 };
/// Those around a table, in 四号.
const AROUND_TABLE: Lines = Lines { size: 28, line: 420, indent: 560 };

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
        .footer(page_number(table.is_some()))
        .add_paragraph(heading(&title));
    let lines = if table.is_some() { AROUND_TABLE } else { TEXT };
    for text in &preface {
        docx = docx.add_paragraph(paragraph(text, lines));
    }
    if let Some(table) = &table {
        docx = docx.add_table(table.headed());
    }
    for text in &closing {
        docx = docx.add_paragraph(paragraph(text, lines));
    }
    let mut parts = docx.build();
    parts.font_table = font_table().into_bytes();
    if let Some(table) = table {
        table.fill(&mut parts.document);
    }
    parts
}

fn heading(title: &str) -> Paragraph {
    Paragraph::new()
        .align(AlignmentType::Center)
        .line_spacing(spacing(700).after(280))
        .add_run(run(title, TITLE_FONT, TITLE_SIZE))
}

fn paragraph(text: &str, Lines { size, line, indent }: Lines) -> Paragraph {
    Paragraph::new()
        .indent(None, Some(SpecialIndentType::FirstLine(indent)), None, None)
        .line_spacing(spacing(line))
        .add_run(run(text, TEXT_FONT, size))
}

/// The number of the page, and of how many where they are counted: `— 3 / 12 —`.
fn page_number(counted: bool) -> Footer {
    let text = |text| run(text, TEXT_FONT, NUMBER_SIZE);
    let mut number = Paragraph::new()
        .align(AlignmentType::Center)
        .size(NUMBER_SIZE)
        .add_run(text("— "))
        .add_page_num(PageNum::new());
    if counted {
        number = number.add_run(text(" / ")).add_num_pages(NumPages::new());
    }
    Footer::new().add_paragraph(number.add_run(text(" —")))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::source::Column;

    fn sample(to_write_in: bool) -> Document {
        let columns = vec![Column::new("类别", 10, 1), Column::new("条数", 6, 2)];
        let mut table = Table::new(columns, Paper::Portrait, to_write_in);
        for number in ["3", "4"] {
            table.push(["<b>&\u{1}\n次行", number].into_iter());
        }
        Document {
            title: "分类汇总表".to_owned(),
            preface: vec!["第一段。".to_owned()],
            table: Some(table),
            closing: vec!["审签人：".to_owned()],
            paper: Paper::Portrait,
        }
    }

    #[test]
    fn a_document_names_its_fonts_and_repeats_its_heading() {
        let parts = parts(sample(false));
        let text = String::from_utf8(parts.document).unwrap();
        assert!(text.contains(r#"w:eastAsia="方正小标宋简体""#), "{text}");
        assert!(text.contains(r#"w:w="11906" w:h="16838""#), "{text}");
        assert!(text.contains("&lt;b&gt;&amp;</w:t>") && !text.contains('\u{1}'));
        assert_eq!(text.matches("<w:tblHeader />").count(), 1);
        assert!(text.contains("<w:trPr><w:cantSplit /><w:tblHeader />"));
        // Heading, rows, and what stands below, in this order.
        let place = |text_of: &str| text.find(text_of).unwrap();
        assert!(
            place("条数") < place(">3<") && place(">3<") < place(">4<") && place(">4<") < place("</w:tbl>")
        );
        assert!(place("</w:tbl>") < place("审签人"));
        assert!(!text.contains("<w:trHeight"));
        let fonts = String::from_utf8(parts.font_table).unwrap();
        assert!(FONTS.iter().all(|(name, _, _)| fonts.contains(name)));
        assert_eq!(parts.footers.len(), 1);
    }

    #[test]
    fn rows_to_write_in_are_high_and_the_heading_is_not() {
        let text = String::from_utf8(parts(sample(true)).document).unwrap();
        assert_eq!(text.matches(r#"<w:trHeight w:val="1020" w:hRule="atLeast" />"#).count(), 2, "{text}");
    }

    #[test]
    fn the_pages_of_a_table_are_counted() {
        let footer = |document: Document| String::from_utf8(parts(document).footers.concat()).unwrap();
        let plain = Document { table: None, ..sample(false) };
        assert!(footer(sample(false)).contains("NUMPAGES"));
        let plain = footer(plain);
        assert!(plain.contains("PAGE") && !plain.contains("NUMPAGES"), "{plain}");
    }

    #[test]
    fn a_document_is_an_archive() {
        assert!(document(sample(false)).unwrap().starts_with(b"PK\x03\x04"));
    }
}
