//! Projects drawn from suggestions, and how they are carried out (民心工程项目; S21, S27).

pub mod graphql;
pub mod planned;
pub mod rules;
pub mod store;
