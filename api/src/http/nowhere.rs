//! Paths that lead nowhere.

use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::language::preferred;
use crate::refusal::{echo, message};

/// The answer to a path that leads nowhere.
pub(super) async fn nothing_here(headers: HeaderMap, uri: Uri) -> Response {
    let known = "/graphql, /schema.graphql, /explorer, /health/live, /health/ready, /.well-known/jwks.json";
    let path = echo(uri.path());
    let text = message!("{path}：没有此路径。{known}\n", "{path}: no such path. {known}\n");
    (StatusCode::NOT_FOUND, text.in_language(preferred(&headers))).into_response()
}
