//! A circular as a file: frozen, printed with its text, and hidden from whoever does not see it yet.

use calamine::Data;
use entity::enums::Position;
use serde_json::{Value, json};

use crate::decision::{campaign, done, entered};
use crate::support::files::column;
use crate::support::personas::SHUANGLUAN;
use crate::support::{TestApp, on_both_databases};

const CIRCULAR: &str = "circularExport";

on_both_databases! {
    async fn a_circular_is_carried_out_by_whoever_sees_it(app: TestApp) {
        let app = app.with_both_counties().await;
        let town = app.persona(SHUANGLUAN, "STS_TOWN", Position::Officer).await;
        let drafter = app.persona(SHUANGLUAN, "SUPERVISION_OFFICE", Position::Officer).await;
        let office = app.persona(SHUANGLUAN, "CAMPAIGN_OFFICE", Position::Officer).await;
        let village = app.persona(SHUANGLUAN, "COMMITTEE_V0101", Position::Officer).await;
        let auditor = app.persona(SHUANGLUAN, "AUDITOR", Position::Officer).await;
        for n in 0..11 {
            entered(&app, &town, &format!("exported-{n}")).await;
        }
        let input = json!({ "idempotencyKey": "circular-exported", "campaignId": campaign(&app, &drafter).await, "title": "=第一期通报", "text": "各单位归类情况如下。",
            "periodFrom": "2022-03-01", "periodTo": "2022-03-31", "rate": "CLASSIFIED" });
        let made = done(&app, &drafter, "circularDraft", "circular { id }", input).await["circular"].clone();
        let input = json!({ "circularId": made["id"] });
        assert_eq!(app.refused_export(&town, CIRCULAR, input.clone()).await, "NOT_FOUND circularId");
        let former = app.carried(&office, CIRCULAR, input.clone()).await;
        let page = app.printed(&drafter, CIRCULAR, input.clone()).await;
        for wanted in ["=第一期通报", "期号印发时编定（草稿）", "2022-03-01 至 2022-03-31", "归类率", "各单位归类情况如下。"] {
            assert!(page.contains(wanted), "{wanted} in {page}");
        }
        let step = |version: i32| json!({ "circularId": made["id"], "expectedVersion": version });
        done(&app, &office, "circularApprove", "circular { id }", step(1)).await;
        done(&app, &drafter, "circularIssue", "circular { id }", step(2)).await;
        entered(&app, &town, "after").await;
        for who in [&town, &office, &drafter, &village] {
            assert_eq!(app.carried(who, CIRCULAR, input.clone()).await, former, "frozen, for {}", who.department);
        }
        let page = app.printed(&town, CIRCULAR, input.clone()).await;
        assert!(page.contains("第1期（已印发）"), "{page}");
        assert_eq!(former[1], ["1", "双塔山镇", "11", "0", "0", "0", "11", "0.00%"]);
        assert!(column(&former, "排名")[1..].iter().all(|rank| *rank == "不排名"));
        let sheet = app.worksheet(&town, CIRCULAR, input.clone()).await;
        assert_eq!((sheet.len(), &sheet[1][6]), (former.len(), &Data::Float(11.0)));
        assert_eq!(app.refused_export(&auditor, CIRCULAR, input).await, "FORBIDDEN");

        let query = "{ auditEntries(first: 100) { nodes { action subject detail } } }";
        let data = app.data(&auditor, query, json!({})).await;
        let lines: Vec<&Value> = data["auditEntries"]["nodes"].as_array().unwrap().iter().filter(|line| line["subject"] == "export:CIRCULAR").collect();
        assert_eq!(lines.iter().filter(|line| line["action"] == "EXPORT").count(), 8, "each is written down");
        let detail: Value = serde_json::from_str(lines[0]["detail"].as_str().unwrap()).unwrap();
        assert_eq!(detail["format"], "XLSX");
        assert!(detail["filter"]["id"].is_string(), "{detail}");
    }
}
