//! `/explorer`: pages that carry no script of their own, ask no other host, and hand out no password elsewhere than in
//! a demonstration on its own machine. What a browser makes of them is looked at in `tests/clients`.

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST};
use axum::http::{Method, Request, StatusCode};
use minsheng::http::HttpSettings;
use minsheng::sensitive::Sensitive;

use crate::support::{Backend, TestApp};

/// By any of these a proxy is known, whatever it says.
pub(crate) const OF_PROXIES: [&str; 10] = [
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "true-client-ip",
    "cf-connecting-ip",
];

const ACCOUNTS: &str = r#"[{"account":"demo-account"}]"#;

async fn get(app: &TestApp, path: &str, host: &str) -> (StatusCode, axum::http::HeaderMap, String) {
    let request = Request::builder().method(Method::GET).uri(path).header(HOST, host);
    app.send(request.body(axum::body::Body::empty()).unwrap()).await
}

#[tokio::test]
async fn the_pages_hold_no_script_and_name_no_other_host() {
    let app = TestApp::start(Backend::Sqlite).await;
    for path in ["/explorer", "/explorer/simple"] {
        let (status, headers, page) = get(&app, path, "minsheng.example").await;
        assert_eq!(status, StatusCode::OK);
        let policy = headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
        assert!(!page.contains("//"), "{page}");
        assert!(!page.contains(" on") && !page.contains("style="), "{page}");
        for script in page.split("<script").skip(1) {
            assert!(script.contains(" src=\"/explorer/") && script.contains("\"></script>"), "{script}");
        }
    }
}

#[tokio::test]
async fn every_file_that_a_page_names_is_served_and_nothing_else_is() {
    let app = TestApp::start(Backend::Sqlite).await;
    let (_, _, page) = get(&app, "/explorer", "localhost").await;
    let files: Vec<&str> = page.split('"').filter(|part| part.starts_with("/explorer/")).collect();
    assert!(files.len() >= 2, "{page}");
    for file in files.iter().chain(&["/explorer/session.js", "/explorer/words.js"]) {
        let (status, headers, _) = get(&app, file, "localhost").await;
        assert_eq!(status, StatusCode::OK, "{file}");
        let kind = headers[CONTENT_TYPE].to_str().unwrap();
        assert!(kind.starts_with("text/javascript") || kind.starts_with("text/css"), "{kind}");
    }
    for path in ["/explorer/nothing.js", "/explorer/..%2f..%2fCargo.toml", "/explorer/page/simple.js"] {
        assert_eq!(get(&app, path, "localhost").await.0, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn accounts_are_handed_out_by_a_demonstration_to_its_own_machine_alone() {
    let app = TestApp::start(Backend::Sqlite).await;
    let (status, _, _) = get(&app, "/explorer/accounts.json", "localhost").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let app =
        app.behind(HttpSettings { demo_accounts: Some(Sensitive::new(ACCOUNTS)), ..HttpSettings::default() });
    for host in ["localhost:8080", "127.0.0.1:8080", "[::1]:8080", "localhost"] {
        let (status, _, text) = get(&app, "/explorer/accounts.json", host).await;
        assert_eq!((status, text.as_str()), (StatusCode::OK, ACCOUNTS), "{host}");
    }
    for host in ["minsheng.example", "localhost.example:8080", "10.0.0.7:8080", "127.0.0.1.example", ""] {
        let (status, _, text) = get(&app, "/explorer/accounts.json", host).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{host}: {text}");
    }
    for name in OF_PROXIES {
        let request = Request::get("/explorer/accounts.json").header(HOST, "localhost");
        let request = request.header(name, "127.0.0.1");
        let (status, _, text) = app.send(request.body(axum::body::Body::empty()).unwrap()).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{name}: {text}");
    }
}
