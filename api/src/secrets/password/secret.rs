//! A password in memory that no log line and no error text can print.

use std::fmt;

use serde::{Deserialize, Deserializer};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A password as typed (口令明文), in Unicode's compatibility form NFKC: a Chinese input method types full-width
/// digits and letters without its user noticing, and they must be the same password.
///
/// Neither `Debug` nor `Display` shows it; [`Secret::reveal`] is the only way to the text. Its memory is overwritten when it
/// is dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Secret(String);

impl Secret {
    /// Takes the text over.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.nfkc().collect())
    }

    /// The text itself, for hashing, for checking, or for showing a new password once to its owner.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::new(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_prints_it() {
        let secret = Secret::new("tide-lamp-orchard");
        let printed = format!("{secret} {secret:?} {:?}", Some(&secret));
        assert!(!printed.contains("tide"), "{printed}");
    }

    #[test]
    fn full_width_typing_is_the_same_password() {
        assert_eq!(Secret::new("Ｔｉｄｅ１２").reveal(), "Tide12");
    }
}
