//! What was published about the campaign (宣传报道; S18 H07): by channel owners and whoever publishes.

pub mod graphql;
pub mod rules;
pub mod store;
