//! Ledgers as offices draw them: a title above the headings, merged cells, several sheets.

use rust_xlsxwriter::{Format, Workbook};
use serde_json::json;

use super::{Desk, IMPORT};
use crate::support::{TestApp, on_both_databases};

/// A workbook with a sheet of each name and texts.
fn workbook(sheets: &[(&str, &[&[&str]])]) -> Workbook {
    let mut workbook = Workbook::new();
    for (sheet, rows) in sheets {
        let sheet = workbook.add_worksheet().set_name(*sheet).unwrap();
        for (row, cells) in (0..).zip(*rows) {
            sheet.write_row(row, 0, cells.iter().copied()).unwrap();
        }
    }
    workbook
}

on_both_databases! {
    async fn cells_merged_downwards_reach_the_unit_of_each_row(app: TestApp) {
        let desk = Desk::new(app).await;
        let rows: &[&[&str]] = &[&["征集单位", "编号", "内容"], &["", "m1", "甲"], &["", "m2", "乙"], &["", "m3", "丙"], &["", "m4", "丁"]];
        let mut workbook = workbook(&[("台账", rows)]);
        let sheet = workbook.worksheet_from_index(0).unwrap();
        for (top, bottom, unit) in [(1, 2, "A1"), (3, 3, "A3"), (4, 9, "A2")] {
            if top == bottom {
                sheet.write_string(top, 0, unit).unwrap();
            } else {
                sheet.merge_range(top, 0, bottom, 0, unit, &Format::new()).unwrap();
            }
        }
        let file = desk.path("ledger.xlsx").display().to_string();
        workbook.save(&file).unwrap();
        let said = desk.import(&[&file]).await.unwrap();
        assert!(said.text.contains("共 4 行，导入 4 行，重复 0 行，错误 0 行"), "{}", said.text);
        let units = [("m1", "A1"), ("m2", "A1"), ("m3", "A3"), ("m4", "A2")];
        assert_eq!(desk.all().await, units.map(|(reference, unit)| (reference.to_owned(), unit.to_owned())));
    }

    async fn headings_are_found_below_a_title_or_where_they_are_said_to_be(app: TestApp) {
        let desk = Desk::new(app).await;
        let text = "示例县台账（2019年3月）,,\n填报单位：示例镇,,\n编号,标题,内容\nt1,路灯,甲\nt2,井盖,乙\n";
        let file = desk.write("title.csv", text);
        let said = desk.import(&["--dry-run", &file]).await.unwrap();
        assert!(said.text.contains("表头：第3行"), "{}", said.text);
        assert!(said.text.contains("共 2 行，导入 2 行"), "{}", said.text);
        let error = desk.import(&["--header-row", "1", &file]).await.err().unwrap().to_string();
        assert!(error.contains("缺少“来源编号”列") && error.contains("表头取自第1行") && error.contains("--header-row"), "{error}");
        let error = desk.import(&["--header-row", "99", &file]).await.err().unwrap().to_string();
        assert!(error.contains("指定为表头的第99行没有文字"), "{error}");
        assert_eq!(desk.all().await.len(), 0);

        let clerk = desk.officer("A1").await;
        let mut input = json!({
            "idempotencyKey": "import-title", "channelId": desk.app.channel_id(&clerk, "VISIT").await, "fileName": "a.csv", "content": text,
        });
        let done = desk.app.data(&clerk, IMPORT, json!({ "input": input })).await["submissionImport"].clone();
        assert_eq!((&done["accepted"], &done["refused"], &done["userErrors"]), (&json!(2), &json!(0), &json!([])), "{done}");
        input["content"] = json!("台账,\n标题,电话\nx,\n");
        input["idempotencyKey"] = json!("import-no-title");
        let refused = desk.app.data(&clerk, IMPORT, json!({ "input": input })).await["submissionImport"].clone();
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", "mapping"]), "{refused}");
        assert!(refused["userErrors"][0]["message"].as_str().unwrap().contains("表头取自第2行"), "{refused}");
    }

    async fn the_first_sheet_with_headings_is_read_or_the_one_that_is_named(app: TestApp) {
        let desk = Desk::new(app).await;
        let (march, april): (&[&[&str]], &[&[&str]]) = (&[&["编号", "内容"], &["s1", "甲"]], &[&["编号", "内容"], &["s2", "乙"], &["s3", "丙"]]);
        let mut workbook = workbook(&[("填表说明", &[&["请勿改动表头"]]), ("旧", april), ("三月", march), ("四月", april)]);
        workbook.worksheet_from_name("旧").unwrap().set_hidden(true);
        let file = desk.path("ledger.xlsx").display().to_string();
        workbook.save(&file).unwrap();
        let said = desk.import(&[&file]).await.unwrap();
        assert!(said.text.contains("表头：工作表“三月”第1行"), "{}", said.text);
        assert!(said.text.contains("未读取的工作表：填表说明, 四月\n"), "{}", said.text);
        assert!(said.text.contains("共 1 行，导入 1 行"), "{}", said.text);
        let said = desk.import(&["--sheet", "四月", &file]).await.unwrap();
        assert!(said.text.contains("共 2 行，导入 2 行，重复 0 行"), "{}", said.text);
        let error = desk.import(&["--sheet", "五月", &file]).await.err().unwrap().to_string();
        assert!(error.contains("工作簿中没有工作表“五月”，现有：填表说明、旧（隐藏）、三月、四月"), "{error}");
        let references: Vec<_> = desk.all().await.into_iter().map(|row| row.0).collect();
        assert_eq!(references, ["s1", "s2", "s3"]);
        // Each sheet is a run of its own.
        assert_eq!(desk.runs().await.len(), 2);
    }
}
