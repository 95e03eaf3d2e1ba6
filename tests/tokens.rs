//! The filter of a row of figures as one token: every list takes it, alone and beside other conditions.

use entity::enums::Position;
use serde_json::{Value, json};

use crate::support::personas::{HUOQIU, Persona};
use crate::support::records::RECORD;
use crate::support::{TestApp, code, on_both_databases};

const TABLE: &str =
    "query ($filter: SubmissionFilter, $by: [OverviewDimension!]!) { overview(filter: $filter) {
    total { received } rows(by: $by) { keys { value } figures { received } filter } } }";
const LIST: &str =
    "query ($filter: SubmissionFilter) { submissions(filter: $filter) { totalCount nodes { title } }
    overview(filter: $filter) { total { received } } }";

async fn record(app: &TestApp, who: &Persona, key: &str, kind: &str, title: &str) {
    let input = json!({ "idempotencyKey": key, "channelId": app.channel_id(who, "HOUSEHOLD_VISIT").await, "kind": kind,
        "title": title, "content": "已有半月。", "receivedAt": "2022-03-02T02:00:00Z" });
    let made = app.data(who, RECORD, json!({ "input": input })).await;
    assert_eq!(made["submissionRecord"]["userErrors"], json!([]), "{made}");
}

async fn table(app: &TestApp, who: &Persona, filter: Value, by: Value) -> Value {
    app.data(who, TABLE, json!({ "filter": filter, "by": by })).await["overview"].clone()
}

async fn listed(app: &TestApp, who: &Persona, filter: Value) -> u64 {
    let data = app.data(who, LIST, json!({ "filter": filter })).await;
    assert_eq!(data["overview"]["total"]["received"], data["submissions"]["totalCount"], "{filter}");
    data["submissions"]["totalCount"].as_u64().unwrap()
}

on_both_databases! {
    async fn a_row_s_token_lists_what_the_row_counts_alone_and_beside_other_conditions(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        for (key, kind, title) in
            [("token-0001", "REQUEST", "村口路灯不亮"), ("token-0002", "REQUEST", "桥面破损"), ("token-0003", "COMPLAINT", "村口路灯被撞")]
        {
            record(&app, &clerk, key, kind, title).await;
        }
        let help = table(&app, &leader, json!({ "receivedFrom": "2022-03-01", "receivedTo": "2022-03-31" }), json!(["KIND"])).await;
        let row = help["rows"].as_array().unwrap().iter().find(|row| row["keys"][0]["value"] == "REQUEST").unwrap();
        assert_eq!(row["figures"]["received"], 2);
        let token = &row["filter"];
        for (filter, expected) in [
            (json!({ "token": token }), 2),
            (json!({ "token": token, "text": "路灯" }), 1),
            (json!({ "token": token, "kinds": ["REQUEST", "COMPLAINT"] }), 2),
            (json!({ "token": token, "kinds": ["COMPLAINT"] }), 0),
            (json!({ "token": token, "receivedFrom": "2022-03-03" }), 0),
            (json!({ "token": token, "receivedFrom": "2020-01-01", "receivedTo": "2023-01-01" }), 2),
            (json!({ "token": token, "isLate": true }), 0),
        ] {
            assert_eq!(listed(&app, &leader, filter.clone()).await, expected, "{filter}");
        }
        // A row of a table that a token narrowed has a token of its own, which holds both.
        let narrowed = table(&app, &leader, json!({ "token": token }), json!(["DEPARTMENT"])).await;
        assert_eq!(narrowed["rows"].as_array().unwrap().len(), 1, "{narrowed}");
        assert_eq!(listed(&app, &leader, json!({ "token": narrowed["rows"][0]["filter"] })).await, 2);
        // It opens nobody's door: another department finds nothing by it.
        let other = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        assert_eq!(listed(&app, &other, json!({ "token": token })).await, 0);
        // What an export was of stands in the trail in words.
        let export = "mutation ($input: SubmissionExportInput!) { submissionExport(input: $input) { userErrors { code } export { url } } }";
        let made = app.data(&leader, export, json!({ "input": { "format": "CSV", "filter": { "token": token } } })).await;
        assert_eq!(made["submissionExport"]["userErrors"], json!([]), "{made}");
        let auditor = app.persona(HUOQIU, "AUDITOR", Position::Officer).await;
        let trail = "{ auditEntries(first: 20) { nodes { detail } } }";
        let told = app.data(&auditor, trail, json!({})).await["auditEntries"]["nodes"].to_string();
        assert!(told.contains("REQUEST") && !told.contains(token.as_str().unwrap()), "{told}");
    }

    async fn what_is_no_token_is_refused_by_its_place(app: TestApp) {
        let app = app.with_both_counties().await;
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        for token in [json!(""), json!("e30"), json!("W10"), json!("eyJ0b2tlbiI6ImUzMCJ9"), json!(7)] {
            let (_, answer) = app.graphql(Some(&leader.token), LIST, json!({ "filter": { "token": token } })).await;
            if token == "e30" {
                // Nothing is said: everything is listed.
                assert_eq!(answer["data"]["submissions"]["totalCount"], 0, "{answer}");
                continue;
            }
            assert_eq!(code(&answer), "GRAPHQL_VALIDATION_FAILED", "{token}: {answer}");
            assert!(answer["errors"][0]["message"].as_str().unwrap().contains("token"), "{answer}");
        }
    }
}
