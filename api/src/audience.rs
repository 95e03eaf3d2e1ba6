//! For whom a part of the service is, by configuration.

use std::str::FromStr;

/// For whom something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Audience {
    /// Whoever asks.
    #[default]
    Everyone,
    /// Whoever has a valid token.
    SignedIn,
    /// Nobody.
    Nobody,
}

impl Audience {
    /// Whether a caller belongs to it.
    #[must_use]
    pub const fn includes(self, signed_in: bool) -> bool {
        match self {
            Self::Everyone => true,
            Self::SignedIn => signed_in,
            Self::Nobody => false,
        }
    }
}

impl FromStr for Audience {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "everyone" => Ok(Self::Everyone),
            "signed_in" => Ok(Self::SignedIn),
            "nobody" => Ok(Self::Nobody),
            _ => Err(()),
        }
    }
}
