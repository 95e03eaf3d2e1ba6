//! Signing in, accounts and portal credentials as the API shows them.

mod account;
mod session;
mod viewer;

pub use account::{Account, Post};
pub use session::{SessionLoginInput, SessionLoginPayload, SessionMutation};
pub use viewer::{ViewerQuery, ViewerView};
