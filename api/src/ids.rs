//! Global ids: opaque, typed, and never a database key.
//!
//! A key is a UUIDv7, which tells when its row was made; outside it is encrypted as one AES block under a key of the
//! installation. A forged id decrypts to a key that nobody has, which is the same answer as a hidden one.
//!
//! An id names the version of the key that made it, so that it still opens, at once, after the master key has changed. Ids
//! that were handed out before versions were named are shorter and open as they did.

use std::sync::Arc;

use aes::Aes128;
use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use async_graphql::ID;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::secrets::seal::{LookupKeys, Lookups};

macro_rules! kinds {
    ($($table:ident: $binding:ident $(($($column:ident),*))? $(, $id:ident $(as $kind:ident = $number:literal)?, $doc:literal)?;)*) => {
        /// What an id is the id of, called as its type in the API. The number is part of the id and never changes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Kind {
            /// The caller, by post.
            Viewer = 14,
            $($($(#[doc = $doc] $kind = $number,)?)?)*
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[Self::Viewer, $($($(Self::$kind,)?)?)*];

            /// Its name, which is that of the type in the API.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    Self::Viewer => "Viewer",
                    $($($(Self::$kind => stringify!($kind),)?)?)*
                }
            }

            /// The table whose rows it names.
            #[must_use]
            pub const fn table(self) -> &'static str {
                match self {
                    Self::Viewer => "post",
                    $($($(Self::$kind => stringify!($table),)?)?)*
                }
            }
        }
    };
}

entity::entities!(kinds);

/// Turns keys into global ids and back.
#[derive(Clone)]
pub struct IdCipher {
    lookups: Arc<Lookups>,
    present: Block,
}

/// One version's cipher of keys.
#[derive(Clone)]
pub(super) struct Block(Aes128);

impl IdCipher {
    /// With the keys of the installation; an id opens as long as its version is known.
    #[must_use]
    pub fn new(lookups: Arc<Lookups>) -> Self {
        let present = Block::of(lookups.present());
        Self { lookups, present }
    }

    /// The global id of a key.
    #[must_use]
    pub fn encode(&self, kind: Kind, key: impl Into<Uuid>) -> ID {
        let mark = self.lookups.present().mark();
        let block = self.present.encrypt(key.into());
        ID(URL_SAFE_NO_PAD.encode([&[kind as u8][..], &mark, &block].concat()))
    }

    /// What a global id stands for; nothing for text that is no id.
    #[must_use]
    pub fn decode(&self, id: &str) -> Option<(Kind, Uuid)> {
        let bytes = URL_SAFE_NO_PAD.decode(id).ok()?;
        let (tag, rest) = bytes.split_first()?;
        let kind = Kind::ALL.iter().copied().find(|kind| *kind as u8 == *tag)?;
        let (keys, block) = match rest.split_last_chunk::<16>()? {
            ([], block) => (self.lookups.unnamed(), block),
            (mark, block) => (self.lookups.marked(mark.try_into().ok()?)?, block),
        };
        Some((kind, Block::of(&keys).decrypt(*block)))
    }

    /// The key behind an id of one kind; nothing for every other.
    #[must_use]
    pub fn key<T: From<Uuid>>(&self, kind: Kind, id: &ID) -> Option<T> {
        self.decode(&id.0).filter(|(found, _)| *found == kind).map(|(_, key)| key.into())
    }
}

impl Block {
    /// The cipher of one version.
    pub(super) fn of(keys: &LookupKeys) -> Self {
        let mut half = [0; 16];
        half.copy_from_slice(&keys.ids[..16]);
        Self(Aes128::new(&half.into()))
    }

    pub(super) fn encrypt(&self, key: Uuid) -> [u8; 16] {
        let mut block = (*key.as_bytes()).into();
        self.0.encrypt_block(&mut block);
        block.into()
    }

    pub(super) fn decrypt(&self, block: [u8; 16]) -> Uuid {
        let mut block = block.into();
        self.0.decrypt_block(&mut block);
        Uuid::from_bytes(block.into())
    }
}

#[cfg(test)]
mod tests {
    use base64::prelude::BASE64_STANDARD;

    use super::*;
    use crate::secrets::entropy::random;
    use crate::secrets::seal::MasterKey;

    fn keys() -> LookupKeys {
        let text = BASE64_STANDARD.encode(random::<32>());
        MasterKey::from_base64(&text).unwrap().lookup()
    }

    fn cipher(present: &LookupKeys, former: &[&LookupKeys]) -> IdCipher {
        let former = former.iter().map(|keys| (*keys).clone()).collect();
        IdCipher::new(Arc::new(Lookups::new(present.clone(), former)))
    }

    #[test]
    fn an_id_comes_back_as_its_kind_and_nothing_else() {
        let cipher = cipher(&keys(), &[]);
        let key = Uuid::from_u128(42);
        let id = cipher.encode(Kind::IntakeStream, key);
        assert_eq!(cipher.key::<Uuid>(Kind::IntakeStream, &id), Some(key));
        assert_eq!(cipher.key::<Uuid>(Kind::Submission, &id), None);
        assert_eq!(cipher.decode("nonsense"), None);
        assert!(!id.0.contains("AAAAAAAAAAA"), "the key shows through");
        assert_ne!(id, self::cipher(&keys(), &[]).encode(Kind::IntakeStream, key));
    }

    #[test]
    fn an_id_of_a_former_key_opens_while_its_version_is_known() {
        let (old, new) = (keys(), keys());
        let key = Uuid::from_u128(42);
        let id = cipher(&old, &[]).encode(Kind::IntakeStream, key);
        let both = cipher(&new, &[&old]);
        assert_eq!(both.key::<Uuid>(Kind::IntakeStream, &id), Some(key));
        assert_ne!(both.encode(Kind::IntakeStream, key), id);
        assert_eq!(cipher(&new, &[]).decode(&id.0), None);
    }

    #[test]
    fn an_id_without_a_version_opens_with_the_first_key() {
        let (old, new) = (keys(), keys());
        let key = Uuid::from_u128(42);
        let mut bytes = vec![Kind::IntakeStream as u8];
        bytes.extend(Block::of(&old).encrypt(key));
        let id = URL_SAFE_NO_PAD.encode(bytes);
        let lookups = Arc::new(Lookups::new(new, vec![old.clone()]));
        let cipher = IdCipher::new(Arc::clone(&lookups));
        lookups.learn(Vec::new(), Some(old.id()));
        assert_eq!(cipher.decode(&id), Some((Kind::IntakeStream, key)));
    }
}
