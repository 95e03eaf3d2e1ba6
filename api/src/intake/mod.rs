//! Taking in suggestions (征集): entering, correcting, classifying, the people behind them, and finding them again.

pub mod agenda;
pub mod citizen;
pub mod draft;
pub mod graphql;
pub mod import;
pub mod number;
pub mod rules;
pub mod standing;
pub mod store;
mod unsaid;
