//! The fingerprint of a plan: the same for the same content, however the file is laid out.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::Plan;

impl Plan {
    /// SHA-256 of the plan's content, in lower-case hex (方案摘要).
    ///
    /// Comments, blank space and the order of the keys in a table do not matter; the order of lists does, for people see it.
    /// [`diff`](super::diff()) of two plans is empty exactly when their digests agree.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hex = String::with_capacity(64);
        for byte in Sha256::digest(self.canonical()) {
            // Writing to a string does not fail.
            let _ = write!(hex, "{byte:02x}");
        }
        hex
    }

    #[expect(clippy::expect_used, reason = "text, numbers, days and closed values always have a JSON form")]
    fn canonical(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a plan has a JSON form")
    }
}
