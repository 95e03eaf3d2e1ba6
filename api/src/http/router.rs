//! Which path leads where.

use std::sync::Arc;

use axum::Router;
use axum::routing::{any, get};
use tower_http::catch_panic::CatchPanicLayer;

use super::door::Door;
use super::nowhere::nothing_here;
use super::{explorer, exports, graphql, headers, labels, probes, trace};

/// Every path of the server.
pub fn router(door: Arc<Door>) -> Router {
    Router::new()
        .route("/graphql", any(graphql::handle))
        .route("/schema.graphql", get(probes::schema))
        .route("/labels.json", get(labels::handle))
        .route("/health/live", get(probes::live))
        .route("/health/ready", get(probes::ready))
        .route("/metrics", get(probes::metrics))
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
