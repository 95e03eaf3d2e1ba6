//! The walker at subscriptions: every suggestion of both counties changes, and each caller is told of those it sees, all
//! of them and no other, with nothing in an event that a query would not show.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use entity::id::SubmissionId;
use entity::submission::{Column, Entity};
use futures::StreamExt as _;
use minsheng::db::Predicate;
use minsheng::ids::Kind;
use minsheng::schema;
use minsheng::scope::system;
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
/// Longest wait for what must be told.
const PATIENCE: Duration = Duration::from_secs(30);
/// Silence after which nothing more is told, once all that must be is.
const SILENCE: Duration = Duration::from_secs(2);

/// A subscription that was begun, and what it will tell.
struct Feed<'w> {
    who: &'w Who,
    field: Field,
    body: BodyDataStream,
    /// What of an event has come.
    text: String,
    /// The events that have come.
    results: Vec<Value>,
}

/// Who stands for each kind of caller; those nobody lets in are refused before.
pub(super) async fn all(backend: Backend, whos: impl Fn(&Who) -> bool) {
    let world = World::of(backend).await;
    let app = world.copy().await;
    let sdl = Sdl::parse(&schema::definitions());
    let mut feeds = Vec::new();
    for who in world.whos.iter().filter(|who| whos(who)) {
        for field in sdl.fields("Subscription").iter().filter(|field| is_for(who, field)) {
            for call in calls(world, &app, &sdl, who, field) {
                feeds.push(Feed {
                    who,
                    field: field.clone(),
                    body: begin(&app, &sdl, who, &call).await.into_data_stream(),
                    text: String::new(),
                    results: Vec::new(),
                });
            }
        }
    }
    while app.app.events.subscribers() < feeds.len() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    change_everything(world, &app).await;
    let all = feeds.iter_mut().map(|feed| async {
        let wanted = wanted(&app, world, feed.who, &feed.field);
        feed.hear(PATIENCE, |told| wanted.is_subset(told)).await;
    });
    futures::future::join_all(all).await;
    // Whoever must be told nothing has waited as long as the slowest who must.
    let rest = feeds.iter_mut().map(|feed| feed.hear(SILENCE, |_| false));
    futures::future::join_all(rest).await;
    let findings: Vec<String> = feeds.iter().flat_map(|feed| judge(&app, world, &sdl, feed)).collect();
    assert!(findings.is_empty(), "{findings:#?}");
}

/// Portals owe nothing, and are refused.
fn is_for(who: &Who, field: &Field) -> bool {
    field.name != "agendaChanged" || !who.post.is_empty()
}

/// All that lies at most two objects deep below what an event shows, in parts that the limits allow.
fn calls(world: &World, app: &TestApp, sdl: &Sdl, who: &Who, field: &Field) -> Vec<Call> {
    let mut args = Map::new();
    for arg in field.args.iter().filter(|arg| arg.required) {
        assert_eq!(arg.name, "campaignId", "an argument that the walker does not know");
        args.insert(arg.name.clone(), json!(campaign(world, app, who).1));
    }
    let all = leaves(sdl, &field.ty.name, 3);
    let parts = all.chunks(LEAVES).map(|part| Call {
        trail: vec![field.name.clone()],
        args: args.clone(),
        varied: String::new(),
        leaves: with_its_name(sdl, field, part),
        must_fail: false,
    });
    parts.collect()
}

/// Each event tells of which suggestion it is; figures tell by themselves, and of agendas nothing is told.
fn with_its_name(sdl: &Sdl, field: &Field, part: &[Vec<String>]) -> Vec<Vec<String>> {
    let fields = sdl.fields(&field.ty.name);
    let ways: [&[&str]; 2] = [&["submission", "id"], &["overview", "total", "received"]];
    let there = ways.into_iter().filter(|steps| fields.iter().any(|field| field.name == steps[0]));
    let path = |steps: &[&str]| steps.iter().map(|step| (*step).to_owned()).collect();
    let named: Vec<Vec<String>> = there.chain([&["kind"][..]]).map(path).collect();
    [part, &named].concat()
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
        .header("authorization", format!("Bearer {}", who.token.as_deref().unwrap()))
        .body(Body::from(json!({ "query": query, "variables": variables }).to_string()))
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
        let keys: Vec<SubmissionId> = own.map(|row| SubmissionId(text(row, "id").parse().unwrap())).collect();
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

impl Feed<'_> {
    /// Listens until it is enough, or for so long nothing comes.
    async fn hear(&mut self, silence: Duration, enough: impl Fn(&BTreeSet<String>) -> bool) {
        while !enough(&self.told()) {
            let chunk = tokio::time::timeout(silence, self.body.next()).await;
            let Ok(Some(chunk)) = chunk else { return };
            self.text.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
            while let Some(end) = self.text.find("\n\n") {
                let event: String = self.text.drain(..end + 2).collect();
                if let Some((kind, data)) = event.split_once("data: ")
                    && kind.contains("next")
                {
                    self.results.push(serde_json::from_str(data).unwrap());
                }
            }
        }
    }

    /// Which suggestions were told of; of figures, how many suggestions they count.
    fn told(&self) -> BTreeSet<String> {
        let name = |result: &Value| {
            let value = &result["data"]["c0"];
            let submission = value.get("submission").map(|row| &row["id"]);
            let name = submission.unwrap_or(&value["overview"]["total"]["received"]);
            (value["kind"] == "CHANGED").then(|| name.to_string())
        };
        self.results.iter().filter_map(name).collect()
    }
}

/// What somebody must be told.
fn wanted(app: &TestApp, world: &World, who: &Who, field: &Field) -> BTreeSet<String> {
    let rows = world.truth.rows("submission").iter();
    let seen: Vec<&str> =
        rows.filter(|row| sees(&world.truth, who, "submission", row)).map(|row| text(row, "id")).collect();
    match field.name.as_str() {
        "submissionChanged" => {
            seen.iter().map(|key| json!(global(app, Kind::Submission, key)).to_string()).collect()
        }
        "overviewChanged" | "agendaChanged" if seen.is_empty() => BTreeSet::new(),
        "overviewChanged" => BTreeSet::from([seen.len().to_string()]),
        "agendaChanged" => BTreeSet::from([Value::Null.to_string()]),
        other => panic!("the walker does not know whom {other} is told to"),
    }
}

/// Findings in what a subscription told.
fn judge(app: &TestApp, world: &World, sdl: &Sdl, feed: &Feed<'_>) -> Vec<String> {
    let (who, field) = (feed.who, &feed.field);
    let oracle = Oracle { world, app, sdl, who, rows_may_be_new: false };
    let path = format!("Subscription.{}", field.name);
    let mut findings = Vec::new();
    for result in &feed.results {
        let value = &result["data"]["c0"];
        if result.get("errors").is_some() || value.is_null() {
            findings.push(format!("{}: {path}: {result}", who.name));
        }
        findings.extend(oracle.examine(&field.ty.name, value, &path, None));
    }
    let (told, wanted) = (feed.told(), wanted(app, world, who, field));
    if told != wanted {
        findings.push(format!("{}: {path} told {told:?} and not {wanted:?}", who.name));
    }
    findings
}
