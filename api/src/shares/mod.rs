//! Suggestions as departments have a share in them (办件归属): found, counted, and summed up by the rollups.

pub mod figures;
pub mod filter;
pub mod find;
pub mod names;
