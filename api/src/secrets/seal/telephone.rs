//! Telephone numbers (电话) in one form, so that the same number typed in two ways is the same number.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;

/// Numbers of digits taken: from the short codes of hotlines to the longest international number and a prefix.
const DIGITS: std::ops::RangeInclusive<usize> = 5..=20;

/// Characters of a text with one number or several, an extension and a note: what is longer is not read at all.
const LONGEST: usize = 60;

/// A telephone number as ASCII digits without country prefix; `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Telephone(String);

/// Why a text is not taken as a telephone number; carries nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TelephoneRefusal {
    /// Nothing but separators.
    #[error("TELEPHONE_EMPTY: no telephone number")]
    Empty,
    /// Something else than digits and separators, such as an extension in words.
    #[error("TELEPHONE_NOT_DIGITS: a telephone number has digits, spaces and hyphens only")]
    NotDigits,
    /// Fewer than 5 or more than 20 digits.
    #[error("TELEPHONE_LENGTH: {found} digits are no telephone number")]
    Length {
        /// Number of digits found.
        found: usize,
    },
}

impl Telephone {
    /// Reads a number as people type it: full width, blanks, hyphens, brackets, `+86` or `0086` before it, `.0` behind it as
    /// spreadsheets leave it. Of two numbers it is the first; an extension or a note behind it is passed over.
    ///
    /// # Errors
    /// [`TelephoneRefusal`].
    pub fn parse(text: &str) -> Result<Self, TelephoneRefusal> {
        if text.chars().nth(LONGEST).is_some() {
            return Err(TelephoneRefusal::Length {
                found: text.chars().filter(char::is_ascii_digit).count(),
            });
        }
        let plain: String = text.nfkc().flat_map(char::to_lowercase).collect();
        let plain = whole_number(plain.trim());
        let end = plain.find(|c| !(is_separator(c) || c == '+' || c.is_ascii_digit())).unwrap_or(plain.len());
        let (number, behind) = plain.split_at(end);
        let is_none = !behind.is_empty() && !number.contains(|c: char| c.is_ascii_digit());
        if is_none || !may_follow(behind) {
            return Err(TelephoneRefusal::NotDigits);
        }
        let digits = |part: &str| {
            let digits: String = part.chars().filter(|c| !is_separator(*c)).collect();
            checked(without_country(&digits))
        };
        // Two numbers with nothing but a blank between them are too long for one.
        digits(number).or_else(|refusal| match (refusal, number.trim().split_once(char::is_whitespace)) {
            (TelephoneRefusal::Length { .. }, Some((first, _))) => digits(first),
            _ => Err(refusal),
        })
    }

    /// The digits, for sealing and for the blind index.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Telephone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Telephone(hidden)")
    }
}

fn checked(digits: &str) -> Result<Telephone, TelephoneRefusal> {
    if digits.is_empty() {
        return Err(TelephoneRefusal::Empty);
    }
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(TelephoneRefusal::NotDigits);
    }
    if !DIGITS.contains(&digits.len()) {
        return Err(TelephoneRefusal::Length { found: digits.len() });
    }
    Ok(Telephone(digits.to_owned()))
}

/// `19900000001.0`, as programs print a number, without its fraction of noughts.
#[must_use]
pub fn whole_number(number: &str) -> &str {
    let (digits, fraction) = number.split_once('.').unwrap_or((number, ""));
    let all = |part: &str, fits: fn(u8) -> bool| !part.is_empty() && part.bytes().all(fits);
    let is_whole = all(digits, |byte| byte.is_ascii_digit()) && all(fraction, |byte| byte == b'0');
    if is_whole { digits } else { number }
}

/// Whether this may stand behind a number: nothing, another number, an extension, or a few words without digits. What has
/// digits of its own may be the rest of a number that was typed wrong.
fn may_follow(behind: &str) -> bool {
    const LONGEST_NOTE: usize = 20;
    const LONGEST_EXTENSION: usize = 6;
    let behind = behind.trim();
    if let Some(other) = behind.strip_prefix(['/', '\\', '、', ',', ';', '或', '和', '及', '&', '|']) {
        return Telephone::parse(other).is_ok();
    }
    let extension = ["转", "分机", "ext.", "ext", "#"].iter().find_map(|word| behind.strip_prefix(word));
    if let Some(extension) = extension {
        let extension = extension.trim_start();
        let end = extension.find(|c: char| !c.is_ascii_digit()).unwrap_or(extension.len());
        return (1..=LONGEST_EXTENSION).contains(&end) && may_follow(&extension[end..]);
    }
    behind.chars().count() <= LONGEST_NOTE && !behind.chars().any(char::is_numeric)
}

/// A bare `86` counts as prefix only before a mobile number: landlines may begin with it.
fn without_country(number: &str) -> &str {
    if let Some(rest) = number.strip_prefix("+86").or_else(|| number.strip_prefix("0086")) {
        return rest;
    }
    match number.strip_prefix("86") {
        Some(rest) if rest.len() == 11 && rest.starts_with('1') => rest,
        _ => number,
    }
}

/// What may stand between the digits of one telephone number; invisible characters hide numbers from a search.
fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '－' | '.' | '．' | '·' | '_')
        || matches!(c, '(' | ')' | '（' | '）')
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_typed_in_many_ways_is_one_number() {
        let ways = [
            "10000000001",
            "100-0000-0001",
            "+86 100 0000 0001",
            "0086-10000000001",
            "8610000000001",
            "１０００００００００１",
            "(+86)10000000001",
            "100\u{200B}00000001",
        ];
        for way in ways {
            let digits = Telephone::parse(way).map(|telephone| telephone.digits().to_owned());
            assert_eq!(digits.as_deref(), Ok("10000000001"), "{way}");
        }
    }

    #[test]
    fn landlines_keep_their_area_code() {
        let digits = Telephone::parse("（0314）000-0001").map(|telephone| telephone.digits().to_owned());
        assert_eq!(digits.as_deref(), Ok("03140000001"));
    }

    #[test]
    fn what_stands_behind_a_number_is_not_part_of_it() {
        for (text, number) in [
            ("10000000001.0", "10000000001"),
            ("10000000001.00", "10000000001"),
            ("0314-0000001转8", "03140000001"),
            ("0314-0000001 分机 12", "03140000001"),
            ("0314-0000001 ext.8（办）", "03140000001"),
            ("10000000001/10000000002", "10000000001"),
            ("10000000001、0314-0000001", "10000000001"),
            ("10000000001；10000000002，10000000003", "10000000001"),
            ("10000000001 10000000002", "10000000001"),
            ("0000001（宅）", "0000001"),
            ("10000000001 村民乙", "10000000001"),
        ] {
            let digits = Telephone::parse(text).map(|telephone| telephone.digits().to_owned());
            assert_eq!(digits.as_deref(), Ok(number), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused_with_a_reason() {
        assert_eq!(Telephone::parse(" - "), Err(TelephoneRefusal::Empty));
        for text in
            ["1000000x0001", "1.99e+10", "10000000001/1", "0314-0000001转", "电话不详", "10000000001之2"]
        {
            assert_eq!(Telephone::parse(text), Err(TelephoneRefusal::NotDigits), "{text}");
        }
        let many = "10000000001/".repeat(6);
        assert_eq!(Telephone::parse(&many), Err(TelephoneRefusal::Length { found: 66 }));
        assert_eq!(Telephone::parse("110"), Err(TelephoneRefusal::Length { found: 3 }));
        assert_eq!(Telephone::parse(&"1".repeat(21)), Err(TelephoneRefusal::Length { found: 21 }));
    }

    #[test]
    fn debug_hides_it() {
        assert_eq!(format!("{:?}", Telephone::parse("10000000001")), "Ok(Telephone(hidden))");
    }
}
