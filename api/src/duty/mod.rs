//! Who answers for what (责任落实): rosters of responsible persons, departments' own plans, the division of labour.

pub mod agenda;
pub mod graphql;
pub mod rules;
pub mod store;
