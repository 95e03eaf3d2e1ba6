//! Inspections with rechecks, and circulars from draft to receipt.

mod exported;
mod rates;

use entity::enums::Position;
use serde_json::{Value, json};

use crate::decision::{campaign, department, done, entered, refused};
use crate::support::on_both_databases;
use crate::support::personas::{Persona, SHUANGLUAN};
use crate::support::{TestApp, code};

async fn listed(app: &TestApp, who: &Persona, list: &str) -> Value {
    let query = format!("{{ {list} {{ totalCount }} }}");
    app.data(who, &query, json!({})).await[list]["totalCount"].clone()
}

on_both_databases! {
    async fn a_finding_is_reported_rechecked_and_seen_by_both_sides_alone(app: TestApp) {
        let app = app.with_both_counties().await;
        let town = app.persona(SHUANGLUAN, "STS_TOWN", Position::Officer).await;
        let other = app.persona(SHUANGLUAN, "LH_TOWN", Position::Officer).await;
        let supervision = app.persona(SHUANGLUAN, "SUPERVISION_OFFICE", Position::Officer).await;
        let leader = app.persona(SHUANGLUAN, "LEADING_GROUP", Position::Head).await;
        let input = json!({ "idempotencyKey": "inspection-1", "campaignId": campaign(&app, &supervision).await, "departmentId": department(&app, &town).await,
            "inspectedOn": "2022-03-14", "summary": "入户台账抽查", "findings": [{ "text": "三户无走访记录", "rectifyBy": "2022-03-15" }] });
        let made = done(&app, &supervision, "inspectionRecord", "inspection { id findings { position isOverdue } }", input.clone()).await;
        assert_eq!(made["inspection"]["findings"], json!([{ "position": 1, "isOverdue": true }]));
        let id = made["inspection"]["id"].clone();
        for (who, count) in [(&town, 1), (&other, 0), (&supervision, 1), (&leader, 1)] {
            assert_eq!(listed(&app, who, "inspections").await, count, "{}", who.department);
        }
        let query = "mutation ($input: InspectionRecordInput!) { inspectionRecord(input: $input) { userErrors { code } } }";
        assert_eq!(code(&app.graphql(Some(&town.token), query, json!({ "input": input })).await.1), "FORBIDDEN");

        let report = |key: &str| json!({ "idempotencyKey": format!("report-{key}"), "inspectionId": id, "position": 1, "text": "已补访补录", "doneOn": "2022-03-16" });
        let recheck = |version: i32, result: &str| json!({ "inspectionId": id, "position": 1, "expectedVersion": version, "result": result, "recheckedOn": "2022-03-16" });
        assert_eq!(refused(&app, &supervision, "findingRecheck", recheck(1, "PASSED")).await, "WRONG_STAGE");
        assert_eq!(refused(&app, &other, "rectificationReport", report("other")).await, "NOT_FOUND");
        let selection = "inspection { findings { recheck version rectifications { text } } }";
        done(&app, &town, "rectificationReport", selection, report("one")).await;
        done(&app, &supervision, "findingRecheck", selection, recheck(1, "FAILED")).await;
        assert_eq!(refused(&app, &supervision, "findingRecheck", recheck(2, "PASSED")).await, "WRONG_STAGE");
        done(&app, &town, "rectificationReport", selection, report("two")).await;
        let passed = done(&app, &supervision, "findingRecheck", selection, recheck(2, "PASSED")).await;
        assert_eq!(passed["inspection"]["findings"][0]["rectifications"].as_array().unwrap().len(), 2);
        assert_eq!(refused(&app, &town, "rectificationReport", report("three")).await, "WRONG_STAGE");
    }

    async fn a_circular_is_approved_by_another_and_its_figures_stay(app: TestApp) {
        let app = app.with_both_counties().await;
        let town = app.persona(SHUANGLUAN, "STS_TOWN", Position::Officer).await;
        let drafter = app.persona(SHUANGLUAN, "SUPERVISION_OFFICE", Position::Head).await;
        let officer = app.persona(SHUANGLUAN, "SUPERVISION_OFFICE", Position::Officer).await;
        let office = app.persona(SHUANGLUAN, "CAMPAIGN_OFFICE", Position::Officer).await;
        for n in 0..11 {
            entered(&app, &town, &format!("figure-{n}")).await;
        }
        let input = json!({ "idempotencyKey": "circular-1", "campaignId": campaign(&app, &drafter).await, "title": "第一期通报", "text": "各单位归类情况如下。",
            "periodFrom": "2022-03-01", "periodTo": "2022-03-31", "rate": "CLASSIFIED" });
        let selection = "circular { id version number status figures { name numerator denominator rank } }";
        let made = done(&app, &drafter, "circularDraft", selection, input).await["circular"].clone();
        assert_eq!(made["number"], 0, "numbered when it is issued");
        let figures = made["figures"].as_array().unwrap();
        assert_eq!(figures[0], json!({ "name": "双塔山镇", "numerator": 0, "denominator": 11, "rank": 1 }));
        assert!(figures[1..].iter().all(|line| line["rank"].is_null()), "{figures:?}");
        assert_eq!((listed(&app, &town, "circulars").await, listed(&app, &office, "circulars").await), (json!(0), json!(1)));

        let step = |version: i32| json!({ "circularId": made["id"], "expectedVersion": version });
        let acknowledge = json!({ "circularId": made["id"] });
        assert_eq!(refused(&app, &town, "circularAcknowledge", acknowledge.clone()).await, "NOT_FOUND");
        assert_eq!(refused(&app, &drafter, "circularApprove", step(1)).await, "NOT_ENTITLED");
        assert_eq!(refused(&app, &officer, "circularApprove", step(1)).await, "NOT_ENTITLED");
        assert_eq!(refused(&app, &drafter, "circularIssue", step(1)).await, "WRONG_STAGE");
        done(&app, &office, "circularApprove", selection, step(1)).await;
        let issued = done(&app, &officer, "circularIssue", selection, step(2)).await;
        assert_eq!(issued["circular"]["number"], 1);
        assert_eq!(listed(&app, &town, "circulars").await, 1);
        entered(&app, &town, "after").await;
        for _ in 0..2 {
            let receipt = done(&app, &town, "circularAcknowledge", "circular { figures { denominator } receipts { at } }", acknowledge.clone()).await;
            assert_eq!(receipt["circular"]["figures"][0]["denominator"], 11, "frozen");
            assert_eq!(receipt["circular"]["receipts"].as_array().unwrap().len(), 1);
        }
        let query = "{ circulars { nodes { receipts { department { name } } } } }";
        let seen = app.data(&office, query, json!({})).await;
        assert_eq!(seen["circulars"]["nodes"][0]["receipts"], json!([{ "department": { "name": "双塔山镇" } }]));
    }
}
