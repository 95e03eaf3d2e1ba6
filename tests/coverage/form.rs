//! The form for visits: what is printed, for whom, and that what is typed from it comes back by import as it is headed.

use entity::enums::Position;
use minsheng::cli::import::Ending;
use serde_json::{Value, json};

use super::Field;
use crate::ledger_again::import_by;
use crate::support::files::{Paper, column};
use crate::support::personas::{HUOQIU, Persona, SHUANGLUAN};
use crate::support::{TestApp, code, on_both_databases};

const FORM: &str = "mutation ($input: VisitFormExportInput!) { visitFormExport(input: $input) {
    export { url fileName } userErrors { code field } } }";

const HEADINGS: [&str; 11] = [
    "来源编号",
    "征集单位",
    "村社区",
    "户号",
    "姓名",
    "电话",
    "收到时间",
    "内容",
    "诉求类型",
    "类别",
    "签字",
];

impl Field {
    fn form(&self, village: &str, more: &Value) -> Value {
        let mut input = json!({ "campaignId": self.campaign, "villageId": self.villages[village] });
        for (name, value) in more.as_object().unwrap() {
            input[name] = value.clone();
        }
        input
    }

    async fn printed(&self, who: &Persona, village: &str, more: Value) -> Paper {
        let data = self.app.data(who, FORM, json!({ "input": self.form(village, &more) })).await;
        let export = &data["visitFormExport"]["export"];
        let name = std::path::Path::new(export["fileName"].as_str().unwrap());
        assert_eq!(name.extension().unwrap(), "docx", "{data}");
        let (status, bytes) = self.app.fetch_file(export["url"].as_str().unwrap()).await;
        assert_eq!(status, 200);
        Paper::read(&bytes)
    }

    /// Code and field of the refusal.
    async fn no_form(&self, who: &Persona, village: &str, more: Value) -> String {
        let data = self.app.data(who, FORM, json!({ "input": self.form(village, &more) })).await;
        let payload = &data["visitFormExport"];
        assert_eq!(payload["export"], Value::Null, "{data}");
        let error = &payload["userErrors"][0];
        format!("{} {}", error["code"].as_str().unwrap(), error["field"][1].as_str().unwrap())
    }
}

on_both_databases! {
    async fn what_is_typed_from_a_form_comes_back_under_its_own_headings(app: TestApp) {
        let field = Field::on(app, "2019-10-20").await;
        let town = field.officer("STS_TOWN").await;
        let rows = [("a", 1, "DOOR"), ("b", 3, "SURVEY")].map(|(mark, number, kind)| field.row(mark, "V0101", number, "2019-10-18", kind));
        assert_eq!(field.batch(&town, &rows).await["taken"], 2);

        let form = field.printed(&town, "V0101", json!({ "lines": 4, "withHouseholds": true })).await;
        form.is_to_be_filled_in();
        let around = form.around();
        for told in ["入户走访登记表", "双塔山镇", "小河口村（V0101）", "村类：人居环境改善村", "应访 246 户，截至2019-10-20已征集 2 户", "目标：征集率 95%，尚需 232 户",
            "类别：道路交通、", "诉求类型：建议、投诉、求助、咨询、表扬", "走访人：", "走访日期：", "打印人：测试账号（双塔山镇）", "打印时间：2019-10-20 09:00"] {
            assert!(around.contains(told), "{told} in {around}");
        }
        assert_eq!(form.rows[0], HEADINGS);
        let marks: Vec<String> = (1..=4).map(|number| format!("V0101-1910200900-{number:02}")).collect();
        assert_eq!(column(&form.rows, "来源编号"), marks);
        assert_eq!(column(&form.rows, "户号"), ["2", "4", "5", "6"], "those that nobody has reached yet");
        assert_eq!(form.rows[1][4..], [""; 7], "the rest is blank");

        // Two rows are filled in by hand and typed as they stand.
        let mut typed = form.rows[..3].to_vec();
        for (row, said) in typed[1..].iter_mut().zip(["路灯不亮", "感谢修路"]) {
            let hand = ["居民甲", "199 0000 0123", "2019-10-20", said, if said.starts_with("感谢") { "表扬" } else { "投诉" }, "道路交通", "居民甲"];
            row.splice(4.., hand.map(str::to_owned));
        }
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("typed.csv");
        let lines: Vec<String> = typed.iter().map(|row| row.join(",")).collect();
        std::fs::write(&file, lines.join("\n")).unwrap();
        let (ending, said) = import_by(&field.app, (SHUANGLUAN, "MXGC-2020", "HOUSEHOLD_VISIT"), &file).await;
        assert_eq!(ending, Ending::Complete, "{said}");
        assert!(said.contains("导入 2 行"), "{said}");
        let query = "{ submissions(orderBy: { field: RECEIVED_AT, direction: ASC }) { nodes { externalRef content kind receivedAt category { name } village { code } department { code } } } }";
        let mut found = field.app.data(&town, query, json!({})).await["submissions"]["nodes"].as_array().unwrap().clone();
        found.sort_by_key(|row| row["externalRef"].to_string());
        let place = |content: &str, mark: &str, kind: &str| json!({ "externalRef": mark, "content": content, "kind": kind, "receivedAt": found[0]["receivedAt"],
            "category": { "name": "道路交通" }, "village": { "code": "V0101" }, "department": { "code": "STS_TOWN" } });
        assert_eq!(found, [place("路灯不亮", &marks[0], "COMPLAINT"), place("感谢修路", &marks[1], "PRAISE")]);
        assert!(found[0]["receivedAt"].as_str().unwrap().starts_with("2019-10-20"), "{found:?}");

        // The visits go by the same marks, and the next form leaves their households out.
        let visits = [(&marks[0], 2), (&marks[1], 4)].map(|(mark, number)| field.row(mark, "V0101", number, "2019-10-20", "DOOR"));
        assert_eq!(field.batch(&town, &visits).await["taken"], 2);
        let next = field.printed(&town, "V0101", json!({ "lines": 2, "withHouseholds": true })).await;
        assert_eq!(column(&next.rows, "户号"), ["5", "6"]);
    }

    async fn a_form_tells_nobody_what_it_does_not_see(app: TestApp) {
        let field = Field::on(app, "2019-10-20").await;
        let with = json!({ "withHouseholds": true, "lines": 3 });
        // Whoever may visit a village of another's prints a form, and learns nothing of how far it is.
        for department in ["LH_TOWN", "NPC_OFFICE"] {
            let who = field.officer(department).await;
            let form = field.printed(&who, "V0101", with.clone()).await;
            assert!(!form.around().contains("应访") && !form.around().contains("村类"), "{}", form.around());
            assert_eq!(column(&form.rows, "户号"), ["", "", ""], "{department}");
            assert!(!column(&form.rows, "征集单位")[0].contains("双塔山"), "its own stream");
        }
        for department in ["COMMITTEE_V0101", "CAMPAIGN_OFFICE"] {
            let who = field.officer(department).await;
            let form = field.printed(&who, "V0101", with.clone()).await;
            assert!(form.around().contains("应访 246 户"), "{}", form.around());
            assert_eq!(column(&form.rows, "户号"), ["1", "2", "3"], "{department}");
        }
        let committee = field.officer("COMMITTEE_V0101").await;
        assert_eq!(field.no_form(&committee, "V0102", json!({})).await, "NOT_FOUND villageId");
        let town = field.officer("STS_TOWN").await;
        assert_eq!(field.printed(&town, "V0101", json!({})).await.rows.len(), 21, "twenty rows unless told");
        for lines in [0, -1, 201] {
            assert_eq!(field.no_form(&town, "V0101", json!({ "lines": lines })).await, "INVALID lines");
        }
        assert_eq!(field.printed(&town, "V0101", json!({ "lines": 200 })).await.rows.len(), 201);
        assert_eq!(field.no_form(&town, "V0101", json!({ "villageId": field.campaign })).await, "NOT_FOUND villageId");
        let abroad = field.app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        assert_eq!(field.no_form(&abroad, "V0101", json!({})).await, "NOT_FOUND campaignId");
        for department in ["LEADING_GROUP", "AUDITOR"] {
            let who = field.officer(department).await;
            let input = json!({ "input": field.form("V0101", &json!({})) });
            let (_, answer) = field.app.graphql(Some(&who.token), FORM, input).await;
            assert_eq!(code(&answer), "FORBIDDEN", "{answer}");
        }

        let auditor = field.officer("AUDITOR").await;
        let query = "{ auditEntries(first: 100, filter: { actions: [EXPORT] }) { nodes { subject detail } } }";
        let data = field.app.data(&auditor, query, json!({})).await;
        let told = data["auditEntries"]["nodes"].as_array().unwrap();
        assert_eq!(told.len(), 6, "what was let out, and nothing that was refused: {data}");
        assert!(told.iter().all(|line| line["subject"] == "export:VISIT_FORM"));
        let detail: Value = serde_json::from_str(told[0]["detail"].as_str().unwrap()).unwrap();
        assert_eq!((&detail["format"], &detail["filter"]["lines"]), (&json!("DOCX"), &json!(200)));
    }

    async fn a_form_in_english_is_headed_as_the_import_reads_it_too(app: TestApp) {
        let field = Field::on(app, "2019-10-20").await;
        let town = field.officer("STS_TOWN").await;
        let input = field.form("V0101", &json!({ "lines": 1 }));
        let mut rows = Paper::read(&field.app.file_in_english(&town, FORM, "visitFormExport", input).await).rows;
        assert_eq!(rows[0][..4], ["Reference", "Department", "Village", "Household"]);
        rows[1].splice(4.., ["居民甲", "", "2019-10-20", "路灯不亮", "Request for help", "道路交通", ""].map(str::to_owned));
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("typed.csv");
        std::fs::write(&file, rows.iter().map(|row| row.join(",")).collect::<Vec<_>>().join("\n")).unwrap();
        let (ending, said) = import_by(&field.app, (SHUANGLUAN, "MXGC-2020", "HOUSEHOLD_VISIT"), &file).await;
        assert_eq!(ending, Ending::Complete, "{said}");
        let found = field.app.data(&town, "{ submissions { nodes { kind village { code } category { name } } } }", json!({})).await;
        assert_eq!(found["submissions"]["nodes"], json!([{ "kind": "REQUEST", "village": { "code": "V0101" }, "category": { "name": "道路交通" } }]));
    }
}
