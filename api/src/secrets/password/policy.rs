//! Which new passwords are taken (口令策略). The county chooses between two schools: ASVS 5 wants length and a list
//! of common passwords and forbids composition rules; 等保 2.0 (GB/T 22239) wants several kinds of characters.

use std::ops::RangeInclusive;

use zxcvbn::{Score, zxcvbn};

use super::Secret;

/// Longest password taken, in characters; more buys no strength and costs work.
const MAX_LENGTH: usize = 128;

/// What a county may ask for as the least length; below 8 no rule makes a password safe.
const MIN_LENGTHS: RangeInclusive<usize> = 8..=64;

/// Least kinds of characters where several are prescribed.
const THREE: usize = 3;

/// Whether kinds of characters are prescribed (口令复杂度).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Composition {
    /// Any characters (ASVS 5).
    #[default]
    Free,
    /// At least three of: small letters, capital letters, digits, others (等保 2.0 practice).
    ThreeKinds,
}

/// The rules for a new password; existing ones are never judged again at login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordPolicy {
    min_length: usize,
    composition: Composition,
}

/// Why the policy itself cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolicyFault {
    /// The least length is outside 8 to 64 characters.
    #[error("PASSWORD_MIN_LENGTH: {given} is outside {}..{}", MIN_LENGTHS.start(), MIN_LENGTHS.end())]
    MinLength {
        /// The number configured.
        given: usize,
    },
}

/// Why a new password is refused; carries nothing of the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefusal {
    /// Fewer characters than the county asks for.
    #[error("the password is shorter than {min} characters")]
    TooShort {
        /// Least number of characters.
        min: usize,
    },
    /// More characters than are taken.
    #[error("the password is longer than {max} characters")]
    TooLong {
        /// Greatest number of characters.
        max: usize,
    },
    /// It is the account's name, or contains it.
    #[error("the password contains the account name")]
    ContainsAccount,
    /// Made of common words, repetitions or sequences.
    #[error("the password is among the first that anyone would try")]
    Common,
    /// The county asks for three kinds of characters.
    #[error("the password needs three of: small letters, capital letters, digits, other characters")]
    TooFewKinds,
}

impl PasswordRefusal {
    /// Stable code for `userErrors`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort { .. } => "PASSWORD_TOO_SHORT",
            Self::TooLong { .. } => "PASSWORD_TOO_LONG",
            Self::ContainsAccount => "PASSWORD_CONTAINS_ACCOUNT",
            Self::Common => "PASSWORD_COMMON",
            Self::TooFewKinds => "PASSWORD_TOO_FEW_KINDS",
        }
    }
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self { min_length: 12, composition: Composition::Free }
    }
}

impl PasswordPolicy {
    /// A county's policy; `min_length` counts characters.
    ///
    /// # Errors
    /// [`PolicyFault::MinLength`] outside 8 to 64.
    pub fn new(min_length: usize, composition: Composition) -> Result<Self, PolicyFault> {
        if MIN_LENGTHS.contains(&min_length) {
            Ok(Self { min_length, composition })
        } else {
            Err(PolicyFault::MinLength { given: min_length })
        }
    }

    /// Least number of characters.
    #[must_use]
    pub const fn min_length(&self) -> usize {
        self.min_length
    }

    /// Greatest number of characters.
    #[must_use]
    pub const fn max_length(&self) -> usize {
        MAX_LENGTH
    }

    /// Least number of kinds of characters: small letters, capital letters, digits, others.
    #[must_use]
    pub const fn least_kinds(&self) -> usize {
        match self.composition {
            Composition::Free => 1,
            Composition::ThreeKinds => THREE,
        }
    }

    /// Judges a new password for the account of that name.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn check(&self, account: &str, password: &Secret) -> Result<(), PasswordRefusal> {
        let text = password.reveal();
        let length = text.chars().count();
        if length < self.min_length {
            return Err(PasswordRefusal::TooShort { min: self.min_length });
        }
        if length > MAX_LENGTH {
            return Err(PasswordRefusal::TooLong { max: MAX_LENGTH });
        }
        let lower = text.to_lowercase();
        if contains_account(&lower, &account.to_lowercase()) {
            return Err(PasswordRefusal::ContainsAccount);
        }
        if is_guessed_soon(&lower, account) {
            return Err(PasswordRefusal::Common);
        }
        if kinds(text) < self.least_kinds() {
            return Err(PasswordRefusal::TooFewKinds);
        }
        Ok(())
    }
}

/// Names of fewer than four characters occur in good passwords by chance, so only equality counts for them.
fn contains_account(password: &str, account: &str) -> bool {
    password == account || (account.chars().count() >= 4 && password.contains(account))
}

/// Whether it falls to fewer than some hundred million guesses, as zxcvbn counts them: common passwords, words and names,
/// years, runs on the keyboard, repetitions, and what people do to hide them.
fn is_guessed_soon(password: &str, account: &str) -> bool {
    let known: Vec<&str> = KNOWN_HERE.iter().copied().chain([account]).collect();
    zxcvbn(password, &known).score() < Score::Three
}

fn kinds(password: &str) -> usize {
    let is_other = |c: char| !c.is_lowercase() && !c.is_uppercase() && !c.is_ascii_digit();
    let present = [
        password.chars().any(char::is_lowercase),
        password.chars().any(char::is_uppercase),
        password.chars().any(|c| c.is_ascii_digit()),
        password.chars().any(is_other),
    ];
    present.into_iter().filter(|present| *present).count()
}

/// What people here try first and zxcvbn's lists, made elsewhere, rank too low or lack.
const KNOWN_HERE: &[&str] = &[
    "woaini",
    "woaizhongguo",
    "zhongguo",
    "mima",
    "huawei",
    "minsheng",
    "xinfang",
    "zhengfu",
    "rexian",
    "12345rexian",
    "5201314",
    "1314520",
    "147258369",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(policy: PasswordPolicy, password: &str) -> Option<PasswordRefusal> {
        policy.check("dafeng-01", &Secret::new(password)).err()
    }

    #[test]
    fn length_is_counted_in_characters() {
        let policy = PasswordPolicy::default();
        assert_eq!(refusal(policy, "short-words"), Some(PasswordRefusal::TooShort { min: 12 }));
        assert_eq!(refusal(policy, "村口的老槐树下有一盏路灯"), None);
        assert_eq!(refusal(policy, &"xy7".repeat(50)), Some(PasswordRefusal::TooLong { max: 128 }));
    }

    #[test]
    fn common_ones_are_refused_with_digits_around_them_too() {
        for common in [
            "Password2024!",
            "123456789012",
            "987654321098",
            "aaaaaaaaaaaa",
            "123123123123",
            "1qaz2wsx3edc",
            "woaini5201314",
            "minsheng2022",
            "12345rexian2022",
        ] {
            assert_eq!(refusal(PasswordPolicy::default(), common), Some(PasswordRefusal::Common), "{common}");
        }
    }

    #[test]
    fn the_account_name_is_no_password() {
        for named in ["Dafeng-01-2024", "xxdafeng-01xx"] {
            assert_eq!(refusal(PasswordPolicy::default(), named), Some(PasswordRefusal::ContainsAccount));
        }
        let short_name = PasswordPolicy::default().check("li", &Secret::new("lively-tide-lamp"));
        assert_eq!(short_name, Ok(()));
    }

    #[test]
    fn kinds_are_asked_for_only_where_the_county_says_so() {
        let strict = PasswordPolicy::new(8, Composition::ThreeKinds).unwrap();
        assert_eq!(refusal(PasswordPolicy::default(), "tide lamp orchard"), None);
        assert_eq!(refusal(strict, "tidelamp77"), Some(PasswordRefusal::TooFewKinds));
        assert_eq!(refusal(strict, "Tide-lamp77"), None);
    }

    #[test]
    fn a_policy_of_four_characters_is_refused() {
        assert_eq!(PasswordPolicy::new(4, Composition::Free), Err(PolicyFault::MinLength { given: 4 }));
    }
}
