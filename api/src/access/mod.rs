//! Who may do what: profiles, viewers, scopes, passwords and tokens.

pub mod approval;
pub mod authenticate;
pub mod citizen;
pub mod entropy;
pub mod graphql;
pub mod keys;
pub mod known;
pub mod manage;
pub mod pass;
pub mod password;
pub mod portals;
pub mod profiles;
pub mod rates;
pub mod receipt;
pub mod recheck;
pub mod rules;
pub mod seal;
pub mod separation;
pub mod sign_in;
pub mod store;
pub mod system;
pub mod throttle;
pub mod token;
pub mod viewer;
