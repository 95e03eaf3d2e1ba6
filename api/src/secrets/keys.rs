//! Keys that signing in works with, each derived from every master key, the present one first.

use std::fmt;
use std::net::IpAddr;

use entity::id::{AccountId, AccountRequestId};

use super::password::{Secret, generate_half};
use super::seal::MasterKey;
use super::seal::digest::{hex, keyed_hash, sha256_hex};
use super::token::RefreshKeys;
use crate::limits::throttle::network;

/// What signing in derives from the master keys.
pub struct AccessKeys {
    /// Tags of refresh tokens.
    pub refresh: RefreshKeys,
    addresses: Vec<[u8; 32]>,
    halves: Vec<[u8; 32]>,
}

impl AccessKeys {
    /// From the master keys, the present one first.
    #[must_use]
    pub fn of(masters: &[MasterKey]) -> Self {
        let each = |label| masters.iter().map(|master| master.derive(label)).collect();
        Self {
            refresh: RefreshKeys::new(each("refresh-token")),
            addresses: each("sign-in-address"),
            halves: each("password-half"),
        }
    }

    /// How an account's address is written down: neither the address nor that two accounts share one can be read from
    /// it. The present key's first, then those of former keys.
    #[must_use]
    pub fn address_hashes(&self, account: AccountId, address: IpAddr) -> Vec<String> {
        let mut message = account.0.as_bytes().to_vec();
        message.extend(network(address));
        let keys = self.addresses.iter();
        keys.map(|key| hex(&keyed_hash(key, &message)[..16])).collect()
    }

    /// The first half of the password that a request leads to, and the name of the key that it was derived with. The half
    /// itself is stored nowhere.
    #[must_use]
    pub fn first_half(&self, request: AccountRequestId) -> Option<(Secret, String)> {
        let key = self.halves.first()?;
        Some((half(key, request), name_of(key)))
    }

    /// The same half again; nothing once its key is gone.
    #[must_use]
    pub fn half_again(&self, request: AccountRequestId, name: &str) -> Option<Secret> {
        let key = self.halves.iter().find(|key| name_of(key) == name)?;
        Some(half(key, request))
    }
}

fn half(key: &[u8; 32], request: AccountRequestId) -> Secret {
    let mut random = [0; 16];
    random.copy_from_slice(&keyed_hash(key, request.0.as_bytes())[..16]);
    generate_half(random)
}

fn name_of(key: &[u8; 32]) -> String {
    sha256_hex(key)[..8].to_owned()
}

impl fmt::Debug for AccessKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessKeys(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    use uuid::Uuid;

    use super::*;

    fn master(step: u8) -> MasterKey {
        let bytes: Vec<u8> = (0..32_u8).map(|place| place.wrapping_mul(step).wrapping_add(11)).collect();
        MasterKey::from_base64(&BASE64_STANDARD.encode(bytes)).unwrap()
    }

    #[test]
    fn a_half_is_the_same_again_as_long_as_its_key_is_there() {
        let id = AccountRequestId(Uuid::from_u128(7));
        let before = AccessKeys::of(&[master(37)]);
        let (half, name) = before.first_half(id).unwrap();
        let rotated = AccessKeys::of(&[master(41), master(37)]);
        let again = rotated.half_again(id, &name).unwrap();
        assert_eq!(again.reveal(), half.reveal());
        assert!(AccessKeys::of(&[master(41)]).half_again(id, &name).is_none());
        let other = AccountRequestId(Uuid::from_u128(8));
        assert_ne!(before.first_half(other).unwrap().0.reveal(), half.reveal());
    }

    #[test]
    fn an_address_is_known_by_its_network_and_for_one_account() {
        let keys = AccessKeys::of(&[master(37)]);
        let seen = |account: u128, address: &str| {
            let account = AccountId(Uuid::from_u128(account));
            keys.address_hashes(account, address.parse().unwrap())
        };
        assert_eq!(seen(1, "192.0.2.7"), seen(1, "::ffff:192.0.2.7"));
        assert_eq!(seen(1, "2001:db8::1"), seen(1, "2001:db8::2"));
        assert_ne!(seen(1, "192.0.2.7"), seen(1, "192.0.2.8"));
        assert_ne!(seen(1, "192.0.2.7"), seen(2, "192.0.2.7"));
    }
}
