//! Why the settings can't be used.

use super::settings::SETTINGS;

/// What the variables of all settings begin with.
pub(super) const PREFIX: &str = "MINSHENG_";

/// Why the settings can't be used; names the setting and what to do. Never repeats a value that may be secret.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A key that is no setting.
    #[error("{place}: {name} is not a setting of minsheng; correct or remove it. Settings: {known}")]
    Unknown {
        /// File or environment.
        place: String,
        /// The key as written.
        name: String,
        /// All of them.
        known: String,
    },
    /// A setting without which the command can't run.
    #[error("{name} is not set. Set it to: {purpose}")]
    Missing {
        /// The variable.
        name: String,
        /// What it is for.
        purpose: &'static str,
    },
    /// A value of the wrong form.
    #[error("{name}: {reason}")]
    Malformed {
        /// The variable.
        name: String,
        /// What is wrong, and what would be right.
        reason: String,
    },
    /// The file can't be read.
    #[error("{0}")]
    File(String),
}

/// The variable of a setting.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase())
}

/// A setting is needed and not there.
pub(super) fn missing(key: &str) -> ConfigError {
    let purpose = SETTINGS.iter().find(|(known, _)| *known == key).map_or("", |(_, purpose)| *purpose);
    ConfigError::Missing { name: variable(key), purpose }
}

/// A setting is not of its form.
pub(super) fn malformed(key: &str, reason: impl Into<String>) -> ConfigError {
    ConfigError::Malformed { name: variable(key), reason: reason.into() }
}
