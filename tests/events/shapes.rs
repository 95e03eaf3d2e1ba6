//! Documents whose fragments double and end in nothing, on every transport: refused in no time.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use serde_json::json;

use super::client::{Got, Live};
use crate::support::{Backend, TestApp};

/// Longest time for such a refusal.
const AT_ONCE: Duration = Duration::from_millis(50);

/// What stands at the end of the fragments, and the code of those that do not end.
const LEAVES: [(&str, &str); 5] = [
    ("...nope", "GRAPHQL_VALIDATION_FAILED"),
    ("...f0", "GRAPHQL_VALIDATION_FAILED"),
    ("... on Village { id }", "QUERY_TOO_COMPLEX"),
    ("... { ... { ... @skip(if: true) { __typename } } }", "QUERY_TOO_COMPLEX"),
    ("serverTime", "QUERY_TOO_COMPLEX"),
];

fn doubling(steps: usize, leaf: &str) -> String {
    let mut text = String::from("query { ...f0 }");
    for step in 0..steps {
        let next = step + 1;
        write!(text, " fragment f{step} on Query {{ ...f{next} ...f{next} }}").unwrap();
    }
    write!(text, " fragment f{steps} on Query {{ {leaf} }}").unwrap();
    text
}

#[tokio::test]
async fn what_doubles_and_ends_in_nothing_is_refused_at_once_on_every_transport() {
    let app = TestApp::start(Backend::Sqlite).await;
    let live = Live::start(&app.app).await;
    for (leaf, expected) in LEAVES {
        for steps in [12, 25, 40, 60] {
            let document = doubling(steps, leaf);
            for transport in ["post", "get", "events", "socket"] {
                let told = quickest(&live, transport, &document).await;
                let code = [expected, "QUERY_TOO_COMPLEX"]
                    .into_iter()
                    .find(|code| told.contains(&format!("\"code\":\"{code}\"")));
                assert!(code.is_some(), "{transport}, {leaf}, {steps}: {told}");
            }
        }
    }
}

/// The answer; of three, one must come at once: the machine may be busy with other tests.
async fn quickest(live: &Live, transport: &str, document: &str) -> String {
    let mut took = Vec::new();
    for _ in 0..3 {
        let (answer, time) = match transport {
            "socket" => over_socket(live, document).await,
            _ => over_http(live, transport, document).await,
        };
        if time < AT_ONCE {
            return answer;
        }
        took.push(time);
    }
    panic!("{transport} took {took:?} for {document}");
}

async fn over_http(live: &Live, transport: &str, document: &str) -> (String, Duration) {
    let (client, url) = (reqwest::Client::new(), format!("http://{}/graphql", live.address));
    let asked = match transport {
        "get" => client.get(format!("{url}?query={}", in_address(document))),
        "post" => client.post(url).json(&json!({ "query": document })),
        _ => client.post(url).header("accept", "text/event-stream").json(&json!({ "query": document })),
    };
    let begun = Instant::now();
    let answer = asked.send().await.unwrap().text().await.unwrap();
    (answer, begun.elapsed())
}

async fn over_socket(live: &Live, document: &str) -> (String, Duration) {
    let mut socket = live.socket(None).await;
    let begun = Instant::now();
    socket.begin("1", document, json!({})).await;
    let Got::Message(message) = socket.next().await else {
        panic!("the socket was closed");
    };
    (message.to_string(), begun.elapsed())
}

fn in_address(text: &str) -> String {
    let escaped = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(escaped).collect()
}
