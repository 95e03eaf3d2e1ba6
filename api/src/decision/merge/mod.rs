//! Merging suggestions across departments (并案; S24).

pub mod graphql;
pub mod rules;
pub mod store;
