//! The caller by the `Authorization` header: none, or a bearer token that must hold.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use super::refused::Refused;
use crate::error::ApiError;

/// The bearer token of a request; nothing without the header. Another scheme or a second header is refused, not
/// ignored: whoever sends a credential wants to be somebody.
pub(super) fn bearer(headers: &HeaderMap) -> Result<Option<String>, Refused> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(first) = values.next() else {
        return Ok(None);
    };
    // Without a token it is one that does not hold: so it comes from clients that have none yet.
    let token = first.to_str().ok().map(|text| text.split_once(' ').unwrap_or((text, "")));
    match (token, values.next()) {
        (Some((scheme, token)), None) if scheme.eq_ignore_ascii_case("bearer") => {
            Ok(Some(token.trim().to_owned()))
        }
        _ => Err(ApiError::unauthenticated().into()),
    }
}
