//! Accounts, posts, sessions and portal credentials: their queries and writes.

mod accounts;
mod clients;
mod holders;
mod requests;
mod sessions;

use chrono::{DateTime, Utc};
use entity::enums::AuditAction;
use serde_json::Value as Json;
use uuid::Uuid;

pub(super) use accounts::subject;
pub use accounts::{
    AccountChange, NewAccount, NewPassword, NewPost, change_account, create_account, grant_post,
    note_forgotten, rehash, revoke_post, strike_forgotten,
};
pub use clients::{NewClient, Renewal, client, clients, create_client, revoke_client, rotate_client};
pub use holders::{
    Held, Holder, account_of_login, department_of_code, holder, holder_of_post, holders, posts_of,
};
pub use requests::{
    Decision, NewRequest, administrators, end_request, make_request, request, waiting_requests,
};
pub use sessions::{
    NewSession, confirm, end_all, end_session, open_session, over, rotate, session, signed_in_from, switch,
};

use crate::app::App;
use crate::db::{Fault, Trail, Tx};

/// When a change is made, and where the keys of its new rows come from.
#[derive(Clone, Copy)]
pub struct Moment<'a> {
    /// The application, which draws the keys.
    pub app: &'a App,
    /// The instant of the change.
    pub now: DateTime<Utc>,
}

impl Moment<'_> {
    /// A fresh key.
    #[must_use]
    pub fn key(self) -> Uuid {
        self.app.new_key(self.now)
    }

    /// Writes a line of the audit trail in the transaction that it tells of.
    pub async fn audit(
        self,
        tx: &Tx,
        action: AuditAction,
        subject: String,
        detail: Json,
    ) -> Result<(), Fault> {
        tx.audit(Trail { id: self.key(), at: self.now, action, subject, detail }).await
    }
}
