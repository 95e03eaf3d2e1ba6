//! The walker at subscriptions: every suggestion of both counties changes, and each caller is told of those it sees, all
//! of them and no other, with nothing in an event that a query would not show.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::body::Body;
use entity::id::SubmissionId;
use entity::submission::{Column, Entity};
use futures::StreamExt as _;
use minsheng::access::system;
use minsheng::db::Predicate;
use minsheng::graphql::id::Kind;
use minsheng::graphql::schema;
use serde_json::{Map, Value, json};
use tower::ServiceExt as _;

use super::oracle::Oracle;
use super::request::{Call, document, leaves};
use super::sdl::{Field, Sdl};
use crate::support::records::code;
use crate::support::rights::sees;
use crate::support::truth::text;
use crate::support::world::{Who, World, global};
use crate::support::{Backend, TestApp, post};

/// Most leaves of one subscription.
const LEAVES: usize = 150;
/// What is told of at once, one by one.
const CHANGES: usize = 50;
/// Silence after which nothing more is told.
const SILENCE: Duration = Duration::from_secs(3);

/// A subscription that was begun, and what it will tell.
struct Feed<'w> {
    who: &'w Who,
    field: Field,
    body: Body,
}

/// Who stands for each kind of caller; those nobody lets in are refused before.
pub(super) async fn all(backend: Backend, whos: impl Fn(&Who) -> bool) {
    let world = World::of(backend).await;
    let app = world.copy().await;
    let sdl = Sdl::parse(&schema::definitions());
    let mut feeds = Vec::new();
    for who in world.whos.iter().filter(|who| whos(who)) {
        for field in sdl.fields("Subscription") {
            for call in calls(world, &app, &sdl, who, field) {
                feeds.push(Feed {
                    who,
                    field: field.clone(),
                    body: begin(&app, &sdl, who, &call).await,
                });
            }
        }
    }
    while app.app.events.subscribers() < feeds.len() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    change_everything(world, &app).await;
    let told = feeds.into_iter().map(|feed| hear(&app, world, &sdl, feed));
    let findings: Vec<String> = futures::future::join_all(told).await.concat();
    assert!(findings.is_empty(), "{findings:#?}");
}

/// All that lies at most two objects deep, in parts that the limits allow.
fn calls(world: &World, app: &TestApp, sdl: &Sdl, who: &Who, field: &Field) -> Vec<Call> {
    let mut args = Map::new();
    for arg in field.args.iter().filter(|arg| arg.required) {
        assert_eq!(
            arg.name, "campaignId",
            "an argument that the walker does not know"
        );
        args.insert(arg.name.clone(), json!(campaign(world, app, who).1));
    }
    let all = leaves(sdl, &field.ty.name, 2);
    let parts = all.chunks(LEAVES).map(|part| Call {
        trail: vec![field.name.clone()],
        args: args.clone(),
        varied: String::new(),
        leaves: with_its_name(sdl, field, part),
        must_fail: false,
    });
    parts.collect()
}

/// Each event tells of which suggestion it is; figures tell by themselves.
fn with_its_name(sdl: &Sdl, field: &Field, part: &[Vec<String>]) -> Vec<Vec<String>> {
    let fields = sdl.fields(&field.ty.name);
    let steps: &[&str] = if fields.iter().any(|field| field.name == "id") {
        &["id"]
    } else {
        &["total", "received"]
    };
    let name = steps.iter().map(|step| (*step).to_owned()).collect();
    [part, &[name]].concat()
}

/// Key and global id of the one campaign of a county.
fn campaign(world: &World, app: &TestApp, who: &Who) -> (String, String) {
    let rows = world.truth.rows("campaign").iter();
    let mut own = rows.filter(|row| text(row, "county") == who.county);
    let key = text(own.next().unwrap(), "id").to_owned();
    let id = global(app, Kind::Campaign, &key);
    (key, id)
}

async fn begin(app: &TestApp, sdl: &Sdl, who: &Who, call: &Call) -> Body {
    let (query, variables) = document(sdl, "Subscription", std::slice::from_ref(call));
    let request = post()
        .header("accept", "text/event-stream")
        .header(
            "authorization",
            format!("Bearer {}", who.token.as_deref().unwrap()),
        )
        .body(Body::from(
            json!({ "query": query, "variables": variables }).to_string(),
        ))
        .unwrap();
    let response = app.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200, "{}: {query}", who.name);
    response.into_body()
}

/// Every suggestion, as many at once as are told one by one.
async fn change_everything(world: &World, app: &TestApp) {
    let counties: BTreeSet<&str> = world.whos.iter().map(|who| who.county.as_str()).collect();
    for county in counties.into_iter().filter(|county| !county.is_empty()) {
        let rows = world.truth.rows("submission").iter();
        let own = rows.filter(|row| text(row, "county") == county);
        let keys: Vec<SubmissionId> = own
            .map(|row| SubmissionId(text(row, "id").parse().unwrap()))
            .collect();
        for some in keys.chunks(CHANGES) {
            let operator = system::operator(code(county));
            let tx = app.app.db.begin_write(&operator).await.unwrap();
            let these = Predicate::among(Column::Id, some.iter().copied());
            let changes = vec![(Column::Beneficiaries, 7.into())];
            let touched = tx.update::<Entity>(these, changes).await.unwrap();
            assert_eq!(touched, some.len() as u64);
            tx.commit().await.unwrap();
        }
    }
}

/// Findings in what a subscription told.
async fn hear(app: &TestApp, world: &World, sdl: &Sdl, feed: Feed<'_>) -> Vec<String> {
    let Feed { who, field, body } = feed;
    let oracle = Oracle {
        world,
        app,
        sdl,
        who,
        rows_may_be_new: false,
    };
    let path = format!("Subscription.{}", field.name);
    let (mut findings, mut told) = (Vec::new(), BTreeSet::new());
    for result in results(body).await {
        let value = &result["data"]["c0"];
        if result.get("errors").is_some() || value.is_null() {
            findings.push(format!("{}: {path}: {result}", who.name));
        }
        findings.extend(oracle.examine(&field.ty.name, value, &path, None));
        let name = value.get("id").unwrap_or(&value["total"]["received"]);
        told.insert(name.to_string());
    }
    let seen: Vec<&str> = world
        .truth
        .rows("submission")
        .iter()
        .filter(|row| sees(&world.truth, who, "submission", row))
        .map(|row| text(row, "id"))
        .collect();
    let wanted: BTreeSet<String> = match field.name.as_str() {
        "submissionChanged" => seen
            .iter()
            .map(|key| json!(global(app, Kind::Submission, key)).to_string())
            .collect(),
        "overviewChanged" if seen.is_empty() => BTreeSet::new(),
        "overviewChanged" => BTreeSet::from([seen.len().to_string()]),
        other => panic!("the walker does not know whom {other} is told to"),
    };
    if told != wanted {
        findings.push(format!(
            "{}: {path} told {told:?} and not {wanted:?}",
            who.name
        ));
    }
    findings
}

/// The results of a stream of events until it is silent.
async fn results(body: Body) -> Vec<Value> {
    let mut chunks = body.into_data_stream();
    let mut text = String::new();
    while let Ok(Some(chunk)) = tokio::time::timeout(SILENCE, chunks.next()).await {
        text.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
    }
    let events = text
        .split("\n\n")
        .filter_map(|event| event.split_once("data: "));
    events
        .filter(|(kind, _)| kind.contains("next"))
        .map(|(_, data)| serde_json::from_str(data).unwrap())
        .collect()
}
