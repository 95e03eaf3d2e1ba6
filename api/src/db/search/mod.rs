//! Chinese text search by single characters and pairs of neighbours; each word is always re-checked, in title and content
//! apart. What is compared is said by [`crate::text`].
//!
//! The index follows the shares: a department's matches are found among what it sees, not cut out of everyone's.

mod grams;
mod index;
mod needle;
mod scope;

pub use index::Document;
pub use needle::{Found, MOST_WORDS, Needle, Unsearchable};
