//! Documents as they were parsed: a portal sends the same few again and again, and parsing one takes ten times as long as
//! copying what came of it.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::parser::types::ExecutableDocument;
use async_graphql::parser::{self, parse_query};
use lru::LruCache;

/// How many documents are kept, the least used forgotten first.
const KEPT: NonZeroUsize = NonZeroUsize::MIN.saturating_add(255);

/// Bytes of the longest document that is kept; what comes of a text takes some ten times its space.
const LONGEST: usize = 8 * 1024;

/// Parsed documents by their text.
pub(super) struct Parsed(Mutex<LruCache<Box<str>, Arc<ExecutableDocument>>>);

impl Default for Parsed {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(KEPT)))
    }
}

impl Parsed {
    /// The document of a text.
    pub(super) fn document(&self, text: &str) -> Result<Arc<ExecutableDocument>, parser::Error> {
        if let Some(document) = self.get(text) {
            return Ok(document);
        }
        let document = Arc::new(parse_query(text)?);
        if text.len() <= LONGEST {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            kept.put(text.into(), Arc::clone(&document));
        }
        Ok(document)
    }

    fn get(&self, text: &str) -> Option<Arc<ExecutableDocument>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(text).map(Arc::clone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_parsed_once_unless_it_is_long_or_wrong() {
        let parsed = Parsed::default();
        let twice = |text: &str| {
            let first = parsed.document(text).unwrap();
            Arc::ptr_eq(&first, &parsed.document(text).unwrap())
        };
        assert!(twice("{ viewer { id } }"));
        let long = format!("{{ viewer {{ id }} }} # {}", "-".repeat(LONGEST));
        assert!(!twice(&long));
        assert!(parsed.document("{ viewer {").is_err());
        assert!(parsed.get("{ viewer {").is_none());
    }

    #[test]
    fn what_is_used_least_is_forgotten_first() {
        let parsed = Parsed::default();
        for n in 0..=KEPT.get() {
            parsed.document("{ often }").unwrap();
            parsed.document(&format!("{{ a{n} }}")).unwrap();
        }
        assert!(parsed.get("{ often }").is_some());
        assert!(parsed.get("{ a0 }").is_none());
    }
}
