//! What one account, address or county may take at once, and that the others' requests go on meanwhile.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Request;
use entity::enums::Position;
use entity::id::County;
use minsheng::db::Tx;
use minsheng::http::HttpSettings;
use minsheng::scope::system;
use serde_json::{Value, json};

use crate::permissions::portal;
use crate::support::personas::{HUOQIU, Persona, SHUANGLUAN};
use crate::support::{TestApp, code, on_both_databases, post};

const READ: &str = "{ campaigns { code } }";
/// Far less than the database's own patience with who waits for a connection.
const WAIT: Duration = Duration::from_millis(500);

fn strict() -> HttpSettings {
    HttpSettings {
        requests_of_account: 1,
        requests_of_address: 1,
        share_wait: WAIT,
        county_percent: 100,
        ..HttpSettings::default()
    }
}

/// Takes every connection that requests read by.
async fn all_readers(app: &TestApp) -> Vec<Tx> {
    readers(app, app.app.db.connections()).await
}

/// Takes so many of them.
pub(crate) async fn readers(app: &TestApp, count: u32) -> Vec<Tx> {
    let operator = system::operator(County::parse(HUOQIU).unwrap());
    let mut readers = Vec::new();
    for _ in 0..count {
        readers.push(app.app.db.begin_read(&operator).await.unwrap());
    }
    readers
}

async fn status(app: &TestApp, path: &str) -> u16 {
    let request = Request::get(path).body(Body::empty()).unwrap();
    app.send(request).await.0.as_u16()
}

/// A request of an account or of an address; its code.
async fn ask(app: &TestApp, who: Option<&Persona>, query: &str) -> String {
    let token = who.map(|who| &*who.token);
    code(&app.graphql(token, query, json!({})).await.1).to_owned()
}

on_both_databases! {
    async fn a_full_pool_leaves_readiness_and_an_account_with_its_share_waits_for_its_own(app: TestApp) {
        let app = app.with_both_counties().await;
        let (one, other) = (
            app.persona(HUOQIU, "T_HEKOU", Position::Officer).await,
            app.persona(HUOQIU, "T_ZHOUJI", Position::Officer).await,
        );
        let app = app.behind(strict());
        // Arrivals are noted, so that from here on nothing but reading is done.
        assert_eq!([ask(&app, Some(&one), READ).await, ask(&app, Some(&other), READ).await], ["", ""]);
        let readers = all_readers(&app).await;
        assert_eq!(status(&app, "/health/ready").await, 200);
        let begin = Instant::now();
        let held = async { ask(&app, Some(&one), READ).await };
        let later = async {
            tokio::time::sleep(WAIT / 4).await;
            let refused = ask(&app, Some(&one), READ).await;
            let (waited, ready) = (begin.elapsed(), status(&app, "/health/ready").await);
            let others = async { ask(&app, Some(&other), READ).await };
            let free = async {
                tokio::time::sleep(WAIT / 4).await;
                drop(readers);
            };
            let (others, ()) = tokio::join!(others, free);
            (refused, waited, ready, others)
        };
        let (held, (refused, waited, ready, others)) = tokio::join!(held, later);
        assert_eq!(refused, "RATE_LIMITED");
        assert!(waited >= WAIT && waited < WAIT * 6, "{waited:?}");
        assert_eq!(ready, 200);
        assert_eq!([held, others], ["", ""], "who was let in is served");
        assert_eq!(ask(&app, Some(&one), READ).await, "", "a share comes back");
    }

    async fn strangers_at_one_address_share_and_another_address_does_not(app: TestApp) {
        let app = app.with_both_counties().await.behind(HttpSettings {
            trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()],
            ..strict()
        });
        let look_up = r#"{ receipt(code: "0000-0000-0000-0001") { number } }"#;
        let from = async |address: &str| {
            let request = post().header("x-forwarded-for", address);
            let body = json!({ "query": look_up }).to_string();
            let (status, _, text) = app.send(request.body(Body::from(body)).unwrap()).await;
            let answer: Value = serde_json::from_str(&text).unwrap();
            (status.as_u16(), code(&answer).to_owned())
        };
        let readers = all_readers(&app).await;
        let later = async {
            tokio::time::sleep(WAIT / 4).await;
            let refused = from("192.0.2.1").await;
            let free = async {
                tokio::time::sleep(WAIT / 4).await;
                drop(readers);
            };
            let (other, ()) = tokio::join!(from("192.0.2.2"), free);
            (refused, other)
        };
        let (held, (refused, other)) = tokio::join!(from("192.0.2.1"), later);
        assert_eq!(refused, (429, "RATE_LIMITED".to_owned()));
        assert_eq!([held.1, other.1], ["", ""]);
    }

    async fn a_portal_that_was_let_in_once_is_no_longer_counted_as_an_address(app: TestApp) {
        let app = app.with_both_counties().await;
        let token = portal(&app).await;
        let app = app.behind(strict());
        let ask = async || code(&app.graphql(Some(&token), READ, json!({})).await.1).to_owned();
        assert_eq!(ask().await, "");
        let readers = all_readers(&app).await;
        let free = async {
            tokio::time::sleep(WAIT * 2).await;
            drop(readers);
        };
        let (one, other, ()) = tokio::join!(ask(), ask(), free);
        assert_eq!([one, other], ["", ""]);
    }

    async fn a_county_leaves_a_part_of_the_connections_to_others(app: TestApp) {
        let app = app.with_both_counties().await;
        let home = [
            app.persona(HUOQIU, "T_HEKOU", Position::Officer).await,
            app.persona(HUOQIU, "T_ZHOUJI", Position::Officer).await,
        ];
        let abroad = app.persona(SHUANGLUAN, "TRANSPORT", Position::Officer).await;
        // A quarter of the four connections of a test is one.
        let app = app.behind(HttpSettings { county_percent: 25, ..strict() });
        for who in home.iter().chain([&abroad]) {
            assert_eq!(ask(&app, Some(who), READ).await, "");
        }
        let readers = all_readers(&app).await;
        let later = async {
            tokio::time::sleep(WAIT / 4).await;
            let refused = ask(&app, Some(&home[1]), READ).await;
            let free = async {
                tokio::time::sleep(WAIT / 4).await;
                drop(readers);
            };
            let (other, ()) = tokio::join!(ask(&app, Some(&abroad), READ), free);
            (refused, other)
        };
        let (held, (refused, other)) = tokio::join!(ask(&app, Some(&home[0]), READ), later);
        assert_eq!([&*held, &*refused, &*other], ["", "UNAVAILABLE", ""]);
    }
}

#[tokio::test]
async fn what_a_client_wrote_is_repeated_in_errors_only_so_far() {
    let app = TestApp::start(crate::support::Backend::Sqlite).await;
    let long = "x".repeat(5_000);
    let invalid = format!("{{ serverTime {long} }}");
    let unreadable = format!("{{ serverTime({long} }}");
    let argument = format!("query ($a: {long}) {{ serverTime }}");
    for document in [invalid, unreadable, argument] {
        for language in ["zh", "en"] {
            let request = post().header("accept-language", language);
            let body = json!({ "query": document }).to_string();
            let (_, _, text) = app.send(request.body(Body::from(body)).unwrap()).await;
            let answer: Value = serde_json::from_str(&text).unwrap();
            let message = answer["errors"][0]["message"].as_str().unwrap();
            assert!(message.contains("xxx") && message.chars().count() < 250, "{message}");
        }
    }
    let request = Request::get(format!("/{long}")).body(Body::empty()).unwrap();
    let (status, _, text) = app.send(request).await;
    assert_eq!(status, 404);
    assert!(text.contains("xxx") && text.chars().count() < 500, "{text}");
}
