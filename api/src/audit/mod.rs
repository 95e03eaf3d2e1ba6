//! The audit trail (审计): what was done by whom, chained and signed so that nothing can be changed or taken out unseen.

pub mod graphql;
pub mod head;
mod notes;
mod reads;
pub mod rules;
mod sealing;
pub mod store;
mod waiting;
mod walk;

pub use notes::{Note, Notes, Which, write_notes};
pub use reads::Reads;
pub use sealing::{Horizon, SEALED_WITHIN, check_kept, seal, verify};
pub use walk::Verified;
