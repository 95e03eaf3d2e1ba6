//! Coverage (征集覆盖): visits and symposiums, which households were reached, and how far each village is from its target.

pub mod agenda;
pub mod figures;
pub mod graphql;
pub mod rules;
pub mod store;
