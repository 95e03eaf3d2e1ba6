//! `/labels.json`: the words of the schema's enums and the types without an id, open to whom `/schema.graphql` is.

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};

use crate::schema::labels::LABELS;

/// Byte for byte the committed `api/labels.json`.
pub(super) async fn handle() -> Response {
    ([(CONTENT_TYPE, "application/json")], LABELS.as_str()).into_response()
}
