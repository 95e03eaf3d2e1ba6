//! Tokens that mean nothing in themselves: 256 random bits, of which the table keeps only the SHA-256.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use subtle::ConstantTimeEq as _;

use crate::secrets::seal::digest::sha256_hex;

/// The text is not a token of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("TOKEN_MALFORMED: not a token of this kind")]
pub struct NotAToken;

/// 256 random bits that are never printed.
pub(super) struct Opaque([u8; 32]);

impl Opaque {
    pub(super) fn new(random: [u8; 32]) -> Self {
        Self(random)
    }

    pub(super) const fn bytes(&self) -> &[u8; 32] {
        &self.0
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
