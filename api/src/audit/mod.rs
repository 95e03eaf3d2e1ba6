//! The audit trail (审计): what was done by whom, chained so that nothing can be taken out unseen.

pub mod graphql;
pub mod rules;
mod sealing;
pub mod store;

pub use sealing::{Horizon, seal, verify};
