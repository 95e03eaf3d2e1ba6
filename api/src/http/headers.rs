//! What every answer tells a browser: not to guess, not to frame, not to pass on; and which other origins may call.

use std::time::Duration;

use axum::http::header::{
    ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
    RETRY_AFTER, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::response::Response;
use tower_http::cors::{AllowOrigin, CorsLayer};

/// How long a browser may remember that it asked.
const REMEMBERED: Duration = Duration::from_mins(10);

/// An answer without a policy of its own is data: nothing in it may load, run or be framed.
pub(super) async fn guard(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Pages of the allowed origins may call with a token or the refresh cookie, and read when to come again.
pub(super) fn cross_origin(allowed: &[String]) -> CorsLayer {
    let request_id = HeaderName::from_static("x-request-id");
    let origins = allowed.iter().filter_map(|origin| HeaderValue::from_str(origin).ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, request_id.clone()])
        .allow_credentials(true)
        .expose_headers([RETRY_AFTER, request_id])
        .max_age(REMEMBERED)
}
