//! Requests about accounts that a second person must approve (账号申请).

use chrono::{DateTime, Utc};
use entity::enums::{AccountRequestKind, AccountRequestStatus, AuditAction, Position, RightsProfile};
use entity::id::{AccountId, AccountRequestId, DepartmentId};
use entity::{account, account_request, department, post};
use sea_orm::ActiveValue::Set;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::Moment;
use crate::access::separation;
use crate::db::{Fault, Predicate, Tx};
use crate::error::Stop;

/// A request about to be made.
pub struct NewRequest {
    /// Key.
    pub id: AccountRequestId,
    /// What is asked for.
    pub kind: AccountRequestKind,
    /// Department of the post, or the one that keeps the account.
    pub department: DepartmentId,
    /// The account; none before it is made.
    pub account: Option<AccountId>,
    /// Name to sign in with, in its one form.
    pub login: String,
    /// Name shown to colleagues.
    pub display_name: String,
    /// Rank of the post, if one is asked for.
    pub position: Option<Position>,
    /// What the post does.
    pub duty: String,
    /// Which key the first half of the password is derived with.
    pub half_key: String,
    /// How whoever asks is called.
    pub requester: String,
}

/// What is written down when a request ends.
pub struct Decision {
    /// How it ends.
    pub status: AccountRequestStatus,
    /// Why; empty unless rejected.
    pub reason: String,
    /// The line of the trail.
    pub action: AuditAction,
}

/// A request in the viewer's scope.
pub async fn request(tx: &Tx, id: AccountRequestId) -> Result<Option<account_request::Model>, Fault> {
    let named = Predicate::is(account_request::Column::Id, id);
    tx.from::<account_request::Entity>().filter(named).one().await
}

/// All requests of the viewer's county that still wait, the oldest first; for the command line.
pub async fn waiting_requests(tx: &Tx, now: DateTime<Utc>) -> Result<Vec<account_request::Model>, Fault> {
    use account_request::Column as C;
    let waiting = Predicate::is(C::Status, AccountRequestStatus::Open)
        .and(Predicate::AtLeast(C::ExpiresAt, now.into()));
    let rows = tx.from::<account_request::Entity>().filter(waiting);
    rows.order(C::RequestedAt, crate::db::Direction::Ascending).all().await
}

/// Makes a request and writes the audit line.
///
/// # Errors
/// DUPLICATE when the same waits already; `field` names the input that led to it.
pub async fn make_request(tx: &Tx, new: NewRequest, field: &str, moment: Moment<'_>) -> Result<(), Stop> {
    use account_request::Column as C;
    let same = Predicate::All(vec![
        Predicate::is(C::Kind, new.kind),
        Predicate::is(C::Login, new.login.clone()),
        Predicate::is(C::Status, AccountRequestStatus::Open),
        Predicate::AtLeast(C::ExpiresAt, moment.now.into()),
    ]);
    let same = tx.from::<account_request::Entity>().filter(same).count();
    if same.await? > 0 {
        return Err(separation::asked_already(field).into());
    }
    let detail = json!({
        "kind": new.kind, "account": new.account, "department": new.department, "position": new.position,
    });
    let id = new.id;
    tx.insert(account_request::ActiveModel {
        county: Set(tx.viewer().county().clone()),
        id: Set(id),
        department: Set(new.department),
        account: Set(new.account),
        kind: Set(new.kind),
        status: Set(AccountRequestStatus::Open),
        login: Set(new.login),
        display_name: Set(new.display_name),
        position: Set(new.position),
        duty: Set(new.duty),
        half_key: Set(new.half_key),
        requested_by: Set(tx.viewer().actor()),
        requester: Set(new.requester),
        requested_at: Set(moment.now),
        expires_at: Set(moment.now + separation::REQUEST_LIFETIME),
        decided_by: Set(None),
        decided_at: Set(None),
        reason: Set(String::new()),
    })
    .await?;
    note(tx, id, AuditAction::AccountRequestMake, detail, moment).await
}

/// Ends a request that waits, and writes the audit line.
///
/// # Errors
/// A refusal when somebody else was faster.
pub async fn end_request(
    tx: &Tx,
    id: AccountRequestId,
    decision: Decision,
    moment: Moment<'_>,
) -> Result<(), Stop> {
    use account_request::Column as C;
    let waiting = Predicate::is(C::Id, id).and(Predicate::is(C::Status, AccountRequestStatus::Open));
    let detail = match decision.reason.as_str() {
        "" => json!({}),
        reason => json!({ "reason": reason }),
    };
    let decided_by: Uuid = tx.viewer().actor();
    let changes = vec![
        (C::Status, decision.status.into()),
        (C::DecidedBy, decided_by.into()),
        (C::DecidedAt, moment.now.into()),
        (C::Reason, decision.reason.into()),
    ];
    let ended = tx.update::<account_request::Entity>(waiting, changes);
    if ended.await? == 0 {
        return Err(separation::decided().into());
    }
    note(tx, id, decision.action, detail, moment).await
}

/// Accounts that can decide on requests: enabled, with a post in a department of administrators.
pub async fn administrators(tx: &Tx) -> Result<Vec<AccountId>, Fault> {
    let those = Predicate::is(department::Column::Profile, RightsProfile::Administrator);
    let departments = tx.from::<department::Entity>().filter(those).all().await?;
    let there = Predicate::among(post::Column::Department, departments.into_iter().map(|row| row.id));
    let posts = tx.from::<post::Entity>().filter(there).all().await?;
    let holders = Predicate::among(account::Column::Id, posts.into_iter().map(|row| row.account))
        .and(Predicate::Empty(account::Column::DisabledAt));
    let rows = tx.from::<account::Entity>().filter(holders).all().await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

async fn note(
    tx: &Tx,
    id: AccountRequestId,
    action: AuditAction,
    detail: Json,
    moment: Moment<'_>,
) -> Result<(), Stop> {
    let subject = format!("account_request:{}", id.0);
    Ok(moment.audit(tx, action, subject, detail).await?)
}
