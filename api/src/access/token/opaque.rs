//! Tokens that mean nothing in themselves: 256 random bits, of which the table keeps only the SHA-256.

use std::fmt;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use subtle::ConstantTimeEq as _;

use crate::access::seal::digest::sha256_hex;

/// The text is not 256 bits in unpadded base64url.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("TOKEN_MALFORMED: not a token of this kind")]
pub struct NotAToken;

/// A refresh token (刷新令牌): its bearer gets a new access token and, each time, a new refresh token.
pub struct RefreshToken(Opaque);

/// 256 random bits that are never printed.
pub(super) struct Opaque([u8; 32]);

impl RefreshToken {
    /// A new one from 32 random bytes.
    #[must_use]
    pub fn mint(random: [u8; 32]) -> Self {
        Self(Opaque(random))
    }

    /// Reads what a client sends.
    ///
    /// # Errors
    /// [`NotAToken`]; answer it like an unknown token.
    pub fn parse(text: &str) -> Result<Self, NotAToken> {
        Opaque::parse(text).map(Self)
    }

    /// The text for its owner, 43 characters; shown once.
    #[must_use]
    pub fn reveal(&self) -> String {
        self.0.reveal()
    }

    /// What the table stores and is searched by: SHA-256, 64 hexadecimal letters. A plain hash suffices because 256
    /// random bits cannot be tried out.
    #[must_use]
    pub fn hash(&self) -> String {
        self.0.hash()
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(hidden)")
    }
}

impl Opaque {
    pub(super) fn new(random: [u8; 32]) -> Self {
        Self(random)
    }

    pub(super) fn parse(text: &str) -> Result<Self, NotAToken> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| NotAToken)?;
        bytes.try_into().map(Self).map_err(|_| NotAToken)
    }

    pub(super) fn reveal(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }

    pub(super) fn hash(&self) -> String {
        sha256_hex(&self.0)
    }

    /// Compares with a stored hash in a time that does not depend on where they differ.
    pub(super) fn matches(&self, stored: &str) -> bool {
        self.hash().as_bytes().ct_eq(stored.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_refresh_token_survives_the_way_to_the_client_and_back() {
        let token = RefreshToken::mint([0xA7; 32]);
        let back = RefreshToken::parse(&token.reveal()).unwrap();
        assert_eq!(back.hash(), token.hash());
        assert_eq!(token.reveal().len(), 43);
        assert_eq!(token.hash().len(), 64);
    }

    #[test]
    fn other_lengths_and_alphabets_are_no_tokens() {
        let text = RefreshToken::mint([0xFF; 32]).reveal();
        for wrong in [
            "",
            "abc",
            &text[1..],
            &format!("{text}="),
            &text.replace('_', "/"),
            &text.replace("_8", "_9"),
        ] {
            assert_eq!(RefreshToken::parse(wrong).err(), Some(NotAToken), "{wrong}");
        }
    }

    #[test]
    fn printing_shows_nothing() {
        let token = RefreshToken::mint([0xA7; 32]);
        assert!(!format!("{token:?}").contains(&token.reveal()[..8]));
    }
}
