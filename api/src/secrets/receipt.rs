//! Receipt codes (受理凭证码): with its code alone, an anonymous citizen follows a case and rates the answer.

use std::fmt;

use entity::id::SubmissionId;
use unicode_normalization::UnicodeNormalization as _;

use super::seal::LookupKeys;
use super::seal::digest::{hex, keyed_hash};
use crate::text::{is_blank, is_invisible};

/// Crockford's base32: no `I L O U`.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Number of characters without hyphens; each carries 5 of the 80 bits.
const LENGTH: usize = 16;

/// Enough for sixteen characters in full width with generous separators; longer input is not looked at.
const LONGEST_INPUT: usize = 128;

/// A receipt code: 80 random bits, printed as `ABCD-EFGH-JKMN-PQRS`. Look-ups must be throttled.
#[derive(Clone, PartialEq, Eq)]
pub struct ReceiptCode([u8; 10]);

/// The text is not a receipt code; answer it like an unknown one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("RECEIPT_MALFORMED: a receipt code has sixteen letters and digits")]
pub struct NotAReceipt;

impl ReceiptCode {
    /// A new code from 10 random bytes.
    #[must_use]
    pub fn mint(random: [u8; 10]) -> Self {
        Self(random)
    }

    /// Reads a code as people type it: any case, full width, with blanks, hyphens or
    /// what nobody sees anywhere, `O` for 0, `I` or `L` for 1.
    ///
    /// # Errors
    /// [`NotAReceipt`] for another number of characters or one that is not in the alphabet.
    pub fn parse(text: &str) -> Result<Self, NotAReceipt> {
        if text.len() > LONGEST_INPUT {
            return Err(NotAReceipt);
        }
        let mut bits: u128 = 0;
        let mut length = 0;
        for c in text.nfkc().filter(|c| !is_separator(*c)) {
            bits = bits << 5 | value(c).ok_or(NotAReceipt)?;
            length += 1;
            if length > LENGTH {
                return Err(NotAReceipt);
            }
        }
        if length < LENGTH {
            return Err(NotAReceipt);
        }
        let mut bytes = [0; 10];
        bytes.copy_from_slice(&bits.to_be_bytes()[6..]);
        Ok(Self(bytes))
    }

    /// What the table stores and is searched by: HMAC-SHA256, 64 hexadecimal letters. Keyed, because 80 bits against a
    /// stolen table of a million plain hashes would be within reach. `key` is `MasterKey::derive("receipt")`.
    #[must_use]
    pub fn hash(&self, key: &[u8; 32]) -> String {
        hex(&keyed_hash(key, &self.0))
    }

    fn number(&self) -> u128 {
        self.0.iter().fold(0, |number, byte| number << 8 | u128::from(*byte))
    }
}

impl fmt::Display for ReceiptCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.number();
        for position in 0..LENGTH {
            if position > 0 && position % 4 == 0 {
                f.write_str("-")?;
            }
            let five_bits = number >> (5 * (LENGTH - 1 - position)) & 31;
            let index = usize::try_from(five_bits).unwrap_or_default();
            write!(f, "{}", char::from(ALPHABET[index]))?;
        }
        Ok(())
    }
}

/// Hidden: who reads a log must not be able to follow cases.
impl fmt::Debug for ReceiptCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReceiptCode(hidden)")
    }
}

fn is_separator(c: char) -> bool {
    is_blank(c) || is_invisible(c) || matches!(c, '-' | '‐' | '‑' | '–' | '—' | '―' | '−' | '_' | '.')
}

fn value(c: char) -> Option<u128> {
    let plain = match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().position(|known| char::from(*known) == plain).map(|index| index as u128)
}

/// The code of a suggestion under one version of the keys.
#[must_use]
pub fn code_of(keys: &LookupKeys, submission: SubmissionId) -> ReceiptCode {
    let tag = keyed_hash(&keys.receipts, submission.0.as_bytes());
    let mut random = [0; 10];
    random.copy_from_slice(&tag[..10]);
    ReceiptCode::mint(random)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn it_prints_in_groups_of_four() {
        assert_eq!(ReceiptCode::mint([0; 10]).to_string(), "0000-0000-0000-0000");
        assert_eq!(ReceiptCode::mint([0xFF; 10]).to_string(), "ZZZZ-ZZZZ-ZZZZ-ZZZZ");
        let counting = ReceiptCode::mint([0x00, 0x44, 0x32, 0x14, 0xC7, 0x42, 0x54, 0xB6, 0x35, 0xCF]);
        assert_eq!(counting.to_string(), "0123-4567-89AB-CDEF");
    }

    #[test]
    fn it_is_read_as_people_type_it() {
        let code = ReceiptCode::parse("0123-4567-89AB-CDEF");
        assert!(code.is_ok());
        for typed in [
            "o123 4567 89ab cdef",
            "Oi23456789abcdef",
            " 0L23—4567 89AB.CDEF\n",
            "０１２３-４５６７-８９ＡＢ-ＣＤＥＦ",
            "\u{FEFF}0123-4567\u{200B}-89AB-CDEF\u{202C}\u{2060}",
        ] {
            assert_eq!(ReceiptCode::parse(typed), code, "{typed}");
        }
    }

    #[test]
    fn other_lengths_and_letters_are_refused() {
        let long = "0".repeat(1_000);
        for wrong in
            ["", "0123", "0123-4567-89AB-CDE", "0123-4567-89AB-CDEF-0", "0123-4567-89AB-CDEU", "路灯", &long]
        {
            assert_eq!(ReceiptCode::parse(wrong), Err(NotAReceipt), "{wrong}");
        }
    }

    #[test]
    fn the_stored_hash_depends_on_the_key_and_debug_hides_the_code() {
        let code = ReceiptCode::mint([9; 10]);
        assert_ne!(code.hash(&[1; 32]), code.hash(&[2; 32]));
        assert_eq!(code.hash(&[1; 32]).len(), 64);
        assert!(!format!("{code:?}").contains(&code.to_string()[..4]));
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(random: [u8; 10]) {
            let code = ReceiptCode::mint(random);
            prop_assert_eq!(ReceiptCode::parse(&code.to_string().to_lowercase()), Ok(code));
        }

        #[test]
        fn no_input_panics(text in ".*") {
            let _ = ReceiptCode::parse(&text);
        }
    }
}
