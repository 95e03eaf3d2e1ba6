//! `/graphql`: one handler for GET and POST, for streams of events, and for what becomes a socket.

use std::sync::Arc;

use axum::extract::{Request as HttpRequest, State};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;

use super::answer::{self, Media};
use super::door::Door;
use super::payload::Payload;
use super::pipeline::{self, Asked, Carries, Outcome};
use super::refused::Refused;
use super::{body, client, credential, language, origin, socket, sse};
use crate::error::ApiError;
use crate::graphql::refresh_cookie::RefreshCookie;
use crate::refusal::Language;

/// Answers a GraphQL request, whatever becomes of it.
pub(super) async fn handle(State(door): State<Arc<Door>>, request: HttpRequest) -> Response {
    let (parts, body) = request.into_parts();
    let language = language::preferred(&parts.headers);
    if socket::asked_for(&parts.headers) && parts.method == Method::GET {
        let upgraded = socket::upgrade(door, parts, language).await;
        return upgraded.unwrap_or_else(|refused| answer::refused(refused, None, language));
    }
    if sse::asked_for(&parts.headers) {
        let asked = admit(&door, parts, body, language, true).await;
        let answered = Box::pin(sse::answer(door, asked)).await;
        return answered.unwrap_or_else(|refused| answer::refused(refused, None, language));
    }
    let Some(media) = Media::accepted(&parts.headers) else {
        return answer::refused(not_acceptable(), None, language);
    };
    let cookie = cookie(&parts, &door.settings.allowed_origins);
    let outcome = match admit(&door, parts, body, language, false).await {
        Ok(asked) => {
            let asked = Asked { cookie: cookie.clone(), ..asked };
            pipeline::perform(door, asked).await
        }
        Err(refused) => Err(refused),
    };
    let mut response = match outcome {
        Ok(Outcome::Answer(executed)) => answer::executed(executed, media, language),
        // The pipeline refuses what the transport does not carry.
        Ok(Outcome::Events(_)) => {
            let error = ApiError::internal("events for one answer");
            answer::refused(error.into(), Some(media), language)
        }
        Err(refused) => answer::refused(refused, Some(media), language),
    };
    let set = cookie.and_then(|cookie| cookie.set_cookie());
    if let Some(set) = set.and_then(|text| HeaderValue::from_str(&text).ok()) {
        response.headers_mut().insert(SET_COOKIE, set);
    }
    response
}

/// What the browser keeps; nothing unless it says that a page of ours asks. `SameSite` alone would let other sites of the
/// same domain, which a county's portals often are, renew and end sessions.
fn cookie(parts: &Parts, listed: &[String]) -> Option<Arc<RefreshCookie>> {
    if !origin::ours(&parts.headers, listed) {
        return None;
    }
    let headers = parts.headers.get_all(COOKIE).iter();
    let headers = headers.filter_map(|header| header.to_str().ok());
    let dropped = !origin::keeps_secure_cookies(&parts.headers);
    Some(Arc::new(RefreshCookie::received(headers).dropped_if(dropped)))
}

/// Method, content type, bounded body, shape: in this order.
async fn admit(
    door: &Door,
    parts: Parts,
    body: axum::body::Body,
    language: Language,
    subscriptions: bool,
) -> Result<Asked, Refused> {
    let payload = match parts.method {
        Method::POST => {
            body::check_type(&parts.headers)?;
            Payload::from_json(&body::read(&parts.headers, body, &door.settings).await?)?
        }
        Method::GET => Payload::from_address(&parts.uri)?,
        _ => {
            return Err(Refused::method(
                "GET, POST",
                "请用 POST，查询也可用 GET",
                "Use POST, or GET for queries",
            ));
        }
    };
    Ok(Asked {
        payload,
        carries: Carries { mutations: parts.method == Method::POST, subscriptions },
        bearer: credential::bearer(&parts.headers)?,
        language,
        address: client::address_of(&parts, &door.settings.trusted_proxies),
        citizen: client::mark_of_citizen(&parts.headers)?,
        cookie: None,
    })
}

fn not_acceptable() -> Refused {
    Refused::http(
        StatusCode::NOT_ACCEPTABLE,
        "Accept 须含 application/graphql-response+json 或 application/json",
        "Accept must allow application/graphql-response+json or application/json",
    )
}
