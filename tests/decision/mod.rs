//! From suggestions to decisions, as the office, the departments and the congress office play it over the API.

mod bound;
mod closing;
mod fate;
mod lines;
mod merging;
mod projects;
mod ways;

use std::collections::BTreeSet;

use entity::enums::Position;
use serde_json::{Value, json};

use crate::support::personas::{HUOQIU, Persona, SHUANGLUAN};
use crate::support::{Backend, TestApp};

/// Calls a mutation and gives its payload, refusals included.
pub(crate) async fn call(app: &TestApp, who: &Persona, field: &str, selection: &str, input: Value) -> Value {
    let kind = format!("{}{}Input", field[..1].to_uppercase(), &field[1..]);
    let query = format!(
        "mutation ($input: {kind}!) {{ {field}(input: $input) {{ {selection} userErrors {{ code field message }} }} }}"
    );
    let data = app.data(who, &query, json!({ "input": input })).await;
    data[field].clone()
}

/// Calls a mutation that must succeed.
pub(crate) async fn done(app: &TestApp, who: &Persona, field: &str, selection: &str, input: Value) -> Value {
    let payload = call(app, who, field, selection, input).await;
    assert_eq!(payload["userErrors"], json!([]), "{field}: {payload}");
    payload
}

/// The code of the refusal with which a mutation ends.
pub(crate) async fn refused(app: &TestApp, who: &Persona, field: &str, input: Value) -> String {
    let payload = call(app, who, field, "__typename", input).await;
    let code = payload["userErrors"][0]["code"].as_str();
    code.unwrap_or_else(|| panic!("{field} was not refused: {payload}")).to_owned()
}

/// Enters a suggestion of a household visit and gives its id.
pub(crate) async fn entered(app: &TestApp, who: &Persona, key: &str) -> Value {
    let input = json!({
        "idempotencyKey": format!("decision-{key}"), "channelId": app.channel_id(who, "HOUSEHOLD_VISIT").await,
        "title": "村口路灯不亮", "content": "村口三盏路灯不亮已有半月，请尽快修好。",
        "extra": if who.department == "NPC_OFFICE" { json!([{ "key": "delegation", "value": "第一代表团" }]) } else { json!([]) },
    });
    let payload = done(app, who, "submissionRecord", "submission { id }", input).await;
    payload["submission"]["id"].clone()
}

/// The id of the caller's campaign.
pub(crate) async fn campaign(app: &TestApp, who: &Persona) -> Value {
    app.data(who, "{ campaigns { id } }", json!({})).await["campaigns"][0]["id"].clone()
}

/// A suggestion as somebody sees it; null where it is hidden.
pub(crate) async fn seen(app: &TestApp, who: &Persona, id: &Value) -> Value {
    let query = "query ($id: ID!) { node(id: $id) { ... on Submission { stage version isMerged
        mergedInto { id } explanation { text deliveredOn } records { action note fromStage toStage } } } }";
    app.data(who, query, json!({ "id": id })).await["node"].clone()
}

/// The id of a department, as everybody may name it.
pub(crate) async fn department(app: &TestApp, who: &Persona) -> Value {
    let query = "{ viewer { department { id } } }";
    app.data(who, query, json!({})).await["viewer"]["department"]["id"].clone()
}

/// The refusals that belong to decisions, each reached; for the list of all codes.
pub(crate) async fn refusals(backend: Backend) -> BTreeSet<String> {
    let app = TestApp::start(backend).await.with_both_counties().await;
    let clerk = app.persona(SHUANGLUAN, "STS_TOWN", Position::Officer).await;
    let office = app.persona(SHUANGLUAN, "CAMPAIGN_OFFICE", Position::Officer).await;
    let voteless = app.persona(HUOQIU, "CAMPAIGN_OFFICE", Position::Officer).await;
    let mut ids = Vec::new();
    for key in ["one", "two", "three"] {
        ids.push(entered(&app, &clerk, key).await);
    }
    let merge = |key: &str, target: &Value, duplicate: &Value, version: i32| {
        json!({
            "idempotencyKey": format!("merge-{key}"), "targetId": target, "expectedVersion": version,
            "duplicateIds": [duplicate], "reason": "内容相同",
        })
    };
    let first = merge("first", &ids[0], &ids[1], 1);
    done(&app, &office, "submissionMerge", "submission { id }", first).await;
    let chained = merge("chained", &ids[1], &ids[2], 2);
    let close = json!({ "campaignId": campaign(&app, &office).await });
    let vote = json!({
        "idempotencyKey": "meeting-vote", "campaignId": campaign(&app, &voteless).await,
        "kind": "CONGRESS_VOTE", "heldOn": "2022-03-16",
    });
    BTreeSet::from([
        refused(&app, &office, "submissionMerge", chained).await,
        refused(&app, &office, "campaignClose", close).await,
        refused(&app, &voteless, "meetingPlan", vote).await,
    ])
}
