//! Campaigns and their plans (活动与方案).

pub mod channels;
pub mod graphql;
pub mod names;
pub mod open;
pub mod plans;
pub mod store;
#[cfg(test)]
pub(crate) mod trial;
