//! Signed means reproducible: ten thousand later edits change no byte, and one changed byte is found.

use entity::enums::Position;
use minsheng::reporting::seal::{self, Finding};
use minsheng::reporting::summary::document::canonical;
use minsheng::reporting::summary::store::{Problem, document_of, find, frozen_lines, verify};
use minsheng::secrets::token::PublicKeys;
use serde_json::{Value, json};

use super::summary::Desk;
use super::{TOWN, campaign, mutate};
use crate::support::personas::{PLANS, SHUANGLUAN};
use crate::support::truth::Raw;
use crate::support::{TestApp, binary, on_both_databases};

/// Suggestions of the township; everyone is edited over and over.
const ROWS: usize = 300;

/// Statements past both walls, with the triggers away that would stop them.
pub(super) async fn tamper(app: &TestApp, sql: &str) {
    let raw = Raw::open(&app.database.unscoped_url()).await;
    raw.lift_freezes().await;
    assert!(raw.run(sql).await.unwrap() > 0, "{sql}");
    raw.close().await;
}

async fn problems(app: &TestApp) -> (usize, Vec<Problem>) {
    let tx = app.county_read(SHUANGLUAN).await;
    verify(&tx, None, &app.app.documents).await.unwrap()
}

/// The bytes as the rows give them now.
async fn regenerated(app: &TestApp, table: &Value) -> String {
    let tx = app.county_read(SHUANGLUAN).await;
    let id = app.app.ids.decode(table["id"].as_str().unwrap()).unwrap().1.into();
    let row = find(&tx, id).await.unwrap().unwrap();
    let lines = frozen_lines(&tx, id).await.unwrap();
    let text = canonical(&row, &lines).unwrap();
    assert_eq!(document_of(&tx, id).await.unwrap().unwrap().canonical, text);
    text
}

/// What the API is asked to change of it, and refuses: words, classes, withdrawals.
async fn refused_by_api(app: &TestApp) {
    let clerk = app.later("2019-11-20T01:00:00Z", TOWN, Position::Officer).await;
    let (_, classes) = campaign(app, &clerk).await;
    let page = "{ submissions(first: 10) { nodes { id version category { id } } } }";
    let page = app.data(&clerk, page, json!({})).await["submissions"]["nodes"].clone();
    for row in page.as_array().unwrap() {
        let other = usize::from(row["category"]["id"] == classes[0]);
        for (field, further) in [
            ("submissionWithdraw", json!({ "reason": "重复登记" })),
            ("submissionClassify", json!({ "categoryId": classes[other] })),
            ("submissionEdit", json!({ "title": "改过的标题" })),
        ] {
            let mut input = json!({ "submissionId": row["id"], "expectedVersion": row["version"] });
            input.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
            let refused = mutate(app, &clerk, field, input, "submission { id }").await;
            assert_eq!(refused["userErrors"][0]["code"], "WRONG_STAGE", "{field}");
        }
    }
}

/// Thousands of edits in the tables themselves, withdrawals, other classes and names of everything around them included.
async fn edit_in_bulk(app: &TestApp, how_many: usize) -> usize {
    let raw = Raw::open(&app.database.unscoped_url()).await;
    let (mut edits, mut turn) = (0, 0);
    while edits < how_many {
        turn += 1;
        let sql = format!(
            "UPDATE submission SET title = '第{turn}次修改', content = '第{turn}次修改的内容', beneficiaries = {turn}, version = version + 1, \
             urgency = CASE urgency WHEN 'CRITICAL' THEN 'NORMAL' ELSE 'CRITICAL' END WHERE number LIKE '{TOWN}-%'"
        );
        edits += usize::try_from(raw.run(&sql).await.unwrap()).unwrap();
    }
    let some = |digit: u8| format!("WHERE number LIKE '{TOWN}-%{digit}'");
    raw.run(&format!("UPDATE submission SET stage = 'WITHDRAWN' {}", some(0))).await.unwrap();
    let other = "(SELECT other.category FROM submission other WHERE other.county = submission.county \
         AND other.category <> submission.category LIMIT 1)";
    raw.run(&format!("UPDATE submission SET category = {other} {}", some(1))).await.unwrap();
    for table in ["category", "village", "department", "campaign", "county"] {
        raw.run(&format!("UPDATE {table} SET name = '改名'")).await.unwrap();
    }
    raw.run("UPDATE account SET display_name = '改名'").await.unwrap();
    raw.close().await;
    edits
}

on_both_databases! {
    async fn ten_thousand_later_edits_change_no_byte_and_one_changed_byte_is_found(app: TestApp) {
        let app = app.at("2019-11-15T01:00:00Z").await;
        app.receive(TOWN, ROWS, "2019-11-14T02:00:00Z", true).await;
        let desk = Desk { app: &app, instant: "2019-11-15T01:00:00Z" };
        let table = desk.signed().await;
        let head = desk.who(Position::Head).await;
        let before = desk.ask(&head, &table, "document sha256 exported lines { count proposers beneficiaries villages }").await;
        assert_eq!(before["lines"][0]["count"], 150);

        refused_by_api(&app).await;
        let edits = edit_in_bulk(&app, 10_000).await;
        assert!(edits >= 10_000, "{edits}");
        // A plan with other columns and classes as well.
        app.apply_plan(&PLANS[0].1.replace("name = \"意见建议内容\"", "name = \"内容摘要\"").replace("name = \"道路交通\"", "name = \"交通\"")).await;
        let head = app.later("2019-11-20T02:00:00Z", TOWN, Position::Head).await;
        let after = desk.ask(&head, &table, "document sha256 exported lines { count proposers beneficiaries villages }").await;
        assert_eq!(after, before);
        assert_eq!(regenerated(&app, &table).await, before["document"].as_str().unwrap());
        assert_eq!(problems(&app).await, (1, Vec::new()));
        let diff = desk.ask(&head, &table, "diff { lines { line { count } count reclassified withdrawn urgency } }").await;
        let first = &diff["diff"]["lines"][0];
        let gone = first["reclassified"].as_array().unwrap().len() + first["withdrawn"].as_array().unwrap().len();
        assert_eq!(first["count"].as_u64().unwrap() + gone as u64, 150, "{first}");
        assert!(gone > 0);
        by_file(&app, before["exported"].as_str().unwrap());
        by_row(&app).await;
    }

    async fn the_database_itself_refuses_to_change_what_was_signed(app: TestApp) {
        let app = app.at("2019-11-15T01:00:00Z").await;
        app.receive(TOWN, 4, "2019-11-14T02:00:00Z", true).await;
        let desk = Desk { app: &app, instant: "2019-11-15T01:00:00Z" };
        desk.signed().await;
        let raw = Raw::open(&app.database.unscoped_url()).await;
        for sql in [
            "UPDATE summary_table SET signed_by = 'x'", "UPDATE summary_table SET frame = NULL", "DELETE FROM summary_table",
            "UPDATE summary_table SET status = 'DRAFT'", "UPDATE summary_line SET text = 'x'", "DELETE FROM summary_line",
            "INSERT INTO summary_line SELECT * FROM summary_line", "UPDATE summary_source SET number = 'x'", "DELETE FROM summary_source",
        ] {
            assert!(raw.run(sql).await.is_err(), "{sql}");
        }
        if !raw.is_postgres() {
            for sql in ["UPDATE summary_document SET canonical = 'x'", "DELETE FROM summary_document"] {
                assert!(raw.run(sql).await.is_err(), "{sql}");
            }
        }
        raw.close().await;
        assert_eq!(problems(&app).await, (1, Vec::new()));
    }
}

/// `minsheng verify FILE`, without any database.
fn by_file(app: &TestApp, file: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (sound, keys, changed) = (path("sound.json"), path("jwks.json"), path("changed.json"));
    let jwks = app.app.documents.jwks().to_string();
    std::fs::write(&sound, file).unwrap();
    std::fs::write(&keys, &jwks).unwrap();
    std::fs::write(&changed, file.replacen("村口、", "村头、", 1)).unwrap();
    let run = |arguments: &[&str]| {
        let output = binary::minsheng(&app.database, arguments)
            .env_clear()
            .env("MINSHENG_LANG", "en")
            .output()
            .unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, said) = run(&["verify", &sound, "--jwks", &keys]);
    assert!(code == Some(0) && said.contains("genuine"), "{said}");
    let (code, said) = run(&["verify", &sound]);
    assert!(code == Some(0) && said.contains("not checked"), "{said}");
    let (code, said) = run(&["verify", &changed]);
    assert!(code == Some(1) && said.contains("line 1 was changed"), "{said}");
    let public = PublicKeys::from_jwks(&jwks).unwrap();
    let bytes = file.as_bytes();
    for place in (0..bytes.len()).step_by(97) {
        let mut other = bytes.to_vec();
        other[place] ^= 1;
        assert_ne!(seal::examine(&other, Some(&public)), [], "byte {place}");
    }
}

/// One byte in any column that was signed.
async fn by_row(app: &TestApp) {
    for (table, column) in [
        ("summary_document", "canonical"),
        ("summary_document", "kid"),
        ("summary_document", "signature"),
        ("summary_line", "text"),
        ("summary_line", "category_name"),
        ("summary_line", "category_code"),
        ("summary_line", "remark"),
        ("summary_source", "number"),
        ("summary_table", "signed_by"),
        ("summary_table", "reviewed_by"),
    ] {
        let (whole, back) =
            (format!("{column} || 'x'"), format!("substr({column}, 1, length({column}) - 1)"));
        tamper(app, &format!("UPDATE {table} SET {column} = {whole}")).await;
        let (checked, found) = problems(app).await;
        assert_eq!((checked, found.len()), (1, 1), "{table}.{column}");
        tamper(app, &format!("UPDATE {table} SET {column} = {back}")).await;
        assert_eq!(problems(app).await.1, [], "{table}.{column}");
    }
    for (table, column) in [
        ("summary_line", "count"),
        ("summary_line", "proposers"),
        ("summary_line", "beneficiaries"),
        ("summary_table", "edition"),
    ] {
        tamper(app, &format!("UPDATE {table} SET {column} = {column} + 1")).await;
        assert_eq!(problems(app).await.1.len(), 1, "{table}.{column}");
        tamper(app, &format!("UPDATE {table} SET {column} = {column} - 1")).await;
    }
    tamper(app, "UPDATE summary_document SET sha256 = upper(sha256)").await;
    assert_eq!(problems(app).await.1[0].findings, [Finding::Hash]);
    tamper(app, "UPDATE summary_document SET sha256 = lower(sha256)").await;
    let said = |arguments: &[&str]| {
        let output = binary::run(&app.database, arguments);
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, sound) = said(&["verify", "--database", "--county", SHUANGLUAN, "--campaign", "MXGC-2020"]);
    assert!(code == Some(0) && sound.contains("checked 1"), "{sound}");
    tamper(app, "UPDATE summary_line SET text = 'x' WHERE position = 2").await;
    assert!(problems(app).await.1[0].rows_differ);
    let (code, broken) = said(&["verify", "--database"]);
    assert!(code == Some(1) && broken.contains("STS_TOWN MAIN 1/1"), "{broken}");
    tamper(app, "UPDATE summary_document SET canonical = 'x'").await;
    assert!(problems(app).await.1[0].findings.contains(&Finding::Hash));
    tamper(app, "DELETE FROM summary_document").await;
    assert!(problems(app).await.1[0].document_missing);
}
