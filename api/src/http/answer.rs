//! The answer as GraphQL over HTTP wants it: media type by `Accept`, status, and errors with a code of the closed list
//! in the caller's language.

use std::collections::BTreeMap;

use async_graphql::{Response as Executed, ServerError, Value};
use axum::body::Body;
use axum::http::header::{ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use serde::Serialize;

use super::misfit;
use super::refused::{Refused, Status};
use crate::error::{ApiError, ErrorCode};
use crate::refusal::{Language, Message, echo, message};

/// The two media types of GraphQL over HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/json`, for those who ask for nothing better.
    Json,
    /// `application/graphql-response+json`, whose statuses mean what they say.
    Graphql,
}

impl Media {
    /// By the `Accept` header; nothing when neither is wanted.
    pub(super) fn accepted(headers: &HeaderMap) -> Option<Self> {
        let wanted = weighed(headers, &ACCEPT);
        if wanted.is_empty() && !headers.contains_key(ACCEPT) {
            return Some(Self::Json);
        }
        wanted.iter().find_map(|(range, _)| match range.to_ascii_lowercase().as_str() {
            "application/graphql-response+json" => Some(Self::Graphql),
            "application/json" | "application/*" | "*/*" => Some(Self::Json),
            _ => None,
        })
    }

    const fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json; charset=utf-8",
            Self::Graphql => "application/graphql-response+json; charset=utf-8",
        })
    }
}

/// The members of a list header with their weights, the heaviest first, those of weight zero left out.
pub(super) fn weighed<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Vec<(&'h str, f32)> {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    let mut members: Vec<(&str, f32)> = lines
        .flat_map(|line| line.split(','))
        .map(|member| {
            let mut parts = member.split(';').map(str::trim);
            let range = parts.next().unwrap_or_default();
            let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            (range, weight.map_or(1.0, |weight| weight.parse().unwrap_or(0.0)))
        })
        .filter(|(range, weight)| !range.is_empty() && *weight > 0.0)
        .collect();
    members.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    members
}

/// What goes over the wire; `data` is absent, not null, when nothing was executed.
#[derive(Serialize)]
struct Wire<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extensions: Option<&'a BTreeMap<String, Value>>,
}

/// A result for a transport that sends many over one connection.
#[derive(Debug)]
pub(super) enum Sent {
    /// `data` and `errors`, as JSON.
    Result(String),
    /// The list of errors for which nothing was executed, as JSON.
    Errors(String),
}

impl Sent {
    /// Errors as a result without `data`, for a transport that knows only results.
    pub(super) fn into_result(self) -> String {
        match self {
            Self::Result(result) => result,
            Self::Errors(errors) => format!(r#"{{"errors":{errors}}}"#),
        }
    }
}

/// One result, by what the library has executed or refused to.
pub(super) fn sent_over(executed: Executed, language: Language) -> Sent {
    let Executed { data, errors, extensions, .. } = finished(executed, language);
    let extensions = Some(&extensions).filter(|extensions| !extensions.is_empty());
    if unexecuted(&data, &errors) {
        return Sent::Errors(text(&errors));
    }
    Sent::Result(text(&Wire { errors: &errors, data: Some(&data), extensions }))
}

/// Every error with its code, in the caller's language.
fn finished(mut executed: Executed, language: Language) -> Executed {
    for error in &mut executed.errors {
        finish(error, language);
    }
    executed
}

/// The list of errors of a refused request, as JSON.
pub(super) fn errors(refused: Refused, language: Language) -> String {
    text(&[error_of(refused.error, refused.locations, language)])
}

fn error_of(error: ApiError, locations: Vec<async_graphql::Pos>, language: Language) -> ServerError {
    let mut error = async_graphql::Error::from(error).into_server_error(async_graphql::Pos::default());
    error.locations = locations;
    finish(&mut error, language);
    error
}

/// Errors of the document have no path, for nothing was begun.
fn unexecuted(data: &Value, errors: &[ServerError]) -> bool {
    *data == Value::Null && !errors.is_empty() && errors.iter().all(|error| error.path.is_empty())
}

/// Maps with text keys and values of JSON's own types: this can't fail.
fn text(value: &(impl Serialize + ?Sized)) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The answer to an executed request, or to one that the library refused before executing it.
pub(super) fn executed(executed: Executed, media: Media, language: Language) -> Response {
    let Executed { data, errors, extensions, .. } = finished(executed, language);
    let extensions = Some(&extensions).filter(|extensions| !extensions.is_empty());
    let nothing =
        data == Value::Null || matches!(&data, Value::Object(fields) if fields.values().all(is_null));
    if nothing && let Some(status) = common_status(&errors) {
        return sent(status, media, &Wire { errors: &errors, data: None, extensions });
    }
    if unexecuted(&data, &errors) {
        return sent(document_status(media), media, &Wire { errors: &errors, data: None, extensions });
    }
    sent(StatusCode::OK, media, &Wire { errors: &errors, data: Some(&data), extensions })
}

/// The answer to a refused request; `None` when neither media type is wanted, which is then told in JSON.
pub(super) fn refused(refused: Refused, media: Option<Media>, language: Language) -> Response {
    let Refused { error, locations, status, allow } = refused;
    let media = media.unwrap_or(Media::Json);
    let status = match status {
        Status::Http(status) => status,
        Status::Document => document_status(media),
    };
    let error = error_of(error, locations, language);
    let mut response = sent(status, media, &Wire { errors: &[error], data: None, extensions: None });
    let headers = response.headers_mut();
    if let Some(allow) = allow {
        headers.insert(ALLOW, HeaderValue::from_static(allow));
    }
    response
}

const fn document_status(media: Media) -> StatusCode {
    match media {
        Media::Json => StatusCode::OK,
        Media::Graphql => StatusCode::BAD_REQUEST,
    }
}

/// A request of which nothing came but that the service refused it is answered as if refused at the door, so that a
/// load balancer and a client's back-off see it too.
fn common_status(errors: &[ServerError]) -> Option<StatusCode> {
    let first = code_of(errors.first()?)?;
    let status = match first {
        ErrorCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => return None,
    };
    errors.iter().all(|error| code_of(error) == Some(first)).then_some(status)
}

fn is_null(value: &Value) -> bool {
    *value == Value::Null
}

/// Gives an error its code and language. Whatever has no code of the closed list is a fault of ours and is masked.
fn finish(error: &mut ServerError, language: Language) {
    if code_of(error).is_none() {
        let coded = async_graphql::Error::from(coded(error)).into_server_error(async_graphql::Pos::default());
        (error.extensions, error.source) = (coded.extensions, coded.source);
    }
    if let Some(message) = error.source::<Message>() {
        error.message = message.clone().in_language(language);
    }
}

/// The code that an error is sent with.
pub(super) fn code(error: &ServerError) -> ErrorCode {
    code_of(error).unwrap_or_else(|| coded(error).code())
}

fn code_of(error: &ServerError) -> Option<ErrorCode> {
    let Value::String(code) = error.extensions.as_ref()?.get("code")? else {
        return None;
    };
    ErrorCode::ALL.iter().copied().find(|known| known.as_str() == code)
}

/// The library's own errors have no code. Those without a path were found before execution.
fn coded(error: &ServerError) -> ApiError {
    let detail = &*echo(&error.message);
    let starts = |beginnings: &[&str]| beginnings.iter().any(|beginning| detail.starts_with(beginning));
    if error.path.is_empty() {
        if starts(&["Query is too complex", "Query is nested too deep", "The recursion depth"]) {
            return ApiError::new(
                ErrorCode::QueryTooComplex,
                "查询过于复杂，请减少字段或每页条数",
                "The query costs too much",
            );
        }
        return misfit::told(&error.message)
            .unwrap_or_else(|| misfit::other(&message!("查询不符合接口定义：{detail}", "{detail}")));
    }
    if starts(&["Failed to parse \"", "Expected input type", "Variable "]) {
        return ApiError::bad_input(format!("参数格式不符：{detail}"), detail);
    }
    ApiError::internal(detail)
}

fn sent(status: StatusCode, media: Media, wire: &Wire<'_>) -> Response {
    // Maps with text keys and values of JSON's own types: this can't fail.
    let bytes = serde_json::to_vec(wire).unwrap_or_default();
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, media.content_type());
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(VARY, HeaderValue::from_static("accept, accept-language, authorization"));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer error=\"invalid_token\""));
    }
    let first = wire.errors.first().and_then(|error| error.extensions.as_ref()?.get("retryAfter"));
    if let (StatusCode::TOO_MANY_REQUESTS, Some(seconds)) = (status, first)
        && let Ok(seconds) = HeaderValue::from_str(&seconds.to_string())
    {
        headers.insert(RETRY_AFTER, seconds);
    }
    response
}

#[cfg(test)]
mod tests {
    use async_graphql::{Name, PathSegment, Pos, indexmap::IndexMap};
    use axum::body::to_bytes;
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::limits::throttle::RetryAfter;

    async fn answered(data: Value, errors: Vec<ServerError>) -> (Response<()>, Json) {
        let mut outcome = Executed::new(data);
        outcome.errors = errors;
        let response = executed(outcome, Media::Graphql, Language::English);
        let (parts, body) = response.into_parts();
        let body = serde_json::from_slice(&to_bytes(body, 10_000).await.unwrap()).unwrap();
        (Response::from_parts(parts, ()), body)
    }

    fn fields(fields: &[(&str, Value)]) -> Value {
        let pairs = fields.iter().map(|(name, value)| (Name::new(name), value.clone()));
        Value::Object(pairs.collect::<IndexMap<_, _>>())
    }

    fn at(field: &str, error: impl Into<async_graphql::Error>) -> ServerError {
        let mut error = error.into().into_server_error(Pos::default());
        error.path = vec![PathSegment::Field(field.to_owned())];
        error
    }

    #[tokio::test]
    async fn a_login_that_has_to_wait_is_429_with_the_seconds() {
        let wait = at("sessionLogin", ApiError::rate_limited(RetryAfter { seconds: 7 }));
        let (response, body) = answered(fields(&[("sessionLogin", Value::Null)]), vec![wait.clone()]).await;
        assert_eq!(
            (response.status().as_u16(), &response.headers()[RETRY_AFTER]),
            (429, &HeaderValue::from(7))
        );
        assert_eq!((body.get("data"), &body["errors"][0]["extensions"]["retryAfter"]), (None, &json!(7)));
        let partly = fields(&[("sessionLogin", Value::Null), ("other", Value::Boolean(true))]);
        let (response, body) = answered(partly, vec![wait]).await;
        assert_eq!((response.status().as_u16(), &body["data"]["other"]), (200, &json!(true)));
    }

    #[tokio::test]
    async fn an_error_without_a_code_is_masked_and_a_malformed_argument_is_not() {
        let secret = at("a", async_graphql::Error::new("SELECT * FROM account"));
        let argument =
            at("b", async_graphql::Error::new("Failed to parse \"Date\": expected a day as YYYY-MM-DD"));
        let foreign = {
            let mut error = async_graphql::Error::new("plover");
            error.extensions.get_or_insert_default().set("code", "HOUSE_BRAND");
            at("c", error)
        };
        let (response, body) = answered(fields(&[("d", 1.into())]), vec![secret, argument, foreign]).await;
        assert_eq!(response.status(), 200);
        let codes: Vec<&Json> =
            body["errors"].as_array().unwrap().iter().map(|error| &error["extensions"]["code"]).collect();
        assert_eq!(codes, ["INTERNAL", "BAD_USER_INPUT", "INTERNAL"]);
        assert_eq!(body["errors"][0]["message"], "Internal error");
        assert!(body["errors"][1]["message"].as_str().unwrap().contains("YYYY-MM-DD"));
        assert!(!body.to_string().contains("SELECT") && !body.to_string().contains("plover"), "{body}");
    }
}
