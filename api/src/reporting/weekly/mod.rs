//! Weekly reports (周报; S19, H02): figures from live data, frozen when the report is handed in. Each counts what was entered
//! since the cut of the one before, so that they add up to the whole.

pub mod counting;
pub mod figures;
pub mod graphql;
pub mod rules;
pub mod store;
pub mod work;
