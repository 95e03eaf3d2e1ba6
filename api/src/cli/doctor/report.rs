//! What the checks found, and how it is printed. No SQL, no clock, no async.

use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

use crate::cli::error::CliError;
use crate::cli::words::told;
use crate::refusal::{Message, message};

/// How bad it is; the order is that of gravity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Level {
    /// As it should be.
    Ok,
    /// Not looked at, because something before it failed.
    Skipped,
    /// It runs, and should be looked after.
    Warning,
    /// It does not run, or will not for long.
    Error,
}

impl Level {
    fn name(self) -> Message {
        match self {
            Self::Ok => message!("正常", "ok"),
            Self::Skipped => message!("跳过", "skipped"),
            Self::Warning => message!("警告", "warning"),
            Self::Error => message!("错误", "error"),
        }
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Finding {
    check: &'static str,
    level: Level,
    message: String,
}

/// All lines, in the order of the checks.
#[derive(Clone, Debug, Default)]
pub(super) struct Report(Vec<Finding>);

#[derive(Serialize)]
struct Wire<'r> {
    level: Level,
    checks: &'r [Finding],
}

impl Report {
    pub(super) fn ok(&mut self, check: &'static str, message: Message) {
        self.add(check, Level::Ok, told(message));
    }

    pub(super) fn skipped(&mut self, checks: &[&'static str]) {
        for check in checks {
            self.add(check, Level::Skipped, told(message!("前面的检查未通过", "a check before it failed")));
        }
    }

    pub(super) fn warning(&mut self, check: &'static str, message: Message) {
        self.add(check, Level::Warning, told(message));
    }

    pub(super) fn error(&mut self, check: &'static str, error: impl Into<CliError>) {
        let error: CliError = error.into();
        self.add(check, Level::Error, error.text);
    }

    /// A line that is well, or the error that says why not.
    pub(super) fn settle(&mut self, check: &'static str, outcome: Result<Message, impl Into<CliError>>) {
        match outcome {
            Ok(message) => self.ok(check, message),
            Err(error) => self.error(check, error),
        }
    }

    /// A line that is well, or a warning for each thing that is not.
    pub(super) fn unless(&mut self, check: &'static str, warnings: Vec<Message>, well: Message) {
        if warnings.is_empty() {
            return self.ok(check, well);
        }
        for warning in warnings {
            self.warning(check, warning);
        }
    }

    fn add(&mut self, check: &'static str, level: Level, message: String) {
        self.0.push(Finding { check, level, message });
    }

    fn worst(&self) -> Level {
        self.0.iter().map(|finding| finding.level).max().unwrap_or(Level::Ok)
    }

    /// Whether the program should exit with success.
    pub(super) fn is_sound(&self, strict: bool) -> bool {
        self.worst() < if strict { Level::Warning } else { Level::Error }
    }

    pub(super) fn print(&self, as_json: bool) -> Result<(), CliError> {
        if as_json {
            let wire = Wire { level: self.worst(), checks: &self.0 };
            println!("{}", serde_json::to_string_pretty(&wire).map_err(CliError::of)?);
        } else {
            print!("{}", self.text());
        }
        Ok(())
    }

    /// A line for each finding; what a message says in several lines stands below its first.
    fn text(&self) -> String {
        let level = |finding: &Finding| told(finding.level.name());
        let wide = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or_default();
        let levels = wide(&mut self.0.iter().map(|finding| level(finding).width()));
        let checks = wide(&mut self.0.iter().map(|finding| finding.check.width()));
        let lines = self.0.iter().map(|finding| {
            let level = padded(&level(finding), levels);
            let check = padded(finding.check, checks);
            let below = format!("\n{}", " ".repeat(levels + checks + 4));
            format!("{level}  {check}  {}\n", finding.message.replace('\n', &below))
        });
        lines.collect()
    }
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(levels: &[Level]) -> Report {
        let mut report = Report::default();
        for level in levels {
            report.add("database", *level, "one\nother".to_owned());
        }
        report
    }

    #[test]
    fn an_error_is_never_sound_and_a_warning_is_unless_it_is_strict() {
        assert!(report(&[]).is_sound(true));
        assert!(report(&[Level::Ok, Level::Skipped]).is_sound(true));
        let warned = report(&[Level::Warning, Level::Ok]);
        assert!(warned.is_sound(false) && !warned.is_sound(true));
        assert!(!report(&[Level::Ok, Level::Error, Level::Warning]).is_sound(false));
    }

    #[test]
    fn lines_stand_below_each_other_and_json_says_the_same() {
        let text = report(&[Level::Ok, Level::Warning]).text();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 4, "{text}");
        let places: Vec<usize> =
            lines.iter().map(|line| line.split(['o']).next().unwrap_or_default().width()).collect();
        assert_eq!((places[0], places[2]), (places[1], places[3]), "{text}");
        let report = report(&[Level::Warning]);
        let wire = serde_json::to_value(Wire { level: report.worst(), checks: &report.0 }).unwrap();
        assert_eq!(wire["level"], "WARNING");
        assert_eq!(wire["checks"][0]["check"], "database");
        assert_eq!(wire["checks"][0]["message"], "one\nother");
    }
}
