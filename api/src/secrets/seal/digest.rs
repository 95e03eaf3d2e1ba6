//! Hashes as the tables store them: SHA-256 and HMAC-SHA256 in small hexadecimal letters.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// SHA-256 of the bytes, 64 hexadecimal letters; only for input that is itself random enough not to be guessed.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// HMAC-SHA256: what only the holder of the key can compute, for blind indexes and signed cursors.
#[must_use]
pub fn keyed_hash(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    // HMAC pads keys to the block of its hash with zeros; padding here makes the length right by its type.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    Hmac::<Sha256>::new(&block.into()).chain_update(message).finalize().into_bytes().into()
}

/// Whether `tag` is the [`keyed_hash`] of the message, in a time that does not tell how much of it was right.
#[must_use]
pub fn keyed_hash_matches(key: &[u8; 32], message: &[u8], tag: &[u8]) -> bool {
    keyed_hash(key, message).ct_eq(tag).into()
}

/// Bytes as small hexadecimal letters.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sha256_is_the_published_one() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256_hex(b"abc"), expected);
    }

    /// RFC 4231, case 1: a key of 20 bytes, which HMAC pads with zeros just as a key of 32 bytes that ends in zeros.
    #[test]
    fn hmac_is_the_published_one() {
        let mut key = [0; 32];
        key[..20].fill(0x0b);
        let expected = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";
        assert_eq!(hex(&keyed_hash(&key, b"Hi There")), expected);
    }

    #[test]
    fn a_changed_or_cut_tag_does_not_match() {
        let tag = keyed_hash(&[1; 32], b"message");
        assert!(keyed_hash_matches(&[1; 32], b"message", &tag));
        assert!(!keyed_hash_matches(&[2; 32], b"message", &tag));
        assert!(!keyed_hash_matches(&[1; 32], b"massage", &tag));
        assert!(!keyed_hash_matches(&[1; 32], b"message", &tag[..31]));
    }
}
