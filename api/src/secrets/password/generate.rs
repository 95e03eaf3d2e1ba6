//! Passwords that the system hands out: demonstration accounts, new accounts, resets. There is no default password.

use super::Secret;

/// No `B I O S Z`: read from paper they are digits.
const CAPITALS: &[u8] = b"ACDEFGHJKLMNPQRTUVWXY";
/// No `b i l o s z`, for the same reason.
const SMALL: &[u8] = b"acdefghjkmnpqrtuvwxy";
/// No `0 1`.
const DIGITS: &[u8] = b"23456789";
/// One group; three kinds of characters in each satisfy 等保 2.0 as well.
const GROUP: [&[u8]; 4] = [CAPITALS, SMALL, SMALL, DIGITS];
const GROUPS: usize = 5;
/// Of a half: 48.0 bits, so that whoever holds the other half can't guess it at the door either.
const GROUPS_OF_HALF: usize = 3;

/// A password such as `Kcm7-Pwe4-…`: five groups of a capital, two small letters and a digit, 80.1 bits.
///
/// The 128 random bits are read as one number in a mixed base, so the bias is below 2⁻⁴⁷.
#[must_use]
pub fn generate(random: [u8; 16]) -> Secret {
    groups(random, GROUPS)
}

/// Half of a password whose other half somebody else gets.
#[must_use]
pub fn generate_half(random: [u8; 16]) -> Secret {
    groups(random, GROUPS_OF_HALF)
}

/// The password of two halves, as its holder types it.
#[must_use]
pub fn join_halves(first: &Secret, second: &Secret) -> Secret {
    Secret::new(&format!("{}-{}", first.reveal(), second.reveal()))
}

fn groups(random: [u8; 16], count: usize) -> Secret {
    let mut number = u128::from_le_bytes(random);
    let mut text = String::with_capacity(count * 5);
    for group in 0..count {
        if group > 0 {
            text.push('-');
        }
        for alphabet in GROUP {
            text.push(draw(&mut number, alphabet));
        }
    }
    Secret::new(&text)
}

fn draw(number: &mut u128, alphabet: &[u8]) -> char {
    let size = alphabet.len() as u128;
    let index = usize::try_from(*number % size).unwrap_or_default();
    *number /= size;
    char::from(alphabet[index])
}

#[cfg(test)]
mod tests {
    use super::super::{Composition, PasswordPolicy};
    use super::*;
    use crate::secrets::entropy;

    #[test]
    fn the_alphabets_give_eighty_bits() {
        let per_group: usize = GROUP.iter().map(|alphabet| alphabet.len()).product();
        let groups = u32::try_from(GROUPS).unwrap_or_default();
        let all = (per_group as u128).pow(groups);
        assert!(all >= 1 << 80, "{all}");
    }

    #[test]
    fn generated_passwords_pass_the_strictest_policy_and_differ() {
        let policy = PasswordPolicy::new(24, Composition::ThreeKinds);
        let made: std::collections::HashSet<String> =
            (0..200).map(|_| generate(entropy::random()).reveal().to_owned()).collect();
        assert_eq!(made.len(), 200);
        for text in made {
            assert_eq!(
                policy.map(|policy| policy.check("dafeng-01", &Secret::new(&text))),
                Ok(Ok(())),
                "{text}"
            );
        }
    }
}
