//! Rings of Ed25519 keys. A ring holds one key that signs and those before it that still verify, so that a key can be
//! changed without ending anybody's session and without making a signed document unreadable.
//!
//! There are two rings. The one of access tokens (访问令牌) changes often: what it signed is worthless after minutes. The one
//! of documents (文书) signs what must be verifiable for years; of a retired key of it the public half is kept, which can
//! check what was signed and sign nothing anew.

use std::fmt;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use ed25519_dalek::{SigningKey, VerifyingKey};
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::{Value, json};

use crate::secrets::entropy::{WeakKey, strong_key};
use crate::secrets::seal::digest::sha256_hex;

/// Why a ring cannot be made of the configured seeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyRingFault {
    /// The seed that should sign is unusable.
    #[error("the current token key: {0}")]
    Current(WeakKey),
    /// A seed that should still verify is unusable.
    #[error("previous token key {position}: {reason}")]
    Previous {
        /// Its position in the list, from 1.
        position: usize,
        /// What is wrong with it.
        reason: WeakKey,
    },
    /// The same seed stands twice.
    #[error("TOKEN_KEY_TWICE: a token key stands twice in the configuration")]
    Twice,
    /// A public key is none.
    #[error(
        "public key {position}: 32 bytes of an Ed25519 public key in base64url are needed, as `minsheng keys status` and \
         the `x` of /.well-known/jwks.json give them"
    )]
    Public {
        /// Its position in the list, from 1.
        position: usize,
    },
    /// The library refused the key.
    #[error("TOKEN_KEY_UNUSABLE: the token key cannot be encoded")]
    Unusable,
}

/// The signing keys (签名密钥环). Neither it nor its keys can be printed.
pub struct KeyRing {
    signer: EncodingKey,
    /// The current key first; never empty.
    verifiers: Vec<Verifier>,
}

struct Verifier {
    kid: String,
    public: [u8; 32],
    key: DecodingKey,
}

impl KeyRing {
    /// Makes a ring from base64 seeds of 32 bytes: the current one signs, all verify.
    ///
    /// # Errors
    /// [`KeyRingFault`]: a seed is missing, short, a placeholder, or stands twice.
    pub fn from_seeds(current: &str, previous: &[String]) -> Result<Self, KeyRingFault> {
        let signing = SigningKey::from_bytes(&strong_key(current).map_err(KeyRingFault::Current)?);
        let der = signing.to_pkcs8_der().map_err(|_| KeyRingFault::Unusable)?;
        let mut verifiers = vec![Verifier::of(&signing)];
        for (index, seed) in previous.iter().enumerate() {
            let seed =
                strong_key(seed).map_err(|reason| KeyRingFault::Previous { position: index + 1, reason })?;
            let verifier = Verifier::of(&SigningKey::from_bytes(&seed));
            if verifiers.iter().any(|known| known.public == verifier.public) {
                return Err(KeyRingFault::Twice);
            }
            verifiers.push(verifier);
        }
        Ok(Self { signer: EncodingKey::from_ed_der(der.as_bytes()), verifiers })
    }

    /// Takes public keys in that verify and never sign; one that the ring has already is no fault.
    ///
    /// # Errors
    /// [`KeyRingFault::Public`]: a text is no public key.
    pub fn with_public(mut self, keys: &[String]) -> Result<Self, KeyRingFault> {
        for (index, text) in keys.iter().enumerate() {
            let position = index + 1;
            let verifier = Verifier::read(text).ok_or(KeyRingFault::Public { position })?;
            if self.verifier(&verifier.kid).is_none() {
                self.verifiers.push(verifier);
            }
        }
        Ok(self)
    }

    /// Name and public half of each key, the one that signs first.
    pub fn public_keys(&self) -> impl Iterator<Item = (&str, String)> {
        let public = |verifier: &Verifier| BASE64_URL_SAFE_NO_PAD.encode(verifier.public);
        self.verifiers.iter().map(move |verifier| (verifier.kid.as_str(), public(verifier)))
    }

    /// The public halves for `/.well-known/jwks.json` (RFC 7517, RFC 8037), the current one first.
    #[must_use]
    pub fn jwks(&self) -> Value {
        self.jwks_with(None)
    }

    /// The public halves of this ring and of another, each key once.
    #[must_use]
    pub fn jwks_with(&self, other: Option<&Self>) -> Value {
        let further = other.into_iter().flat_map(|ring| &ring.verifiers);
        let further = further.filter(|verifier| self.verifier(&verifier.kid).is_none());
        let keys: Vec<Value> = self.verifiers.iter().chain(further).map(Verifier::jwk).collect();
        json!({ "keys": keys })
    }

    pub(super) fn signer(&self) -> (&EncodingKey, &str) {
        (&self.signer, self.verifiers.first().map_or("", |current| &current.kid))
    }

    pub(super) fn verifier(&self, kid: &str) -> Option<&DecodingKey> {
        self.verifiers.iter().find(|verifier| verifier.kid == kid).map(|verifier| &verifier.key)
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kids: Vec<&str> = self.verifiers.iter().map(|verifier| verifier.kid.as_str()).collect();
        f.debug_struct("KeyRing").field("kids", &kids).finish_non_exhaustive()
    }
}

impl Verifier {
    fn of(signing: &SigningKey) -> Self {
        Self::of_public(signing.verifying_key().to_bytes())
    }

    fn read(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?;
        let public = VerifyingKey::from_bytes(&bytes.try_into().ok()?).ok()?;
        Some(Self::of_public(public.to_bytes()))
    }

    fn of_public(public: [u8; 32]) -> Self {
        let kid = sha256_hex(&public).chars().take(16).collect();
        Self { kid, public, key: DecodingKey::from_ed_der(&public) }
    }

    fn jwk(&self) -> Value {
        json!({
            "kty": "OKP",
            "crv": "Ed25519",
            "use": "sig",
            "alg": "EdDSA",
            "kid": self.kid,
            "x": BASE64_URL_SAFE_NO_PAD.encode(self.public),
        })
    }
}

#[cfg(test)]
mod tests {
    use base64::prelude::BASE64_STANDARD;

    use super::*;
    use crate::secrets::entropy::random;

    #[test]
    fn the_published_keys_are_public_halves_with_distinct_ids() {
        let seeds = [BASE64_STANDARD.encode(random::<32>()), BASE64_STANDARD.encode(random::<32>())];
        let ring = KeyRing::from_seeds(&seeds[0], &seeds[1..]).unwrap();
        let jwks = ring.jwks();
        let keys = jwks["keys"].as_array().unwrap();
        assert_eq!(keys.len(), 2);
        assert_ne!(keys[0]["kid"], keys[1]["kid"]);
        let published = jwks.to_string() + &format!("{ring:?}");
        for seed in &seeds {
            let raw = BASE64_STANDARD.decode(seed).unwrap();
            assert!(!published.contains(&BASE64_URL_SAFE_NO_PAD.encode(raw)));
        }
        assert_eq!(keys[0]["kty"], "OKP");
        assert_eq!(keys[0]["alg"], "EdDSA");
        assert!(keys[0].get("d").is_none());
    }

    #[test]
    fn weak_and_repeated_seeds_are_refused() {
        let good = BASE64_STANDARD.encode(random::<32>());
        let zero = BASE64_STANDARD.encode([0; 32]);
        let fault = |current: &str, previous: &[String]| KeyRing::from_seeds(current, previous).err();
        assert_eq!(fault("", &[]), Some(KeyRingFault::Current(WeakKey::Missing)));
        let placeholder = KeyRingFault::Previous { position: 1, reason: WeakKey::NotRandom };
        assert_eq!(fault(&good, &[zero]), Some(placeholder));
        assert_eq!(fault(&good, std::slice::from_ref(&good)), Some(KeyRingFault::Twice));
    }

    #[test]
    fn a_public_key_verifies_and_never_signs_and_other_text_is_refused_by_its_position() {
        use crate::secrets::token::{Checked, KnowsKeys as _};
        let seeds = [random::<32>(), random::<32>()].map(|seed| BASE64_STANDARD.encode(seed));
        let former = KeyRing::from_seeds(&seeds[0], &[]).unwrap();
        let public: Vec<String> = former.public_keys().map(|(_, public)| public).collect();
        let signature = former.sign(b"text").unwrap();
        let ring = KeyRing::from_seeds(&seeds[1], &[]).unwrap();
        assert_eq!(ring.check(b"text", &signature), Checked::UnknownKey);
        let ring = ring.with_public(&public).unwrap();
        assert_eq!(ring.check(b"text", &signature), Checked::Genuine);
        assert_ne!(ring.sign(b"text").unwrap().kid, signature.kid);
        let ring = ring.with_public(&public).unwrap();
        assert_eq!(ring.public_keys().count(), 2);
        let keys = former.jwks_with(Some(&ring));
        assert_eq!(keys["keys"].as_array().unwrap().len(), 2);
        let wrong = [public[0].clone(), "AAAA".to_owned()];
        assert_eq!(ring.with_public(&wrong).err(), Some(KeyRingFault::Public { position: 2 }));
    }
}
