//! What departments hand in: weekly reports (S19, H02) and summary tables (S20–S23).
//!
//! Two documents, two sub-rooms, each with rules, store and graphql; `due` says who owes what by which day, `seal` how a
//! signed text is proved to be the one that was signed.

pub mod agenda;
pub mod due;
pub mod graphql;
mod people;
pub mod seal;
pub mod summary;
pub mod weekly;
