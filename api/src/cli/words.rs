//! In which language the command line speaks (命令行语言): one a message. `--lang`, then the variables of the locale.

use std::ffi::OsString;
use std::sync::OnceLock;

use crate::refusal::{Language, Message};

/// Stands before the locale, as `--lang` stands before it.
pub(super) const VARIABLE: &str = "MINSHENG_LANG";
/// The variables of the locale, the strongest first (POSIX).
const LOCALE: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// Chosen once, at the start of the program.
static CHOSEN: OnceLock<Language> = OnceLock::new();

/// Speaks this language from now on; a second choice changes nothing.
pub fn speak(language: Language) {
    let _ = CHOSEN.set(language);
}

/// The language that was chosen; Chinese where none was.
pub(super) fn language() -> Language {
    #[cfg(test)]
    if let Some(language) = HERE.get() {
        return language;
    }
    CHOSEN.get().copied().unwrap_or_default()
}

#[cfg(test)]
thread_local! {
    /// The language of one test: all of them share the program.
    pub(super) static HERE: std::cell::Cell<Option<Language>> = const { std::cell::Cell::new(None) };
}

/// The message in the operator's language.
#[must_use]
pub fn told(message: Message) -> String {
    message.in_language(language())
}

/// Prints a message to standard output.
macro_rules! tell {
    ($zh:literal, $en:literal $(,)?) => {
        println!("{}", $crate::cli::words::told($crate::refusal::message!($zh, $en)))
    };
}
pub(super) use tell;

/// The language by the arguments and the environment. It is asked for before they are understood: what is wrong with
/// them is told in it too. Chinese, unless a language is named and is another.
pub(super) fn wanted(
    arguments: impl IntoIterator<Item = OsString>,
    variable: impl Fn(&str) -> Option<String>,
) -> Language {
    let named = |text: &str| match text.get(..2).unwrap_or_default() {
        "zh" => Some(Language::Chinese),
        _ if matches!(text, "" | "C" | "POSIX") || text.starts_with("C.") => None,
        _ => Some(Language::English),
    };
    let locale = LOCALE.iter().filter_map(|name| variable(name)).find(|text| !text.is_empty());
    let said = argument(arguments).or_else(|| variable(VARIABLE)).or(locale);
    said.as_deref().and_then(named).unwrap_or_default()
}

fn argument(arguments: impl IntoIterator<Item = OsString>) -> Option<String> {
    let mut words = arguments.into_iter().filter_map(|word| word.into_string().ok());
    while let Some(word) = words.next() {
        match word.strip_prefix("--lang") {
            Some("") => return words.next(),
            Some(rest) if rest.starts_with('=') => return Some(rest[1..].to_owned()),
            _ if word == "--" => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken(words: &[&str], variables: &[(&str, &str)]) -> Language {
        let known = |name: &str| {
            let mut found = variables.iter().filter(|(known, _)| *known == name);
            found.next().map(|(_, value)| (*value).to_owned())
        };
        wanted(words.iter().map(OsString::from), known)
    }

    #[test]
    fn the_argument_wins_over_our_variable_and_that_over_the_locale() {
        let english = [("LANG", "en_GB.UTF-8")];
        assert_eq!(spoken(&["minsheng", "serve"], &english), Language::English);
        assert_eq!(spoken(&["minsheng", "--lang", "zh", "serve"], &english), Language::Chinese);
        assert_eq!(spoken(&["minsheng", "serve", "--lang=zh"], &english), Language::Chinese);
        assert_eq!(spoken(&["minsheng", "serve", "--", "--lang=zh"], &english), Language::English);
        let ours = [("LANG", "en_GB.UTF-8"), ("MINSHENG_LANG", "zh")];
        assert_eq!(spoken(&[], &ours), Language::Chinese);
    }

    #[test]
    fn it_is_chinese_unless_another_language_is_named() {
        for (locale, language) in [
            ("", Language::Chinese),
            ("C.UTF-8", Language::Chinese),
            ("POSIX", Language::Chinese),
            ("zh_CN.UTF-8", Language::Chinese),
            ("en_US.UTF-8", Language::English),
            ("de_DE", Language::English),
        ] {
            assert_eq!(spoken(&[], &[("LANG", locale)]), language, "{locale}");
        }
        let strongest = [("LANG", "zh_CN.UTF-8"), ("LC_ALL", "en_US.UTF-8")];
        assert_eq!(spoken(&[], &strongest), Language::English);
    }
}
