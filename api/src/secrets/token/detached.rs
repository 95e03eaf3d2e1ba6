//! Signatures over documents: whoever has `/.well-known/jwks.json` can check them without the server.

use std::collections::HashMap;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use serde_json::Value;

use super::keys::KeyRing;

/// A signature and the key that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Which key, as in the JWKS.
    pub kid: String,
    /// Ed25519, base64url.
    pub value: String,
}

/// What a check of a signature comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// It is this key's signature over this message.
    Genuine,
    /// It is not.
    Forged,
    /// No key of that name is known.
    UnknownKey,
}

/// Whatever knows public keys by their name.
pub trait KnowsKeys {
    /// Checks a signature over a message.
    fn check(&self, message: &[u8], signature: &Signature) -> Checked;
}

impl KeyRing {
    /// Signs a message with the current key. A message never reads like a token: those are two parts of base64url with a
    /// dot between, and a document names its format in its first line.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Option<Signature> {
        let (key, kid) = self.signer();
        let value = crypto::sign(message, key, Algorithm::EdDSA).ok()?;
        Some(Signature { kid: kid.to_owned(), value })
    }
}

impl KnowsKeys for KeyRing {
    fn check(&self, message: &[u8], signature: &Signature) -> Checked {
        checked(self.verifier(&signature.kid), message, signature)
    }
}

/// Public keys from a JWKS file.
pub struct PublicKeys(HashMap<String, DecodingKey>);

impl PublicKeys {
    /// Reads the Ed25519 keys of a JWKS; nothing when it is none.
    #[must_use]
    pub fn from_jwks(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let keys = value.get("keys")?.as_array()?;
        let key = |key: &Value| {
            let kid = key.get("kid")?.as_str()?;
            let public = BASE64_URL_SAFE_NO_PAD.decode(key.get("x")?.as_str()?).ok()?;
            let usable = key.get("crv")?.as_str() == Some("Ed25519") && public.len() == 32;
            usable.then(|| (kid.to_owned(), DecodingKey::from_ed_der(&public)))
        };
        Some(Self(keys.iter().filter_map(key).collect()))
    }
}

impl KnowsKeys for PublicKeys {
    fn check(&self, message: &[u8], signature: &Signature) -> Checked {
        checked(self.0.get(&signature.kid), message, signature)
    }
}

fn checked(key: Option<&DecodingKey>, message: &[u8], signature: &Signature) -> Checked {
    let Some(key) = key else {
        return Checked::UnknownKey;
    };
    match crypto::verify(&signature.value, message, key, Algorithm::EdDSA) {
        Ok(true) => Checked::Genuine,
        Ok(false) | Err(_) => Checked::Forged,
    }
}

#[cfg(test)]
mod tests {
    use base64::prelude::BASE64_STANDARD;

    use super::*;
    use crate::secrets::entropy::random;

    #[test]
    fn a_signature_is_checked_by_the_published_keys_alone() {
        let seeds = [random::<32>(), random::<32>()].map(|seed| BASE64_STANDARD.encode(seed));
        let ring = KeyRing::from_seeds(&seeds[0], &[]).unwrap();
        let public = PublicKeys::from_jwks(&ring.jwks().to_string()).unwrap();
        let other = KeyRing::from_seeds(&seeds[1], &[]).unwrap();
        let signature = ring.sign(b"text").unwrap();
        assert_eq!(public.check(b"text", &signature), Checked::Genuine);
        assert_eq!(ring.check(b"text", &signature), Checked::Genuine);
        assert_eq!(public.check(b"texT", &signature), Checked::Forged);
        assert_eq!(other.check(b"text", &signature), Checked::UnknownKey);
        let claimed = Signature { kid: other.sign(b"").unwrap().kid, ..signature };
        assert_eq!(other.check(b"text", &claimed), Checked::Forged);
        assert!(PublicKeys::from_jwks("{}").is_none());
    }
}
