//! Inspections of departments (督导检查; S29).

pub mod graphql;
pub mod rules;
pub mod store;
