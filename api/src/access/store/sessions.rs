//! Sessions (会话): families of refresh tokens.

use chrono::{DateTime, Utc};
use entity::id::{AccountId, PostId, SessionId};
use entity::session;
use sea_orm::ActiveValue::Set;

use crate::access::rules;
use crate::db::{Fault, Predicate, Tx};

/// A session about to be opened.
pub struct NewSession {
    /// Key.
    pub id: SessionId,
    /// Who signed in.
    pub account: AccountId,
    /// In which post.
    pub post: PostId,
    /// The account's epoch as it was seen when the password was checked.
    pub epoch: i32,
    /// SHA-256 of the secret in its refresh tokens.
    pub refresh_hash: String,
    /// Keyed hash of the network that it comes from.
    pub address_hash: Option<String>,
    /// When.
    pub now: DateTime<Utc>,
    /// End of the family.
    pub expires_at: DateTime<Utc>,
}

/// A session; nothing when it is gone or somebody else's.
pub async fn session(tx: &Tx, session: SessionId) -> Result<Option<session::Model>, Fault> {
    let named = Predicate::is(session::Column::Id, session);
    tx.from::<session::Entity>().filter(named).one().await
}

/// Whether an account signed in from one of these networks since then. Asks the same question for an account that does
/// not exist.
pub async fn signed_in_from(
    tx: &Tx,
    account: AccountId,
    address_hashes: Vec<String>,
    since: DateTime<Utc>,
) -> Result<bool, Fault> {
    let from_there = of_account(account)
        .and(Predicate::among(session::Column::AddressHash, address_hashes))
        .and(Predicate::AtLeast(session::Column::CreatedAt, since.into()));
    let found = tx.from::<session::Entity>().filter(from_there).count();
    Ok(found.await? > 0)
}

/// Sessions that are over and tell no address any more.
#[must_use]
pub fn over(now: DateTime<Utc>) -> Predicate<session::Column> {
    let forgotten = now - rules::ADDRESS_MEMORY;
    Predicate::Below(session::Column::ExpiresAt, now.into())
        .and(Predicate::Below(session::Column::CreatedAt, forgotten.into()))
}

/// Opens a session and forgets those of the account that are over and tell no address any more.
pub async fn open_session(tx: &Tx, new: NewSession) -> Result<(), Fault> {
    let over = of_account(new.account).and(over(new.now));
    tx.delete::<session::Entity>(over).await?;
    tx.insert(session::ActiveModel {
        county: Set(tx.viewer().county().clone()),
        id: Set(new.id),
        account: Set(new.account),
        post: Set(new.post),
        epoch: Set(new.epoch),
        refresh_hash: Set(new.refresh_hash),
        turn: Set(0),
        confirmed: Set(false),
        created_at: Set(new.now),
        rotated_at: Set(new.now),
        expires_at: Set(new.expires_at),
        ended_at: Set(None),
        address_hash: Set(new.address_hash),
    })
    .await
}

/// Begins the next turn and says which; nothing when somebody was faster.
pub async fn rotate(tx: &Tx, session: &session::Model, now: DateTime<Utc>) -> Result<Option<i32>, Fault> {
    let turn = session.turn.saturating_add(1);
    let changes = vec![
        (session::Column::Turn, turn.into()),
        (session::Column::Confirmed, false.into()),
        (session::Column::RotatedAt, now.into()),
    ];
    let rotated = tx.update::<session::Entity>(as_read(session), changes);
    Ok((rotated.await? > 0).then_some(turn))
}

/// Notes that the present pair of tokens has reached its owner: the token before it is used up.
pub async fn confirm(tx: &Tx, session: &session::Model) -> Result<(), Fault> {
    let arrived = vec![(session::Column::Confirmed, true.into())];
    tx.update::<session::Entity>(as_read(session), arrived).await?;
    Ok(())
}

/// Moves a session to another post.
pub async fn switch(tx: &Tx, session: SessionId, post: PostId) -> Result<(), Fault> {
    let moved = vec![(session::Column::Post, post.into())];
    tx.update::<session::Entity>(Predicate::is(session::Column::Id, session), moved).await?;
    Ok(())
}

/// Ends one session; says whether it was still open.
pub async fn end_session(tx: &Tx, session: SessionId, now: DateTime<Utc>) -> Result<bool, Fault> {
    end(tx, Predicate::is(session::Column::Id, session), now).await
}

/// Ends every session of an account; the one to keep goes on under the account's new epoch.
pub async fn end_all(
    tx: &Tx,
    account: AccountId,
    keep: Option<(SessionId, i32)>,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let Some((kept, epoch)) = keep else {
        end(tx, of_account(account), now).await?;
        return Ok(());
    };
    let others = [
        Predicate::Past(vec![session::Column::Id], vec![kept.into()], crate::db::Side::Above),
        Predicate::Past(vec![session::Column::Id], vec![kept.into()], crate::db::Side::Below),
    ];
    end(tx, of_account(account).and(Predicate::Any(others.into())), now).await?;
    let goes_on = vec![(session::Column::Epoch, epoch.into())];
    tx.update::<session::Entity>(Predicate::is(session::Column::Id, kept), goes_on).await?;
    Ok(())
}

async fn end(tx: &Tx, which: Predicate<session::Column>, now: DateTime<Utc>) -> Result<bool, Fault> {
    let live = which.and(Predicate::Empty(session::Column::EndedAt));
    Ok(tx.update::<session::Entity>(live, vec![(session::Column::EndedAt, now.into())]).await? > 0)
}

fn of_account(account: AccountId) -> Predicate<session::Column> {
    Predicate::is(session::Column::Account, account)
}

/// The session as long as its turn is still the one that was read.
fn as_read(session: &session::Model) -> Predicate<session::Column> {
    Predicate::is(session::Column::Id, session.id).and(Predicate::is(session::Column::Turn, session.turn))
}
