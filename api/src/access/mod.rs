//! Who may do what: profiles, viewers, scopes, passwords and tokens.

pub mod entropy;
pub mod password;
pub mod receipt;
pub mod seal;
pub mod throttle;
pub mod token;
