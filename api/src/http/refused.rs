//! A request that is refused before it is executed, or whose whole outcome is one failure of the service.

use axum::http::StatusCode;

use crate::error::{ApiError, ErrorCode};

/// Why there is no `data`, and with which status that is said.
#[derive(Debug)]
pub(super) struct Refused {
    /// What is wrong.
    pub(super) error: ApiError,
    /// Where in the document, for syntax errors.
    pub(super) locations: Vec<async_graphql::Pos>,
    /// How the status is chosen.
    pub(super) status: Status,
    /// `Allow`, with 405.
    pub(super) allow: Option<&'static str>,
}

/// GraphQL over HTTP: what concerns the document is 200 for those who asked for `application/json`, and 400 for those
/// who asked for `application/graphql-response+json`; what concerns HTTP is itself for both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// The request never became a GraphQL request, or the service failed.
    Http(StatusCode),
    /// A GraphQL request that can't be executed.
    Document,
}

impl Refused {
    /// Not a GraphQL request.
    pub(super) fn http(status: StatusCode, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Status::Http(status), ApiError::bad_input(zh, en))
    }

    /// A GraphQL request that can't be executed.
    pub(super) fn document(code: ErrorCode, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(Status::Document, ApiError::new(code, zh, en))
    }

    /// A method that this path or operation does not have.
    pub(super) fn method(allow: &'static str, zh: &str, en: &str) -> Self {
        let refused = Self::http(StatusCode::METHOD_NOT_ALLOWED, zh, en);
        Self { allow: Some(allow), ..refused }
    }

    /// The deadline passed. A write that was begun goes on to its end, so it may still happen: repeat it with its key.
    pub(super) fn timeout() -> Self {
        Self::from(ApiError::late())
    }

    /// More requests at once than the server takes.
    pub(super) fn busy() -> Self {
        Self::from(ApiError::new(ErrorCode::Unavailable, "系统繁忙，请稍后再试", "Busy; try again shortly"))
    }

    /// A page of another host.
    pub(super) fn foreign_origin() -> Self {
        let error = ApiError::new(
            ErrorCode::Forbidden,
            "此网页来源不在允许之列",
            "Pages of this origin may not connect",
        );
        Self::new(Status::Http(StatusCode::FORBIDDEN), error)
    }

    /// A handshake that no socket comes of.
    pub(super) fn handshake(status: StatusCode) -> Self {
        Self::http(status, "WebSocket 握手不完整", "This is no complete WebSocket handshake")
    }

    /// An error of its own with a status that its code does not tell.
    pub(super) fn with_status(status: StatusCode, error: ApiError) -> Self {
        Self::new(Status::Http(status), error)
    }

    fn new(status: Status, error: ApiError) -> Self {
        Self { error, locations: Vec::new(), status, allow: None }
    }
}

/// The status that the code itself asks for.
impl From<ApiError> for Refused {
    fn from(error: ApiError) -> Self {
        let status = match error.code() {
            ErrorCode::Unauthenticated => Status::Http(StatusCode::UNAUTHORIZED),
            ErrorCode::RateLimited => Status::Http(StatusCode::TOO_MANY_REQUESTS),
            ErrorCode::Timeout => Status::Http(StatusCode::GATEWAY_TIMEOUT),
            ErrorCode::Unavailable => Status::Http(StatusCode::SERVICE_UNAVAILABLE),
            ErrorCode::Internal => Status::Http(StatusCode::INTERNAL_SERVER_ERROR),
            ErrorCode::Forbidden
            | ErrorCode::BadUserInput
            | ErrorCode::GraphqlParseFailed
            | ErrorCode::GraphqlValidationFailed
            | ErrorCode::QueryTooComplex
            | ErrorCode::PersistedQueryNotFound
            | ErrorCode::IdempotencyMismatch => Status::Document,
        };
        Self::new(status, error)
    }
}
