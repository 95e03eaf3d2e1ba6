//! Weekly reports (周报; S19, H02): figures from live data, frozen when the report is handed in.

pub mod figures;
pub mod graphql;
pub mod rules;
pub mod store;
