//! Sealing one field of one person, so that the sealed text opens in that place only.
//!
//! The form is `v1.<key id>.<base64url of nonce and ciphertext>`. County, person, column and key id are authenticated:
//! a text copied into another row, column or county does not open.

use std::collections::HashMap;
use std::fmt;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use uuid::Uuid;

use super::lookup::{Chains, Link};
use super::master::{MasterKey, Purpose};
use super::telephone::Telephone;
use crate::text::folded;

const VERSION: &str = "v1";
const NONCE_BYTES: usize = 24;

/// Seals and opens identities. The current master key seals; earlier ones still open what they sealed.
pub struct Sealer {
    current: Named,
    previous: Vec<Named>,
    chains: Chains,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<&str> = self.key_ids().collect();
        f.debug_struct("Sealer").field("keys", &ids).finish_non_exhaustive()
    }
}

/// Why a sealed text does not open, or a plain one cannot be sealed. Nothing of either is in the message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealFault {
    /// Not of the form `v1.<key id>.<base64>`.
    #[error("SEAL_FORM: the sealed text is not of a known form")]
    Form,
    /// Sealed with a master key that is not configured any more.
    #[error("SEAL_UNKNOWN_KEY: sealed with master key {key_id}, which is not configured")]
    UnknownKey {
        /// Id of the missing key.
        key_id: String,
    },
    /// Changed, or copied from another county, person or column.
    #[error("SEAL_BROKEN: the sealed text was changed or does not belong here")]
    Broken,
    /// The plain text is too long for the cipher (256 GiB).
    #[error("SEAL_TOO_LONG: the text cannot be sealed")]
    TooLong,
}

#[derive(Debug)]
struct Named {
    id: String,
    key: MasterKey,
}

impl Sealer {
    /// `current` seals; `previous` only open.
    #[must_use]
    pub fn new(current: MasterKey, previous: Vec<MasterKey>) -> Self {
        Self {
            current: current.into(),
            previous: previous.into_iter().map(Named::from).collect(),
            chains: Chains::default(),
        }
    }

    /// Takes in the keys of each county's blind indexes, the oldest first.
    pub fn learn(&self, chains: HashMap<String, Vec<Link>>) {
        self.chains.learn(chains);
    }

    /// Ids of the master keys, the one that seals first.
    pub fn key_ids(&self) -> impl Iterator<Item = &str> {
        let keys = std::iter::once(&self.current).chain(&self.previous);
        keys.map(|named| named.id.as_str())
    }

    /// The master key of an id.
    #[must_use]
    pub fn key(&self, id: &str) -> Option<&MasterKey> {
        let mut keys = std::iter::once(&self.current).chain(&self.previous);
        keys.find(|named| named.id == id).map(|named| &named.key)
    }

    /// Id of the master key that sealed a text.
    #[must_use]
    pub fn key_of(sealed: &str) -> Option<&str> {
        parts(sealed).map(|(id, _)| id)
    }

    /// Seals the text of `column` of a person in a county (GB/T 2260 code). `nonce` is 24 random bytes, used once.
    ///
    /// # Errors
    /// [`SealFault::TooLong`] beyond the cipher's limit.
    pub fn seal(
        &self,
        county: &str,
        person: Uuid,
        column: &str,
        plaintext: &str,
        nonce: [u8; NONCE_BYTES],
    ) -> Result<String, SealFault> {
        let Named { id, key } = &self.current;
        let place = associated_data(county, person, column, id);
        let payload = Payload { msg: plaintext.as_bytes(), aad: &place };
        let sealed = cipher(key, county).encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_| SealFault::TooLong)?;
        let body = BASE64_URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat());
        Ok(format!("{VERSION}.{id}.{body}"))
    }

    /// Opens what [`Sealer::seal`] made for the same place.
    ///
    /// # Errors
    /// [`SealFault::Form`], [`SealFault::UnknownKey`] or [`SealFault::Broken`].
    pub fn open(&self, county: &str, person: Uuid, column: &str, sealed: &str) -> Result<String, SealFault> {
        let (id, body) = parts(sealed).ok_or(SealFault::Form)?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(body).map_err(|_| SealFault::Form)?;
        let (nonce, msg) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or(SealFault::Form)?;
        let key = self.key(id).ok_or_else(|| SealFault::UnknownKey { key_id: id.to_owned() })?;
        let place = associated_data(county, person, column, id);
        let payload = Payload { msg, aad: &place };
        let opened = cipher(key, county).decrypt(&XNonce::from(*nonce), payload);
        String::from_utf8(opened.map_err(|_| SealFault::Broken)?).map_err(|_| SealFault::Broken)
    }

    /// Whether a sealed text was made with the current key; if not, a rotation has it still to do.
    #[must_use]
    pub fn is_current(&self, sealed: &str) -> bool {
        parts(sealed).is_some_and(|(id, _)| id == self.current.id)
    }

    /// The blind index (盲索引): equal for equal telephones of a county, so that repeats can be counted and found, and
    /// useless without the key. 64 hexadecimal letters.
    #[must_use]
    pub fn blind_index(&self, county: &str, telephone: &Telephone) -> String {
        self.index(county, telephone.digits().as_bytes())
    }

    /// The blind index of a person by any reference that tells people apart (人员标识), such as the number of a
    /// certificate: equal for equal references of a county, whoever writes them, and never that of a telephone.
    #[must_use]
    pub fn person_index(&self, county: &str, reference: &str) -> String {
        let plain: String = reference.split_whitespace().collect();
        self.index(county, format!("person:{}", plain.to_uppercase()).as_bytes())
    }

    /// The mark of a text: equal for equal texts of a county under one master key, and useless without the key.
    #[must_use]
    pub fn text_mark(&self, county: &str, text: &str) -> String {
        self.index(county, format!("text:{text}").as_bytes())
    }

    /// The blind index of a name: equal for a name however it is spaced, and never that of a telephone or a certificate.
    #[must_use]
    pub fn name_index(&self, county: &str, name: &str) -> String {
        self.index(county, name_message(name).as_bytes())
    }

    /// Every blind index that a telephone may stand under, for rows that are not sealed anew yet have an earlier key's.
    #[must_use]
    pub fn every_phone_index(&self, county: &str, telephone: &Telephone) -> Vec<String> {
        self.chains.every_index(county, &self.current.key, telephone.digits().as_bytes())
    }

    /// The same of a name.
    #[must_use]
    pub fn every_name_index(&self, county: &str, name: &str) -> Vec<String> {
        self.chains.every_index(county, &self.current.key, name_message(name).as_bytes())
    }

    /// A stored index as the newest key makes it, so that indexes of different keys can be compared. `sealed` is the text
    /// that stands beside it in its row: both are always of one key.
    #[must_use]
    pub fn comparable(&self, county: &str, sealed: &str, index: &str) -> String {
        let id = Self::key_of(sealed).unwrap_or_default();
        self.chains.renewed(county, id, index)
    }

    fn index(&self, county: &str, message: &[u8]) -> String {
        self.chains.index(county, &self.current.key, message)
    }
}

impl From<MasterKey> for Named {
    fn from(key: MasterKey) -> Self {
        Self { id: key.id(), key }
    }
}

/// A name as people read it, without blanks, and with one kind of dot between the parts of a long one.
fn name_message(name: &str) -> String {
    let read = folded(name);
    let seen = read.chars().filter(|c| !c.is_whitespace());
    let plain: String = seen.map(|c| if "•・‧∙⋅".contains(c) { '·' } else { c }).collect();
    format!("name:{plain}")
}

fn cipher(key: &MasterKey, county: &str) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&key.expand(Purpose::Seal(county)).into())
}

fn parts(sealed: &str) -> Option<(&str, &str)> {
    sealed.strip_prefix(VERSION)?.strip_prefix('.')?.split_once('.')
}

/// Each part with its length before it: no two places give the same bytes.
fn associated_data(county: &str, person: Uuid, column: &str, key_id: &str) -> Vec<u8> {
    let parts =
        [VERSION.as_bytes(), county.as_bytes(), person.as_bytes(), column.as_bytes(), key_id.as_bytes()];
    parts
        .iter()
        .flat_map(|part| (part.len() as u64).to_be_bytes().into_iter().chain(part.iter().copied()))
        .collect()
}

#[cfg(test)]
mod tests {
    use base64::prelude::BASE64_STANDARD;
    use proptest::prelude::*;

    use super::*;
    use crate::secrets::entropy::random;

    const PERSON: Uuid = Uuid::from_u128(5);

    fn master() -> MasterKey {
        MasterKey::from_base64(&BASE64_STANDARD.encode(random::<32>())).unwrap()
    }

    fn sealer() -> Sealer {
        Sealer::new(master(), Vec::new())
    }

    #[test]
    fn a_sealed_text_opens_in_its_place_only() {
        let sealer = sealer();
        let stored = sealer.seal("130803", PERSON, "name", "居民甲", random()).unwrap();
        assert!(stored.starts_with("v1.") && sealer.is_current(&stored), "{stored}");
        assert_eq!(sealer.open("130803", PERSON, "name", &stored).unwrap(), "居民甲");
        let elsewhere = [
            sealer.open("341522", PERSON, "name", &stored),
            sealer.open("130803", Uuid::from_u128(6), "name", &stored),
            sealer.open("130803", PERSON, "address", &stored),
        ];
        assert!(elsewhere.into_iter().all(|opened| opened == Err(SealFault::Broken)));
    }

    /// Recorded once: a change of the form, the derivation or the place would lose every sealed identity.
    #[test]
    fn what_was_sealed_by_an_earlier_version_still_opens() {
        let bytes: [u8; 32] = std::array::from_fn(|index| u8::try_from(index).unwrap() * 7);
        let master = MasterKey::from_base64(&BASE64_STANDARD.encode(bytes)).unwrap();
        let sealer = Sealer::new(master, Vec::new());
        let recorded = "v1.e3746db8.CQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJklZ2nuSi0AKA9T-DmIWuwR-JPrwrZXV1sg";
        assert_eq!(sealer.seal("130803", PERSON, "name", "居民甲", [9; 24]).unwrap(), recorded);
        assert_eq!(sealer.open("130803", PERSON, "name", recorded).unwrap(), "居民甲");
    }

    #[test]
    fn a_new_key_seals_and_the_old_one_still_opens() {
        let old = master();
        let stored =
            Sealer::new(old.clone(), Vec::new()).seal("130803", PERSON, "name", "居民乙", random()).unwrap();
        let rotated = Sealer::new(master(), vec![old.clone()]);
        assert_eq!(rotated.open("130803", PERSON, "name", &stored).unwrap(), "居民乙");
        assert!(!rotated.is_current(&stored));
        let lost = sealer().open("130803", PERSON, "name", &stored);
        assert_eq!(lost, Err(SealFault::UnknownKey { key_id: old.id() }));
    }

    #[test]
    fn a_text_changed_anywhere_does_not_open() {
        let sealer = sealer();
        let stored = sealer.seal("130803", PERSON, "name", "居民丙", random()).unwrap();
        for index in 0..stored.len() {
            let mut bytes = stored.clone().into_bytes();
            bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert!(sealer.open("130803", PERSON, "name", &changed).is_err(), "position {index}");
        }
        for form in ["", "v1", "v1..", "v2.0.0", "居民丙", "v1.00000000.AAAA"] {
            assert_eq!(sealer.open("130803", PERSON, "name", form), Err(SealFault::Form), "{form}");
        }
    }

    #[test]
    fn the_blind_index_is_one_per_telephone_county_and_key() {
        let sealer = sealer();
        let index = |county: &str, raw: &str| sealer.blind_index(county, &Telephone::parse(raw).unwrap());
        assert_eq!(index("130803", "+86 100-0000-0001"), index("130803", "１００００００ ０００１"));
        assert_ne!(index("130803", "10000000001"), index("130803", "10000000002"));
        assert_ne!(index("130803", "10000000001"), index("341522", "10000000001"));
        let other = self::sealer().blind_index("130803", &Telephone::parse("10000000001").unwrap());
        assert_ne!(index("130803", "10000000001"), other);
        assert_eq!(other.len(), 64);
    }

    #[test]
    fn the_index_of_a_name_is_one_however_it_is_spaced_and_no_other_s() {
        let sealer = sealer();
        let index = |name: &str| sealer.name_index("130803", name);
        assert_eq!(index("居民甲"), index(" 居 民\u{3000}甲 "));
        assert_eq!(index("某某•某某"), index("某某·某某"));
        assert_eq!(index("Li Na"), index("ＬＩＮＡ"));
        assert_ne!(index("居民甲"), index("居民甲乙"));
        assert_ne!(index("居民甲"), sealer.name_index("341522", "居民甲"));
        let digits = "10000000001";
        assert_ne!(index(digits), sealer.blind_index("130803", &Telephone::parse(digits).unwrap()));
        assert_ne!(index(digits), sealer.person_index("130803", digits));
        assert_eq!(sealer.every_name_index("130803", "居 民甲"), [index("居民甲")]);
    }

    proptest! {
        #[test]
        fn whatever_is_sealed_opens_again(text in ".*", county in "[0-9]{6}", column in "[a-z]{1,12}", nonce: [u8; 24]) {
            let sealer = sealer();
            let stored = sealer.seal(&county, PERSON, &column, &text, nonce).unwrap();
            prop_assert_eq!(sealer.open(&county, PERSON, &column, &stored).unwrap(), text);
        }

        #[test]
        fn no_input_panics(text in ".*") {
            prop_assert!(sealer().open("130803", PERSON, "name", &text).is_err());
        }
    }
}
