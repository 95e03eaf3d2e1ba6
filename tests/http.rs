//! The door: what is answered, and what is refused before anything is executed.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use entity::enums::Position;
use entity::id::County;
use minsheng::audience::Audience;
use minsheng::http::HttpSettings;
use minsheng::scope::system;
use serde_json::{Value, json};

use crate::support::personas::{HUOQIU, SHUANGLUAN};
use crate::support::{Backend, TestApp, code, on_both_databases, post};

const TIME: &str = "{ serverTime }";

async fn get(app: &TestApp, address: &str) -> (StatusCode, HeaderMap, Value) {
    answered(app, Request::get(address).body(Body::empty()).unwrap()).await
}

async fn answered(app: &TestApp, request: Request<Body>) -> (StatusCode, HeaderMap, Value) {
    let (status, headers, text) = app.send(request).await;
    let answer = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status}: {text}"));
    (status, headers, answer)
}

fn question(query: &str) -> Body {
    Body::from(json!({ "query": query }).to_string())
}

/// Nothing was executed, and the code says why.
fn assert_refused(status: StatusCode, answer: &Value, wanted: u16, with_code: &str) {
    assert_eq!((status.as_u16(), code(answer)), (wanted, with_code), "{answer}");
    assert!(answer.get("data").is_none(), "{answer}");
}

on_both_databases! {
    async fn a_server_with_its_database_is_live_and_ready(app: TestApp) {
        for (path, text) in [("/health/live", "live"), ("/health/ready", "ready")] {
            let (status, _, answer) = get(&app, path).await;
            assert_eq!((status.as_u16(), &answer["status"]), (200, &json!(text)));
        }
    }

    async fn a_query_is_answered_by_post_and_by_get(app: TestApp) {
        let time = json!({ "data": { "serverTime": "2022-03-16T09:30:00+08:00" } });
        let (status, answer) = app.graphql(None, TIME, json!({})).await;
        assert_eq!((status, &answer), (200, &time));
        let (status, headers, answer) = get(&app, "/graphql?query=%7B%20serverTime%20%7D&variables=%7B%7D").await;
        assert_eq!((status.as_u16(), &answer), (200, &time));
        assert_eq!(headers["content-type"], "application/json; charset=utf-8");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["x-request-id"].len(), 32);
    }

    async fn the_keys_of_tokens_are_public(app: TestApp) {
        let (status, _, answer) = get(&app, "/.well-known/jwks.json").await;
        assert_eq!(status, 200);
        assert_eq!((&answer["keys"][0]["crv"], answer["keys"][0].get("d")), (&json!("Ed25519"), None));
    }

    async fn a_persona_is_known_by_its_token_and_reads_its_own_county(app: TestApp) {
        let app = app.with_both_counties().await;
        for (county, department, campaign) in [(HUOQIU, "T_CHENGGUAN", "MSQT-2022"), (SHUANGLUAN, "LEADING_GROUP", "MXGC-2020")] {
            let token = app.persona(county, department, Position::Officer).await.token;
            let (status, answer) = app.graphql(Some(&token), "{ viewer { id } campaigns { code } }", json!({})).await;
            assert_eq!((status, &answer["errors"]), (200, &Value::Null), "{answer}");
            assert_eq!(answer["data"]["campaigns"], json!([{ "code": campaign }]));
            assert!(answer["data"]["viewer"]["id"].is_string(), "{answer}");
        }
        let (status, answer) = app.graphql(None, "{ campaigns { code } }", json!({})).await;
        assert_eq!((status, code(&answer)), (200, "UNAUTHENTICATED"));
        assert_eq!(answer["errors"][0]["path"], json!(["campaigns"]));
        assert_eq!(answer["errors"][0]["message"], "请先登录");
        let english = post().header("accept-language", "en").body(question("{ campaigns { code } }")).unwrap();
        assert_eq!(answered(&app, english).await.2["errors"][0]["message"], "Sign in first");
    }

    async fn a_token_that_does_not_hold_is_refused_and_not_taken_for_nobody(app: TestApp) {
        let (status, answer) = app.graphql(Some("nonsense"), "{ viewer { id } }", json!({})).await;
        assert_refused(StatusCode::from_u16(status).unwrap(), &answer, 401, "UNAUTHENTICATED");
        let basic = post().header("authorization", "Basic YTpi").body(question(TIME)).unwrap();
        let (status, headers, answer) = answered(&app, basic).await;
        assert_refused(status, &answer, 401, "UNAUTHENTICATED");
        assert!(headers.contains_key("www-authenticate"));
        // Of a client that has none yet; what is for anybody it may ask.
        let bare = post().header("authorization", "Bearer").body(question(TIME)).unwrap();
        assert_eq!(answered(&app, bare).await.0, StatusCode::OK);
    }
}

#[tokio::test]
async fn other_content_types_than_json_are_refused() {
    let app = TestApp::start(Backend::Sqlite).await;
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=gbk",
        "application/graphql",
    ] {
        let request =
            Request::post("/graphql").header("content-type", content_type).body(question(TIME)).unwrap();
        let (status, _, answer) = answered(&app, request).await;
        assert_refused(status, &answer, 415, "BAD_USER_INPUT");
    }
    let (status, _, answer) = answered(&app, Request::post("/graphql").body(question(TIME)).unwrap()).await;
    assert_refused(status, &answer, 415, "BAD_USER_INPUT");
}

#[tokio::test]
async fn a_subscription_is_not_answered_with_one_answer() {
    let app = TestApp::start(Backend::Sqlite).await;
    let document = "subscription { submissionChanged { kind } }";
    let (status, answer) = app.graphql(None, document, json!({})).await;
    assert_refused(StatusCode::from_u16(status).unwrap(), &answer, 400, "GRAPHQL_VALIDATION_FAILED");
    let by_get = "/graphql?query=subscription%7BsubmissionChanged%7Bkind%7D%7D";
    let (status, _, answer) = get(&app, by_get).await;
    assert_refused(status, &answer, 200, "GRAPHQL_VALIDATION_FAILED");
}

#[tokio::test]
async fn other_methods_are_refused_and_a_mutation_by_get_is_too() {
    let app = TestApp::start(Backend::Sqlite).await;
    for method in [Method::PUT, Method::DELETE, Method::PATCH] {
        let request = Request::builder().method(method).uri("/graphql").body(question(TIME)).unwrap();
        let (status, headers, answer) = answered(&app, request).await;
        assert_refused(status, &answer, 405, "BAD_USER_INPUT");
        assert_eq!(headers["allow"], "GET, POST");
    }
    let mutation = "/graphql?query=mutation%20%7B%20__typename%20%7D";
    let (status, headers, answer) = get(&app, mutation).await;
    assert_refused(status, &answer, 405, "BAD_USER_INPUT");
    assert_eq!(headers["allow"], "POST");
    let chosen = "/graphql?query=query%20A%20%7B%20__typename%20%7D%20mutation%20B%20%7B%20__typename%20%7D&operationName=";
    assert_eq!(get(&app, &format!("{chosen}A")).await.0, 200);
    assert_eq!(get(&app, &format!("{chosen}B")).await.0, 405);
}

#[tokio::test]
async fn a_body_that_is_too_large_or_of_the_wrong_shape_is_refused() {
    let app = TestApp::start(Backend::Sqlite).await;
    let (status, _, answer) =
        answered(&app, post().body(Body::from(" ".repeat(256 * 1024 + 1))).unwrap()).await;
    assert_refused(status, &answer, 413, "BAD_USER_INPUT");
    for body in [
        "",
        "{",
        "[]",
        "1",
        "[{\"query\": \"{ serverTime }\"}]",
        "{}",
        "{\"query\": 1}",
        "{\"query\": \"{ serverTime }\", \"variables\": []}",
        "{\"query\": \"{ serverTime }\", \"operationName\": 7}",
        "{\"query\": \"{ serverTime }\", \"extensions\": \"x\"}",
    ] {
        let (status, _, answer) = answered(&app, post().body(Body::from(body)).unwrap()).await;
        assert_refused(status, &answer, 400, "BAD_USER_INPUT");
    }
    let nested = format!(
        "{{\"query\": \"{{ serverTime }}\", \"variables\": {{\"a\": {}1{}}}}}",
        "[".repeat(9_000),
        "]".repeat(9_000)
    );
    let (status, _, answer) = answered(&app, post().body(Body::from(nested)).unwrap()).await;
    assert_refused(status, &answer, 400, "BAD_USER_INPUT");
}

#[tokio::test]
async fn a_document_that_would_hurt_the_parser_or_the_executor_is_refused() {
    let app = TestApp::start(Backend::Sqlite).await;
    let nested =
        |open: &str, close: &str, depth: usize| format!("{}{}", open.repeat(depth), close.repeat(depth));
    for depth in [100, 1_000, 7_000] {
        for document in [
            format!("{{ serverTime(a: {}) }}", nested("[", "]", depth)),
            format!("query A($a: X = {}) {{ serverTime }}", nested("[", "]", depth)),
            format!("{{ serverTime @include(if: {}) }}", nested("[", "]", depth)),
        ] {
            let (status, answer) = app.graphql(None, &document, json!({})).await;
            assert_refused(StatusCode::from_u16(status).unwrap(), &answer, 400, "QUERY_TOO_COMPLEX");
        }
    }
    let doubling = (0..30).fold(String::new(), |text, n| {
        text + &format!(" fragment f{n} on Query {{ ...f{0} ...f{0} }}", n + 1)
    });
    let doubling = format!("{{ ...f0 }}{doubling} fragment f30 on Query {{ serverTime }}");
    let aliases = (0..31).fold(String::new(), |text, n| text + &format!(" a{n}: serverTime"));
    for document in
        [doubling, format!("{{{aliases} }}"), format!("{{ serverTime }} #{}", "x".repeat(16 * 1024))]
    {
        let (status, answer) = app.graphql(None, &document, json!({})).await;
        assert_refused(StatusCode::from_u16(status).unwrap(), &answer, 400, "QUERY_TOO_COMPLEX");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_document_has_a_code_a_status_by_accept_and_the_callers_language() {
    let app = TestApp::start(Backend::Sqlite).await;
    for (document, wanted) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ a(b: \"x) }", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { serverTime } query B { serverTime }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { a }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ ...a } fragment a on Query { ...a }", "GRAPHQL_VALIDATION_FAILED"),
    ] {
        let (status, answer) = app.graphql(None, document, json!({})).await;
        assert_refused(StatusCode::from_u16(status).unwrap(), &answer, 400, wanted);
        let english = post().header("accept-language", "en").body(question(document)).unwrap();
        let (status, headers, answer) = answered(&app, english).await;
        assert_refused(status, &answer, 200, wanted);
        assert_eq!(headers["content-type"], "application/json; charset=utf-8");
        let message = answer["errors"][0]["message"].as_str().unwrap();
        assert!(message.is_ascii(), "{message}");
    }
}

#[tokio::test]
async fn neither_media_type_wanted_is_not_acceptable() {
    let app = TestApp::start(Backend::Sqlite).await;
    let request = post().header("accept", "text/html").body(question(TIME)).unwrap();
    let (status, _, answer) = answered(&app, request).await;
    assert_refused(status, &answer, 406, "BAD_USER_INPUT");
    for (accept, wanted) in [
        (
            "application/json;q=0.9, application/graphql-response+json",
            "application/graphql-response+json; charset=utf-8",
        ),
        ("application/graphql-response+json;q=0.1, */*", "application/json; charset=utf-8"),
    ] {
        let request = post().header("accept", accept).body(question(TIME)).unwrap();
        assert_eq!(answered(&app, request).await.1["content-type"], wanted);
    }
}

#[tokio::test]
async fn introspection_is_answered_to_whom_the_configuration_says() {
    let app = TestApp::start(Backend::Sqlite).await;
    let of_type = "ofType { kind name ".repeat(9);
    let query = format!(
        "{{ __schema {{ types {{ fields {{ args {{ type {{ kind {of_type} {} }} }} }} }} }} }}",
        "}".repeat(9)
    );
    let (status, answer) = app.graphql(None, &query, json!({})).await;
    assert_refused(StatusCode::from_u16(status).unwrap(), &answer, 400, "FORBIDDEN");
    let typename = "{ __typename ... on Query { __typename } }";
    assert_eq!(app.graphql(None, typename, json!({})).await.0, 200);
    let app = app.with_both_counties().await;
    let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
    app.data(&clerk, &query, json!({})).await;
    let mut app = app;
    for (introspection, known, wanted) in [
        (Audience::Everyone, None, ""),
        (Audience::SignedIn, None, "FORBIDDEN"),
        (Audience::Nobody, Some(&*clerk.token), "FORBIDDEN"),
    ] {
        app = app.behind(HttpSettings { introspection, ..HttpSettings::default() });
        for hidden in [
            "{ __type(name: \"Query\") { name } }",
            "{ ...a } fragment a on Query { ... { x: __schema { queryType { name } } } }",
        ] {
            let (_, answer) = app.graphql(known, hidden, json!({})).await;
            assert_eq!(code(&answer), wanted, "{introspection:?}: {answer}");
            assert_eq!(answer.get("data").is_some(), wanted.is_empty(), "{answer}");
        }
    }
}

#[tokio::test]
async fn what_takes_too_long_is_answered_at_the_deadline_and_still_comes_to_its_end() {
    let app = TestApp::start(Backend::Sqlite).await.with_both_counties().await;
    let persona = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
    // The first use of a token notes its arrival, which is a write of its own.
    app.data(&persona, "{ campaigns { code } }", json!({})).await;
    let app =
        app.behind(HttpSettings { request_timeout: Duration::from_millis(200), ..HttpSettings::default() });
    let operator = system::operator(County::parse(HUOQIU).unwrap());
    let only_writer = app.app.db.begin_write(&operator).await.unwrap();
    let leave = "mutation { sessionLogoutEverywhere { userErrors { code } } }";
    let (status, answer) = app.graphql(Some(&persona.token), leave, json!({})).await;
    assert_refused(StatusCode::from_u16(status).unwrap(), &answer, 504, "TIMEOUT");
    drop(only_writer);
    // The writer is free again once the request that went on has used it.
    drop(app.app.db.begin_write(&operator).await.unwrap());
    let app = app.behind(HttpSettings::default());
    let (_, answer) = app.graphql(Some(&persona.token), "{ campaigns { code } }", json!({})).await;
    assert_eq!(code(&answer), "UNAUTHENTICATED", "{answer}");
}
