//! Which path leads where.

use std::sync::Arc;

use axum::Router;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use tower_http::catch_panic::CatchPanicLayer;

use super::door::Door;
use super::{explorer, exports, graphql, headers, metrics, probes, trace};
use crate::refusal::echo;

/// Every path of the server.
pub fn router(door: Arc<Door>) -> Router {
    Router::new()
        .route("/graphql", any(graphql::handle))
        .route("/schema.graphql", get(probes::schema))
        .route("/health/live", get(probes::live))
        .route("/health/ready", get(probes::ready))
        .route("/metrics", get(metrics::metrics))
        .route("/.well-known/jwks.json", get(probes::keys))
        .route(&format!("{}{{ticket}}", exports::PATH), any(exports::handle))
        .merge(explorer::routes())
        .fallback(nothing_here)
        .layer(headers::cross_origin(&door.settings.allowed_origins))
        .layer(CatchPanicLayer::custom(trace::panicked))
        .layer(axum::middleware::from_fn(trace::trace))
        .layer(axum::middleware::map_response(headers::guard))
        .with_state(door)
}

/// The answer to a path that leads nowhere.
pub(super) async fn nothing_here(uri: Uri) -> Response {
    let known = "/graphql, /schema.graphql, /explorer, /health/live, /health/ready, /.well-known/jwks.json";
    let path = echo(uri.path());
    let text = format!("{path}: 没有此路径 / no such path. {known}\n");
    (StatusCode::NOT_FOUND, text).into_response()
}
