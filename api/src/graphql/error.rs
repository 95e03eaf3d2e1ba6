//! Two kinds of failure: a refusal is data (`userErrors`), everything else a top-level error with a code.

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::{Enum, ErrorExtensionValues, SimpleObject};
use serde::{Deserialize, Serialize};

use crate::access::throttle::RetryAfter;
use crate::db::Fault;

/// Language of the messages: Chinese unless `Accept-Language` prefers English.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    /// 中文
    #[default]
    Chinese,
    /// English
    English,
}

impl Language {
    /// The text of this language.
    #[must_use]
    pub const fn pick<'t>(self, zh: &'t str, en: &'t str) -> &'t str {
        match self {
            Self::Chinese => zh,
            Self::English => en,
        }
    }
}

/// A message in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Message {
    /// A message in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The one in the caller's language.
    #[must_use]
    pub fn in_language(self, language: Language) -> String {
        match language {
            Language::Chinese => self.zh,
            Language::English => self.en,
        }
    }
}

/// Most characters of a text of the client's that an error or a log repeats.
const LONGEST_ECHO: usize = 200;

/// As much of a client's text as may be repeated in an error or a log.
#[must_use]
pub fn echo(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LONGEST_ECHO) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// The closed list of top-level codes (api.md, convention 10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    pub const ALL: &'static [Self] = &[
        Self::Unauthenticated,
        Self::Forbidden,
        Self::BadUserInput,
        Self::GraphqlParseFailed,
        Self::GraphqlValidationFailed,
        Self::QueryTooComplex,
        Self::RateLimited,
        Self::PersistedQueryNotFound,
        Self::IdempotencyMismatch,
        Self::Timeout,
        Self::Unavailable,
        Self::Internal,
    ];

    /// As clients see it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::GraphqlParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::GraphqlValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::QueryTooComplex => "QUERY_TOO_COMPLEX",
            Self::RateLimited => "RATE_LIMITED",
            Self::PersistedQueryNotFound => "PERSISTED_QUERY_NOT_FOUND",
            Self::IdempotencyMismatch => "IDEMPOTENCY_MISMATCH",
            Self::Timeout => "TIMEOUT",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }
}

/// A top-level error. It has no `Display`, so that no error of another kind turns into one by itself.
#[derive(Clone, Debug)]
pub struct ApiError {
    code: ErrorCode,
    message: Message,
    retry_after: Option<u64>,
}

impl ApiError {
    /// An error with a code and a message.
    pub fn new(code: ErrorCode, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code, message: Message::new(zh, en), retry_after: None }
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
        let mut error = Self::new(
            ErrorCode::RateLimited,
            format!("操作过于频繁，请 {seconds} 秒后再试"),
            format!("Too many attempts; try again in {seconds} s"),
        );
        error.retry_after = Some(seconds);
        error
    }

    /// Its code.
    #[must_use]
    pub const fn code(&self) -> ErrorCode {
        self.code
    }
}

/// A resolver's error keeps both languages until the HTTP layer, which knows the caller's, picks one.
impl From<ApiError> for async_graphql::Error {
    fn from(error: ApiError) -> Self {
        let ApiError { code, message, retry_after } = error;
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", code.as_str());
        if let Some(seconds) = retry_after {
            extensions.set("retryAfter", seconds);
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
            Fault::Broken(cause) => Self::internal(cause),
        }
    }
}

/// A business failure that a form can show; grows, so keep a default branch. 业务错误码
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum UserErrorCode {
    /// Missing or not of the form asked for. 缺项或格式不符
    Invalid,
    /// Absent, or not of this department: the two look the same. 不存在或不在本单位范围
    NotFound,
    /// Changed by somebody else since it was read. 他人已改动，请刷新
    StaleVersion,
    /// Not possible at this stage. 当前环节不可此操作
    WrongStage,
    /// The campaign does not take this in. 征集活动不受理
    CampaignClosed,
    /// There already. 重复
    Duplicate,
    /// Account or password wrong. 账号或口令错误
    WrongCredentials,
    /// The session has ended; sign in again. 会话已结束
    SessionEnded,
    /// The case is confidential: its identity is never shown. 保密件
    Confidential,
    /// Not owed yet. 未到报送期
    NotDue,
    /// Only another rank of the department may do this. 职务不符
    WrongPosition,
    /// Suggestions are in no class yet. 尚有未归类意见
    Unclassified,
    /// Suggestions are in no line, or in one that does not fit them any more. 尚有未汇总意见
    NotCovered,
    /// No line has a project: suggestions must not simply be listed. 简单罗列
    BareList,
    /// One of the two is merged already, or has others merged into it. 不能连环并案
    MergeChain,
    /// Not for this post, though its profile may. 不属本岗位权限
    NotEntitled,
    /// Suggestions are left without adoption or explanation. 尚有意见未采纳也未说明
    Uncovered,
}

/// One business failure of a mutation. 业务错误
#[derive(Clone, Debug, SimpleObject)]
pub struct UserError {
    /// Machine code. 错误码
    pub code: UserErrorCode,
    /// Text fit to show, in the caller's language. 提示
    pub message: String,
    /// Path into the arguments, e.g. `["input", "title"]`; null when it is about the whole. 字段路径
    pub field: Option<Vec<String>>,
}

/// A refusal by the rules, before it is put into the caller's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Machine code.
    pub code: UserErrorCode,
    /// Path below `input`; empty when it is about the whole.
    pub field: Vec<String>,
    /// What is wrong and what to do next.
    pub message: Message,
}

impl Refusal {
    /// A refusal of one field of the input; dots separate the steps of the path.
    pub fn of(code: UserErrorCode, field: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        let field = field.split('.').filter(|step| !step.is_empty()).map(str::to_owned).collect();
        Self { code, field, message: Message::new(zh, en) }
    }

    /// A field that is missing or malformed.
    pub fn invalid(field: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::of(UserErrorCode::Invalid, field, zh, en)
    }

    /// Absent or out of scope, one answer.
    #[must_use]
    pub fn not_found(field: &str) -> Self {
        Self::of(
            UserErrorCode::NotFound,
            field,
            "不存在，或不在本单位范围",
            "Absent, or not within your scope",
        )
    }

    /// Somebody else was first.
    #[must_use]
    pub fn stale() -> Self {
        let (zh, en) = ("他人已改动，请刷新后重试", "Changed by somebody else; reload and try again");
        Self::of(UserErrorCode::StaleVersion, "expectedVersion", zh, en)
    }

    /// Somebody else did the same at the same moment.
    #[must_use]
    pub fn raced() -> Self {
        let (zh, en) = (
            "他人刚刚办理了同一事项，请刷新后重试",
            "Somebody else has just done the same; reload and try again",
        );
        Self::of(UserErrorCode::StaleVersion, "", zh, en)
    }

    /// As the API sends it.
    #[must_use]
    pub fn into_user_error(self, language: Language) -> UserError {
        let path = std::iter::once("input".to_owned()).chain(self.field.iter().cloned()).collect();
        UserError {
            code: self.code,
            field: (!self.field.is_empty()).then_some(path),
            message: self.message.in_language(language),
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
