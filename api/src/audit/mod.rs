//! The audit trail (审计): what was done by whom, chained and signed so that nothing can be changed or taken out unseen.

mod filter;
pub mod graphql;
pub mod head;
mod notes;
pub mod rules;
mod sealing;
pub mod store;
mod walk;

pub use notes::write_notes;
pub use sealing::{Horizon, SEALED_WITHIN, check_kept, overdue, seal, verify};
pub use walk::Verified;
