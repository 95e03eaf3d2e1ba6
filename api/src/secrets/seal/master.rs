//! The master key (主密钥), from which every other symmetric key is derived. It is never used itself.

use std::fmt;

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::digest::hex;
use crate::secrets::entropy::{WeakKey, strong_key};

/// Separates our keys from those of any other program that was given the same master key.
const SALT: &[u8] = b"minsheng/v1";

/// 32 random bytes from the configuration; cannot be printed, and are overwritten when dropped. Losing it loses the
/// identities.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct MasterKey([u8; 32]);

/// What a key is for. Each purpose has its own first word, so no two can ever meet.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose<'a> {
    /// Names the master key in sealed texts.
    KeyId,
    /// Seals the identities of a county.
    Seal(&'a str),
    /// Blind index over the telephones of a county.
    Index(&'a str),
    /// A key that another module asked for by name.
    Module(&'a str),
}

impl MasterKey {
    /// Reads the key from base64.
    ///
    /// # Errors
    /// [`WeakKey`]: missing, short, all zero, or a placeholder.
    pub fn from_base64(text: &str) -> Result<Self, WeakKey> {
        strong_key(text).map(Self)
    }

    /// A key of its own for a module that names itself, such as `cursor` or `receipt` (HKDF-SHA256).
    #[must_use]
    pub fn derive(&self, label: &str) -> [u8; 32] {
        self.expand(Purpose::Module(label))
    }

    /// Eight hexadecimal letters that tell master keys apart without telling anything about them.
    #[must_use]
    pub fn id(&self) -> String {
        hex(&self.expand(Purpose::KeyId)[..4])
    }

    pub(super) fn expand(&self, purpose: Purpose<'_>) -> [u8; 32] {
        let (word, name) = match purpose {
            Purpose::KeyId => ("key-id:", ""),
            Purpose::Seal(county) => ("identity-seal:", county),
            Purpose::Index(county) => ("identity-index:", county),
            Purpose::Module(label) => ("module:", label),
        };
        let mut key = [0; 32];
        let expanded = Hkdf::<Sha256>::new(Some(SALT), &self.0)
            .expand_multi_info(&[word.as_bytes(), name.as_bytes()], &mut key);
        match expanded {
            Ok(()) => key,
            Err(_) => unreachable!("HKDF-SHA256 gives up to 8,160 bytes"),
        }
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_STANDARD, Engine as _};

    use super::*;
    use crate::secrets::entropy::random;

    #[test]
    fn each_purpose_and_name_has_its_own_key() {
        let master = MasterKey(random());
        let keys = [
            master.expand(Purpose::KeyId),
            master.expand(Purpose::Seal("130803")),
            master.expand(Purpose::Index("130803")),
            master.expand(Purpose::Seal("341522")),
            master.derive("130803"),
            master.derive("cursor"),
        ];
        let distinct: std::collections::HashSet<_> = keys.iter().collect();
        assert_eq!(distinct.len(), keys.len());
        assert_eq!(master.derive("cursor"), master.clone().derive("cursor"));
        assert_ne!(master.derive("cursor"), MasterKey(random()).derive("cursor"));
    }

    /// Computed with another implementation of RFC 5869; a change here would lose every sealed identity.
    #[test]
    fn derivation_never_changes() {
        let master = MasterKey(std::array::from_fn(|index| u8::try_from(index).unwrap() * 7));
        assert_eq!(
            hex(&master.derive("cursor")),
            "d0af63f2fc736eeb8b02dfb6546d0bcf237451651305b85f466147e7c91a961e"
        );
        assert_eq!(master.id(), "e3746db8");
    }

    #[test]
    fn weak_keys_are_refused_and_good_ones_not_printed() {
        assert_eq!(MasterKey::from_base64("").err(), Some(WeakKey::Missing));
        let zero = BASE64_STANDARD.encode([0; 32]);
        assert_eq!(MasterKey::from_base64(&zero).err(), Some(WeakKey::NotRandom));
        let text = BASE64_STANDARD.encode(random::<32>());
        assert_eq!(format!("{:?}", MasterKey::from_base64(&text).unwrap()), "MasterKey(hidden)");
    }
}
