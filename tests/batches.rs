//! Steps on many suggestions at once: each row is taken or refused by itself.

use entity::enums::Position;
use serde_json::{Value, json};

use crate::support::personas::{HUOQIU, Persona};
use crate::support::{TestApp, code, on_both_databases};

const CLASSIFY: &str = "mutation ($input: SubmissionsClassifyInput!) { submissionsClassify(input: $input) { taken refused
    outcomes { submissionId submission { id version stage category { id } records(last: 1) { number action note } } userErrors { code field } }
    userErrors { code field } } }";
const WITHDRAW: &str =
    "mutation ($input: SubmissionsWithdrawInput!) { submissionsWithdraw(input: $input) { taken refused
    outcomes { submission { stage } userErrors { code field } } userErrors { code field } } }";

/// Enters suggestions and gives their ids.
async fn entered(app: &TestApp, clerk: &Persona, many: usize) -> Vec<Value> {
    let record = "mutation ($input: SubmissionRecordInput!) { submissionRecord(input: $input) { submission { id } userErrors { code } } }";
    let channel = app.channel_id(clerk, "HOUSEHOLD_VISIT").await;
    let mut ids = Vec::new();
    for turn in 0..many {
        let input = json!({ "idempotencyKey": format!("batch-{turn:04}"), "channelId": channel, "title": format!("路灯 {turn}"),
            "content": "村口的路灯不亮已有半月" });
        let data = app.data(clerk, record, json!({ "input": input })).await;
        ids.push(data["submissionRecord"]["submission"]["id"].clone());
    }
    ids
}

async fn class_of(app: &TestApp, clerk: &Persona, place: usize) -> Value {
    let data = app.data(clerk, "{ campaigns { categories { id } } }", json!({})).await;
    data["campaigns"][0]["categories"][place]["id"].clone()
}

/// The codes of each row of a batch.
fn codes(payload: &Value) -> Vec<&str> {
    let outcomes = payload["outcomes"].as_array().unwrap().iter();
    outcomes.map(|outcome| outcome["userErrors"][0]["code"].as_str().unwrap_or("OK")).collect()
}

on_both_databases! {
    async fn each_row_of_a_batch_is_taken_or_refused_by_itself(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let neighbour = app.persona(HUOQIU, "T_ZHOUJI", Position::Officer).await;
        let ids = entered(&app, &clerk, 4).await;
        let foreign = entered(&app, &neighbour, 1).await[0].clone();
        let (one, other) = (class_of(&app, &clerk, 0).await, class_of(&app, &clerk, 1).await);
        let row = |id: &Value, version: i32, class: &Value| json!({ "submissionId": id, "expectedVersion": version, "categoryId": class, "note": "批量" });
        let rows = json!([row(&ids[2], 1, &one), row(&foreign, 1, &one), row(&ids[0], 7, &one), row(&ids[1], 1, &json!("bm9uc2Vuc2U")),
            row(&ids[3], 1, &other), row(&ids[2], 1, &other)]);
        let payload = app.data(&clerk, CLASSIFY, json!({ "input": { "rows": rows } })).await["submissionsClassify"].clone();
        assert_eq!(codes(&payload), ["OK", "NOT_FOUND", "STALE_VERSION", "NOT_FOUND", "OK", "STALE_VERSION"], "{payload}");
        assert_eq!((&payload["taken"], &payload["refused"], &payload["userErrors"]), (&json!(2), &json!(4), &json!([])));
        assert_eq!(payload["outcomes"][3]["userErrors"][0]["field"], json!(["input", "rows", "3", "categoryId"]));
        let taken = &payload["outcomes"][0]["submission"];
        assert_eq!((&taken["id"], &taken["stage"], &taken["version"], &taken["category"]["id"]), (&ids[2], &json!("CLASSIFIED"), &json!(2), &one));
        assert_eq!(payload["outcomes"][1]["submission"], Value::Null);
        assert_eq!(payload["outcomes"][2]["submission"]["version"], 1, "a stale row shows the present version");
        // The record goes on without a gap: four were entered, two were classified.
        let mut numbers: Vec<_> = [0, 4].iter().map(|place| &payload["outcomes"][*place]["submission"]["records"])
            .map(|records| records.as_array().unwrap().iter().find(|line| line["action"] == "CLASSIFIED").unwrap()["number"].as_i64().unwrap()).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, [5, 6]);
        let left = "query ($id: ID!) { node(id: $id) { ... on Submission { stage version } } }";
        for untouched in [&ids[0], &ids[1]] {
            assert_eq!(app.data(&clerk, left, json!({ "id": untouched })).await["node"], json!({ "stage": "RECEIVED", "version": 1 }));
        }
        assert_eq!(app.data(&neighbour, left, json!({ "id": foreign })).await["node"], json!({ "stage": "RECEIVED", "version": 1 }));
    }

    async fn a_batch_of_withdrawals_has_a_reason_for_each(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let ids = entered(&app, &clerk, 2).await;
        let rows = json!([{ "submissionId": ids[0], "expectedVersion": 1, "reason": "重复登记" }, { "submissionId": ids[1], "expectedVersion": 1, "reason": " " }]);
        let payload = app.data(&clerk, WITHDRAW, json!({ "input": { "rows": rows } })).await["submissionsWithdraw"].clone();
        assert_eq!(codes(&payload), ["OK", "INVALID"], "{payload}");
        assert_eq!(payload["outcomes"][1]["userErrors"][0]["field"], json!(["input", "rows", "1", "reason"]));
        assert_eq!(payload["outcomes"][0]["submission"]["stage"], "WITHDRAWN");
    }

    async fn a_batch_has_a_limit_and_its_own_right(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let row = json!({ "submissionId": "x", "expectedVersion": 1, "categoryId": "x" });
        for rows in [json!([]), json!(vec![row.clone(); 101])] {
            let payload = app.data(&clerk, CLASSIFY, json!({ "input": { "rows": rows } })).await["submissionsClassify"].clone();
            assert_eq!(payload["userErrors"], json!([{ "code": "INVALID", "field": ["input", "rows"] }]));
            assert_eq!((&payload["outcomes"], &payload["taken"]), (&Value::Null, &json!(0)));
        }
        let whole = app.data(&clerk, CLASSIFY, json!({ "input": { "rows": vec![row.clone(); 100] } })).await["submissionsClassify"].clone();
        assert_eq!((&whole["taken"], &whole["refused"]), (&json!(0), &json!(100)));
        let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let (_, answer) = app.graphql(Some(&leader.token), CLASSIFY, json!({ "input": { "rows": [row] } })).await;
        assert_eq!(code(&answer), "FORBIDDEN");
    }
}
