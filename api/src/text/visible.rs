//! What of a text is stored.

use unicode_segmentation::UnicodeSegmentation as _;

use super::characters::{is_blank, is_chinese, is_direction, is_invisible, is_joiner};

/// Whether nobody sees anything of a text: it is empty, or has nothing but blanks, invisible and control characters.
#[must_use]
pub fn shows_nothing(text: &str) -> bool {
    text.chars().all(|c| is_blank(c) || is_invisible(c) || c.is_control())
}

/// A text of several lines as it is stored: each line ends in a line feed, tabs stay, other control characters and marks of
/// direction go, and so does what shows nothing at both ends. Emoji and the shapes of characters stay whole.
#[must_use]
pub fn passage(text: &str) -> String {
    const BYTE_ORDER_MARK: char = '\u{FEFF}';
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    let stays =
        |c: &char| matches!(c, '\n' | '\t') || !(c.is_control() || is_direction(*c) || *c == BYTE_ORDER_MARK);
    trimmed(&text.chars().filter(stays).collect::<String>()).to_owned()
}

/// A text of one line, such as a title or a name, as it is stored: line ends and tabs become blanks, and of what is invisible
/// only what holds an emoji together stays.
#[must_use]
pub fn line(text: &str) -> String {
    let plain = passage(text).replace(['\n', '\t'], " ");
    let mut line = String::with_capacity(plain.len());
    for sign in plain.graphemes(true) {
        let whole = is_joined(sign);
        line.extend(sign.chars().filter(|c| !is_invisible(*c) || (whole && is_joiner(*c))));
    }
    trimmed(&line).to_owned()
}

/// The beginning of a text, at most so many characters, never ending inside what is read as one sign.
#[must_use]
pub fn beginning(text: &str, most: usize) -> &str {
    let (mut end, mut length) = (0, 0);
    for sign in text.graphemes(true) {
        length += sign.chars().count();
        if length > most {
            break;
        }
        end += sign.len();
    }
    if end == 0 {
        // One sign longer than that is no sign of any script.
        end = text.char_indices().nth(most).map_or(text.len(), |(place, _)| place);
    }
    &text[..end]
}

/// Whether the joiners in a sign have something to join: in an emoji, or in a script that shapes its letters by them. On
/// Chinese characters, ASCII and blanks they are remains of a copy, but for the emoji of a digit in its key.
fn is_joined(sign: &str) -> bool {
    const KEY: char = '\u{20E3}';
    match sign.chars().next() {
        Some(first) if first.is_ascii() => sign.contains(KEY),
        Some(first) => !(is_chinese(first) || is_blank(first) || is_invisible(first)),
        None => false,
    }
}

/// Without the signs at both ends that show nothing.
fn trimmed(text: &str) -> &str {
    let mut shown = text.grapheme_indices(true).filter(|(_, sign)| !shows_nothing(sign));
    let Some((start, first)) = shown.next() else {
        return "";
    };
    let (last, sign) = shown.next_back().unwrap_or((start, first));
    &text[start..last + sign.len()]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FAMILY: &str = "👨\u{200D}👩\u{200D}👧";
    const FLAG: &str = "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}";

    #[test]
    fn what_nobody_sees_shows_nothing() {
        for text in [
            "",
            " ",
            "\u{3000}",
            "\u{200B}",
            "\u{200B}\u{200D}",
            "\u{3164}",
            "\u{2800}\u{FEFF}",
            "\u{1B}\u{7F}",
            "\u{202E}",
        ] {
            assert!(shows_nothing(text), "{text:?}");
            assert_eq!((line(text), passage(text)), (String::new(), String::new()), "{text:?}");
        }
        for text in ["a", ".", "\u{200B}灯", "😀"] {
            assert!(!shows_nothing(text), "{text:?}");
        }
    }

    #[test]
    fn a_line_is_one_line_without_what_is_invisible() {
        for (text, expected) in [
            ("标题\n两行", "标题 两行"),
            ("标题\r\n两行\u{2028}三行", "标题 两行 三行"),
            (" 路\u{200B}灯\u{202E}不亮\u{7F}\u{1B}[31m ", "路灯不亮[31m"),
            ("葛\u{E0100}某\u{FE0F}", "葛某"),
            ("1\u{200D}2", "12"),
            ("\u{FEFF}居民甲\u{200B}", "居民甲"),
        ] {
            assert_eq!(line(text), expected);
        }
        for whole in [FAMILY, FLAG, "❤\u{FE0F}路灯", "1\u{FE0F}\u{20E3}号楼", "🇨🇳", "ᠰ\u{180B}"]
        {
            assert_eq!(line(whole), whole);
            assert_eq!(passage(whole), whole);
        }
    }

    #[test]
    fn a_passage_keeps_its_lines_and_the_words_of_the_citizen() {
        assert_eq!(passage("\u{FEFF}甲\u{0}\t乙\u{7}\r\n丙\u{200B}丁　\u{200B}"), "甲\t乙\n丙\u{200B}丁");
        assert_eq!(passage("甲\u{202E}乙\u{2067}丙\r丁"), "甲乙丙\n丁");
        assert_eq!(passage("葛\u{E0100}洲坝"), "葛\u{E0100}洲坝");
    }

    #[test]
    fn a_beginning_ends_between_signs() {
        assert_eq!(beginning("路灯不亮", 2), "路灯");
        assert_eq!(beginning("路灯", 50), "路灯");
        assert_eq!(beginning(&format!("路{FAMILY}灯"), 5), "路");
        assert_eq!(beginning(&format!("路{FAMILY}灯"), 6), format!("路{FAMILY}"));
        assert_eq!(beginning("e\u{301}\u{301}\u{301}x", 2), "e\u{301}");
        assert_eq!(beginning("", 5), "");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn what_is_stored_is_stored_again_as_it_is(text in any::<String>()) {
            for store in [line, passage] {
                let once = store(&text);
                prop_assert_eq!(store(&once), once.clone());
                prop_assert_eq!(shows_nothing(&once), once.is_empty());
            }
            prop_assert!(!line(&text).contains(char::is_control));
            let start = beginning(&text, 5);
            prop_assert!(text.starts_with(start) && start.chars().count() <= 5);
            prop_assert_eq!(start.is_empty(), text.is_empty());
        }

        #[test]
        fn what_is_stored_reads_as_what_was_given(text in any::<String>()) {
            prop_assert_eq!(super::super::fold::folded(&line(&text)), super::super::fold::folded(&text));
            prop_assert_eq!(super::super::fold::folded(&passage(&text)), super::super::fold::folded(&text));
        }
    }
}
