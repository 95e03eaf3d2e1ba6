//! Server-sent events: graphql-sse, distinct connections mode.

use std::time::Duration;

use chrono::TimeDelta;
use futures::StreamExt as _;

use super::client::Live;
use super::*;
use crate::support::{Backend, on_both_databases};

/// A response as it comes in.
struct Told {
    bytes: futures::stream::BoxStream<'static, Vec<u8>>,
    text: String,
}

impl Told {
    /// The next event and its data; nothing at the end.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some(end) = self.text.find("\n\n") {
                let event: String = self.text.drain(..end + 2).collect();
                let field = |name: &str| {
                    let line = event.lines().find_map(|line| line.strip_prefix(name));
                    line.map(|value| value.trim().to_owned())
                };
                let told = field("event:").map(|kind| {
                    let data = field("data:").unwrap_or_default();
                    (kind, serde_json::from_str(&data).unwrap_or(Value::Null))
                });
                if told.is_some() {
                    return told;
                }
                continue;
            }
            let chunk = tokio::time::timeout(Duration::from_secs(8), self.bytes.next()).await;
            self.text.push_str(std::str::from_utf8(&chunk.unwrap()?).unwrap());
        }
    }
}

async fn ask(live: &Live, token: Option<&str>, document: &str) -> (u16, Told) {
    let mut request = reqwest::Client::new()
        .post(format!("http://{}/graphql", live.address))
        .header("accept", "text/event-stream")
        .json(&json!({ "query": document }));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    if status == 200 {
        let kind = response.headers()["content-type"].to_str().unwrap();
        assert!(kind.starts_with("text/event-stream"), "{kind}");
    }
    let bytes = futures::stream::unfold(response, |mut response| async {
        let chunk = response.chunk().await.ok().flatten()?;
        Some((chunk.to_vec(), response))
    });
    let bytes = bytes.boxed();
    (status, Told { bytes, text: String::new() })
}

/// The first event of a subscription.
async fn ready(told: &mut Told) {
    let (kind, event) = told.next().await.unwrap();
    let this = (kind.as_str(), &event["data"]["submissionChanged"]["kind"]);
    assert_eq!(this, ("next", &json!("READY")), "{event}");
}

async fn complete(told: &mut Told) {
    assert_eq!(told.next().await, Some(("complete".to_owned(), Value::Null)));
    assert_eq!(told.next().await, None);
}

#[tokio::test]
async fn a_query_is_one_event_and_so_is_what_is_wrong_with_a_document() {
    let app = TestApp::start(Backend::Sqlite).await;
    let live = Live::start(&app.app).await;
    let (status, mut told) = ask(&live, None, "{ serverTime }").await;
    let time = json!({ "data": { "serverTime": "2022-03-16T09:30:00+08:00" } });
    assert_eq!((status, told.next().await), (200, Some(("next".to_owned(), time))));
    complete(&mut told).await;
    let nested = format!("{{ a(b: {}{}) }}", "[".repeat(800), "]".repeat(800));
    for (document, wanted) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        (nested.as_str(), "QUERY_TOO_COMPLEX"),
    ] {
        let (status, mut told) = ask(&live, None, document).await;
        let (kind, result) = told.next().await.unwrap();
        assert_eq!((status, kind.as_str(), crate::support::code(&result)), (200, "next", wanted));
        complete(&mut told).await;
    }
    let (status, _) = ask(&live, Some("nonsense"), "{ viewer { id } }").await;
    assert_eq!(status, 401);
}

#[tokio::test]
async fn a_mutation_by_get_is_refused_here_too() {
    let app = TestApp::start(Backend::Sqlite).await;
    let request = axum::http::Request::get("/graphql?query=mutation%7Ba%7D")
        .header("accept", "text/event-stream")
        .body(axum::body::Body::empty())
        .unwrap();
    let (status, _, text) = app.send(request).await;
    assert_eq!(status, 405, "{text}");
    let plain = post().header("accept", "text/event-stream;q=0.1, application/json");
    let body = json!({ "query": "{ serverTime }" }).to_string();
    let (_, headers, _) = app.send(plain.body(axum::body::Body::from(body)).unwrap()).await;
    assert_eq!(headers["content-type"], "application/json; charset=utf-8");
}

on_both_databases! {
    async fn changes_are_events_until_the_token_expires(app: TestApp) {
        let app = app.with_both_counties().await;
        let live = Live::start(&app.app).await;
        let clerk = officer(&app, "T_HEKOU").await;
        let (status, mut told) = ask(&live, Some(&clerk.token), CHANGED).await;
        assert_eq!(status, 200);
        ready(&mut told).await;
        enter(&app, &clerk, "村口路灯不亮").await;
        let (kind, event) = told.next().await.unwrap();
        assert_eq!((kind.as_str(), &event["data"]["submissionChanged"]["submission"]["title"]), ("next", &json!("村口路灯不亮")));
        app.app.clock.set(app.app.clock.now() + TimeDelta::hours(2));
        let (_, over) = told.next().await.unwrap();
        assert_eq!(crate::support::code(&over), "UNAUTHENTICATED", "{over}");
        complete(&mut told).await;
        live.until(|app| app.events.subscribers() == 0).await;
    }

    async fn whoever_reads_nothing_is_let_go(app: TestApp) {
        let app = app.with_both_counties().await;
        let live = Live::start(&app.app).await;
        let clerk = officer(&app, "T_HEKOU").await;
        enter_with(&app, &clerk, "路灯", &"灯".repeat(10_000)).await;
        let fields = (0..29).fold(String::new(), |text, n| text + &format!(" c{n}: content"));
        let document = format!("subscription {{ submissionChanged {{ kind submission {{ {fields} }} }} }}");
        let (_, unread) = ask(&live, Some(&clerk.token), &document).await;
        live.until(|app| app.events.subscribers() == 1).await;
        let _silent = live.subscribed(&clerk.token, &document, json!({})).await;
        let mut reader = live.subscribed(&clerk.token, CHANGED, json!({})).await;
        // Each event is nearly a megabyte: the buffers on the way are full before all are sent.
        for _ in 0..40 {
            touch_all(&app, HUOQIU).await;
            reader.result().await;
        }
        let patience = std::time::Instant::now();
        while app.app.events.subscribers() > 1 {
            assert!(patience.elapsed() < Duration::from_secs(25), "still held");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        touch_all(&app, HUOQIU).await;
        reader.result().await;
        drop(unread);
    }

    async fn a_server_that_ends_completes_its_streams(app: TestApp) {
        let app = app.with_both_counties().await;
        let mut live = Live::start(&app.app).await;
        let clerk = officer(&app, "T_HEKOU").await;
        let (_, mut told) = ask(&live, Some(&clerk.token), CHANGED).await;
        ready(&mut told).await;
        live.stop();
        complete(&mut told).await;
        let ended = tokio::time::timeout(Duration::from_secs(5), &mut live.ended).await;
        ended.unwrap().unwrap().unwrap();
    }
}
