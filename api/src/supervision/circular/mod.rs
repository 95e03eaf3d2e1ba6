//! Circulars with frozen figures (通报; S30).

pub mod export;
pub mod graphql;
pub mod rules;
pub mod store;
