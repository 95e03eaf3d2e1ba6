//! Signing in, accounts and portal credentials as the API shows them.

mod account;
mod actor;
mod client;
mod forgotten;
mod list;
mod manage;
mod password;
mod request;
mod session;
mod viewer;

pub use account::{Account, Post};
pub use actor::{Actor, ActorKind};
pub use client::*;
pub use forgotten::*;
pub use list::{AccountConnection, AccountEdge, AccountQuery};
pub use manage::*;
pub use password::*;
pub use request::*;
pub use session::*;
pub use viewer::{ViewerQuery, ViewerView as Viewer};
