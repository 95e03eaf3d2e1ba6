//! `schema.graphql` is what is served, byte for byte.

use std::path::Path;

use axum::body::Body;
use axum::http::Request;
use entity::enums::Position;
use minsheng::audience::Audience;
use minsheng::http::HttpSettings;
use minsheng::schema::sdl;

use crate::support::personas::HUOQIU;
use crate::support::{TestApp, code, on_both_databases};

/// Set, the test writes the file instead of comparing.
const WRITE: &str = "MINSHENG_WRITE_SCHEMA";

#[test]
fn the_committed_schema_is_the_one_that_is_served() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema.graphql");
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&file, sdl()).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == sdl(),
        "schema.graphql differs from the code: run the tests with {WRITE}=1 and look at the diff"
    );
}

#[test]
fn the_schema_is_the_same_bytes_each_time() {
    assert_eq!(sdl(), sdl());
    assert!(sdl().ends_with("}\n") || sdl().ends_with(")\n"), "{}", sdl());
}

on_both_databases! {
    async fn the_schema_is_served_as_text_to_whom_it_answers_questions(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let fetch = async |app: &TestApp, token: Option<&str>| {
            let mut request = Request::get("/schema.graphql");
            if let Some(token) = token {
                request = request.header("authorization", format!("Bearer {token}"));
            }
            app.send(request.body(Body::empty()).unwrap()).await
        };
        let token = Some(clerk.token.as_str());
        let mut app = app;
        for (introspection, token, wanted, told) in [
            (Audience::Everyone, None, 200, ""),
            (Audience::Everyone, Some("nonsense"), 200, ""),
            (Audience::SignedIn, token, 200, ""),
            (Audience::SignedIn, None, 401, "UNAUTHENTICATED"),
            (Audience::SignedIn, Some("nonsense"), 401, "UNAUTHENTICATED"),
            (Audience::Nobody, token, 403, "FORBIDDEN"),
            (Audience::Nobody, None, 403, "FORBIDDEN"),
        ] {
            app = app.behind(HttpSettings { introspection, ..HttpSettings::default() });
            let (status, headers, text) = fetch(&app, token).await;
            assert_eq!(status, wanted, "{introspection:?} {text}");
            if wanted == 200 {
                assert_eq!(headers["content-type"], "text/plain; charset=utf-8");
                assert_eq!(text, sdl());
            } else {
                let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
                assert_eq!(code(&answer), told, "{text}");
            }
            // A query about the schema is refused to nobody else, and points nowhere.
            let (_, answer) = app.graphql(token.filter(|_| wanted != 401), "{ __type(name: \"Query\") { name } }", serde_json::json!({})).await;
            assert!(token == Some("nonsense") || answer.get("data").is_some() == (wanted == 200), "{introspection:?} {answer}");
            assert!(!answer.to_string().contains("schema.graphql"), "{answer}");
        }
    }
}
