//! Why the settings can't be used.

use std::fmt;

use super::settings::{PREFIX, SETTINGS, Setting, variable};
use crate::refusal::{Message, message, nearest, perhaps};

/// Why the settings can't be used; names the setting and what to do. Never repeats a value that may be secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigError {
    /// A key that is no setting.
    Unknown {
        /// File or environment.
        place: Message,
        /// The key as written.
        name: String,
    },
    /// A setting without which the command can't run.
    Missing {
        /// The variable.
        name: String,
        /// What it is for.
        purpose: Message,
    },
    /// A value of the wrong form.
    Malformed {
        /// The variable.
        name: String,
        /// What is wrong, and what would be right.
        reason: Message,
    },
    /// The file can't be read.
    File(Message),
}

impl ConfigError {
    /// What is wrong, and what to do.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Unknown { place, name } => unknown(place, name),
            Self::Missing { name, purpose: Message { zh, en } } => {
                message!("{name} 未设置。应设为：{zh}", "{name} is not set. Set it to: {en}")
            }
            Self::Malformed { name, reason: Message { zh, en } } => {
                message!("{name}：{zh}", "{name}: {en}")
            }
            Self::File(message) => message.clone(),
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.message(), f)
    }
}

impl std::error::Error for ConfigError {}

/// A misspelt setting is told with the one that may be meant, any other name with where all of them are listed.
fn unknown(Message { zh, en }: &Message, name: &str) -> Message {
    let upper = name.to_uppercase();
    // Without the prefix, which would make any two of them alike.
    let bare = upper.strip_prefix(PREFIX).unwrap_or(&upper);
    let meant = nearest(bare, SETTINGS.iter().map(|setting| setting.key)).map(variable);
    message!("{zh}：{name} 不是 minsheng 的设置", "{en}: {name} is not a setting of minsheng")
        .and(&meant.map_or_else(|| Message::new("", ""), |name| perhaps(&name)))
        .and(&message!(
            "。请更正或删除；`minsheng serve --help` 列出全部设置",
            ". Correct or remove it; `minsheng serve --help` lists all settings"
        ))
}

/// A setting is needed and not there.
pub(super) fn missing(key: &str) -> ConfigError {
    let found = SETTINGS.iter().find(|setting| setting.key == key);
    let purpose = found.map_or_else(|| Message::new("", ""), Setting::purpose);
    ConfigError::Missing { name: variable(key), purpose }
}

/// A setting is not of its form.
pub(super) fn malformed(key: &str, reason: Message) -> ConfigError {
    ConfigError::Malformed { name: variable(key), reason }
}
