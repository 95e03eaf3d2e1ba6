//! Supervision (督查考核): inspections with their findings, and circulars to all departments.

pub mod agenda;
pub mod circular;
pub mod graphql;
pub mod inspection;
