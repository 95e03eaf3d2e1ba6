//! Random ledgers: every row comes out right, or as an error with its line.

use std::collections::BTreeMap;
use std::io::Cursor;

use encoding_rs::GB18030;
use proptest::prelude::*;
use proptest::sample::select;
use rust_xlsxwriter::{Format as Style, Workbook, Worksheet};

use super::super::{Format, RowError, Wanted, open_source};
use crate::intake::import::{Batches, ImportRow, Mapping};

/// The columns of every ledger; the first is merged over groups of rows.
const HEADINGS: [&str; 4] = ["征集单位", "来源编号", "内容", "受益人数"];

/// One entry as it is meant.
#[derive(Debug, Clone)]
struct Entry {
    content: String,
    people: u32,
    /// Whether a sheet holds its numbers as texts.
    as_text: bool,
    /// Blank rows below it.
    blanks: u32,
}

#[derive(Debug, Clone)]
struct Drawn {
    /// Lines above the headings, empty ones too.
    above: Vec<&'static str>,
    /// A unit with the entries of its group.
    groups: Vec<(&'static str, Vec<Entry>)>,
    footer: Option<&'static str>,
}

/// Line, unit, reference, content and people of each entry.
type Expected = BTreeMap<u64, (String, String, String, u32)>;

fn entry() -> impl Strategy<Value = Entry> {
    let content = "[一-龥a-z，。]{1,12}";
    (content, 0..5_000u32, any::<bool>(), prop_oneof![4 => Just(0), 1 => 1..3u32])
        .prop_map(|(content, people, as_text, blanks)| Entry { content, people, as_text, blanks })
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let above = select(vec!["示例县台账", "", "填报单位：示例镇", "联系人"]);
    let group = (select(vec!["甲镇", "乙镇", "T01", ""]), prop::collection::vec(entry(), 1..5));
    let footer = prop::option::of(select(vec!["合计", "填表人：居民甲"]));
    (prop::collection::vec(above, 0..19), prop::collection::vec(group, 1..5), footer)
        .prop_map(|(above, groups, footer)| Drawn { above, groups, footer })
}

impl Drawn {
    /// Calls with each entry: its row counted from 0, its number, the first and the last row of its group.
    fn each(&self, mut draw: impl FnMut(u32, u32, &'static str, &Entry)) -> u32 {
        let (mut row, mut number) = (u32::try_from(self.above.len()).unwrap() + 1, 0);
        for (unit, entries) in &self.groups {
            for entry in entries {
                number += 1;
                draw(row, number, unit, entry);
                row += 1 + entry.blanks;
            }
        }
        row
    }

    fn expected(&self) -> Expected {
        let mut rows = Expected::new();
        self.each(|row, number, unit, entry| {
            let values = (unit.to_owned(), number.to_string(), entry.content.clone(), entry.people);
            rows.insert(u64::from(row) + 1, values);
        });
        rows
    }

    fn footer_line(&self) -> Option<u64> {
        self.footer.map(|_| u64::from(self.each(|_, _, _, _| ())) + 1)
    }

    fn csv(&self) -> String {
        let mut lines: Vec<String> = self.above.iter().map(|text| format!("{text},,,")).collect();
        lines.push(HEADINGS.join(","));
        let last = self.each(|row, number, unit, entry| {
            lines.resize(row as usize, ",,,".to_owned());
            lines.push(format!("{unit},{number},{},{}", entry.content, entry.people));
        });
        lines.resize(last as usize, String::new());
        lines.extend(self.footer.map(|text| format!(",{text}")));
        lines.join("\r\n")
    }

    fn xlsx(&self) -> Vec<u8> {
        let mut workbook = Workbook::new();
        workbook.add_worksheet().write_string(0, 0, "填表说明").unwrap();
        let sheet = workbook.add_worksheet();
        for (row, text) in (0..).zip(&self.above).filter(|(_, text)| !text.is_empty()) {
            sheet.merge_range(row, 0, row, 3, text, &Style::new()).unwrap();
        }
        let heading = u32::try_from(self.above.len()).unwrap();
        sheet.write_row(heading, 0, HEADINGS).unwrap();
        let mut groups: Vec<(u32, u32, &str)> = Vec::new();
        let mut sizes = self.groups.iter().map(|(_, entries)| entries.len());
        let mut left = 0;
        let last = self.each(|row, number, unit, entry| {
            if left == 0 {
                left = sizes.next().unwrap();
                groups.push((row, row, unit));
            }
            left -= 1;
            groups.last_mut().unwrap().1 = row;
            draw_entry(sheet, row, number, entry);
        });
        for (top, bottom, unit) in groups {
            if top == bottom {
                sheet.write_string(top, 0, unit).unwrap();
            } else {
                sheet.merge_range(top, 0, bottom, 0, unit, &Style::new()).unwrap();
            }
        }
        if let Some(text) = self.footer {
            sheet.write_string(last, 1, text).unwrap();
        }
        workbook.save_to_buffer().unwrap()
    }
}

fn draw_entry(sheet: &mut Worksheet, row: u32, number: u32, entry: &Entry) {
    sheet.write_string(row, 2, &entry.content).unwrap();
    for (column, value) in [(1, number), (3, entry.people)] {
        if entry.as_text {
            sheet.write_string(row, column, value.to_string()).unwrap();
        } else {
            sheet.write_number(row, column, value).unwrap();
        }
    }
}

fn read(bytes: Vec<u8>, format: Format) -> (Vec<ImportRow>, Vec<RowError>) {
    let ledger = open_source(Cursor::new(bytes), format, &Wanted::default()).unwrap();
    let binding = Mapping::default().bind(ledger.header()).unwrap();
    let batches = Batches::new(ledger, binding, 3);
    batches.fold((Vec::new(), Vec::new()), |(mut rows, mut errors), batch| {
        rows.extend(batch.rows);
        errors.extend(batch.errors);
        (rows, errors)
    })
}

fn taken(rows: Vec<ImportRow>) -> Expected {
    let values = |row: ImportRow| {
        (row.stream.unwrap_or_default(), row.external_ref, row.content, row.beneficiaries.unwrap_or_default())
    };
    rows.into_iter().map(|row| (row.line, values(row))).collect()
}

fn assert_right(drawn: &Drawn, bytes: Vec<u8>, format: Format) {
    let (rows, errors) = read(bytes, format);
    assert_eq!(taken(rows), drawn.expected());
    let told: Vec<_> = errors.iter().map(|error| (error.line, error.code())).collect();
    assert_eq!(told, drawn.footer_line().map(|line| (line, "NOT_AN_ENTRY")).into_iter().collect::<Vec<_>>());
}

proptest! {
    // Drawing a workbook takes its time.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_row_of_a_random_ledger_comes_out_right(drawn in drawn()) {
        let text = drawn.csv();
        let (bytes, _, _) = GB18030.encode(&text);
        assert_right(&drawn, bytes.into_owned(), Format::Csv);
        assert_right(&drawn, text.into_bytes(), Format::Csv);
        assert_right(&drawn, drawn.xlsx(), Format::Xlsx);
    }

    /// A file with changed bytes is refused, or each of its rows is a row or an error in the order of lines.
    #[test]
    fn a_damaged_ledger_never_panics(drawn in drawn(), at in any::<prop::sample::Index>(), bytes in any::<[u8; 3]>(), is_csv: bool) {
        let (mut file, format) = if is_csv { (drawn.csv().into_bytes(), Format::Csv) } else { (drawn.xlsx(), Format::Xlsx) };
        let start = at.index(file.len() - bytes.len());
        file[start..start + bytes.len()].copy_from_slice(&bytes);
        if let Ok(ledger) = open_source(Cursor::new(file), format, &Wanted::default()) {
            let lines: Vec<u64> = ledger.map(|row| row.map_or_else(|error| error.line, |row| row.line)).collect();
            prop_assert!(lines.is_sorted());
        }
    }
}
