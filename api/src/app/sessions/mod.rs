//! For what a session (会话) stands: whose it is and in which post, as the tables say now.

pub mod known;
pub mod recheck;

use std::collections::HashMap;

use chrono::TimeDelta;
use entity::id::SessionId;
use entity::{account, department, post, session};

use crate::db::{Fault, Login, Predicate, Tx};

/// How long a family of refresh tokens lives from the sign-in on, however often it is renewed.
pub const SESSION_LIFETIME: TimeDelta = TimeDelta::days(7);

/// Everything that decides whether a session still lets in.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The session.
    pub session: session::Model,
    /// Whose it is.
    pub account: account::Model,
    /// The post in which it acts.
    pub post: post::Model,
    /// The department of that post.
    pub department: department::Model,
}

/// A transaction that is open for somebody who came in.
pub struct Open {
    /// The transaction, in the caller's scope.
    pub tx: Tx,
    /// What let the caller in, as it stands in the same snapshot.
    pub standing: Standing,
}

/// A session with its account, post and department; nothing when any of them is gone.
pub async fn standing(tx: &Tx, session: SessionId) -> Result<Option<Standing>, Fault> {
    let named = Predicate::is(session::Column::Id, session);
    Ok(tx.logins(named).await?.pop().map(stands))
}

/// Many sessions at once, those left out of which anything is gone.
pub async fn standings(tx: &Tx, sessions: &[SessionId]) -> Result<HashMap<SessionId, Standing>, Fault> {
    let named = Predicate::among(session::Column::Id, sessions.iter().copied());
    let found = tx.logins(named).await?.into_iter().map(stands);
    Ok(found.map(|standing| (standing.session.id, standing)).collect())
}

/// What a session that was found stands for.
#[must_use]
pub fn stands((session, account, post, department): Login) -> Standing {
    Standing { session, account, post, department }
}
