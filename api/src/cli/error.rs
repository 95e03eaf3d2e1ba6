//! Why a command ended without success.

use crate::app;
use crate::cli::words::told;
use crate::config::ConfigError;
use crate::db::Fault;
use crate::error::{ApiError, Stop};
use crate::keys::KeyFault;
use crate::refusal::{Message, Refusal, message};

/// What a command ends with that failed.
const FAILED: u8 = 1;
/// What a command ends with whose master key is not that of the database.
const FOREIGN_KEY: u8 = 4;

/// Why a command ended without success; the text says what to do, in the operator's language.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct CliError {
    /// What was tried, what was found, what to do.
    pub text: String,
    /// What the program exits with.
    pub exit: u8,
}

impl std::fmt::Debug for CliError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl CliError {
    /// A failure of this text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), exit: FAILED }
    }

    /// Any error whose text is fit to be read by the operator.
    pub fn of(error: impl std::fmt::Display) -> Self {
        Self::new(error.to_string())
    }
}

impl From<Message> for CliError {
    fn from(message: Message) -> Self {
        Self::new(told(message))
    }
}

impl From<app::Unfit> for CliError {
    fn from(unfit: app::Unfit) -> Self {
        unfit.message().into()
    }
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        error.message().into()
    }
}

/// A fault has no text of its own for clients; the operator gets it.
impl From<Fault> for CliError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Taken => message!("数据库中已有相同的数据", "the database has such a row already"),
            Fault::Busy => message!("数据库忙，请稍后再试", "the database is busy; try again"),
            Fault::Unavailable(error) => {
                message!("数据库没有应答：{error}", "the database can't be reached: {error}")
            }
            Fault::Late => message!("处理超时", "the deadline passed"),
            Fault::Unfit(message) => message,
            Fault::Broken(text) => message!("数据库出错：{text}", "the database failed: {text}"),
        }
        .into()
    }
}

impl From<KeyFault> for CliError {
    fn from(fault: KeyFault) -> Self {
        match fault {
            KeyFault::Unfit(unfit) => Self { exit: FOREIGN_KEY, ..Self::from(unfit.message()) },
            KeyFault::Fault(fault) => fault.into(),
        }
    }
}

/// What a step came to: each refusal with its field.
impl From<Stop> for CliError {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Refused(refusals) => Message::lines(refusals.into_iter().map(refused)).into(),
            Stop::Raced => Self::from(Fault::Taken),
            Stop::Failed(error) => failure(error),
        }
    }
}

/// A refusal with the field that it is about.
pub(super) fn refused(refusal: Refusal) -> Message {
    let Refusal { code: _, field, message: Message { zh, en } } = refusal;
    if field.is_empty() {
        return Message { zh, en };
    }
    let field = field.join(".");
    message!("{field}：{zh}", "{field}: {en}")
}

/// A failure below the rules, in the words that a client would get.
pub(super) fn failure(error: ApiError) -> CliError {
    let code = error.code().as_str();
    let Message { zh, en } = error.into_message();
    message!("未能完成（{code}）：{zh}，原因见日志", "failed ({code}): {en}; the log has the cause").into()
}
