//! Credentials of portals (门户): a public client id and a secret that is shown once, when the client is added.

use std::fmt;

use entity::id::{County, PortalClientId};
use uuid::Uuid;

use super::opaque::{NotAToken, Opaque};

/// The secret half (门户密钥): 256 random bits, stored as SHA-256.
pub struct ClientSecret(Opaque);

/// What a portal sends as its bearer token: `ms_<county>_<client id>.<secret>`. An access token begins otherwise, so
/// the two cannot be taken for one another, and a scanner finds a credential that was committed by mistake.
#[derive(Debug)]
pub struct ClientCredential {
    /// The county of its row.
    pub county: County,
    /// The client whose row holds the hash.
    pub client: PortalClientId,
    /// What proves it.
    pub secret: ClientSecret,
}

impl ClientSecret {
    /// A new one from 32 random bytes.
    #[must_use]
    pub fn mint(random: [u8; 32]) -> Self {
        Self(Opaque::new(random))
    }

    /// What the table stores: SHA-256, 64 hexadecimal letters.
    #[must_use]
    pub fn hash(&self) -> String {
        self.0.hash()
    }

    /// Whether it is the secret of that stored hash, in constant time.
    #[must_use]
    pub fn matches(&self, stored: &str) -> bool {
        self.0.matches(stored)
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret(hidden)")
    }
}

impl ClientCredential {
    /// Reads a bearer token.
    ///
    /// # Errors
    /// [`NotAToken`] when it is not of this form; it may then be an access token.
    pub fn parse(bearer: &str) -> Result<Self, NotAToken> {
        let (name, secret) = bearer.split_once('.').ok_or(NotAToken)?;
        let name = name.strip_prefix("ms_").ok_or(NotAToken)?;
        let (county, client) = name.split_once('_').ok_or(NotAToken)?;
        Ok(Self {
            county: County::parse(county).ok_or(NotAToken)?,
            client: PortalClientId(Uuid::try_parse(client).map_err(|_| NotAToken)?),
            secret: ClientSecret(Opaque::parse(secret)?),
        })
    }

    /// The text for the portal's configuration; shown once.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("ms_{}_{}.{}", self.county, self.client.0.simple(), self.secret.0.reveal())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credential() -> ClientCredential {
        ClientCredential {
            county: County::parse("130803").unwrap(),
            client: PortalClientId(Uuid::from_u128(9)),
            secret: ClientSecret::mint([0x5C; 32]),
        }
    }

    #[test]
    fn a_credential_is_read_back_and_proves_its_client_only() {
        let stored = credential().secret.hash();
        let sent = ClientCredential::parse(&credential().reveal()).unwrap();
        assert_eq!(sent.client, PortalClientId(Uuid::from_u128(9)));
        assert_eq!(sent.county.as_str(), "130803");
        assert!(sent.secret.matches(&stored));
        assert!(!sent.secret.matches(&ClientSecret::mint([0x5D; 32]).hash()));
        assert!(!sent.secret.matches(""));
    }

    #[test]
    fn an_access_token_is_not_taken_for_a_credential() {
        for bearer in [
            "",
            "a.b",
            "eyJh.eyJz.c2ln",
            "00000000000000000000000000000009.",
            "ms_130803_00000000000000000000000000000009.",
            "ms_13080_00000000000000000000000000000009.XFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFxcXFw",
        ] {
            assert_eq!(ClientCredential::parse(bearer).err(), Some(NotAToken), "{bearer}");
        }
    }

    #[test]
    fn printing_shows_no_secret() {
        let text = credential().reveal();
        let secret = text.split_once('.').unwrap().1;
        assert!(!format!("{:?}", credential()).contains(&secret[..8]));
    }
}
