//! Workbooks as offices draw them: titles, merged cells, several sheets.

use std::io::Cursor;

use rust_xlsxwriter::{Format as Style, Workbook, Worksheet};

use super::super::{Format, Ledger, OpenError, Wanted, open_source};

fn opened(workbook: &mut Workbook, wanted: &Wanted) -> Result<Ledger, OpenError> {
    open_source(Cursor::new(workbook.save_to_buffer().unwrap()), Format::Xlsx, wanted)
}

/// A sheet of texts; empty ones are not written.
fn sheet<'a>(workbook: &'a mut Workbook, name: &str, rows: &[&[&str]]) -> &'a mut Worksheet {
    let sheet = workbook.add_worksheet().set_name(name).unwrap();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(*cells).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(row, column, *cell).unwrap();
        }
    }
    sheet
}

fn merge(sheet: &mut Worksheet, (top, left, bottom, right): (u32, u16, u32, u16), text: &str) {
    sheet.merge_range(top, left, bottom, right, text, &Style::new()).unwrap();
}

fn place(ledger: &Ledger) -> (&str, u64) {
    (ledger.place().sheet.as_deref().unwrap(), ledger.place().line)
}

fn rows(ledger: Ledger) -> Vec<(u64, Vec<String>)> {
    ledger.map(|row| row.map(|row| (row.line, row.cells)).unwrap()).collect()
}

fn row(line: u64, cells: &[&str]) -> (u64, Vec<String>) {
    (line, cells.iter().map(|&cell| cell.to_owned()).collect())
}

fn named(sheet: &str) -> Wanted {
    Wanted { sheet: Some(sheet.to_owned()), ..Wanted::default() }
}

const LEDGER: &[&[&str]] = &[&["编号", "内容"], &["1", "x"]];

#[test]
fn headings_below_a_merged_title_are_found() {
    let mut workbook = Workbook::new();
    let rows_of =
        &[&["", "", ""], &["填报单位：示例镇", "", "3月"], &["编号", "标题", "内容"], &["1", "甲", "乙"]];
    let page = sheet(&mut workbook, "台账", &rows_of.each_ref().map(|cells| &cells[..]));
    merge(page, (0, 0, 0, 2), "示例县台账");
    let ledger = opened(&mut workbook, &Wanted::default()).unwrap();
    assert_eq!(place(&ledger), ("台账", 3));
    assert_eq!(rows(ledger), [row(4, &["1", "甲", "乙"])]);
}

#[test]
fn a_cell_merged_downwards_belongs_to_each_row() {
    let mut workbook = Workbook::new();
    let page = sheet(
        &mut workbook,
        "台账",
        &[
            &["单位", "类别", "编号", "内容"],
            &["", "", "1", "a"],
            &["", "道路", "2", "b"],
            &["", "", "3", "c"],
        ],
    );
    merge(page, (1, 0, 2, 0), "甲镇");
    merge(page, (2, 1, 3, 1), "道路");
    // Rows prepared for later entries are no entries.
    merge(page, (3, 0, 5_000, 0), "乙镇");
    sheet(&mut workbook, "说明", &[&["x"]]);
    let ledger = opened(&mut workbook, &Wanted::default()).unwrap();
    assert_eq!(ledger.unread_sheets(), ["说明"]);
    let expected = [
        row(2, &["甲镇", "", "1", "a"]),
        row(3, &["甲镇", "道路", "2", "b"]),
        row(4, &["乙镇", "道路", "3", "c"]),
    ];
    assert_eq!(rows(ledger), expected);
}

#[test]
fn of_headings_in_two_rows_the_lower_names_the_columns() {
    let mut workbook = Workbook::new();
    let page = sheet(&mut workbook, "台账", &[&[], &["", "", "姓名", "电话"], &["1", "a", "居民甲", ""]]);
    merge(page, (0, 0, 1, 0), "编号");
    merge(page, (0, 1, 1, 1), "内容");
    merge(page, (0, 2, 0, 3), "反映人");
    let ledger = opened(&mut workbook, &Wanted::default()).unwrap();
    assert_eq!(
        (place(&ledger), ledger.header().names()),
        (("台账", 2), &["编号", "内容", "姓名", "电话"].map(str::to_owned)[..])
    );
    assert_eq!(rows(ledger), [row(3, &["1", "a", "居民甲", ""])]);
}

#[test]
fn the_first_sheet_with_headings_that_can_be_seen_is_read() {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_name("空").unwrap();
    sheet(&mut workbook, "填表说明", &[&["一、请勿改动表头"], &["单位", "时间"]]);
    sheet(&mut workbook, "旧", LEDGER).set_hidden(true);
    sheet(&mut workbook, "藏", LEDGER).set_very_hidden(true);
    sheet(&mut workbook, "台账", LEDGER);
    sheet(&mut workbook, "另一", LEDGER);
    let ledger = opened(&mut workbook, &Wanted::default()).unwrap();
    assert_eq!(
        (place(&ledger), ledger.unread_sheets()),
        (("台账", 1), &["空", "填表说明", "另一"].map(str::to_owned)[..])
    );
    assert_eq!(place(&opened(&mut workbook, &named("另一")).unwrap()), ("另一", 1));
    assert_eq!(place(&opened(&mut workbook, &named("旧")).unwrap()), ("旧", 1));
    // A sheet that is named is taken as it is.
    assert_eq!(place(&opened(&mut workbook, &named("填表说明")).unwrap()), ("填表说明", 2));
    let third = Wanted { header_row: Some(2), ..Wanted::default() };
    assert_eq!(place(&opened(&mut workbook, &third).unwrap()), ("填表说明", 2));
}

#[test]
fn a_sheet_that_is_not_there_is_refused_with_those_that_are() {
    let mut workbook = Workbook::new();
    sheet(&mut workbook, "台账", LEDGER);
    sheet(&mut workbook, "旧", LEDGER).set_hidden(true);
    let error = opened(&mut workbook, &named("台帐")).err().unwrap();
    assert_eq!(error.code(), "NO_SUCH_SHEET");
    assert_eq!(error.to_string(), "the workbook has no sheet `台帐`; its sheets are 台账, 旧 (hidden)");
    assert_eq!(error.reason_zh(), "工作簿中没有工作表“台帐”，现有：台账、旧（隐藏）");
}

#[test]
fn without_headings_the_place_that_was_taken_for_them_is_known() {
    let mut workbook = Workbook::new();
    sheet(&mut workbook, "一", &[&["", ""], &["甲", "乙"]]);
    sheet(&mut workbook, "二", &[&["甲", "乙"]]);
    let ledger = opened(&mut workbook, &Wanted::default()).unwrap();
    assert_eq!(
        (ledger.place().to_string(), ledger.place().zh()),
        ("sheet `一`, row 2".to_owned(), "工作表“一”第2行".to_owned())
    );
    sheet(&mut workbook, "三", &[&["台账", ""], &["标题", "内容"]]);
    let ledger = opened(&mut workbook, &Wanted::default()).unwrap();
    assert_eq!(place(&ledger), ("三", 2));
}
