//! A request's id, under which everything about it is logged, and its own line: method, path, status and time, never a
//! body, an address or a token.

use std::any::Any;
use std::time::Instant;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use super::refused::Refused;
use super::{answer, exports};
use crate::error::ApiError;
use crate::refusal::{Language, echo};
use crate::secrets::entropy;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request an id, answers with it, and logs the outcome under it.
pub(super) async fn trace(mut request: Request, next: Next) -> Response {
    let id = given(request.headers()).unwrap_or_else(fresh);
    let (method, path) = (request.method().clone(), told(request.uri().path()));
    request.headers_mut().insert(REQUEST_ID, id.clone());
    let begin = Instant::now();
    let span = tracing::info_span!("request", id = id.to_str().unwrap_or_default());
    let mut response = next.run(request).instrument(span.clone()).await;
    let (status, micros) = (response.status().as_u16(), begin.elapsed().as_micros());
    span.in_scope(|| {
        if path.starts_with("/health/") {
            tracing::debug!(%method, path, status, micros, "request");
        } else {
            tracing::info!(%method, path, status, micros, "request");
        }
    });
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

/// The path as it may be logged: a ticket is a key, and stays out of every log.
fn told(path: &str) -> String {
    match path.strip_prefix(exports::PATH) {
        Some(_) => format!("{}…", exports::PATH),
        None => echo(path).into_owned(),
    }
}

/// The answer to a request whose handler panicked; the panic itself was logged where it happened.
pub(super) fn panicked(_: Box<dyn Any + Send>) -> Response {
    let refused = Refused::from(ApiError::internal("a handler panicked"));
    answer::refused(refused, None, Language::default())
}

/// A proxy's id is kept if it can't do harm in a log.
fn given(headers: &HeaderMap) -> Option<HeaderValue> {
    let id = headers.get(REQUEST_ID)?;
    let harmless = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    ((8..=64).contains(&id.len()) && id.as_bytes().iter().all(harmless)).then(|| id.clone())
}

fn fresh() -> HeaderValue {
    let id = u128::from_be_bytes(entropy::random::<16>());
    HeaderValue::from_str(&format!("{id:032x}")).unwrap_or(HeaderValue::from_static("unknown"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_in_no_log() {
        assert_eq!(told("/exports/c2VjcmV0"), "/exports/…");
        assert_eq!(told("/graphql"), "/graphql");
    }

    #[test]
    fn a_long_path_is_cut_in_the_log() {
        assert_eq!(told(&"/".repeat(9_000)), format!("{}…", "/".repeat(200)));
    }
}
