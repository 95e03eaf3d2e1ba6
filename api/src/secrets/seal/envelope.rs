//! Small texts that travel in an address and come back (封装): nobody outside reads or changes them.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};

const NONCE_BYTES: usize = 24;

/// Seals with one key of the installation and opens with several.
pub struct Envelope {
    present: XChaCha20Poly1305,
    former: Vec<XChaCha20Poly1305>,
}

impl Envelope {
    /// With a key that seals, and former ones whose texts are still on their way.
    #[must_use]
    pub fn new(present: [u8; 32], former: impl IntoIterator<Item = [u8; 32]>) -> Self {
        let cipher = |key: [u8; 32]| XChaCha20Poly1305::new(&key.into());
        Self { present: cipher(present), former: former.into_iter().map(cipher).collect() }
    }

    /// Seals bytes for a purpose, as base64url. `nonce` is 24 random bytes, used once. Nothing beyond the cipher's
    /// limit of 256 GiB.
    #[must_use]
    pub fn seal(&self, purpose: &str, plain: &[u8], nonce: [u8; NONCE_BYTES]) -> Option<String> {
        let payload = Payload { msg: plain, aad: purpose.as_bytes() };
        let sealed = self.present.encrypt(&XNonce::from(nonce), payload).ok()?;
        Some(BASE64_URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
    }

    /// Opens what was sealed for the same purpose; nothing for everything else.
    #[must_use]
    pub fn open(&self, purpose: &str, sealed: &str) -> Option<Vec<u8>> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, msg) = bytes.split_first_chunk::<NONCE_BYTES>()?;
        let aad = purpose.as_bytes();
        let mut ciphers = std::iter::once(&self.present).chain(&self.former);
        ciphers.find_map(|cipher| cipher.decrypt(&XNonce::from(*nonce), Payload { msg, aad }).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::entropy::random;

    #[test]
    fn what_was_changed_or_is_for_another_purpose_does_not_open() {
        let envelope = Envelope::new([7; 32], []);
        let sealed = envelope.seal("export", b"filter", random()).unwrap();
        assert_eq!(envelope.open("export", &sealed).unwrap(), b"filter");
        assert_eq!(envelope.open("import", &sealed), None);
        let other = |former: &[[u8; 32]]| Envelope::new([8; 32], former.iter().copied());
        assert_eq!(other(&[]).open("export", &sealed), None);
        assert_eq!(other(&[[7; 32]]).open("export", &sealed).unwrap(), b"filter");
        for place in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            // The last letter holds bits that mean nothing; base64 refuses those that are set.
            assert_eq!(envelope.open("export", &changed), None, "{place}");
        }
        assert_eq!(envelope.open("export", ""), None);
    }
}
