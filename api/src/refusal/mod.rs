//! A refusal by the rules (业务拒绝): a code, the field that it is about, and a message in both languages. It is data, which
//! the API sends as `userErrors`; what fails otherwise is an [`crate::error::ApiError`].

pub mod input;
mod nearest;

use std::borrow::Cow;

use async_graphql::{Enum, SimpleObject};
use serde::{Deserialize, Serialize};

pub use nearest::{meant, nearest, perhaps};

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

/// A message of two texts, each formatted as by `format!`: Chinese, then English.
macro_rules! message {
    ($zh:literal, $en:literal $(,)?) => {
        $crate::refusal::Message::new(format!($zh), format!($en))
    };
}
pub(crate) use message;

impl Message {
    /// The same message with more behind it, such as what may have been meant.
    #[must_use]
    pub fn and(mut self, more: &Self) -> Self {
        self.zh.push_str(&more.zh);
        self.en.push_str(&more.en);
        self
    }

    /// Several messages, one a line.
    #[must_use]
    pub fn lines(messages: impl IntoIterator<Item = Self>) -> Self {
        let (zh, en): (Vec<_>, Vec<_>) = messages.into_iter().map(|message| (message.zh, message.en)).unzip();
        Self::new(zh.join("\n"), en.join("\n"))
    }
}

/// In English: for the log, and wherever no language is known.
impl std::fmt::Display for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.en)
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
    /// The browser would not keep the cookie: the page came over plain http. 浏览器不会保存 Cookie
    CookieNotKept,
    /// The case is confidential: its identity is never shown. 保密件
    Confidential,
    /// Not owed yet. 未到报送期
    NotDue,
    /// Suggestions are in no class yet. 尚有未归类意见
    Unclassified,
    /// Suggestions are in no line, or in one that does not fit them any more. 尚有未汇总意见
    NotCovered,
    /// One of the two is merged already, or has others merged into it. 不能连环并案
    MergeChain,
    /// Not for this post, though its profile may: another rank of the department does it, or another person. 不属本岗位权限
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

    /// The same about a row of a batch, from 0: its field begins with `rows` and the row.
    #[must_use]
    pub fn in_row(mut self, row: usize) -> Self {
        self.field.splice(0..0, ["rows".to_owned(), row.to_string()]);
        self
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
