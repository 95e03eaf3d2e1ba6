//! Whom a portal speaks for (门户的群众): told apart by a mark that the portal gives each of its citizens, so that one
//! who guesses or floods does not make the portal's others wait. Only a hash is kept; who it is, the portal alone knows.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// Longest mark, in bytes.
pub const LONGEST_MARK: usize = 128;

/// One citizen of one portal. The same mark at another portal is somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Citizen([u8; 16]);

impl Citizen {
    /// The citizen of a portal's mark; none when the mark is empty, long, or not of visible ASCII characters.
    #[must_use]
    pub fn of(portal: Uuid, mark: &str) -> Option<Self> {
        let fits =
            (1..=LONGEST_MARK).contains(&mark.len()) && mark.bytes().all(|byte| byte.is_ascii_graphic());
        if !fits {
            return None;
        }
        let digest = Sha256::new().chain_update(portal.as_bytes()).chain_update(mark).finalize();
        let mut short = [0; 16];
        short.copy_from_slice(&digest[..16]);
        Some(Self(short))
    }

    /// What stands for it in memory.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_bounded_and_the_same_mark_of_two_portals_is_two_citizens() {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_eq!(Citizen::of(one, "a-7"), Citizen::of(one, "a-7"));
        assert_ne!(Citizen::of(one, "a-7"), Citizen::of(one, "a-8"));
        assert_ne!(Citizen::of(one, "a-7"), Citizen::of(other, "a-7"));
        assert!(Citizen::of(one, &"x".repeat(LONGEST_MARK)).is_some());
        for unfit in ["", "a b", "村民甲", "a\n", &"x".repeat(LONGEST_MARK + 1)] {
            assert_eq!(Citizen::of(one, unfit), None, "{unfit}");
        }
    }
}
