//! Explaining what was not adopted (解释说明; S28).

pub mod graphql;
pub mod rules;
pub mod store;
