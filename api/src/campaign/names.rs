//! By which words a campaign is found: its code, and its name in every spelling of its plan (H03).

use entity::campaign;

use crate::plan::Plan;
use crate::text::folded;

/// What one campaign is found by, as it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    code: String,
    spellings: Vec<String>,
}

impl Names {
    /// Of a code, a name and its other spellings.
    #[must_use]
    pub fn new(code: &str, name: &str, aliases: &[String]) -> Self {
        let spellings = std::iter::once(name).chain(aliases.iter().map(String::as_str));
        Self { code: compared(code), spellings: spellings.map(compared).collect() }
    }

    /// Of a plan.
    #[must_use]
    pub fn of_plan(plan: &Plan) -> Self {
        let founding = &plan.campaign;
        Self::new(&founding.code, &founding.name, &founding.aliases)
    }

    /// Of a row.
    #[must_use]
    pub fn of(row: &campaign::Model) -> Self {
        let aliases: Vec<String> = serde_json::from_value(row.aliases.clone()).unwrap_or_default();
        Self::new(&row.code, &row.name, &aliases)
    }

    /// Whether the code or a spelling holds a text; a text of nothing is held by none.
    #[must_use]
    pub fn hold(&self, text: &str) -> bool {
        let part = compared(text);
        let mut all = std::iter::once(&self.code).chain(&self.spellings);
        !part.is_empty() && all.any(|known| known.contains(&part))
    }
}

/// The one that a text names in whole: by code first, for a name may be another campaign's spelling; then the first that is
/// spelt so.
pub fn named<'n, T>(text: &str, campaigns: impl IntoIterator<Item = (T, &'n Names)>) -> Option<T> {
    let wanted = compared(text);
    let mut spelt = None;
    for (campaign, names) in campaigns {
        if names.code == wanted {
            return Some(campaign);
        }
        if spelt.is_none() && names.spellings.contains(&wanted) {
            spelt = Some(campaign);
        }
    }
    spelt
}

/// Without what spellings differ in: width, case, blanks, and traditional forms.
fn compared(text: &str) -> String {
    folded(text).chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(code: &str, name: &str, aliases: &[&str]) -> Names {
        let aliases: Vec<String> = aliases.iter().map(|alias| (*alias).to_owned()).collect();
        Names::new(code, name, &aliases)
    }

    #[test]
    fn every_spelling_finds_it_and_a_code_comes_before_the_spelling_of_another() {
        let listening = names("MSQT-2022", "“我有建议”民声倾听主题活动", &["民声倾听", "民生倾听"]);
        let other = names("ABC", "另一活动", &["MSQT-2022", "民生倾听"]);
        let all = [("other", &other), ("listening", &listening)];
        for text in ["民声倾听", "民聲 倾听", "msqt-2022", "ＭＳＱＴ-2022"] {
            assert_eq!(named(text, all), Some("listening"), "{text}");
        }
        assert_eq!(named("民生倾听", all), Some("other"), "the first that is spelt so");
        assert_eq!(named("倾听", all), None, "a part is no name");
        assert_eq!(named("", all), None);
    }

    #[test]
    fn a_part_is_looked_for_in_code_and_spellings_and_nothing_finds_nothing() {
        let listening = names("MSQT-2022", "民声倾听", &["民生倾听"]);
        assert!(listening.hold("民生") && listening.hold("qt-20") && listening.hold(" 民声倾听 "));
        assert!(!listening.hold("民心") && !listening.hold(" ") && !listening.hold(""));
    }
}
