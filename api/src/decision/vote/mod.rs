//! The deputies' vote and evaluation (代表票决、满意度测评; S03).

pub mod graphql;
pub mod rules;
pub mod store;
