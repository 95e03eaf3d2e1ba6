//! What a portal reads: what its citizens need in order to write, and nothing that departments do.

use std::collections::BTreeSet;

use entity::enums::Position;
use minsheng::schema;
use serde_json::{Value, json};

use crate::permissions::portal;
use crate::support::personas::{HUOQIU, SHUANGLUAN};
use crate::support::{TestApp, code, on_both_databases};
use crate::walker::sdl::Sdl;

/// Fields of the root with what a portal is shown: some of it, refused, or nothing.
const OPEN: [&str; 10] = [
    "serverTime",
    "viewer",
    "campaign",
    "campaigns",
    "departments",
    "node",
    "nodes",
    "passwordRules",
    "publicCampaign",
    "receipt",
];
const FORBIDDEN: [(&str, &str); 5] = [
    ("accountRequests", "accountRequests { nodes { id } }"),
    ("accounts", "accounts { nodes { id } }"),
    ("auditEntries", "auditEntries { nodes { id } }"),
    ("importTemplate", "importTemplate"),
    ("portalClients", "portalClients { nodes { id } }"),
];
/// Asked with a campaign `$c`, a village `$v` and a suggestion's number `$n`.
const EMPTY: [(&str, &str); 27] = [
    ("circulars", "circulars { totalCount nodes { id } }"),
    ("constituents", "constituents { totalCount nodes { id } }"),
    ("dispositionCounts", "dispositionCounts(campaignId: $c) { count }"),
    ("explanations", "explanations { totalCount nodes { id } }"),
    (
        "householdsNotReached",
        "householdsNotReached(campaignId: $c, villageId: $v) { totalCount nodes { number } }",
    ),
    ("inspections", "inspections { totalCount nodes { id } }"),
    ("meetings", "meetings { totalCount nodes { id } }"),
    ("overview", "overview { total { received } }"),
    ("projects", "projects { totalCount nodes { id } }"),
    ("publicities", "publicities { totalCount nodes { id } }"),
    ("queueCounts", "queueCounts { count }"),
    ("reportPeriods", "reportPeriods(campaignId: $c) { dueKey }"),
    ("rosterStatus", "rosterStatus(campaignId: $c) { dueOn }"),
    ("rosters", "rosters(campaignId: $c) { id }"),
    ("streams", "streams { id }"),
    ("submissionByReceiptNumber", "submissionByReceiptNumber(number: $n) { id }"),
    ("submissionFind", "submissionFind(by: { receiptNumber: $n }) { id }"),
    ("submissions", "submissions { totalCount nodes { id } }"),
    ("summaryTableStatus", "summaryTableStatus(campaignId: $c) { state }"),
    ("summaryTables", "summaryTables(campaignId: $c) { totalCount nodes { id } }"),
    ("symposiums", "symposiums { totalCount nodes { id } }"),
    ("tasks", "tasks { totalCount nodes { id } }"),
    ("unitPlans", "unitPlans { totalCount nodes { id } }"),
    ("visits", "visits { totalCount nodes { id } }"),
    ("weeklyReportPreview", "weeklyReportPreview(campaignId: $c) { period { name } }"),
    ("weeklyReportStatus", "weeklyReportStatus(campaignId: $c, periodEnd: \"2022-03-18\") { state }"),
    ("weeklyReports", "weeklyReports(campaignId: $c) { totalCount nodes { id } }"),
];

/// Every field of the root is in one of the lists: a new one must be decided on.
#[test]
fn every_field_of_the_root_is_open_refused_or_empty_to_a_portal() {
    let sdl = Sdl::parse(&schema::definitions());
    let fields: BTreeSet<&str> = sdl.fields("Query").iter().map(|field| field.name.as_str()).collect();
    let named = |list: &'static [(&str, &str)]| list.iter().map(|(name, _)| *name);
    let listed = OPEN.into_iter().chain(named(&FORBIDDEN)).chain(named(&EMPTY));
    assert_eq!(fields, listed.collect());
}

/// Whether an answer shows anything: a text, a number above nothing, a row.
fn shows_something(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Number(number) => number.as_i64() != Some(0),
        Value::Array(items) => items.iter().any(shows_something),
        Value::Object(fields) => fields.values().any(shows_something),
        Value::Bool(true) | Value::String(_) => true,
    }
}

async fn asked(app: &TestApp, token: &str, fields: &str, ids: &Value) -> Value {
    let query = format!("query ($c: ID!, $v: ID!, $n: String!) {{ {fields} {UNUSED} }}");
    app.graphql(Some(token), &query, ids.clone()).await.1
}

/// So that every variable is used.
const UNUSED: &str = "a: node(id: $c) @include(if: false) { id } b: node(id: $v) @include(if: false) { id } \
                      c: receipt(code: $n) @include(if: false) { code }";

on_both_databases! {
    async fn a_portal_is_shown_no_more_than_its_citizens_need(app: TestApp) {
        let app = app.with_both_counties().await;
        let token = portal(&app).await;
        let leaders = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
        let seen = app.data(&leaders, "{ campaigns { id villages(first: 1) { nodes { id } } categories { id } channels { code } }
            departments(first: 100) { totalCount nodes { id code } } }", json!({})).await;
        let campaign = &seen["campaigns"][0];
        let submit = "mutation ($input: SubmissionSubmitInput!) { submissionSubmit(input: $input) { receipt { number } userErrors { code } } }";
        let input = json!({ "title": "村口路灯不亮", "content": "已有半月。", "idempotencyKey": "portal-reads" });
        let made = app.graphql(Some(&token), submit, json!({ "input": input })).await.1;
        let number = &made["data"]["submissionSubmit"]["receipt"]["number"];
        assert!(number.is_string(), "{made}");
        let ids = json!({ "c": campaign["id"], "v": campaign["villages"]["nodes"][0]["id"], "n": number });
        for (name, fields) in EMPTY {
            let answer = asked(&app, &token, fields, &ids).await;
            assert!(answer.get("errors").is_none(), "{name}: {answer}");
            assert!(!shows_something(&answer["data"][name]), "{name}: {answer}");
        }
        for (name, fields) in FORBIDDEN {
            let answer = asked(&app, &token, fields, &ids).await;
            assert_eq!(code(&answer), "FORBIDDEN", "{name}: {answer}");
        }
    }

    async fn a_portal_draws_its_form_from_its_own_campaign_and_channel(app: TestApp) {
        let app = app.with_both_counties().await;
        let token = portal(&app).await;
        let query = "{ campaigns { code closing { closedAt } conformance { code } channels { code owner { code } } categories { code }
            forms { streamCode } villages(first: 100) { totalCount nodes { code committee { code } department { code parent { code } } } } }
            departments(first: 100) { nodes { code } } }";
        let own = app.graphql(Some(&token), query, json!({})).await.1;
        assert!(own.get("errors").is_none(), "{own}");
        let campaign = &own["data"]["campaigns"][0];
        assert_eq!(own["data"]["campaigns"].as_array().map(Vec::len), Some(1));
        assert_eq!(campaign["channels"], json!([{ "code": "WEBSITE", "owner": null }]), "{own}");
        for list in ["categories", "forms"] {
            assert!(!campaign[list].as_array().unwrap().is_empty(), "{list}");
        }
        assert_eq!(campaign["conformance"], Value::Null);
        let villages = campaign["villages"]["nodes"].as_array().unwrap();
        assert!(!villages.is_empty());
        // Townships, which tell villages of one name apart, and no other department.
        let townships: BTreeSet<&str> = villages.iter().map(|village| village["department"]["code"].as_str().unwrap()).collect();
        let departments = own["data"]["departments"]["nodes"].as_array().unwrap().iter();
        let shown: BTreeSet<&str> = departments.map(|row| row["code"].as_str().unwrap()).collect();
        assert!(townships.is_subset(&shown), "{townships:?} {shown:?}");
        assert!(shown.iter().all(|code| code.starts_with("T_") || code.starts_with("DEVELOPMENT")), "{shown:?}");
        assert!(villages.iter().all(|village| village["committee"].is_null()));
        // Another county's portal reads its own.
        let abroad = app.persona(SHUANGLUAN, "LEADING_GROUP", Position::Head).await;
        let other = app.data(&abroad, "{ campaigns { id } }", json!({})).await;
        let node = "query ($id: ID!) { node(id: $id) { id } }";
        let found = app.graphql(Some(&token), node, json!({ "id": other["campaigns"][0]["id"] })).await.1;
        assert_eq!(found["data"]["node"], Value::Null);
    }
}
