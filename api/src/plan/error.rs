//! What is wrong with a plan, and where in its file.

use thiserror::Error;

/// One thing wrong with a plan (方案错误), placed so that it can be found and mended.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{file}:{line}:{column} {field}: {reason}")]
pub struct PlanError {
    /// The file, as the caller named it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The path of the field, such as `departments[3].role`; `plan` for the plan as a whole.
    pub field: String,
    /// What is wrong, in English.
    pub reason: String,
    /// What is wrong, in Chinese (错误原因).
    pub reason_zh: String,
    /// The stable code.
    pub code: PlanErrorCode,
}

/// The stable codes of what can be wrong with a plan (错误代码).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PlanErrorCode {
    /// The file is no TOML (语法错误).
    Syntax,
    /// A field that no plan has (未知字段).
    UnknownField,
    /// A field that every plan must have (缺少字段).
    MissingField,
    /// A value of another type, or none of those allowed (取值错误).
    WrongValue,
    /// A code or key that is not well formed (代码格式错误).
    BadCode,
    /// No GB/T 2260 code of a county (行政区划代码错误).
    BadCountyCode,
    /// Nothing where something must stand (不能为空).
    Empty,
    /// Longer than allowed (过长).
    TooLong,
    /// A number outside its range (超出范围).
    OutOfRange,
    /// The same code twice (重复).
    Duplicate,
    /// A code that the plan mentions but does not define (未定义的引用).
    UnknownReference,
    /// A code that exists but cannot stand here (引用不当).
    WrongReference,
    /// The end lies before the start (日期颠倒).
    DatesReversed,
    /// Not exactly one default stream (默认征集流).
    DefaultStream,
    /// Not exactly one class "other" (其他类).
    OtherCategory,
    /// Not exactly one of several fields (只能填一项).
    ExactlyOne,
    /// Something that another part of the plan requires is missing (方案不完整).
    Incomplete,
    /// A pattern that is no regular expression (正则表达式错误).
    BadPattern,
}

impl PlanErrorCode {
    /// The code as scripts and portals read it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "SYNTAX",
            Self::UnknownField => "UNKNOWN_FIELD",
            Self::MissingField => "MISSING_FIELD",
            Self::WrongValue => "WRONG_VALUE",
            Self::BadCode => "BAD_CODE",
            Self::BadCountyCode => "BAD_COUNTY_CODE",
            Self::Empty => "EMPTY",
            Self::TooLong => "TOO_LONG",
            Self::OutOfRange => "OUT_OF_RANGE",
            Self::Duplicate => "DUPLICATE",
            Self::UnknownReference => "UNKNOWN_REFERENCE",
            Self::WrongReference => "WRONG_REFERENCE",
            Self::DatesReversed => "DATES_REVERSED",
            Self::DefaultStream => "DEFAULT_STREAM",
            Self::OtherCategory => "OTHER_CATEGORY",
            Self::ExactlyOne => "EXACTLY_ONE",
            Self::Incomplete => "INCOMPLETE",
            Self::BadPattern => "BAD_PATTERN",
        }
    }
}

/// A [`PlanError`] that knows its field but not yet its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) path: String,
    pub(super) code: PlanErrorCode,
    pub(super) reason: String,
    pub(super) reason_zh: String,
}
