//! graphql-transport-ws, case by case.

use std::time::{Duration, Instant};

use futures::SinkExt as _;
use minsheng::http::HttpSettings;
use serde_json::json;
use tokio::io::AsyncReadExt as _;
use tokio_tungstenite::MaybeTlsStream;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::client::{Got, Live, Socket};
use super::*;
use crate::support::Backend;

const TIME: &str = "{ serverTime }";

async fn live() -> (TestApp, Live) {
    let app = TestApp::start(Backend::Sqlite).await;
    let live = Live::start(&app.app).await;
    (app, live)
}

#[tokio::test]
async fn a_query_and_a_mutation_are_answered_over_the_socket() {
    let (_app, live) = live().await;
    let mut socket = live.socket(None).await;
    socket.begin("a", TIME, json!({})).await;
    let time = json!({ "data": { "serverTime": "2022-03-16T09:30:00+08:00" } });
    assert_eq!(socket.result().await, time);
    assert_eq!(socket.next().await, Got::Message(json!({ "type": "complete", "id": "a" })));
    // An id is free again once its operation has ended.
    let login = "mutation { sessionLogin(input: { account: \"nobody\", password: \"nothing at all\" }) { userErrors { code } } }";
    socket.begin("a", login, json!({})).await;
    let refused = &socket.result().await["data"]["sessionLogin"]["userErrors"][0]["code"];
    assert_eq!(refused, "WRONG_CREDENTIALS");
}

#[tokio::test]
async fn what_is_wrong_with_a_document_is_told_with_its_code() {
    let (_app, live) = live().await;
    let mut socket = live.socket(None).await;
    for (document, wanted) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        (
            "subscription { submissionChanged { kind } b: submissionChanged { kind } }",
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            "subscription { ...f } fragment f on Subscription { submissionChanged { kind } }",
            "GRAPHQL_VALIDATION_FAILED",
        ),
    ] {
        socket.begin("a", document, json!({})).await;
        assert_eq!(socket.refusal().await, wanted, "{document}");
    }
    socket.begin("a", CHANGED, json!({})).await;
    let result = socket.result().await;
    assert_eq!(crate::support::code(&result), "UNAUTHENTICATED", "{result}");
}

#[tokio::test]
async fn limits_of_a_document_hold_over_the_socket_too() {
    let (_app, live) = live().await;
    let mut socket = live.socket(None).await;
    let doubling = (0..30).fold("{ ...f0 }".to_owned(), |text, n| {
        text + &format!(" fragment f{n} on Query {{ ...f{} ...f{} }}", n + 1, n + 1)
    }) + " fragment f30 on Query { serverTime }";
    let nested = |deep: usize| format!("{{ a(b: {}{}) }}", "[".repeat(deep), "]".repeat(deep));
    for document in [doubling, nested(100), nested(800), nested(7_000)] {
        let start = Instant::now();
        socket.begin("a", &document, json!({})).await;
        assert_eq!(socket.refusal().await, "QUERY_TOO_COMPLEX");
        assert!(start.elapsed() < Duration::from_secs(1));
    }
    let deep = format!(
        r#"{{"type":"subscribe","id":"a","payload":{{"query":"{{a}}","variables":{{"a":{}{}}}}}}}"#,
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    socket.say(&deep).await;
    assert_eq!(socket.next().await, Got::Closed(4400));
}

#[tokio::test]
async fn a_message_that_the_protocol_does_not_have_closes_4400() {
    let (_app, live) = live().await;
    for text in ["nonsense", "[]", r#"{"type":"start"}"#, r#"{"type":"subscribe","id":"1"}"#] {
        let mut socket = live.socket(None).await;
        socket.say(text).await;
        assert_eq!(socket.next().await, Got::Closed(4400), "{text}");
    }
    let mut socket = live.socket(None).await;
    let binary = Message::binary(b"{\"type\":\"ping\"}".to_vec());
    socket.0.send(binary).await.unwrap();
    assert_eq!(socket.next().await, Got::Closed(4400));
    let mut socket = live.socket(None).await;
    socket.say(&" ".repeat(100 * 1024)).await;
    assert!(matches!(socket.next().await, Got::Gone | Got::Closed(1009)));
}

#[tokio::test]
async fn the_first_message_comes_once_in_time_and_before_any_other() {
    let (_app, live) = live().await;
    let mut early = live.connect().await;
    early.begin("a", TIME, json!({})).await;
    assert_eq!(early.next().await, Got::Closed(4401));
    let mut twice = live.socket(None).await;
    twice.init(None).await;
    assert_eq!(twice.next().await, Got::Closed(4429));
    let mut late = live.connect().await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(late.next().await, Got::Closed(4408));
}

#[tokio::test]
async fn a_token_that_does_not_hold_closes_4403() {
    let (_app, live) = live().await;
    let mut socket = live.connect().await;
    socket.init(Some("nonsense")).await;
    assert_eq!(socket.next().await, Got::Closed(4403));
    let mut socket = live.connect().await;
    socket.send(json!({ "type": "connection_init", "payload": { "authorization": "Basic YTpi" } })).await;
    assert_eq!(socket.next().await, Got::Closed(4403));
}

#[tokio::test]
async fn an_id_in_use_closes_4409_and_one_that_was_ended_may_be_used_again() {
    let app = TestApp::start(Backend::Sqlite).await.with_both_counties().await;
    let live = Live::start(&app.app).await;
    let clerk = officer(&app, "T_HEKOU").await;
    let mut socket = live.subscribed(&clerk.token, CHANGED, json!({})).await;
    socket.send(json!({ "type": "complete", "id": "1" })).await;
    live.until(|app| app.events.subscribers() == 0).await;
    live.subscribe(&mut socket, "1", CHANGED, json!({})).await;
    let id = "件".repeat(42);
    live.subscribe(&mut socket, &id, CHANGED, json!({})).await;
    socket.begin(&id, CHANGED, json!({})).await;
    assert_eq!(socket.next().await, Got::Closed(4409));
    live.until(|app| app.events.subscribers() == 0).await;
}

#[tokio::test]
async fn pings_are_answered_both_ways() {
    let (_app, live) = live().await;
    let mut socket = live.connect().await;
    socket.send(json!({ "type": "ping", "payload": { "n": 1 } })).await;
    let pong = json!({ "type": "pong", "payload": { "n": 1 } });
    assert_eq!(socket.next().await, Got::Message(pong));
    socket.send(json!({ "type": "pong" })).await;
    socket.send(json!({ "type": "ping" })).await;
    assert_eq!(socket.next().await, Got::Message(json!({ "type": "pong" })));
}

// A client that is gone without a word must not hold its place for ever. It is read as bytes, for the library would
// answer the pings.
#[tokio::test]
async fn whoever_answers_no_ping_for_45_seconds_is_closed_1001() {
    let (_app, live) = live().await;
    let mut socket = live.socket(None).await;
    let MaybeTlsStream::Plain(stream) = socket.0.get_mut() else { panic!("a plain connection") };
    let (begin, mut bytes) = (Instant::now(), Vec::new());
    let read = stream.read_to_end(&mut bytes);
    tokio::time::timeout(Duration::from_mins(1), read).await.unwrap().unwrap();
    assert!((44..55).contains(&begin.elapsed().as_secs()), "{:?}", begin.elapsed());
    let pings = bytes.windows(2).filter(|frame| *frame == [0x89, 0]).count();
    assert!(pings >= 2, "{bytes:?}");
    let close = bytes.iter().rposition(|byte| *byte == 0x88).unwrap();
    assert_eq!(bytes[close + 2..close + 4], 1001_u16.to_be_bytes(), "{bytes:?}");
}

#[tokio::test]
async fn a_client_without_the_subprotocol_is_closed_4406() {
    let (_app, live) = live().await;
    let mut request = live.request();
    request.headers_mut().remove("sec-websocket-protocol");
    let mut socket = Socket::open(request).await.unwrap();
    assert_eq!(socket.next().await, Got::Closed(4406));
}

#[tokio::test]
async fn a_page_of_another_host_gets_no_socket_unless_it_is_listed() {
    let app = TestApp::start(Backend::Sqlite).await;
    let settings = HttpSettings {
        allowed_origins: vec!["https://portal.example".to_owned()],
        ..HttpSettings::default()
    };
    let live = Live::behind(&app.app, settings).await;
    let own = format!("http://{}", live.address);
    for (origin, welcome) in [
        (own.as_str(), true),
        ("https://portal.example", true),
        ("https://evil.example", false),
        ("null", false),
    ] {
        let mut request = live.request();
        request.headers_mut().insert("origin", origin.parse().unwrap());
        match Socket::open(request).await {
            Ok(_) => assert!(welcome, "{origin}"),
            Err(Error::Http(response)) => {
                assert!(!welcome && response.status() == 403, "{origin}");
                let body: Value = serde_json::from_slice(response.body().as_ref().unwrap()).unwrap();
                assert_eq!(crate::support::code(&body), "FORBIDDEN");
            }
            Err(other) => panic!("{origin}: {other}"),
        }
    }
}

#[tokio::test]
async fn sockets_are_bounded_in_all_and_of_an_account_and_operations_of_a_socket() {
    let app = TestApp::start(Backend::Sqlite).await.with_both_counties().await;
    let settings = HttpSettings { sockets: 3, sockets_of_account: 1, ..HttpSettings::default() };
    let live = Live::behind(&app.app, settings).await;
    let clerk = officer(&app, "T_HEKOU").await;
    let mut first = live.socket(Some(&clerk.token)).await;
    let mut second = live.connect().await;
    second.init(Some(&clerk.token)).await;
    assert_eq!(second.next().await, Got::Closed(1013));
    drop(second);
    for n in 0..20 {
        live.subscribe(&mut first, &n.to_string(), CHANGED, json!({})).await;
    }
    first.begin("20", CHANGED, json!({})).await;
    assert_eq!(first.refusal().await, "RATE_LIMITED");
    let others = [live.connect().await, live.connect().await];
    let full = Socket::open(live.request()).await;
    assert!(matches!(full.err(), Some(Error::Http(response)) if response.status() == 503));
    drop(others);
}

#[tokio::test]
async fn operations_are_bounded_over_all_sockets_of_an_account_and_not_of_others() {
    let app = TestApp::start(Backend::Sqlite).await.with_both_counties().await;
    let settings = HttpSettings { socket_operations_of_account: 3, ..HttpSettings::default() };
    let live = Live::behind(&app.app, settings).await;
    let (clerk, other) = (officer(&app, "T_HEKOU").await, officer(&app, "T_ZHOUJI").await);
    let mut first = live.socket(Some(&clerk.token)).await;
    let mut second = live.socket(Some(&clerk.token)).await;
    for id in ["0", "1"] {
        live.subscribe(&mut first, id, CHANGED, json!({})).await;
    }
    live.subscribe(&mut second, "0", CHANGED, json!({})).await;
    second.begin("1", CHANGED, json!({})).await;
    assert_eq!(second.refusal().await, "RATE_LIMITED");
    let mut third = live.socket(Some(&other.token)).await;
    live.subscribe(&mut third, "0", CHANGED, json!({})).await;
    drop(first);
    let freed = live.until(|app| app.events.subscribers() == 2);
    freed.await;
    live.subscribe(&mut second, "2", CHANGED, json!({})).await;
}
