//! Tokens that mean nothing in themselves: 256 random bits, of which the table keeps only the SHA-256.

use std::fmt;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use entity::id::{County, SessionId};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::access::seal::digest::sha256_hex;

/// The text is not 256 bits in unpadded base64url.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("TOKEN_MALFORMED: not a token of this kind")]
pub struct NotAToken;

/// A refresh token (刷新令牌): its bearer gets a new access token and, each time, a new refresh token. County and session
/// stand in front of the secret, so that its row is found without a table over all counties.
pub struct RefreshToken {
    county: County,
    session: SessionId,
    secret: Opaque,
}

/// 256 random bits that are never printed.
pub(super) struct Opaque([u8; 32]);

impl RefreshToken {
    /// A new one of a session from 32 random bytes.
    #[must_use]
    pub fn mint(county: County, session: SessionId, random: [u8; 32]) -> Self {
        Self {
            county,
            session,
            secret: Opaque(random),
        }
    }

    /// Reads what a client sends.
    ///
    /// # Errors
    /// [`NotAToken`]; answer it like an unknown token.
    pub fn parse(text: &str) -> Result<Self, NotAToken> {
        let (county, rest) = text.split_once('.').ok_or(NotAToken)?;
        let (session, secret) = rest.split_once('.').ok_or(NotAToken)?;
        Ok(Self {
            county: County::parse(county).ok_or(NotAToken)?,
            session: SessionId(Uuid::try_parse(session).map_err(|_| NotAToken)?),
            secret: Opaque::parse(secret)?,
        })
    }

    /// County of the session, as the bearer says.
    #[must_use]
    pub const fn county(&self) -> &County {
        &self.county
    }

    /// The session, as the bearer says.
    #[must_use]
    pub const fn session(&self) -> SessionId {
        self.session
    }

    /// The text for its owner, 83 characters; shown once.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!(
            "{}.{}.{}",
            self.county,
            self.session.0.simple(),
            self.secret.reveal()
        )
    }

    /// What the table stores: SHA-256 of the secret, 64 hexadecimal letters. A plain hash suffices because 256 random
    /// bits cannot be tried out.
    #[must_use]
    pub fn hash(&self) -> String {
        self.secret.hash()
    }

    /// Whether its secret is that of a stored hash, in constant time.
    #[must_use]
    pub fn matches(&self, stored: &str) -> bool {
        self.secret.matches(stored)
    }

    /// The mark that the access token handed out with a refresh token carries: the beginning of the stored hash.
    #[must_use]
    pub fn pair(stored: &str) -> &str {
        stored.get(..16).unwrap_or(stored)
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
    use super::*;

    fn token(byte: u8) -> RefreshToken {
        RefreshToken::mint(
            County::parse("130803").unwrap(),
            SessionId(Uuid::from_u128(5)),
            [byte; 32],
        )
    }

    #[test]
    fn a_refresh_token_survives_the_way_to_the_client_and_back() {
        let token = token(0xA7);
        let back = RefreshToken::parse(&token.reveal()).unwrap();
        assert!(back.matches(&token.hash()));
        assert_eq!(
            (back.county().as_str(), back.session()),
            ("130803", SessionId(Uuid::from_u128(5)))
        );
        assert_eq!(token.reveal().len(), 83);
        assert_eq!(token.hash().len(), 64);
        assert_eq!(RefreshToken::pair(&token.hash()).len(), 16);
    }

    #[test]
    fn other_lengths_alphabets_and_parts_are_no_tokens() {
        let text = token(0xFF).reveal();
        for wrong in [
            "",
            "abc",
            &text[1..],
            &format!("{text}="),
            &text.replace('_', "/"),
            &text.replace("_8", "_9"),
            &text[7..],
            &text.replacen('.', "", 1),
        ] {
            assert_eq!(RefreshToken::parse(wrong).err(), Some(NotAToken), "{wrong}");
        }
    }

    #[test]
    fn printing_shows_nothing() {
        let token = token(0xA7);
        assert!(!format!("{token:?}").contains(&token.secret.reveal()[..8]));
    }
}
