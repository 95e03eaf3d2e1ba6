//! The door's own part: connections, documents, headers, metrics and what a request is told that it cost.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Method, Request};
use entity::enums::Position;
use minsheng::audience::Audience;
use minsheng::http::{Documents, Door, HttpSettings, bind, serve};
use minsheng::limits::request::Limits;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::explorer::OF_PROXIES;
use crate::support::personas::{HUOQIU, PASSWORD};
use crate::support::{Backend, TestApp, code, post};

/// A server on a real socket; it ends with the test.
async fn listening(app: &TestApp, settings: HttpSettings) -> SocketAddr {
    let listener = bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let address = listener.local_addr().unwrap();
    let door = Door::new(Arc::clone(&app.app), settings);
    tokio::spawn(serve(listener, door, std::future::pending::<()>()));
    address
}

/// What the server says until it hangs up.
async fn until_the_end(mut socket: TcpStream) -> String {
    let mut said = Vec::new();
    let reading = socket.read_to_end(&mut said);
    // A reset is an end as well.
    let _ = tokio::time::timeout(Duration::from_secs(8), reading).await.unwrap();
    String::from_utf8_lossy(&said).into_owned()
}

async fn said_at_once(address: SocketAddr, text: &str) -> TcpStream {
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(text.as_bytes()).await.unwrap();
    socket
}

fn impatient() -> HttpSettings {
    HttpSettings {
        header_timeout: Duration::from_secs(1),
        body_timeout: Duration::from_secs(1),
        write_timeout: Duration::from_secs(1),
        // Some ask for the schema, which is long.
        introspection: Audience::Everyone,
        ..HttpSettings::default()
    }
}

#[tokio::test]
async fn a_header_a_body_and_a_silence_that_take_too_long_end_the_connection() {
    let app = TestApp::start(Backend::Sqlite).await;
    let address = listening(&app, impatient()).await;
    let begin = Instant::now();
    let slow_header = said_at_once(address, "GET /health/live HTTP/1.1\r\nhost: x\r\nx-slow: a").await;
    let silent = said_at_once(address, "").await;
    let kept_alive = said_at_once(address, "GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let head =
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{";
    let slow_body = said_at_once(address, head).await;
    assert!(!until_the_end(slow_header).await.contains("200 OK"));
    assert_eq!(until_the_end(silent).await, "");
    assert!(until_the_end(kept_alive).await.contains("200 OK"));
    let told = until_the_end(slow_body).await;
    assert!(told.starts_with("HTTP/1.1 408") && told.contains("BAD_USER_INPUT"), "{told}");
    let took = begin.elapsed();
    assert!(took > Duration::from_millis(900) && took < Duration::from_secs(6), "{took:?}");
}

#[tokio::test]
async fn a_connection_too_many_is_told_so_and_a_place_given_back_serves_the_next() {
    let app = TestApp::start(Backend::Sqlite).await;
    for settings in [
        HttpSettings { connections: 2, ..HttpSettings::default() },
        HttpSettings { connections_per_address: 2, ..HttpSettings::default() },
    ] {
        let address = listening(&app, settings).await;
        let held = [said_at_once(address, "").await, said_at_once(address, "").await];
        let told = until_the_end(said_at_once(address, "").await).await;
        assert!(told.starts_with("HTTP/1.1 503") && told.contains("UNAVAILABLE"), "{told}");
        drop(held);
        let ask = "GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        let mut told = String::new();
        // The server learns of the hang-up a moment later.
        for _ in 0..50 {
            told = until_the_end(said_at_once(address, ask).await).await;
            if told.starts_with("HTTP/1.1 200") {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(told.starts_with("HTTP/1.1 200"), "{told}");
    }
}

#[tokio::test]
async fn a_reader_that_leaves_its_answers_lying_is_hung_up_on() {
    let app = TestApp::start(Backend::Sqlite).await;
    let address = listening(&app, impatient()).await;
    let mut socket = TcpStream::connect(address).await.unwrap();
    // More answers than the buffers of both ends hold, so the server comes to wait for its reader.
    let asks = "GET /schema.graphql HTTP/1.1\r\nhost: x\r\n\r\n".repeat(2_000);
    let wrote = tokio::time::timeout(Duration::from_secs(8), socket.write_all(asks.as_bytes())).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let metrics = reqwest::get(format!("http://{address}/metrics")).await.unwrap();
    let metrics = metrics.text().await.unwrap();
    assert!(metrics.contains("minsheng_connections_open 1\n"), "{wrote:?}: {metrics}");
}

/// Reads a little now and then, for so long; gives what it was told and whether the server has hung up.
async fn sip(socket: &mut TcpStream, bytes: usize, each: Duration, until: Instant) -> (usize, bool) {
    let (mut sip, mut told) = (vec![0; bytes], 0);
    while Instant::now() < until {
        match socket.read(&mut sip).await {
            Ok(0) | Err(_) => return (told, true),
            Ok(read) => told += read,
        }
        tokio::time::sleep(each).await;
    }
    (told, false)
}

#[tokio::test]
async fn a_reader_slower_than_the_floor_is_hung_up_on_though_it_never_stops() {
    let app = TestApp::start(Backend::Sqlite).await;
    let mut ended = Vec::new();
    for slowest_reader in [1_000_000_000, 6_000] {
        let settings = HttpSettings {
            slowest_reader,
            write_timeout: Duration::from_secs(2),
            header_timeout: Duration::from_secs(20),
            introspection: Audience::Everyone,
            ..HttpSettings::default()
        };
        let address = listening(&app, settings).await;
        let mut socket = TcpStream::connect(address).await.unwrap();
        // Far more than the buffers of both ends hold; the asking ends only with the connection.
        let asks = "GET /schema.graphql HTTP/1.1\r\nhost: x\r\n\r\n".repeat(600);
        socket.write_all(asks.as_bytes()).await.unwrap();
        let until = Instant::now() + Duration::from_secs(12);
        let each = Duration::from_millis(20);
        ended.push(sip(&mut socket, 64 * 1024, each, until).await);
    }
    let [(told, over), (still_told, still)] = ended[..] else { panic!("{ended:?}") };
    assert!(over, "{told} bytes, and it went on");
    assert!(!still, "{still_told} bytes, and it was over");
}

#[tokio::test]
async fn what_runs_is_counted_by_name_for_those_who_collect_it_and_for_nobody_else() {
    let app = TestApp::start(Backend::Sqlite).await;
    let address = listening(&app, HttpSettings::default()).await;
    let http = reqwest::Client::new();
    for (query, name) in [("query Clock { serverTime }", "Clock"), ("{ nothing }", "unnamed")] {
        let body = json!({ "query": query });
        let sent = http.post(format!("http://{address}/graphql")).json(&body).send();
        assert!(sent.await.unwrap().status().is_success(), "{name}");
    }
    let collect = |name: &str, value: &str| http.get(format!("http://{address}/metrics")).header(name, value);
    let metrics = collect("accept", "*/*").send().await.unwrap();
    let metrics = metrics.text().await.unwrap();
    for line in [
        "minsheng_operations_total{operation=\"Clock\",code=\"OK\"} 1\n",
        "minsheng_operations_total{operation=\"unnamed\",code=\"GRAPHQL_VALIDATION_FAILED\"} 1\n",
        "minsheng_operation_seconds_count{operation=\"Clock\"} 1\n",
        "minsheng_operations_running 0\n",
    ] {
        assert!(metrics.contains(line), "{line}{metrics}");
    }
    for name in OF_PROXIES {
        let passed_on = collect(name, "127.0.0.1").send().await.unwrap();
        assert_eq!(passed_on.status(), 404, "{name}");
    }
    for host in ["minsheng.example", "10.0.0.7:8080", ""] {
        let called_otherwise = collect("host", host).send().await.unwrap();
        assert_eq!(called_otherwise.status(), 404, "{host}");
    }
    let old =
        until_the_end(said_at_once(address, "GET /metrics HTTP/1.0\r\nhost: localhost\r\n\r\n").await).await;
    assert!(old.contains(" 404 "), "{old}");
    let elsewhere =
        HttpSettings { metrics_networks: vec!["192.0.2.0/24".parse().unwrap()], ..HttpSettings::default() };
    let address = listening(&app, elsewhere).await;
    assert_eq!(reqwest::get(format!("http://{address}/metrics")).await.unwrap().status(), 404);
}

/// One POST; the cookie that was set, and the answer.
async fn sent(app: &TestApp, header: Option<(&str, String)>, body: &Value) -> (Option<String>, Value) {
    let mut request = post();
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    let request = request.body(Body::from(body.to_string())).unwrap();
    let (_, headers, text) = app.send(request).await;
    let set = headers.get("set-cookie");
    let set = set.map(|set| set.to_str().unwrap().to_owned());
    (set, serde_json::from_str(&text).unwrap())
}

fn documents(free_text: Audience) -> Arc<Documents> {
    let trusted = "query Who { viewer { profile } }";
    let hash = Documents::hash(trusted);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("persisted-documents.json");
    std::fs::write(&file, json!({ hash: trusted }).to_string()).unwrap();
    Arc::new(Documents::read(&file, free_text).unwrap())
}

#[tokio::test]
async fn trusted_documents_are_served_by_hash_and_other_text_to_whom_it_is_allowed() {
    let app = TestApp::start(Backend::Sqlite).await.with_both_counties().await;
    let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
    let hash = Documents::hash("query Who { viewer { profile } }");
    let mut app = app;
    for (audience, anonymous, signed_in) in [
        (Audience::Everyone, "", ""),
        (Audience::SignedIn, "FORBIDDEN", ""),
        (Audience::Nobody, "FORBIDDEN", "FORBIDDEN"),
    ] {
        app = app.behind(HttpSettings { documents: documents(audience), ..HttpSettings::default() });
        let ask = async |token: Option<&str>, body: Value| -> Value {
            let header = token.map(|token| ("authorization", format!("Bearer {token}")));
            sent(&app, header, &body).await.1
        };
        for by_hash in [
            json!({ "documentId": format!("sha256:{hash}") }),
            json!({ "documentId": hash }),
            json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": hash } } }),
            json!({ "query": "query Who { viewer { profile } }" }),
        ] {
            let answer = ask(Some(&clerk.token), by_hash.clone()).await;
            assert_eq!(answer["data"]["viewer"]["profile"], "COLLECTOR", "{by_hash}: {answer}");
            assert_eq!(code(&ask(None, by_hash).await), "", "a trusted document is for everybody");
        }
        let free = json!({ "query": "{ serverTime }" });
        assert_eq!(code(&ask(None, free.clone()).await), anonymous, "{audience:?}");
        assert_eq!(code(&ask(Some(&clerk.token), free).await), signed_in, "{audience:?}");
        let unknown = json!({ "documentId": "0".repeat(64) });
        assert_eq!(code(&ask(Some(&clerk.token), unknown).await), "PERSISTED_QUERY_NOT_FOUND");
    }
}

#[tokio::test]
async fn what_is_no_hash_is_refused_as_such() {
    let app = TestApp::start(Backend::Sqlite).await;
    for malformed in [
        json!({ "documentId": 7 }),
        json!({ "documentId": "abc" }),
        json!({ "extensions": { "persistedQuery": {} } }),
    ] {
        assert_eq!(code(&sent(&app, None, &malformed).await.1), "BAD_USER_INPUT");
    }
}

#[tokio::test]
async fn pages_of_allowed_origins_may_call_and_no_answer_may_be_framed_or_guessed_at() {
    let app = TestApp::start(Backend::Sqlite).await.behind(HttpSettings {
        allowed_origins: vec!["https://portal.example".to_owned()],
        ..HttpSettings::default()
    });
    for (origin, allowed) in [("https://portal.example", true), ("https://elsewhere.example", false)] {
        let preflight = Request::builder()
            .method(Method::OPTIONS)
            .uri("/graphql")
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type,authorization");
        let (_, headers, _) = app.send(preflight.body(Body::empty()).unwrap()).await;
        assert_eq!(headers.get("access-control-allow-origin").is_some(), allowed, "{origin}");
        let ask = post()
            .header("origin", origin)
            .body(Body::from(json!({ "query": "{ serverTime }" }).to_string()));
        let (_, headers, _) = app.send(ask.unwrap()).await;
        assert_eq!(headers.get("access-control-allow-origin").is_some(), allowed, "{origin}");
        assert_eq!(headers["x-frame-options"], "DENY");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert!(headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    }
}

#[tokio::test]
async fn a_request_is_told_what_it_cost_if_it_asks_and_limits_are_what_the_configuration_says() {
    let app = TestApp::start(Backend::Sqlite).await.with_both_counties().await;
    let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
    let page = "query ($n: Int) { submissions(first: $n) { nodes { id title } } }";
    let body = json!({ "query": page, "variables": { "n": 50 }, "extensions": { "cost": true } });
    let ask = async |app: &TestApp| -> Value {
        let request = post().header("authorization", format!("Bearer {}", clerk.token));
        let (_, _, text) = app.send(request.body(Body::from(body.to_string())).unwrap()).await;
        serde_json::from_str(&text).unwrap()
    };
    let answer = ask(&app).await;
    let cost = &answer["extensions"]["cost"];
    assert_eq!(
        (&cost["depth"], &cost["fields"], &cost["priceLimit"]),
        (&json!(3), &json!(4), &json!(10_000)),
        "{answer}"
    );
    let price = cost["price"].as_u64().unwrap();
    assert!((50..=100).contains(&price), "{price}");
    assert_eq!(cost["remaining"], json!(10_000 - price));
    let (_, plain) = app.graphql(Some(&clerk.token), page, json!({ "n": 50 })).await;
    assert!(plain.get("extensions").is_none());
    let strict =
        app.behind(HttpSettings { limits: Limits { price: 49, ..Limits::USUAL }, ..HttpSettings::default() });
    assert_eq!(code(&ask(&strict).await), "QUERY_TOO_COMPLEX");
}

const LOGIN: &str = "mutation ($input: SessionLoginInput!) { sessionLogin(input: $input) { accessToken refreshToken userErrors { code } } }";

/// A page of the service itself.
const OURS: &str = "https://minsheng.example";

/// One POST with what a browser sends along.
async fn from_page(
    app: &TestApp,
    origin: Option<&str>,
    cookie: Option<&str>,
    query: &str,
    variables: Value,
) -> (Option<String>, Value) {
    let mut request = post().header("host", "minsheng.example");
    if let Some(origin) = origin {
        request = request.header("origin", origin);
    }
    if let Some(cookie) = cookie {
        request = request.header("cookie", format!("theme=dark; {cookie}"));
    }
    let body = json!({ "query": query, "variables": variables }).to_string();
    let (_, headers, text) = app.send(request.body(Body::from(body)).unwrap()).await;
    let set = headers.get("set-cookie");
    let set = set.map(|set| set.to_str().unwrap().to_owned());
    (set, serde_json::from_str(&text).unwrap())
}

const REFRESH: &str =
    "mutation { sessionRefresh(input: {}) { accessToken refreshToken userErrors { code field } } }";

#[tokio::test]
async fn a_browser_that_asks_keeps_its_refresh_token_where_no_script_reads_it() {
    let app = TestApp::start(Backend::Sqlite).await.with_both_counties().await;
    let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
    let ask = async |cookie: Option<&str>, query: &str, variables: Value| {
        from_page(&app, Some(OURS), cookie, query, variables).await
    };
    let pair = |set: &str| set.split(';').next().unwrap().to_owned();
    let input = json!({ "account": clerk.login, "password": PASSWORD, "refreshInCookie": true });
    let (set, answer) = ask(None, LOGIN, json!({ "input": input })).await;
    let set = set.unwrap();
    assert!(
        ["HttpOnly", "SameSite=Strict", "Secure", "Path=/graphql"].iter().all(|part| set.contains(part)),
        "{set}"
    );
    let payload = &answer["data"]["sessionLogin"];
    assert!(payload["accessToken"].is_string() && payload["refreshToken"].is_null(), "{answer}");

    let (renewed, answer) = ask(Some(&pair(&set)), REFRESH, json!({})).await;
    let renewed = renewed.unwrap();
    assert_ne!(pair(&renewed), pair(&set));
    assert!(answer["data"]["sessionRefresh"]["accessToken"].is_string(), "{answer}");
    assert!(answer["data"]["sessionRefresh"]["refreshToken"].is_null(), "{answer}");

    let (set, answer) = ask(None, REFRESH, json!({})).await;
    assert_eq!(set, None);
    assert_eq!(
        answer["data"]["sessionRefresh"]["userErrors"],
        json!([{ "code": "INVALID", "field": ["input", "refreshToken"] }])
    );

    let logout = "mutation { sessionLogout(input: {}) { userErrors { code } } }";
    let (gone, answer) = ask(Some(&pair(&renewed)), logout, json!({})).await;
    assert_eq!(answer["data"]["sessionLogout"]["userErrors"], json!([]), "{answer}");
    assert!(gone.unwrap().contains("Max-Age=0"));
    let (forgotten, answer) = ask(Some(&pair(&renewed)), REFRESH, json!({})).await;
    assert_eq!(answer["data"]["sessionRefresh"]["userErrors"][0]["code"], "SESSION_ENDED");
    assert!(forgotten.unwrap().contains("Max-Age=0"));
}

#[tokio::test]
async fn a_cookie_counts_only_with_an_origin_that_is_ours() {
    let app = TestApp::start(Backend::Sqlite).await.with_both_counties().await;
    let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
    let app = app.behind(HttpSettings {
        allowed_origins: vec!["https://portal.example".to_owned()],
        ..HttpSettings::default()
    });
    let input = json!({ "account": clerk.login, "password": PASSWORD, "refreshInCookie": true });
    let login = json!({ "input": input });
    let foreign = [
        None,
        Some("https://other.minsheng.example"),
        Some("https://minsheng.example.evil.example"),
        Some("null"),
    ];
    for origin in foreign {
        let (set, answer) = from_page(&app, origin, None, LOGIN, login.clone()).await;
        assert_eq!((set, code(&answer)), (None, "BAD_USER_INPUT"), "{origin:?}");
    }
    let (set, _) = from_page(&app, Some(OURS), None, LOGIN, login).await;
    let mut cookie = set.unwrap().split(';').next().unwrap().to_owned();
    let logout = "mutation { sessionLogout(input: {}) { userErrors { code } } }";
    for origin in foreign {
        let asked = from_page(&app, origin, Some(&cookie), REFRESH, json!({})).await;
        let refused = json!([{ "code": "INVALID", "field": ["input", "refreshToken"] }]);
        let errors = &asked.1["data"]["sessionRefresh"]["userErrors"];
        assert_eq!((asked.0, errors), (None, &refused), "{origin:?}");
        let (set, answer) = from_page(&app, origin, Some(&cookie), logout, json!({})).await;
        assert_eq!((set, code(&answer)), (None, "UNAUTHENTICATED"), "{origin:?}");
    }
    for origin in [OURS, "https://portal.example"] {
        let (set, answer) = from_page(&app, Some(origin), Some(&cookie), REFRESH, json!({})).await;
        let access = &answer["data"]["sessionRefresh"]["accessToken"];
        assert!(access.is_string(), "{origin} {answer}");
        set.unwrap().split(';').next().unwrap().clone_into(&mut cookie);
    }
}

mod a_cookie_that_the_browser_would_drop_is_told_and_nobody_is_let_in {
    use super::*;

    async fn body(backend: Backend) {
        let app = TestApp::start(backend).await.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let login = async |page: &str, in_cookie: bool| {
            let (_, host) = page.split_once("://").unwrap();
            let input = json!({ "account": clerk.login, "password": PASSWORD, "refreshInCookie": in_cookie });
            let body = json!({ "query": LOGIN_WHY, "variables": { "input": input } }).to_string();
            let request = post().header("host", host).header("origin", page).body(Body::from(body));
            let (_, headers, text) = app.send(request.unwrap()).await;
            let answer: Value = serde_json::from_str(&text).unwrap();
            (headers.contains_key("set-cookie"), answer["data"]["sessionLogin"].clone())
        };
        for lan in ["http://192.168.0.9:8080", "http://minsheng.lan"] {
            let (set, payload) = login(lan, true).await;
            assert_eq!((set, &payload["accessToken"]), (false, &Value::Null), "{lan} {payload}");
            let error = &payload["userErrors"][0];
            assert_eq!(error["code"], "COOKIE_NOT_KEPT");
            assert_eq!(error["field"], json!(["input", "refreshInCookie"]));
            assert!(error["message"].as_str().unwrap().contains("https"), "{error}");
            let (set, payload) = login(lan, false).await;
            assert!(!set && payload["refreshToken"].is_string(), "{lan} {payload}");
        }
        for kept in ["https://minsheng.lan", "http://localhost:8080", "http://127.0.0.1:8080"] {
            let (set, payload) = login(kept, true).await;
            assert!(set && payload["accessToken"].is_string(), "{kept} {payload}");
        }
    }

    #[tokio::test]
    async fn on_sqlite() {
        body(Backend::Sqlite).await;
    }

    #[tokio::test]
    async fn on_postgres() {
        body(Backend::Postgres).await;
    }
}

mod leaving_a_second_window_leaves_the_first_its_cookie {
    use super::*;

    async fn body(backend: Backend) {
        let app = TestApp::start(backend).await.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let input = json!({ "account": clerk.login, "password": PASSWORD, "refreshInCookie": true });
        let (set, _) = from_page(&app, Some(OURS), None, LOGIN, json!({ "input": input })).await;
        let cookie = set.unwrap().split(';').next().unwrap().to_owned();
        let post_id =
            app.data(&clerk, "{ viewer { post { id } } }", json!({})).await["viewer"]["post"]["id"].clone();
        let (set, answer) =
            from_page(&app, Some(OURS), Some(&cookie), FORK, json!({ "input": { "postId": post_id } })).await;
        let beside = &answer["data"]["sessionFork"];
        assert!(beside["refreshToken"].is_string(), "{answer}");
        assert_eq!(set, None, "the cookie stays the first window's");
        let token = beside["accessToken"].as_str().unwrap();
        let leave = json!({ "query": "mutation { sessionLogout(input: {}) { userErrors { code } } }" });
        let request = post().header("host", "minsheng.example").header("origin", OURS);
        let request = request.header("cookie", &cookie).header("authorization", format!("Bearer {token}"));
        let (_, headers, text) = app.send(request.body(Body::from(leave.to_string())).unwrap()).await;
        assert!(text.contains(r#""userErrors":[]"#) && !headers.contains_key("set-cookie"), "{text}");
        assert_eq!(
            code(&app.graphql(Some(token), "{ viewer { id } }", json!({})).await.1),
            "UNAUTHENTICATED"
        );
        let (_, answer) = from_page(&app, Some(OURS), Some(&cookie), REFRESH, json!({})).await;
        assert!(answer["data"]["sessionRefresh"]["accessToken"].is_string(), "{answer}");
    }

    #[tokio::test]
    async fn on_sqlite() {
        body(Backend::Sqlite).await;
    }

    #[tokio::test]
    async fn on_postgres() {
        body(Backend::Postgres).await;
    }
}

const FORK: &str = "mutation ($input: SessionForkInput!) { sessionFork(input: $input) { accessToken refreshToken userErrors { code } } }";

const LOGIN_WHY: &str = "mutation ($input: SessionLoginInput!) { sessionLogin(input: $input) { accessToken refreshToken userErrors { code field message } } }";
