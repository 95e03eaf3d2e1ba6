//! What of a text is compared.

use std::ops::Range;

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

use super::characters::{is_blank, is_chinese, is_invisible, is_unified};
use super::simplified::simplified;

/// A text as it is compared, and where each of its characters comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    text: String,
    /// For each character of the text, the characters of the original, counted from 0.
    origins: Vec<Range<usize>>,
}

/// A text as it is compared: full width and compatibility forms, capitals, traditional forms and radicals are no difference;
/// invisible and control characters do not count; a blank counts, as one, between letters or digits alone: in Chinese it is
/// no difference. What is folded twice stays as it is.
#[must_use]
pub fn folded(text: &str) -> String {
    Folded::of(text).text
}

/// A reference as it is compared and stored: width, invisible and control characters and blanks around it are no difference.
/// Capitals and forms of characters are one: numbers of other systems may differ by them.
#[must_use]
pub fn reference(text: &str) -> String {
    let seen: String = text.chars().filter(|c| counts(*c)).collect();
    let plain: String =
        seen.nfkc().filter(|c| counts(*c)).map(|c| if is_blank(c) { ' ' } else { c }).collect();
    plain.trim().to_owned()
}

impl Folded {
    /// Folds a text; see [`folded`].
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut folded = Self::default();
        let mut blank = false;
        let seen: Vec<(usize, char)> = text.chars().enumerate().filter(|(_, c)| counts(*c)).collect();
        // What may combine is normalised together.
        for piece in seen.chunk_by(|_, (_, c)| combines(*c)) {
            let origin = origin(piece);
            compared(piece, |c| {
                if !is_blank(c) {
                    folded.push(c, blank, &origin);
                }
                blank = is_blank(c);
            });
        }
        folded
    }

    /// The text as it is compared.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The characters of the original, counted from 0, in which a folded text stands first; nothing where it doesn't stand.
    #[must_use]
    pub fn find(&self, folded: &str) -> Option<Range<usize>> {
        let start = self.text[..self.text.find(folded)?].chars().count();
        let last = folded.chars().count().checked_sub(1)?;
        Some(self.origins.get(start)?.start..self.origins.get(start + last)?.end)
    }

    /// Adds a character, before which a blank stood or not.
    fn push(&mut self, c: char, blank: bool, origin: &Range<usize>) {
        let before = self.text.chars().next_back();
        // A mark that combines must not come to stand on what was parted from it.
        if blank && before.is_some_and(|before| (is_word(before) && is_word(c)) || combines(c)) {
            self.text.push(' ');
            self.origins.push(origin.clone());
        }
        self.text.push(c);
        self.origins.push(origin.clone());
    }
}

/// The characters of the original in which a piece lies.
fn origin(piece: &[(usize, char)]) -> Range<usize> {
    match piece {
        [(first, _), .., (last, _)] => *first..last + 1,
        [(only, _)] => *only..only + 1,
        [] => 0..0,
    }
}

/// Whether a character may combine with what stands before it, so that both are normalised together.
fn combines(c: char) -> bool {
    if c.is_ascii() || is_chinese(c) {
        return false;
    }
    let first = std::iter::once(c).nfkd().next().unwrap_or(c);
    canonical_combining_class(first) != 0 || is_nfc_quick(std::iter::once(first)) != IsNormalized::Yes
}

/// Takes the characters by which a piece is compared, blanks among them.
fn compared(piece: &[(usize, char)], mut take: impl FnMut(char)) {
    match piece {
        [(_, c)] if c.is_ascii() => take(c.to_ascii_lowercase()),
        [(_, c)] if is_unified(*c) => take(simplified(*c)),
        _ => {
            let small: String = piece.iter().map(|(_, c)| *c).nfkc().flat_map(char::to_lowercase).collect();
            // Small letters of some capitals are not in their composed form.
            small.nfkc().map(simplified).filter(|c| counts(*c)).for_each(take);
        }
    }
}

/// Whether a character is compared: it is neither invisible nor a control character. What parts words is.
fn counts(c: char) -> bool {
    is_blank(c) || !(c.is_control() || is_invisible(c))
}

/// Letters and digits of scripts that part words by blanks.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() && !is_chinese(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_nobody_sees_is_no_difference() {
        for c in "\u{200B}\u{200C}\u{200D}\u{200E}\u{200F}\u{202A}\u{202E}\u{2060}\u{2066}\u{FEFF}\u{AD}\u{180E}\u{FE0F}\u{E0100}\u{34F}\u{2028}\u{2029}\u{3164}\u{A0}\u{3000}\t\n\u{7}".chars()
        {
            assert_eq!(folded(&format!("自来{c}水停")), "自来水停", "{:x}", u32::from(c));
        }
        assert_eq!(folded(" \u{200B}\u{3164} \u{2800}"), "");
    }

    #[test]
    fn width_case_form_and_radicals_are_no_difference() {
        for (one, other) in [
            ("ＡＢＣ１２３号楼", "abc123号楼"),
            ("WIFI覆盖", "wifi覆蓋"),
            ("⾧江路⾞站", "⻓江路⻋站"),
            ("戶口辦理", "户口办理"),
            ("葛󠄀洲坝", "葛洲坝"),
            ("e\u{301}cole", "École"),
            ("ｶﾞ", "ガ"),
            ("㈱", "(株)"),
        ] {
            assert_eq!(folded(one), folded(other), "{one}");
        }
        assert_ne!(folded("路灯"), folded("路灯不亮"));
    }

    #[test]
    fn a_blank_counts_between_letters_and_digits_alone() {
        for (text, expected) in [
            ("公 交 车 站", "公交车站"),
            (" 道路\r\n积水　", "道路积水"),
            ("WIFI 信号 5 号楼", "wifi信号5号楼"),
            ("路灯不亮， 请维修", "路灯不亮,请维修"),
            ("wifi   router\n12", "wifi router 12"),
            ("A - B", "a-b"),
        ] {
            assert_eq!(folded(text), expected);
        }
    }

    #[test]
    fn a_place_is_that_of_the_original() {
        let text = "在東\u{200B}溝 村ＷＩＦＩ";
        let places = Folded::of(text);
        assert_eq!(places.find("东沟村"), Some(1..6));
        assert_eq!(places.find("wifi"), Some(6..10));
        assert_eq!(places.find("路灯"), None);
        assert_eq!(Folded::of("e\u{301}1").find("é"), Some(0..2));
    }

    #[test]
    fn a_reference_keeps_its_capitals_and_loses_what_nobody_sees() {
        assert_eq!(reference(" T45-2\u{200B}\u{FEFF}"), "T45-2");
        assert_eq!(reference("Ｔ４５－２"), "T45-2");
        assert_eq!(reference("a\n1　b"), "a 1 b");
        assert_ne!(reference("t45"), reference("T45"));
        assert_eq!(reference("\u{200B} \u{3164}"), "");
    }

    /// Characters that are folded in every way, more often than chance would draw them.
    fn texts() -> impl Strategy<Value = String> {
        let odd: Vec<char> = "東溝灯里裏⻓⾧ＡａA1 \u{200B}\u{FE0F}\u{E0100}\u{3000}\n\u{7}e\u{301}\u{316}か\u{3099}゛ｶﾞﾞㄱㅏ가\u{11A8}İßΣ¨ﷺ㈱😀\u{200D}\u{20E3}，.乾"
            .chars()
            .collect();
        let c = prop_oneof![4 => prop::sample::select(odd), 1 => any::<char>()];
        prop::collection::vec(c, 0..24).prop_map(|chars| chars.into_iter().collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn what_is_folded_stays_as_it_is(text in texts()) {
            let once = folded(&text);
            prop_assert_eq!(folded(&once), once.clone());
            let plain = reference(&text);
            prop_assert_eq!(reference(&plain), plain);
        }

        #[test]
        fn folding_is_that_of_the_whole_text(text in texts()) {
            let seen: String = text.chars().filter(|c| counts(*c)).collect();
            let small: String = seen.nfkc().flat_map(char::to_lowercase).collect();
            let whole: String = small.nfkc().map(simplified).filter(|c| counts(*c) && !is_blank(*c)).collect();
            prop_assert_eq!(folded(&text).replace(' ', ""), whole);
        }

        #[test]
        fn what_is_found_folds_to_what_was_looked_for(text in texts(), from in any::<prop::sample::Index>(), length in 1_usize..6) {
            let places = Folded::of(&text);
            let chars: Vec<char> = places.text().chars().collect();
            if chars.is_empty() {
                return Ok(());
            }
            let wanted: String = chars.iter().skip(from.index(chars.len())).take(length).collect();
            let range = places.find(&wanted).unwrap();
            let original: String = text.chars().skip(range.start).take(range.len()).collect();
            prop_assert!(folded(&original).contains(wanted.trim_matches(' ')), "{original:?} {wanted:?}");
        }
    }
}
