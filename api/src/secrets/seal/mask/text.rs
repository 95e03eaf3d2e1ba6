//! A text as the masks read it: one unit per character, folded, so that one spelling is compared and the original is
//! kept wherever nothing is masked.

use unicode_normalization::UnicodeNormalization as _;

use super::digits::{Digit, digit, is_common};

/// What stands in the place of something masked. It does not tell how long that was.
pub(super) const STARS: &str = "****";

/// A text and what of it is masked so far.
pub(super) struct Text {
    /// As it was written.
    original: Vec<char>,
    /// Folded: full width, circled and mathematical letters as ASCII, in upper case. What is masked is [`COVERED`].
    plain: Vec<char>,
    /// The digit that a character stands for.
    digits: Vec<Option<Digit>>,
    masked: Vec<Span>,
}

/// A part that is masked.
struct Span {
    start: usize,
    end: usize,
    mask: String,
}

/// Stands in the folded text where something is masked already.
const COVERED: char = '\u{0}';

impl Text {
    pub(super) fn new(text: &str) -> Self {
        let original: Vec<char> = text.chars().collect();
        let plain: Vec<char> = original.iter().map(|c| fold(*c)).collect();
        let mut digits: Vec<_> = original.iter().map(|c| digit(*c)).collect();
        look_alikes(&original, &mut digits);
        Self { original, plain, digits, masked: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.plain.len()
    }

    /// The folded character at a place; none beyond the ends.
    pub(super) fn at(&self, place: usize) -> Option<char> {
        self.plain.get(place).copied()
    }

    /// The folded character before a place.
    pub(super) fn before(&self, place: usize) -> Option<char> {
        place.checked_sub(1).and_then(|place| self.at(place))
    }

    pub(super) fn digit(&self, place: usize) -> Option<Digit> {
        self.digits.get(place).copied().flatten()
    }

    pub(super) fn plain(&self, start: usize, end: usize) -> &[char] {
        self.plain.get(start..end).unwrap_or_default()
    }

    /// Whether a word, in upper case where it is Latin, begins at a place.
    pub(super) fn says(&self, place: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(offset, c)| self.at(place + offset) == Some(c))
    }

    /// Whether one of some words ends right before a place, with nothing but connecting words in between. A Latin word
    /// must begin there.
    pub(super) fn follows(&self, place: usize, words: &[&str], connecting: &[&str]) -> bool {
        const MOST: usize = 6;
        let mut end = place;
        for _ in 0..=MOST {
            if self.before(end).is_none_or(|c| c.is_ascii_digit()) {
                return false;
            }
            if words.iter().any(|word| self.ends_with(end, word)) {
                return true;
            }
            let step =
                connecting.iter().find(|word| self.ends_with(end, word)).map(|word| word.chars().count());
            let blank = || self.before(end).filter(|c| is_blank(*c) || is_invisible(*c)).map(|_| 1);
            match step.or_else(blank) {
                Some(length) => end -= length,
                None => return false,
            }
        }
        false
    }

    /// Compared from its end: most words differ there already.
    fn ends_with(&self, end: usize, word: &str) -> bool {
        let mut start = end;
        for c in word.chars().rev() {
            if self.before(start) != Some(c) {
                return false;
            }
            start -= 1;
        }
        let latin = word.starts_with(|c: char| c.is_ascii_alphabetic());
        !latin || !self.before(start).is_some_and(|c| c.is_ascii_alphabetic())
    }

    /// Masks a part, once.
    pub(super) fn cover(&mut self, start: usize, end: usize, mask: String) {
        let end = end.min(self.plain.len());
        for place in start..end {
            self.plain[place] = COVERED;
            self.digits[place] = None;
        }
        self.masked.push(Span { start, end, mask });
    }

    /// The text with its masks; none where nothing is masked.
    pub(super) fn finish(mut self) -> Option<String> {
        if self.masked.is_empty() {
            return None;
        }
        self.masked.sort_by_key(|span| span.start);
        let mut text = String::with_capacity(self.original.len());
        let mut copied = 0;
        for span in &self.masked {
            text.extend(&self.original[copied..span.start]);
            text.push_str(&span.mask);
            copied = span.end;
        }
        text.extend(&self.original[copied..]);
        Some(text)
    }
}

/// One character for one: what folds into several stays as it is.
fn fold(c: char) -> char {
    if c.is_ascii() || is_common(c) {
        return c.to_ascii_uppercase();
    }
    let mut folded = c.nfkc();
    match (folded.next(), folded.next()) {
        (Some(one), None) => one.to_ascii_uppercase(),
        _ => c,
    }
}

/// Letters that are written for digits, `O` and `l`, count where they touch digits and no other letter.
fn look_alikes(chars: &[char], digits: &mut [Option<Digit>]) {
    let value = |c: &char| match c {
        'O' | 'o' | 'Ｏ' | 'ｏ' => Some(0),
        'I' | 'l' | 'L' | 'Ｉ' | 'ｌ' => Some(1),
        _ => None,
    };
    let mut start = 0;
    while start < chars.len() {
        let end = start + chars[start..].iter().take_while(|c| value(c).is_some()).count();
        let beside = [start.checked_sub(1), Some(end)].map(|place| chars.get(place?));
        let any = |fits: fn(&char) -> bool| beside.iter().flatten().any(|c| fits(c));
        if end > start && any(char::is_ascii_digit) && !any(|c| c.is_alphabetic() && fold(*c).is_ascii()) {
            for place in start..end {
                digits[place] = value(&chars[place]).map(Digit::letter);
            }
        }
        start = end.max(start + 1);
    }
}

/// Blanks and line ends.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace()
}

/// Characters that nobody sees: they hide a number from a search. The last two make keycaps of digits.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{AD}')
        || matches!(c, '\u{180E}' | '\u{FE00}'..='\u{FE0F}' | '\u{20E3}')
        || (c.is_control() && !c.is_whitespace() && c != COVERED)
}
