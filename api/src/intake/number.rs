//! The number that a citizen is told and says on the telephone (受理编号): twelve digits that tell nobody how many others
//! wrote, and nothing of its order. Case numbers by stream, year and count stay among those who work on the case.

use entity::id::SubmissionId;
use sha2::{Digest as _, Sha256};

use crate::text::{is_blank, is_invisible};

/// The smallest, so that no spreadsheet drops a leading zero.
const LEAST: u64 = 100_000_000_000;
/// How many there are.
const COUNT: u64 = 900_000_000_000;
/// Prime to [`COUNT`]: multiples of it meet each number once.
const STEP: u64 = 618_033_988_751;
/// Longest text that is looked at.
const LONGEST_INPUT: usize = 64;

/// The number of a suggestion, as it is stored. Its key holds 74 random bits that nobody outside is shown; two numbers
/// are hardly ever the same, and the table takes the second one not.
#[must_use]
pub fn of(id: SubmissionId) -> String {
    let digest = Sha256::new().chain_update(b"receipt number").chain_update(id.0.as_bytes()).finalize();
    let wide = digest.iter().take(8).fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
    (LEAST + wide % COUNT).to_string()
}

/// The number of one of many suggestions that are made up together: no two are the same, however many there are.
#[must_use]
pub fn spread(index: u64) -> String {
    let wide = u128::from(index) * u128::from(STEP) % u128::from(COUNT);
    (u128::from(LEAST) + wide).to_string()
}

/// In groups of four, as it is printed and read aloud.
#[must_use]
pub fn printed(stored: &str) -> String {
    let mut text = String::with_capacity(stored.len() + stored.len() / 4);
    for (place, digit) in stored.chars().enumerate() {
        if place > 0 && place % 4 == 0 {
            text.push('-');
        }
        text.push(digit);
    }
    text
}

/// As it is stored, from what somebody types: full width, with blanks, hyphens or what nobody sees
/// anywhere; nothing for another text.
#[must_use]
pub fn parse(text: &str) -> Option<String> {
    use unicode_normalization::UnicodeNormalization as _;
    if text.len() > LONGEST_INPUT {
        return None;
    }
    let separates = |c: &char| is_blank(*c) || is_invisible(*c) || matches!(c, '-' | '‐' | '–' | '—' | '－');
    let digits: String = text.nfkc().filter(|c| !separates(c)).collect();
    let fits = digits.len() == 12 && digits.bytes().all(|byte| byte.is_ascii_digit());
    fits.then_some(digits)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use uuid::Uuid;

    use super::*;

    #[test]
    fn suggestions_one_after_the_other_have_numbers_without_order() {
        let numbers: Vec<String> = (0..1_000).map(|n| of(SubmissionId(Uuid::from_u128(n)))).collect();
        assert!(numbers.iter().all(|number| number.len() == 12));
        assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), 1_000);
        let rises = numbers.windows(2).filter(|pair| pair[0] < pair[1]).count();
        assert!((400..600).contains(&rises), "{rises}");
    }

    #[test]
    fn numbers_that_are_spread_never_meet() {
        let numbers: BTreeSet<String> = (0..100_000).map(spread).collect();
        assert_eq!(numbers.len(), 100_000);
        assert!(numbers.iter().all(|number| number.len() == 12));
    }

    #[test]
    fn a_number_is_read_as_people_type_it() {
        let stored = of(SubmissionId(Uuid::from_u128(7)));
        let print = printed(&stored);
        assert_eq!(print.len(), 14);
        let wide: String =
            stored.chars().map(|digit| char::from_u32(digit as u32 + 0xFEE0).unwrap()).collect();
        for typed in [&stored, &print, &print.replace('-', " "), &wide, &format!("\u{FEFF}{print}\u{200B}")] {
            assert_eq!(parse(typed).as_ref(), Some(&stored), "{typed}");
        }
        let long = "1".repeat(13);
        for wrong in ["", "12345", "A1-2022-00001", long.as_str(), "12345678901x"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
