//! What machines ask: alive, ready, the schema, the keys, the figures.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::door::Door;
use super::nowhere::nothing_here;
use super::refused::Refused;
use super::{answer, client, credential, language, vigil};
use crate::app::board::Fitness;
use crate::audience::Audience;
use crate::error::ApiError;
use crate::schema::introspection;

/// Longest wait for the database before readiness says no.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process answers; nothing else is asked, so that a database that is away restarts nothing.
pub(super) async fn live() -> Response {
    status(StatusCode::OK, "live")
}

/// The database answers, the server is not shutting down, and its background work goes on. Work that stands still is
/// named, and by itself takes a server away only where nobody else can do it.
pub(super) async fn ready(State(door): State<Arc<Door>>) -> Response {
    let answered = door.app.db.probe(PATIENCE).await;
    if !door.is_open() || answered.is_err() {
        return status(StatusCode::SERVICE_UNAVAILABLE, "unavailable");
    }
    match door.app.jobs.fitness(door.app.clock.now()) {
        Fitness::Sound => status(StatusCode::OK, "ready"),
        Fitness::Degraded(jobs) => standing_still(StatusCode::OK, "degraded", &jobs),
        Fitness::Unfit(jobs) => standing_still(StatusCode::SERVICE_UNAVAILABLE, "unavailable", &jobs),
    }
}

/// The sorted schema, byte for byte the committed file, for whom the schema answers questions about itself.
pub(super) async fn schema(State(door): State<Arc<Door>>, parts: Parts) -> Response {
    match may_read_schema(&door, &parts).await {
        Ok(()) => ([(CONTENT_TYPE, "text/plain; charset=utf-8")], door.sdl.clone()).into_response(),
        Err(refused) => answer::refused(refused, None, language::preferred(&parts.headers)),
    }
}

async fn may_read_schema(door: &Door, parts: &Parts) -> Result<(), Refused> {
    match door.settings.introspection {
        Audience::Everyone => Ok(()),
        Audience::SignedIn => {
            let bearer = credential::bearer(&parts.headers)?.ok_or_else(ApiError::unauthenticated)?;
            let address = client::address_of(parts, &door.settings.trusted_proxies);
            vigil::let_in(door, &bearer, address).await?;
            Ok(())
        }
        Audience::Nobody => Err(Refused::with_status(StatusCode::FORBIDDEN, introspection::withheld())),
    }
}

/// The public halves of the keys of tokens and of documents (RFC 7517).
pub(super) async fn keys(State(door): State<Arc<Door>>) -> Response {
    let app = &door.app;
    Json(app.tokens.ring().jwks_with(Some(&app.documents))).into_response()
}

fn status(code: StatusCode, text: &str) -> Response {
    said(code, &json!({ "status": text }))
}

fn standing_still(code: StatusCode, text: &str, jobs: &[&str]) -> Response {
    said(code, &json!({ "status": text, "jobs": jobs }))
}

fn said(code: StatusCode, body: &Value) -> Response {
    (code, [(CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// `/metrics`, for those who collect them: to everybody else there is no such path.
pub(super) async fn metrics(State(door): State<Arc<Door>>, parts: Parts) -> Response {
    let collects = client::direct_peer(&parts).is_some_and(|peer| {
        let mut networks = door.settings.metrics_networks.iter();
        networks.any(|network| network.contains(peer))
    });
    if !collects {
        return nothing_here(parts.headers, parts.uri).await;
    }
    let media = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(CONTENT_TYPE, media)], door.metrics.text(door.app.hasher.most_at_once())).into_response()
}
