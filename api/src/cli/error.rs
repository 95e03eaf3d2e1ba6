//! Why a command ended without success.

use crate::config::ConfigError;
use crate::db::Fault;
use crate::error::ApiError;
use crate::keys::KeyFault;

/// Why a command ended without success; the text says what to do.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CliError(pub String);

impl std::fmt::Debug for CliError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl CliError {
    /// Any error whose text is fit to be read by the operator.
    pub fn of(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        Self::of(error)
    }
}

/// A fault has no text of its own for clients; the operator gets it.
impl From<Fault> for CliError {
    fn from(fault: Fault) -> Self {
        Self(match fault {
            Fault::Taken => "the database has such a row already".to_owned(),
            Fault::Busy => "the database is busy; try again".to_owned(),
            Fault::Unavailable(error) => format!("the database can't be reached: {error}"),
            Fault::Late => "the deadline passed".to_owned(),
            Fault::Broken(text) => text,
        })
    }
}

impl From<KeyFault> for CliError {
    fn from(fault: KeyFault) -> Self {
        match fault {
            KeyFault::Unfit(unfit) => Self::of(unfit),
            KeyFault::Fault(fault) => fault.into(),
        }
    }
}

/// A failure below the rules, in the words that a client would get.
pub(super) fn failure(error: ApiError) -> CliError {
    CliError(async_graphql::Error::from(error).message)
}
