//! Circulars with frozen figures (通报; S30).

mod asked;
mod explained;
pub mod export;
pub mod graphql;
mod measure;
pub mod rules;
pub mod store;
