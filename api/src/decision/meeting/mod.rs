//! Meetings, in order, with their results (会议审定; S25).

pub mod graphql;
pub mod rules;
pub mod store;
