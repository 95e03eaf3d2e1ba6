//! Who may do what: profiles, viewers, scopes, passwords and tokens.

pub mod entropy;
pub mod password;
pub mod profiles;
pub mod receipt;
pub mod seal;
pub(crate) mod system;
pub mod throttle;
pub mod token;
pub mod viewer;
