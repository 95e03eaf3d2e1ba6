//! Trusted documents (可信查询清单): the operations that a portal was built with, known by their SHA-256, and who may send
//! any other text.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::refused::Refused;
use super::scan;
use crate::audience::Audience;
use crate::error::{ApiError, ErrorCode};
use crate::limits::request::Limits;

/// The documents of a manifest as `@graphql-codegen/client-preset` writes it, and the audience of free text.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    trusted: HashMap<String, String>,
    /// Who may send a document that is not in the manifest.
    pub free_text: Audience,
}

impl Documents {
    /// Reads a manifest: one JSON object, from the SHA-256 of a document in hexadecimal to the document. Says what is
    /// wrong with it, and what to do.
    pub fn read(path: &Path, free_text: Audience) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        Self::parse(&text, free_text)
    }

    fn parse(manifest: &str, free_text: Audience) -> Result<Self, String> {
        let trusted: HashMap<String, String> = serde_json::from_str(manifest)
            .map_err(|error| format!("is not one JSON object from hash to document: {error}"))?;
        for (hash, document) in &trusted {
            if *hash != sha256(document) {
                let advice = "set hashAlgorithm to \"sha256\" in persistedDocuments of the client preset";
                return Err(format!("{hash} is not the SHA-256 of its document; {advice}"));
            }
            if scan::check(document, &Limits::USUAL).is_err() {
                return Err(format!("{hash}: the document is larger than any may be"));
            }
        }
        Ok(Self { trusted, free_text })
    }

    /// No manifest: every document is free text.
    #[must_use]
    pub fn without_manifest(free_text: Audience) -> Self {
        Self { trusted: HashMap::new(), free_text }
    }

    /// By what a document is known: its SHA-256 in hexadecimal.
    #[must_use]
    pub fn hash(document: &str) -> String {
        sha256(document)
    }

    /// How many are trusted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.trusted.len()
    }

    /// Whether none is trusted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.trusted.is_empty()
    }

    /// The document of a hash.
    pub(super) fn by_hash(&self, hash: &str) -> Result<String, Refused> {
        self.trusted.get(hash).cloned().ok_or_else(|| {
            let (zh, en) = (
                "清单中没有此查询，请改发全文（若获准许）或更新门户清单",
                "No such document in the manifest; send its text if you may, or renew the manifest",
            );
            Refused::document(ErrorCode::PersistedQueryNotFound, zh, en)
        })
    }

    /// Refuses a text that the caller may not send. A text of the manifest is trusted however it comes.
    pub(super) fn check_text(&self, document: &str, signed_in: bool) -> Result<(), Refused> {
        if self.free_text.includes(signed_in) || self.trusted.contains_key(&sha256(document)) {
            return Ok(());
        }
        Err(ApiError::new(
            ErrorCode::Forbidden,
            "此处只受理清单内的查询，请以 documentId 或 sha256Hash 指明",
            "Only documents of the manifest are served here; name one by documentId or sha256Hash",
        )
        .into())
    }
}

fn sha256(document: &str) -> String {
    let digest = Sha256::digest(document.as_bytes());
    digest.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // The SHA-256 of "{ serverTime }".
    const DOCUMENT: &str = "{ serverTime }";

    fn manifest(hash: &str) -> String {
        serde_json::json!({ hash: DOCUMENT }).to_string()
    }

    #[test]
    fn a_manifest_holds_what_its_hashes_say_or_is_refused() {
        let hash = sha256(DOCUMENT);
        let documents = Documents::parse(&manifest(&hash), Audience::Nobody).unwrap();
        assert_eq!(documents.by_hash(&hash).unwrap(), DOCUMENT);
        let unknown = documents.by_hash(&"0".repeat(64)).unwrap_err();
        assert_eq!(unknown.error.code(), ErrorCode::PersistedQueryNotFound);
        let wrong = Documents::parse(&manifest(&"0".repeat(64)), Audience::Nobody).unwrap_err();
        assert!(wrong.contains("hashAlgorithm"), "{wrong}");
        assert!(Documents::parse("[]", Audience::Nobody).is_err());
    }

    #[test]
    fn free_text_is_for_its_audience_and_a_trusted_text_for_all() {
        let hash = sha256(DOCUMENT);
        for (audience, anonymous, signed_in) in [
            (Audience::Everyone, true, true),
            (Audience::SignedIn, false, true),
            (Audience::Nobody, false, false),
        ] {
            let documents = Documents::parse(&manifest(&hash), audience).unwrap();
            assert_eq!(documents.check_text("{ viewer { id } }", false).is_ok(), anonymous);
            assert_eq!(documents.check_text("{ viewer { id } }", true).is_ok(), signed_in);
            assert!(documents.check_text(DOCUMENT, false).is_ok());
        }
    }
}
