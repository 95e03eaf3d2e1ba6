//! What a request may cost, asked through the door: lists in lists multiply, and what people really ask for fits.

use std::path::Path;

use async_graphql::Variables;
use async_graphql::parser::parse_query;
use entity::enums::Position;
use minsheng::http::HttpSettings;
use minsheng::limits::request::Limits;
use minsheng::limits::request::MAX_COMPLEXITY;
use minsheng::schema::price;
use serde_json::{Value, json};

use crate::queries::fill_texts;
use crate::support::personas::{HUOQIU, Persona};
use crate::support::{Backend, TestApp, code, on_both_databases};

/// The leadership's cockpit: figures cut four ways, every stream with its late ones, the newest with their records.
const COCKPIT: &str = "query Cockpit($late: SubmissionFilter) {
    serverTime
    viewer { name profile operations post { position department { name } } posts { id duty } }
    campaign(by: { code: \"MSQT-2022\" }) { name opensOn closesOn isOpen
        categories { id name } channels { id name owner { name } } streams { id name department { name role { code } } } }
    queueCounts { queue count }
    overview { asOf total { received open ended } previousPeriod { received difference } previousYear { received difference }
        byDepartment: rows(by: [DEPARTMENT]) { keys { label value } figures { received open ended } }
        byCategory: rows(by: [CATEGORY]) { keys { label value } figures { received open ended } }
        byMonth: rows(by: [MONTH]) { keys { label value } figures { received open ended } }
        byBoth: rows(by: [DEPARTMENT, CATEGORY]) { keys { label value } figures { received } } }
    late: submissions(first: 10, filter: $late) { totalCount nodes { ...Line } }
    newest: submissions(first: 20) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { ...Line
        records(last: 3) { action at note toStage department { name } } permissions { canEdit canClassify } } } } }
    fragment Line on Submission { id number title stage kind urgency receivedAt isLate version
        category { name } channel { name } department { name } stream { name } village { name } }";

#[tokio::test]
async fn the_cockpit_costs_at_most_half_and_is_answered() {
    let document = parse_query(COCKPIT).unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    let price = price::price(&document, &operation.node, &Variables::default());
    assert!((MAX_COMPLEXITY / 10..=MAX_COMPLEXITY / 2).contains(&price.units), "{price:?}");
    let app = TestApp::start(Backend::Sqlite).await.with_both_counties().await;
    let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
    let late = json!({ "late": { "isLate": true } });
    assert_eq!(app.data(&leader, COCKPIT, late).await["late"]["totalCount"], 0);
}

#[tokio::test]
async fn what_multiplies_is_refused_before_anybody_is_asked_who_they_are() {
    let app = TestApp::start(Backend::Sqlite).await;
    let mut dear = 0;
    let doubling = (0..30).fold(String::new(), |text, n| {
        text + &format!(" fragment f{n} on Query {{ ...f{0} ...f{0} }}", n + 1)
    });
    for document in [
        "{ streams { campaign { streams { campaign { streams { campaign { streams { id } } } } } } } }"
            .to_owned(),
        "{ submissions(first: 100) { nodes { campaign { villages(first: 100) { nodes { id } } } } } }"
            .to_owned(),
        "{ submissions(first: 100) { nodes { records(last: 100) { department { parent { name } } } } } }"
            .to_owned(),
        "{ nodes(ids: $ids) { ... on Campaign { villages(first: 100) { nodes { id name } } } } }".replacen(
            '{',
            "query ($ids: [ID!]!) {",
            1,
        ),
        // Not executed, but validated.
        format!(
            "query A {{ serverTime }} query B {{ ...f0 }}{doubling} fragment f30 on Query {{ serverTime }}"
        ),
        format!("{{ __schema {{ types {{ {} name {} }} }} }}", "fields { type { ".repeat(8), "} }".repeat(8)),
        // A thousand-fold what one fragment asks of the schema.
        format!(
            "{{ {} }} fragment f on Query {{ __schema {{ types {{ fields {{ args {{ name }} }} }} }} }}",
            "...f ".repeat(50)
        ),
        aliased("submissions(first: 1, filter: { text: \"的\", isLate: false }) { totalCount }"),
        aliased("submissions(first: 100) { nodes { title content } }"),
    ] {
        let ids: Vec<Value> = (0..100).map(|n| json!(n.to_string())).collect();
        let mut question = json!({ "query": document, "variables": { "ids": ids } });
        if document.contains("query A") {
            question["operationName"] = json!("A");
        }
        let asked = crate::support::post().body(question.to_string().into()).unwrap();
        let begun = std::time::Instant::now();
        let (_, _, text) = app.send(asked).await;
        let answer: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(code(&answer), "QUERY_TOO_COMPLEX", "{document}: {answer}");
        dear += usize::from(answer["errors"][0]["extensions"]["costs"][0]["path"].is_string());
        assert!(begun.elapsed().as_secs() < 1, "{document} took {:?}", begun.elapsed());
    }
    assert!(dear >= 5, "only {dear} refusals say which field costs what");
}

#[tokio::test]
async fn a_size_left_to_a_variable_that_is_left_out_is_the_usual_one() {
    let app = TestApp::start(Backend::Sqlite).await.with_both_counties().await;
    let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
    let query = "query ($first: Int, $after: String) { departments(first: $first, after: $after) { nodes { id } } submissions(first: $first) { totalCount } }";
    let data = app.data(&leader, query, json!({})).await;
    assert_eq!(data["departments"]["nodes"].as_array().unwrap().len(), 20);
}

#[tokio::test]
async fn ten_thousand_values_in_the_variables_are_refused() {
    let app = TestApp::start(Backend::Sqlite).await;
    let and = vec![json!({ "isLate": true }); 10_000];
    let query = "query ($filter: SubmissionFilter) { submissions(filter: $filter) { totalCount } }";
    let (_, answer) = app.graphql(None, query, json!({ "filter": { "and": and } })).await;
    assert_eq!(code(&answer), "QUERY_TOO_COMPLEX", "{answer}");
}

/// The same field by thirty aliases.
fn aliased(field: &str) -> String {
    let fields = (0..30).fold(String::new(), |text, n| text + &format!("a{n}: {field} "));
    format!("{{ {fields} }}")
}

#[test]
fn what_the_clients_send_stays_well_below_the_limit() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/clients/operations");
    let mut texts = Vec::new();
    for client in std::fs::read_dir(folder).unwrap() {
        for file in std::fs::read_dir(client.unwrap().path()).unwrap() {
            texts.push(std::fs::read_to_string(file.unwrap().path()).unwrap());
        }
    }
    // Fragments of other files are found: all of them are one document.
    let document = parse_query(texts.join("\n")).unwrap();
    let filter = json!({ "filter": { "text": "路灯" } });
    let mut counted = 0;
    for (name, operation) in document.operations.iter() {
        // A search costs more, and is let through as well. The cockpit fits twice.
        let usual = if name.is_some_and(|name| name == "Cockpit") { 5 } else { 8 };
        for (variables, most) in [(json!({}), MAX_COMPLEXITY * usual / 10), (filter.clone(), MAX_COMPLEXITY)]
        {
            let variables = Variables::from_json(variables);
            let price = price::price(&document, &operation.node, &variables);
            assert!(price.units <= most, "{name:?}: {price:?}");
            counted += 1;
        }
    }
    assert!(counted > 50, "{counted}");
}

/// A hundred suggestions of the greatest length: 30 kB each.
async fn long_texts(app: TestApp) -> (TestApp, Persona) {
    let app = app.with_both_counties().await;
    let leader = app.persona(HUOQIU, "LEADING_GROUP", Position::Head).await;
    fill_texts(&app, 100, |_| "长".repeat(10_000)).await;
    (app, leader)
}

on_both_databases! {
    async fn an_answer_has_a_budget_of_bytes(app: TestApp) {
        let (app, leader) = long_texts(app).await;
        let asked = "query ($first: Int!) { submissions(first: $first) { nodes { title content } } }";
        let data = app.data(&leader, asked, json!({ "first": 50 })).await;
        assert_eq!(data["submissions"]["nodes"].as_array().unwrap().len(), 50);
        let (_, answer) = app
            .graphql(Some(&leader.token), asked, json!({ "first": 100 }))
            .await;
        assert_eq!(code(&answer), "QUERY_TOO_COMPLEX", "{answer}");
        assert_eq!(answer["errors"].as_array().unwrap().len(), 1);
        assert_eq!(answer.get("data"), None);
        // Half of it are the rows that were read, whatever is shown of them.
        let twice = "{ a: submissions(first: 100) { nodes { id } } b: submissions(first: 100) { nodes { id } } }";
        let (_, answer) = app.graphql(Some(&leader.token), twice, json!({})).await;
        assert_eq!(code(&answer), "QUERY_TOO_COMPLEX", "{answer}");
        let once = "{ a: submissions(first: 100) { nodes { id } } }";
        app.data(&leader, once, json!({})).await;
    }

    async fn the_budget_of_bytes_is_a_setting(app: TestApp) {
        let (app, leader) = long_texts(app).await;
        let asked = "{ submissions(first: 100) { nodes { title content } } }";
        let app = app.behind(HttpSettings {
            limits: Limits { answer_bytes: 8 * 1024 * 1024, ..Limits::USUAL },
            ..HttpSettings::default()
        });
        let data = app.data(&leader, asked, json!({})).await;
        assert_eq!(data["submissions"]["nodes"].as_array().unwrap().len(), 100);
    }
}
