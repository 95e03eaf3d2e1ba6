//! The audit trail (审计): what was done by whom, chained so that nothing can be taken out unseen.

pub mod graphql;
mod refusal;
pub mod rules;
mod sealing;
pub mod store;

pub use refusal::note_refusal;
pub use sealing::{Horizon, seal, verify};
