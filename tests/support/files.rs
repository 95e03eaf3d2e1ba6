//! Files carried out: asked for by a mutation, fetched at its address, and read in each format.

use std::io::Cursor;
use std::net::SocketAddr;

use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::Request;
use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};
use docx_rs::{DocumentChild, TableCellContent, TableChild, TableRowChild};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::personas::Persona;
use super::{TestApp, code, post};

/// Rows of a text file, its headings first.
pub(crate) type Rows = Vec<Vec<String>>;

fn document(field: &str) -> String {
    let kind = format!("{}{}Input", field[..1].to_uppercase(), &field[1..]);
    format!(
        "mutation ($input: {kind}!) {{ {field}(input: $input) {{ export {{ url fileName }} userErrors {{ code field }} }} }}"
    )
}

impl TestApp {
    /// The payload of an export.
    pub(crate) async fn carry(&self, who: &Persona, field: &str, mut input: Value, format: &str) -> Value {
        input["format"] = json!(format);
        let variables = json!({ "input": input });
        self.data(who, &document(field), variables).await[field].clone()
    }

    /// Code and field of the refusal of an export; the error's code where its profile may not ask at all.
    pub(crate) async fn refused_export(&self, who: &Persona, field: &str, mut input: Value) -> String {
        input["format"] = json!("CSV");
        let variables = json!({ "input": input });
        let (_, answer) = self.graphql(Some(&who.token), &document(field), variables).await;
        let payload = &answer["data"][field];
        if payload.is_null() {
            return code(&answer).to_owned();
        }
        assert_eq!(payload["export"], Value::Null, "{answer}");
        let error = &payload["userErrors"][0];
        format!("{} {}", error["code"].as_str().unwrap(), error["field"][1].as_str().unwrap())
    }

    /// What stands at an export's address.
    pub(crate) async fn fetch_file(&self, url: &str) -> (u16, Vec<u8>) {
        let mut request = Request::builder().uri(url).body(Body::empty()).unwrap();
        let peer = SocketAddr::from(([127, 0, 0, 1], 40_000));
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let status = answer.status().as_u16();
        let bytes = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        (status, bytes.to_vec())
    }

    async fn bytes(&self, who: &Persona, field: &str, input: Value, format: &str) -> Vec<u8> {
        let asked = self.carry(who, field, input, format).await;
        let url = asked["export"]["url"].as_str();
        let url = url.unwrap_or_else(|| panic!("{field} was refused: {asked}"));
        let (status, bytes) = self.fetch_file(url).await;
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&bytes));
        bytes
    }

    /// The rows of an export as text.
    pub(crate) async fn carried(&self, who: &Persona, field: &str, input: Value) -> Rows {
        rows(&self.bytes(who, field, input, "CSV").await)
    }

    /// The same with headings and words in English.
    pub(crate) async fn carried_in_english(&self, who: &Persona, field: &str, input: Value) -> Rows {
        rows(&self.bytes_in_english(who, field, input).await)
    }

    /// The bytes of that text file.
    pub(crate) async fn bytes_in_english(&self, who: &Persona, field: &str, mut input: Value) -> Vec<u8> {
        input["format"] = json!("CSV");
        self.file_in_english(who, &document(field), field, input).await
    }

    /// The file that a mutation of this text lets out to somebody who reads English.
    pub(crate) async fn file_in_english(
        &self,
        who: &Persona,
        text: &str,
        field: &str,
        input: Value,
    ) -> Vec<u8> {
        let body = json!({ "query": text, "variables": { "input": input } });
        let request =
            post().header("accept-language", "en").header("authorization", format!("Bearer {}", who.token));
        let (_, _, text) = self.send(request.body(body.to_string().into()).unwrap()).await;
        let answer: Value = serde_json::from_str(&text).unwrap();
        let url = answer["data"][field]["export"]["url"].as_str().unwrap();
        self.fetch_file(url).await.1
    }

    /// The cells of an export's one sheet, its headings first; none of them is a formula.
    pub(crate) async fn worksheet(&self, who: &Persona, field: &str, input: Value) -> Vec<Vec<Data>> {
        let bytes = self.bytes(who, field, input, "XLSX").await;
        let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
        let name = book.sheet_names()[0].clone();
        let formulas = book.worksheet_formula(&name).unwrap();
        assert!(formulas.used_cells().next().is_none());
        let range = book.worksheet_range(&name).unwrap();
        range.rows().map(<[Data]>::to_vec).collect()
    }

    /// All that an export's printed document says.
    pub(crate) async fn printed(&self, who: &Persona, field: &str, input: Value) -> String {
        let bytes = self.bytes(who, field, input, "DOCX").await;
        docx_rs::read_docx(&bytes).unwrap().json()
    }

    /// An export's printed document as it lies on the table.
    pub(crate) async fn paper(&self, who: &Persona, field: &str, input: Value) -> Paper {
        Paper::read(&self.bytes(who, field, input, "DOCX").await)
    }
}

/// A printed document: what stands around its table, and the table.
pub(crate) struct Paper {
    /// Its paragraphs, heading first.
    pub(crate) lines: Vec<String>,
    /// Its table, headings first.
    pub(crate) rows: Rows,
    /// Everything as it stands in the file, which packs nothing.
    pub(crate) file: String,
}

impl Paper {
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let (mut lines, mut rows) = (Vec::new(), Vec::new());
        for child in docx_rs::read_docx(bytes).unwrap().document.children {
            match child {
                DocumentChild::Paragraph(paragraph) => lines.push(paragraph.raw_text()),
                DocumentChild::Table(table) => rows.extend(table.rows.iter().map(cells)),
                _ => {}
            }
        }
        Self { lines, rows, file: String::from_utf8_lossy(bytes).into_owned() }
    }

    /// The whole text around the table.
    pub(crate) fn around(&self) -> String {
        self.lines.join("\n")
    }

    /// Lies across, repeats its heading on each page, counts its pages, has rows to write in, and is to be signed and sealed.
    pub(crate) fn is_to_be_filled_in(&self) {
        let rows = self.rows.len() - 1;
        let marks = [
            (r#"w:orient="landscape""#, 1),
            ("<w:tblHeader />", 1),
            ("NUMPAGES", 1),
            (r#"<w:trHeight w:val="1020""#, rows),
        ];
        for (mark, many) in marks {
            assert_eq!(self.file.matches(mark).count(), many, "{mark}");
        }
        let around = self.around();
        assert!(
            ["（签字）：", "日期：", "单位（盖章）："].iter().all(|line| around.contains(line)),
            "{around}"
        );
    }
}

fn cells(row: &TableChild) -> Vec<String> {
    let TableChild::TableRow(row) = row;
    let cells = row.cells.iter().map(|TableRowChild::TableCell(cell)| cell);
    let text = |content: &TableCellContent| match content {
        TableCellContent::Paragraph(paragraph) => paragraph.raw_text(),
        _ => String::new(),
    };
    cells.map(|cell| cell.children.iter().map(text).collect()).collect()
}

fn rows(bytes: &[u8]) -> Rows {
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
    let records = reader.records().map(Result::unwrap);
    records.map(|record| record.iter().map(str::to_owned).collect()).collect()
}

/// A column by its heading, without it.
pub(crate) fn column<'t>(table: &'t Rows, heading: &str) -> Vec<&'t str> {
    let place = table[0].iter().position(|name| name == heading);
    let place = place.unwrap_or_else(|| panic!("no column {heading} in {:?}", table[0]));
    table[1..].iter().map(|row| &*row[place]).collect()
}
