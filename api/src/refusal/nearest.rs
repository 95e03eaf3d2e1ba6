//! What somebody may have meant who wrote a name that nothing has (是否想输入).

use super::{Message, message};

/// How alike two names have to be, from 0 to 1: one letter wrong in four is, another word is not.
const ALIKE: f64 = 0.75;

/// The name that is most like what was written, whatever its capitals; none where nothing is like it.
pub fn nearest<'n>(written: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let written = written.to_lowercase();
    let likeness =
        |name: &'n str| (strsim::normalized_damerau_levenshtein(&written, &name.to_lowercase()), name);
    let alike = names.into_iter().map(likeness).filter(|(likeness, _)| *likeness >= ALIKE);
    alike.max_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, name)| name)
}

/// The end of a message that says which name may have been meant; empty where nothing is like it.
pub fn meant<'n>(written: &str, names: impl IntoIterator<Item = &'n str>) -> Message {
    match nearest(written, names) {
        Some(name) => perhaps(name),
        None => Message::new("", ""),
    }
}

/// The same for a name that is found already.
#[must_use]
pub fn perhaps(name: &str) -> Message {
    message!("；是否想输入 {name}？", "; did you mean {name}?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_understood_and_another_word_is_not() {
        let names = ["DATABASE_URL", "OWNER_URL", "LISTEN"];
        for (written, meant) in [
            ("DATABSE_URL", Some("DATABASE_URL")),
            ("database_url", Some("DATABASE_URL")),
            ("LISTNE", Some("LISTEN")),
            ("OWNER", None),
            ("", None),
            ("MASTER_KEY", None),
        ] {
            assert_eq!(nearest(written, names), meant, "{written}");
        }
        assert_eq!(nearest("x", []), None);
    }

    #[test]
    fn what_may_have_been_meant_is_said_in_both_languages() {
        let said = meant("130804", ["130803", "341522"]);
        assert_eq!((said.zh.as_str(), said.en.as_str()), ("；是否想输入 130803？", "; did you mean 130803?"));
        assert_eq!(meant("999999", ["130803"]), Message::new("", ""));
    }
}
