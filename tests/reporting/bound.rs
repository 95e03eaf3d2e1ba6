//! What a department has signed stays as it was signed: its collector corrects, classifies and withdraws nothing of it.

use entity::enums::Position;
use serde_json::{Value, json};

use super::summary::Desk;
use super::{TOWN, campaign, mutate};
use crate::support::personas::Persona;
use crate::support::{TestApp, on_both_databases};

const BUTTONS: &str = "permissions { canEdit canClassify canWithdraw canProposeInvalid }";

/// A suggestion as its clerk sees it.
async fn seen(app: &TestApp, clerk: &Persona, id: &Value) -> Value {
    let query = format!(
        "query ($id: ID!) {{ node(id: $id) {{ ... on Submission {{ version title category {{ id }} stage {BUTTONS} }} }} }}"
    );
    app.data(clerk, &query, json!({ "id": id })).await["node"].clone()
}

/// How each step on a suggestion ends, in the order of [`BUTTONS`]; those that are refused change nothing.
async fn ends(app: &TestApp, clerk: &Persona, id: &Value, class: &Value) -> Vec<String> {
    let mut ends = Vec::new();
    for (field, button, further) in [
        ("submissionEdit", "canEdit", json!({ "title": "巷口路灯不亮" })),
        ("submissionClassify", "canClassify", json!({ "categoryId": class })),
        ("submissionWithdraw", "canWithdraw", json!({ "reason": "重复登记" })),
        ("submissionInvalidPropose", "canProposeInvalid", json!({ "reason": "SPAM" })),
    ] {
        let before = seen(app, clerk, id).await;
        let mut input = json!({ "submissionId": id, "expectedVersion": before["version"] });
        input.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
        let payload = mutate(app, clerk, field, input, "submission { id }").await;
        let code = payload["userErrors"][0]["code"].as_str().unwrap_or("OK").to_owned();
        assert_eq!(before["permissions"][button] == true, code != "WRONG_STAGE", "{button}: {payload}");
        if code != "OK" {
            assert_eq!(seen(app, clerk, id).await, before, "{field}");
        }
        ends.push(code);
    }
    ends
}

on_both_databases! {
    async fn what_is_signed_is_neither_corrected_nor_classified_nor_withdrawn_until_it_is_returned(app: TestApp) {
        let app = app.at("2019-11-15T01:00:00Z").await;
        app.receive(TOWN, 4, "2019-11-14T02:00:00Z", true).await;
        let desk = Desk { app: &app, instant: "2019-11-15T01:00:00Z" };
        let clerk = desk.who(Position::Officer).await;
        let (_, classes) = campaign(&app, &clerk).await;
        let rows = app.data(&clerk, "{ submissions { nodes { id category { id } } } }", json!({})).await;
        let rows = rows["submissions"]["nodes"].as_array().unwrap().clone();
        let row = rows.iter().find(|row| row["category"]["id"] == classes[0]).unwrap();

        // In a draft the words are still corrected; what stands in it is not taken back.
        let drafted = desk.draft("MAIN").await["summaryTable"].clone();
        let lined = desk.line(&drafted, 0, true).await["summaryTable"].clone();
        assert_eq!(ends(&app, &clerk, &row["id"], &classes[0]).await, ["OK", "DUPLICATE", "WRONG_STAGE", "WRONG_STAGE"]);

        let whole = desk.line(&lined, 1, false).await["summaryTable"].clone();
        let signed = desk.sign(&whole).await["summaryTable"].clone();
        assert_eq!(signed["status"], "SIGNED");
        let clerk = desk.who(Position::Officer).await;
        assert_eq!(ends(&app, &clerk, &row["id"], &classes[1]).await, ["WRONG_STAGE"; 4]);
        let told = json!({ "submissionId": row["id"], "expectedVersion": 2, "title": "别的" });
        let refused = mutate(&app, &clerk, "submissionEdit", told, "submission { id }").await;
        assert!(refused["userErrors"][0]["message"].as_str().unwrap().contains("请征集办先退回该表"), "the way is told: {refused}");

        // Returned by the office it is corrected again, and stays handed in.
        desk.step("summaryTableReturn", &signed, &desk.office().await).await;
        let clerk = desk.who(Position::Officer).await;
        let title = json!({ "submissionId": row["id"], "expectedVersion": 2, "title": "巷口两盏路灯不亮" });
        let done = mutate(&app, &clerk, "submissionEdit", title, "submission { title }").await;
        assert_eq!(done["userErrors"], json!([]), "{done}");
        let withdraw = json!({ "submissionId": row["id"], "expectedVersion": 3, "reason": "重复登记" });
        let refused = mutate(&app, &clerk, "submissionWithdraw", withdraw, "submission { id }").await;
        assert_eq!(refused["userErrors"][0]["code"], "WRONG_STAGE");
    }
}
