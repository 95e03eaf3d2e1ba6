//! `schema.graphql` is what is served, byte for byte.

use std::path::Path;

use axum::body::Body;
use axum::http::Request;
use minsheng::schema::sdl;

use crate::support::{TestApp, on_both_databases};

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
    async fn the_schema_is_served_as_text(app: TestApp) {
        let request = Request::get("/schema.graphql").body(Body::empty()).unwrap();
        let (status, headers, text) = app.send(request).await;
        assert_eq!(status, 200);
        assert_eq!(headers["content-type"], "text/plain; charset=utf-8");
        assert_eq!(text, sdl());
    }
}
