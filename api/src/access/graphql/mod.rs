//! Signing in, accounts and portal credentials as the API shows them.

mod account;
mod client;
mod list;
mod manage;
mod request;
mod session;
mod viewer;

use async_graphql::MergedObject;

pub use account::{Account, Post};
pub use client::*;
pub use list::{AccountConnection, AccountEdge, AccountQuery};
pub use manage::*;
pub use request::*;
pub use session::*;
pub use viewer::{ViewerQuery, ViewerView};

/// Everything that access answers.
#[derive(Default, MergedObject)]
pub struct AccessQuery(ViewerQuery, AccountQuery, AccountRequestQuery, ClientQuery);

/// Every step on sessions, accounts and credentials.
#[derive(Default, MergedObject)]
pub struct AccessMutation(
    SessionMutation,
    AccountMutation,
    AccountRequestMutation,
    ClientMutation,
);
