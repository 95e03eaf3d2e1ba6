//! Taking in suggestions (征集).
pub mod import;
