//! What machines ask: alive, ready, the schema, the keys.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::door::Door;

/// Longest wait for the database before readiness says no.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process answers; nothing else is asked, so that a database that is away restarts nothing.
pub(super) async fn live() -> Response {
    status(StatusCode::OK, "live")
}

/// The database answers and the server is not shutting down.
pub(super) async fn ready(State(door): State<Arc<Door>>) -> Response {
    let answered = tokio::time::timeout(PATIENCE, door.app.db.probe()).await;
    if door.is_open() && matches!(answered, Ok(Ok(()))) {
        status(StatusCode::OK, "ready")
    } else {
        status(StatusCode::SERVICE_UNAVAILABLE, "unavailable")
    }
}

/// The sorted schema, byte for byte the committed file.
pub(super) async fn schema(State(door): State<Arc<Door>>) -> Response {
    (
        [(CONTENT_TYPE, "text/plain; charset=utf-8")],
        door.sdl.clone(),
    )
        .into_response()
}

/// The public halves of the keys of tokens and of documents (RFC 7517).
pub(super) async fn keys(State(door): State<Arc<Door>>) -> Response {
    let app = &door.app;
    Json(app.tokens.ring().jwks_with(Some(&app.documents))).into_response()
}

fn status(code: StatusCode, text: &str) -> Response {
    (
        code,
        [(CACHE_CONTROL, "no-store")],
        Json(json!({ "status": text })),
    )
        .into_response()
}
