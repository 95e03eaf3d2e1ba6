//! The command line (命令行): one file for each subcommand.

pub mod plan;

use crate::db::Fault;

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

/// A fault has no text of its own for clients; the operator gets it.
impl From<Fault> for CliError {
    fn from(fault: Fault) -> Self {
        Self(match fault {
            Fault::Taken => "the database has such a row already".to_owned(),
            Fault::Busy => "the database is busy; try again".to_owned(),
            Fault::Unavailable(error) => format!("the database can't be reached: {error}"),
            Fault::Broken(text) => text,
        })
    }
}
