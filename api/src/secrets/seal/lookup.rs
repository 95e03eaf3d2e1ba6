//! The keys by which things are found again (查找密钥): global ids, cursors, receipt codes and blind indexes.
//!
//! What was handed out under them (an id in a bookmark, a receipt code on paper) can't be made anew when the master key
//! changes. So each master key brings a version of these keys, named by the master key's id. The present version makes, every
//! version opens; and where a master key goes, its version is kept, sealed by the present one, in the table `key_version`.
//! It opens what was handed out, and nothing that the lost master key sealed.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use super::digest::{hex, keyed_hash};
use super::master::{MasterKey, Purpose};

/// Letters of a key's text: two for each byte.
const LETTERS: usize = 64;

/// The installation's keys that come from one master key. Can't be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct LookupKeys {
    id: String,
    /// Encrypts global ids.
    pub ids: [u8; 32],
    /// Signs cursors.
    pub cursors: [u8; 32],
    /// Makes and hashes receipt codes.
    pub receipts: [u8; 32],
}

/// Two bytes by which an id or a cursor names the version that made it.
pub type Mark = [u8; 2];

impl LookupKeys {
    /// Id of the master key that they come from.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The beginning of the master key's id.
    #[must_use]
    pub fn mark(&self) -> Mark {
        mark(&self.id)
    }
}

impl fmt::Debug for LookupKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LookupKeys({})", self.id)
    }
}

/// The mark of a master key's id.
#[must_use]
pub fn mark(id: &str) -> Mark {
    let byte =
        |at: usize| id.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()).unwrap_or_default();
    [byte(0), byte(2)]
}

/// What is kept of a master key for one county: the installation's keys, and that of the county's blind indexes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptKeys {
    /// The installation's.
    pub lookup: LookupKeys,
    /// The county's.
    pub index: IndexKey,
}

/// Makes the blind indexes of a county. Can't be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct IndexKey([u8; 32]);

impl fmt::Debug for IndexKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IndexKey(hidden)")
    }
}

impl MasterKey {
    /// The look-up keys of the installation.
    #[must_use]
    pub fn lookup(&self) -> LookupKeys {
        LookupKeys {
            id: self.id(),
            ids: self.derive("global-id"),
            cursors: self.derive("cursor"),
            receipts: self.derive("receipt"),
        }
    }

    /// What is to be kept for a county.
    #[must_use]
    pub fn kept(&self, county: &str) -> KeptKeys {
        KeptKeys { lookup: self.lookup(), index: IndexKey(self.expand(Purpose::Index(county))) }
    }
}

impl KeptKeys {
    /// The text that is sealed; [`KeptKeys::read`] takes it back.
    #[must_use]
    pub fn text(&self) -> String {
        let LookupKeys { ids, cursors, receipts, .. } = &self.lookup;
        [ids, cursors, receipts, &self.index.0].map(|key| hex(key)).concat()
    }

    /// The keys of the master key of this id, from the opened text; nothing for another text.
    #[must_use]
    pub fn read(id: &str, text: &str) -> Option<Self> {
        if text.len() != 4 * LETTERS || !text.is_ascii() {
            return None;
        }
        let key = |place: usize| {
            let letters = &text[place * LETTERS..(place + 1) * LETTERS];
            let mut key = [0; 32];
            for (at, byte) in key.iter_mut().enumerate() {
                *byte = u8::from_str_radix(&letters[at * 2..at * 2 + 2], 16).ok()?;
            }
            Some(key)
        };
        Some(Self {
            lookup: LookupKeys { id: id.to_owned(), ids: key(0)?, cursors: key(1)?, receipts: key(2)? },
            index: IndexKey(key(3)?),
        })
    }
}

/// Every version that a server knows: those of the configured master keys from the beginning, those of retired ones once the
/// table was read.
pub struct Lookups {
    present: LookupKeys,
    known: RwLock<Arc<Known>>,
}

struct Known {
    /// The present one first.
    versions: Vec<Arc<LookupKeys>>,
    /// That of ids and cursors that name no version: what was handed out before versions were named.
    unnamed: Arc<LookupKeys>,
}

impl Lookups {
    /// Those of the configured master keys, the present one first.
    #[must_use]
    pub fn new(present: LookupKeys, former: Vec<LookupKeys>) -> Self {
        let first = Arc::new(present.clone());
        let former = former.into_iter().map(Arc::new);
        let known =
            Known { unnamed: Arc::clone(&first), versions: std::iter::once(first).chain(former).collect() };
        Self { present, known: RwLock::new(Arc::new(known)) }
    }

    /// Takes in what the table keeps, and which version's ids name none.
    pub fn learn(&self, kept: Vec<LookupKeys>, unnamed: Option<&str>) {
        let mut versions = self.versions();
        for keys in kept {
            if versions.iter().all(|known| known.id != keys.id) {
                versions.push(Arc::new(keys));
            }
        }
        let named = unnamed.and_then(|id| versions.iter().find(|known| known.id == id));
        let unnamed = named.map_or_else(|| self.unnamed(), Arc::clone);
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Known { versions, unnamed });
    }

    /// The version that makes.
    #[must_use]
    pub const fn present(&self) -> &LookupKeys {
        &self.present
    }

    /// All of them, the present one first.
    #[must_use]
    pub fn versions(&self) -> Vec<Arc<LookupKeys>> {
        self.known().versions.clone()
    }

    /// The version of a mark.
    #[must_use]
    pub fn marked(&self, mark: Mark) -> Option<Arc<LookupKeys>> {
        let known = self.known();
        let mut versions = known.versions.iter();
        versions.find(|keys| keys.mark() == mark).map(Arc::clone)
    }

    /// The version of what names none.
    #[must_use]
    pub fn unnamed(&self) -> Arc<LookupKeys> {
        Arc::clone(&self.known().unnamed)
    }

    fn known(&self) -> Arc<Known> {
        Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The blind indexes (盲索引) of all counties.
///
/// What an index was made of may be gone: of a constituent's certificate only the index is stored. So a new master key does
/// not replace the index but hashes it once more: index = hash(newest key, … hash(second key, hash(first key, text))). Any
/// index of an earlier version is brought up to date without its text, and equal persons have equal indexes in every version.
#[derive(Default)]
pub(super) struct Chains(RwLock<Arc<HashMap<String, Vec<Link>>>>);

/// One key of a county's chain.
#[derive(Clone, Debug)]
pub struct Link {
    /// Id of the master key that it comes from.
    pub id: String,
    /// The key.
    pub key: IndexKey,
}

impl Chains {
    /// Takes in the chains of counties, the oldest key first.
    pub(super) fn learn(&self, chains: HashMap<String, Vec<Link>>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(chains);
    }

    /// The index of a message under the newest key. A county without a chain knows the present master key alone.
    pub(super) fn index(&self, county: &str, present: &MasterKey, message: &[u8]) -> String {
        let chains = self.all();
        let Some((first, rest)) = chains.get(county).and_then(|links| links.split_first()) else {
            return hex(&keyed_hash(&present.kept(county).index.0, message));
        };
        hashed_on(hex(&keyed_hash(&first.key.0, message)), rest)
    }

    /// Every index that a message may stand under: one for each key of the county's chain, for a row that was not sealed
    /// anew yet has that of an earlier one.
    pub(super) fn every_index(&self, county: &str, present: &MasterKey, message: &[u8]) -> Vec<String> {
        let chains = self.all();
        let Some((first, rest)) = chains.get(county).and_then(|links| links.split_first()) else {
            return vec![self.index(county, present, message)];
        };
        let mut last = hex(&keyed_hash(&first.key.0, message));
        let mut every = vec![last.clone()];
        for link in rest {
            last = hashed_on(last, std::slice::from_ref(link));
            every.push(last.clone());
        }
        every
    }

    /// The index that a stored one becomes under the newest key. `id` is the master key that it was made under; where the
    /// county's chain has no such key, nothing is known and the index stays.
    pub(super) fn renewed(&self, county: &str, id: &str, stored: &str) -> String {
        let chains = self.all();
        let links = chains.get(county).map(Vec::as_slice).unwrap_or_default();
        let behind = links.iter().position(|link| link.id == id);
        let rest = behind.map_or(&[][..], |place| &links[place + 1..]);
        hashed_on(stored.to_owned(), rest)
    }

    fn all(&self) -> Arc<HashMap<String, Vec<Link>>> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

fn hashed_on(index: String, links: &[Link]) -> String {
    let step = |index: String, link: &Link| hex(&keyed_hash(&link.key.0, index.as_bytes()));
    links.iter().fold(index, step)
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_STANDARD, Engine as _};

    use super::*;
    use crate::secrets::entropy::random;

    fn master() -> MasterKey {
        MasterKey::from_base64(&BASE64_STANDARD.encode(random::<32>())).unwrap()
    }

    fn link(master: &MasterKey) -> Link {
        Link { id: master.id(), key: master.kept("130803").index }
    }

    #[test]
    fn whatever_key_a_row_is_under_its_index_is_among_those_that_are_looked_for() {
        let (old, new) = (master(), master());
        let chains = Chains::default();
        let alone = chains.every_index("130803", &old, b"name:x");
        assert_eq!(alone, [chains.index("130803", &old, b"name:x")]);
        chains.learn(HashMap::from([("130803".to_owned(), vec![link(&old), link(&new)])]));
        let both = chains.every_index("130803", &new, b"name:x");
        assert_eq!(both, [alone[0].clone(), chains.index("130803", &new, b"name:x")]);
        assert_ne!(both[0], both[1]);
    }

    #[test]
    fn what_is_kept_comes_back_from_its_text_and_from_no_other() {
        let kept = master().kept("130803");
        let text = kept.text();
        assert_eq!(KeptKeys::read(kept.lookup.id(), &text), Some(kept.clone()));
        assert_eq!(KeptKeys::read(kept.lookup.id(), &text[1..]), None);
        assert_eq!(KeptKeys::read("", &text.replace(&text[..2], "zz")), None);
        assert_ne!(kept, master().kept("341522"));
        assert!(!format!("{kept:?}").contains(&text[..8]));
    }

    #[test]
    fn every_version_is_found_by_its_mark_and_one_opens_what_names_none() {
        let (old, new) = (master().lookup(), master().lookup());
        let lookups = Lookups::new(new.clone(), Vec::new());
        assert_eq!(lookups.marked(old.mark()), None);
        assert_eq!(*lookups.unnamed(), new);
        lookups.learn(vec![old.clone(), new.clone()], Some(old.id()));
        assert_eq!(lookups.marked(old.mark()).as_deref(), Some(&old));
        assert_eq!(*lookups.unnamed(), old);
        assert_eq!(lookups.versions().len(), 2);
        assert_eq!(*lookups.present(), new);
    }

    #[test]
    fn an_index_of_an_earlier_key_becomes_that_of_the_newest() {
        let masters = [master(), master(), master()];
        let chains = Chains::default();
        let mut indexes = Vec::new();
        for newest in 0..3 {
            let links = masters[..=newest].iter().map(link).collect();
            chains.learn(HashMap::from([("130803".to_owned(), links)]));
            indexes.push(chains.index("130803", &masters[newest], b"19900000001"));
        }
        for (master, index) in masters.iter().zip(&indexes) {
            assert_eq!(chains.renewed("130803", &master.id(), index), indexes[2]);
        }
        assert_eq!(chains.renewed("130803", "00000000", "as it is"), "as it is");
        assert_ne!(indexes[1], indexes[2]);
        let elsewhere = chains.index("341522", &masters[2], b"19900000001");
        assert_ne!(elsewhere, indexes[2]);
    }

    /// An installation's first key makes the index that it made before there were versions.
    #[test]
    fn a_chain_of_one_key_is_the_plain_keyed_hash() {
        let master = master();
        let chains = Chains::default();
        let plain = chains.index("130803", &master, b"x");
        chains.learn(HashMap::from([("130803".to_owned(), vec![link(&master)])]));
        assert_eq!(chains.index("130803", &master, b"x"), plain);
        assert_eq!(plain, hex(&keyed_hash(&master.expand(Purpose::Index("130803")), b"x")));
    }
}
