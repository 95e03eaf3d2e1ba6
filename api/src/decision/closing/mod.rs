//! How suggestions ended, and closing a campaign (活动结束; S28).

pub mod graphql;
pub mod rules;
pub mod store;
