//! How a step ends that does not succeed: refused, which is data (`userErrors`), or failed, a top-level error with a code.

use std::sync::Arc;

use async_graphql::{ErrorExtensionValues, Value};
use strum::{IntoStaticStr, VariantArray};

use crate::db::Fault;
use crate::limits::throttle::RetryAfter;
use crate::refusal::{Language, Message, Refusal, UserError};

/// The closed list of top-level codes (api.md, convention 10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// No valid credential.
    Unauthenticated,
    /// Outside the profile's rights, whatever the row.
    Forbidden,
    /// An argument that no form would send.
    BadUserInput,
    /// The document can't be parsed.
    GraphqlParseFailed,
    /// The document does not fit the schema.
    GraphqlValidationFailed,
    /// The document costs too much.
    QueryTooComplex,
    /// The manifest of trusted documents has none of this hash.
    PersistedQueryNotFound,
    /// Too many attempts; `retryAfter` says how many seconds to wait.
    RateLimited,
    /// The same key was sent with another input.
    IdempotencyMismatch,
    /// It took too long.
    Timeout,
    /// The database is away or busy; try again.
    Unavailable,
    /// A fault of ours.
    Internal,
}

impl ErrorCode {
    /// Every code, in the order of declaration.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// As clients see it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A top-level error. It has no `Display`, so that no error of another kind turns into one by itself.
#[derive(Clone, Debug)]
pub struct ApiError {
    code: ErrorCode,
    message: Message,
    /// What else its `extensions` say.
    detail: Option<Box<(&'static str, Value)>>,
}

impl ApiError {
    /// An error with a code and a message.
    pub fn new(code: ErrorCode, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code, message: Message::new(zh, en), detail: None }
    }

    /// No valid credential.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(ErrorCode::Unauthenticated, "请先登录", "Sign in first")
    }

    /// Outside the profile's rights.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(ErrorCode::Forbidden, "当前岗位无权执行此操作", "Your post may not do this")
    }

    /// Somebody signed in with a password that was given out.
    #[must_use]
    pub fn password_first() -> Self {
        Self::new(
            ErrorCode::Forbidden,
            "请先用 passwordChange 修改初始口令或重置后的口令",
            "Change the password that you were given first, by passwordChange",
        )
    }

    /// An argument that makes no sense.
    pub fn bad_input(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(ErrorCode::BadUserInput, zh, en)
    }

    /// An argument that names nothing: absent and out of the caller's scope are one answer.
    #[must_use]
    pub fn unknown(argument: &str) -> Self {
        Self::bad_input(
            format!("{argument}：不存在，或不在本单位范围"),
            format!("{argument}: absent, or not within your scope"),
        )
    }

    /// A fault of ours; the cause goes to the log and nowhere else.
    #[must_use]
    pub fn internal(cause: &str) -> Self {
        tracing::error!(cause, "internal error");
        Self::new(ErrorCode::Internal, "系统内部错误", "Internal error")
    }

    /// The deadline passed. What was written by then stays, so a write is repeated with its key.
    #[must_use]
    pub fn late() -> Self {
        Self::new(
            ErrorCode::Timeout,
            "处理超时，请稍后用同一幂等键重试",
            "It took too long; repeat it with the same idempotency key",
        )
    }

    /// Too many attempts.
    #[must_use]
    pub fn rate_limited(wait: RetryAfter) -> Self {
        let seconds = wait.seconds;
        let error = Self::new(
            ErrorCode::RateLimited,
            format!("操作过于频繁，请 {seconds} 秒后再试"),
            format!("Too many attempts; try again in {seconds} s"),
        );
        error.with("retryAfter", seconds.into())
    }

    /// The same with one more thing in its `extensions`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: Value) -> Self {
        self.detail = Some(Box::new((name, value)));
        self
    }

    /// Its code.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        self.code
    }

    /// Its text in both languages.
    #[must_use]
    pub fn into_message(self) -> Message {
        self.message
    }
}

/// A resolver's error keeps both languages until the HTTP layer, which knows the caller's, picks one.
impl From<ApiError> for async_graphql::Error {
    fn from(error: ApiError) -> Self {
        let ApiError { code, message, detail } = error;
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", code.as_str());
        if let Some(detail) = detail {
            let (name, value) = *detail;
            extensions.set(name, value);
        }
        Self { message: message.en.clone(), source: Some(Arc::new(message)), extensions: Some(extensions) }
    }
}

impl From<Fault> for ApiError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Busy | Fault::Unavailable(_) => {
                tracing::warn!(?fault, "store unavailable");
                Self::new(ErrorCode::Unavailable, "系统繁忙，请稍后再试", "Busy; try again shortly")
            }
            Fault::Late => Self::late(),
            Fault::Taken => Self::internal("a unique key was taken where none was expected"),
            Fault::Unfit(message) => Self::internal(&message.en),
            Fault::Broken(cause) => Self::internal(&cause),
        }
    }
}

impl From<Arc<Fault>> for ApiError {
    fn from(fault: Arc<Fault>) -> Self {
        match fault.as_ref() {
            Fault::Busy | Fault::Unavailable(_) => Self::from(Fault::Busy),
            Fault::Late => Self::late(),
            Fault::Taken => Self::from(Fault::Taken),
            Fault::Unfit(message) => Self::internal(&message.en),
            Fault::Broken(cause) => Self::internal(cause),
        }
    }
}

/// How a step ends: refused by the rules, or failed below them.
#[derive(Debug)]
pub enum Stop {
    /// Refused; nothing was changed.
    Refused(Vec<Refusal>),
    /// Somebody else took a unique key in the meantime; nothing was changed, and whoever looks again finds what is there.
    Raced,
    /// Failed.
    Failed(ApiError),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(vec![refusal])
    }
}

impl From<Vec<Refusal>> for Stop {
    fn from(refusals: Vec<Refusal>) -> Self {
        Self::Refused(refusals)
    }
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        Self::Failed(error)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Taken => Self::Raced,
            fault => Self::Failed(fault.into()),
        }
    }
}

/// Splits what a mutation came to into its object and the caller's user errors; a failure goes on.
pub fn settle<T>(
    outcome: Result<T, Stop>,
    language: Language,
) -> Result<(Option<T>, Vec<UserError>), ApiError> {
    match outcome {
        Ok(done) => Ok((Some(done), Vec::new())),
        Err(Stop::Refused(refusals)) => {
            Ok((None, refusals.into_iter().map(|refusal| refusal.into_user_error(language)).collect()))
        }
        Err(Stop::Raced) => {
            tracing::info!("somebody else was quicker");
            Ok((None, vec![Refusal::raced().into_user_error(language)]))
        }
        Err(Stop::Failed(error)) => Err(error),
    }
}
