//! Who is let in: signing in, sessions, accounts and their requests, portals' credentials.

pub mod approval;
pub mod authenticate;
pub mod forgotten;
pub mod graphql;
pub mod manage;
mod names;
pub mod pass;
pub mod portals;
pub mod rules;
pub mod separation;
pub mod sign_in;
pub mod store;
