//! The one source of random bits (随机数), and the test that a configured key looks as if it came from one.
//!
//! Everything else takes random bytes as an argument, so that it can be tested and read without guessing where they
//! come from.
#![expect(clippy::disallowed_types, reason = "the one place that draws random bits")]

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use rand::Rng as _;
use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;

/// Why a configured key is refused at start. The text never repeats the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakKey {
    /// The setting is absent or blank.
    #[error("KEY_MISSING: the key is empty; `openssl rand -base64 32` makes one")]
    Missing,
    /// Not base64, in neither alphabet.
    #[error("KEY_NOT_BASE64: the key is not base64; `openssl rand -base64 32` makes one")]
    NotBase64,
    /// Base64 of another number of bytes than 32.
    #[error("KEY_LENGTH: the key has {found} bytes, 32 are needed")]
    Length {
        /// Number of bytes found.
        found: usize,
    },
    /// All zero, a repeated byte, or readable text: a placeholder rather than random bits.
    #[error("KEY_NOT_RANDOM: the key is a placeholder or readable text, not 32 random bytes")]
    NotRandom,
}

/// `N` bytes from the operating system's generator.
///
/// # Panics
/// If the operating system gives no random bytes: to go on with weak keys would be worse, and the panic costs this
/// request only.
#[must_use]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    UnwrapErr(SysRng).fill_bytes(&mut bytes);
    bytes
}

/// Reads a 32-byte key from base64 (either alphabet, padded or not) and refuses placeholders.
///
/// # Errors
/// [`WeakKey`] says what is wrong without repeating the key.
pub fn strong_key(text: &str) -> Result<[u8; 32], WeakKey> {
    let text = text.trim();
    if text.is_empty() {
        return Err(WeakKey::Missing);
    }
    let bytes = decode(text).ok_or(WeakKey::NotBase64)?;
    let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| WeakKey::Length { found: bytes.len() })?;
    if looks_random(&key) { Ok(key) } else { Err(WeakKey::NotRandom) }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    [STANDARD, URL_SAFE].iter().find_map(|alphabet| GeneralPurpose::new(alphabet, lenient).decode(text).ok())
}

/// 32 random bytes have fewer than 16 distinct values, or are all printable, less than once in 10¹⁰ keys.
fn looks_random(key: &[u8; 32]) -> bool {
    let mut seen = [false; 256];
    for byte in key {
        seen[usize::from(*byte)] = true;
    }
    let distinct = seen.iter().filter(|seen| **seen).count();
    let counting = key.windows(2).all(|pair| pair[0].abs_diff(pair[1]) == 1);
    distinct >= 16 && !counting && !key.iter().all(|byte| matches!(byte, b' '..=b'~'))
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};

    use super::*;

    #[test]
    fn two_draws_differ_and_make_strong_keys_in_either_alphabet() {
        let key = random::<32>();
        assert_ne!(key, random::<32>());
        assert_eq!(strong_key(&BASE64_STANDARD.encode(key)), Ok(key));
        assert_eq!(strong_key(&format!(" {}\n", BASE64_URL_SAFE_NO_PAD.encode(key))), Ok(key));
    }

    #[test]
    fn placeholders_are_refused() {
        let counting: Vec<u8> = (0..32).collect();
        for weak in [&[0; 32], &[0xAB; 32], b"change-me-change-me-please-32-by", counting.as_slice()] {
            assert_eq!(strong_key(&BASE64_STANDARD.encode(weak)), Err(WeakKey::NotRandom));
        }
    }

    #[test]
    fn missing_short_and_garbled_keys_are_told_apart() {
        assert_eq!(strong_key("  "), Err(WeakKey::Missing));
        assert_eq!(strong_key("c2hvcnQ="), Err(WeakKey::Length { found: 5 }));
        assert_eq!(strong_key("not base64 at all!"), Err(WeakKey::NotBase64));
    }
}
