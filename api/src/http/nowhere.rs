//! Paths that lead nowhere.

use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use crate::refusal::echo;

/// The answer to a path that leads nowhere.
pub(super) async fn nothing_here(uri: Uri) -> Response {
    let known = "/graphql, /schema.graphql, /explorer, /health/live, /health/ready, /.well-known/jwks.json";
    let path = echo(uri.path());
    let text = format!("{path}: 没有此路径 / no such path. {known}\n");
    (StatusCode::NOT_FOUND, text).into_response()
}
