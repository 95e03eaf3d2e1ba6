//! A dry run over the API: what would come of a ledger, row by row, and nothing of it written.

use entity::enums::Position;
use serde_json::{Value, json};

use super::Desk;
use crate::support::truth::{Raw, Truth};
use crate::support::{TestApp, code, on_both_databases};

const TRY: &str = "mutation ($input: SubmissionImportInput!) { submissionImport(input: $input) {
    importBatch { id } accepted repeated refused headingLine ignoredColumns
    failures { line field code reason } repeats { line field code reason }
    preview { line externalRef title kind receivedAt stream { code name } channel { code } category { code } village { code }
        person { name phone hasAddress } } userErrors { code field message } } }";

/// A ledger below a title: three sound rows, two of them alike, and two that are wrong.
const LEDGER: &str = "\
示例乡台账（2019年3月）,,,,,,,,,
编号,标题,内容,收到时间,类别,诉求类型,村社区,姓名,电话,经办
p1,路灯,路灯不亮。,2019-03-01 09:30,道路交通,投诉,示例村,居民甲,19900000123,某
p2,,井盖松动，请维修。,2019-03-02,,,,,,
p2,,井盖松动，请维修。,2019-03-02,,,,,,
p3,噪声,夜里施工。,三月初,,,,,,
p4,,,2019-03-03,,,,,,
";

/// Every row of every table but the sessions, which note when they were used.
async fn everything(app: &TestApp) -> Vec<(&'static str, Vec<String>)> {
    let raw = Raw::open(&app.database.unscoped_url()).await;
    let truth = Truth::read(&raw).await;
    raw.close().await;
    let tables = migration::walls::SCOPED_TABLES.iter().map(|(table, _)| *table);
    let rows = |table| truth.rows(table).iter().map(|row| serde_json::to_string(row).unwrap()).collect();
    tables.filter(|table| *table != "session").map(|table| (table, rows(table))).collect()
}

on_both_databases! {
    async fn a_dry_run_over_the_api_shows_rows_as_understood_and_writes_nothing(app: TestApp) {
        let desk = Desk::new(app).await;
        let clerk = desk.officer("A1").await;
        let mut input = json!({
            "idempotencyKey": "preview-one", "channelId": desk.app.channel_id(&clerk, "VISIT").await, "fileName": "走访.csv",
            "content": LEDGER, "dryRun": true,
        });
        let import = async |input: &Value| desk.app.data(&clerk, TRY, json!({ "input": input })).await["submissionImport"].clone();
        import(&input).await;
        let before = everything(&desk.app).await;
        let tried = import(&input).await;
        assert_eq!(everything(&desk.app).await, before);
        let counts = |payload: &Value| ["accepted", "repeated", "refused"].map(|count| payload[count].as_u64().unwrap());
        assert_eq!((counts(&tried), &tried["importBatch"], &tried["userErrors"]), ([2, 1, 2], &Value::Null, &json!([])));
        assert_eq!((&tried["headingLine"], &tried["ignoredColumns"]), (&json!(2), &json!(["经办"])));
        assert_eq!(tried["preview"], json!([
            { "line": 3, "externalRef": "p1", "title": "路灯", "kind": "COMPLAINT", "receivedAt": "2019-03-01T09:30:00+08:00",
              "stream": { "code": "A1", "name": "A1乡意见建议" }, "channel": { "code": "VISIT" }, "category": { "code": "ROAD_TRAFFIC" },
              "village": { "code": "V1" }, "person": { "name": "居**", "phone": "****0123", "hasAddress": false } },
            { "line": 4, "externalRef": "p2", "title": "井盖松动，请维修。", "kind": "SUGGESTION", "receivedAt": "2019-03-02T00:00:00+08:00",
              "stream": { "code": "A1", "name": "A1乡意见建议" }, "channel": { "code": "VISIT" }, "category": null, "village": null, "person": null },
        ]));
        assert_eq!(tried["repeats"], json!([
            { "line": 5, "field": "external_ref", "code": "REPEATED", "reason": "来源编号“p2”已用于本文件第 4 行，内容相同，不再录入" },
        ]));
        let of_line = |row: &Value| (row["line"].as_u64().unwrap(), row["field"].clone(), row["code"].clone());
        let failures: Vec<_> = tried["failures"].as_array().unwrap().iter().map(of_line).collect();
        assert_eq!(failures, [(6, json!("received_at"), json!("BAD_TIME")), (7, json!("content"), json!("REQUIRED"))]);

        // The import itself takes the same key, and comes to what was foretold.
        input["dryRun"] = json!(false);
        let done = import(&input).await;
        assert_eq!(counts(&done), counts(&tried));
        for told in ["failures", "repeats", "headingLine", "ignoredColumns"] {
            assert_eq!(done[told], tried[told], "{told}");
        }
        assert_eq!((&done["preview"], done["importBatch"].is_null()), (&json!([]), false));
        let own = [("p1".to_owned(), "A1".to_owned()), ("p2".to_owned(), "A1".to_owned())];
        assert_eq!(desk.all().await, own);
        assert_eq!(import(&input).await, done, "the same key again");

        // A dry run after it is no repetition of it.
        input["dryRun"] = json!(true);
        let after = import(&input).await;
        assert_eq!((counts(&after), &after["importBatch"], &after["preview"]), ([0, 3, 2], &Value::Null, &json!([])));
        let lines: Vec<_> = after["repeats"].as_array().unwrap().iter().map(|row| row["line"].as_u64().unwrap()).collect();
        assert_eq!(lines, [3, 4, 5]);
        let reason = after["repeats"][0]["reason"].as_str().unwrap();
        assert!(reason.starts_with("来源编号“p1”已用于建议 A1-2019-"), "{reason}");
        assert_eq!(desk.all().await, own);
    }

    async fn a_dry_run_shows_five_rows_and_no_more_and_is_refused_like_the_import(app: TestApp) {
        let desk = Desk::new(app).await;
        let clerk = desk.officer("A1").await;
        let rows = (1..=7).fold("编号,内容\n".to_owned(), |text, row| text + &format!("s{row},第{row}件事\n"));
        let mut input = json!({
            "idempotencyKey": "preview-many", "channelId": desk.app.channel_id(&clerk, "VISIT").await, "fileName": "a.csv",
            "content": rows, "dryRun": true,
        });
        let tried = desk.app.data(&clerk, TRY, json!({ "input": input })).await["submissionImport"].clone();
        let lines: Vec<_> = tried["preview"].as_array().unwrap().iter().map(|row| row["line"].as_u64().unwrap()).collect();
        assert_eq!((&tried["accepted"], lines), (&json!(7), vec![2, 3, 4, 5, 6]));
        // Another department's stream is refused, row by row, and named nowhere else.
        input["content"] = json!("编号,内容,征集单位\nx1,甲,A2\n");
        let strange = desk.app.data(&clerk, TRY, json!({ "input": input })).await["submissionImport"].clone();
        assert_eq!((&strange["failures"][0]["code"], &strange["preview"]), (&json!("NOT_OWN"), &json!([])));
        input["content"] = json!("标题\nx\n");
        let unfit = desk.app.data(&clerk, TRY, json!({ "input": input })).await["submissionImport"].clone();
        assert_eq!(unfit["userErrors"][0]["field"], json!(["input", "mapping"]), "{unfit}");
        assert_eq!((&unfit["preview"], &unfit["headingLine"], &unfit["ignoredColumns"]), (&json!([]), &Value::Null, &json!([])));
        let leader = desk.app.persona(crate::import::COUNTY, "LEADERS", Position::Head).await;
        let (_, answer) = desk.app.graphql(Some(&leader.token), TRY, json!({ "input": input })).await;
        assert_eq!(code(&answer), "FORBIDDEN", "{answer}");
    }
}
