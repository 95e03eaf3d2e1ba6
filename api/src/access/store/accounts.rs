//! Accounts (账号) and posts (岗位).

use chrono::{DateTime, Utc};
use entity::enums::{AuditAction, Position};
use entity::id::{AccountId, DepartmentId, PostId};
use entity::{account, account_index, post};
use sea_orm::ActiveValue::Set;
use sea_orm::Value;
use serde_json::json;

use super::Moment;
use super::holders::Held;
use crate::access::rules;
use crate::db::{Fault, Predicate, Tx};
use crate::error::Stop;

/// An account about to be made.
pub struct NewAccount {
    /// Name to sign in with; [`rules::login`] brings it into form.
    pub login: String,
    /// Name shown to colleagues. 显示名
    pub display_name: String,
    /// Department that keeps it. 所属单位
    pub department: DepartmentId,
    /// Its first password.
    pub password: NewPassword,
    /// Its posts, at least one.
    pub posts: Vec<NewPost>,
}

/// A password about to be written down.
#[derive(Clone, Debug)]
pub struct NewPassword {
    /// What [`crate::secrets::password::PasswordHasher::hash`] made of it, outside any transaction.
    pub hash: String,
    /// Whether it was given out, and must be changed at the next sign-in.
    pub once: bool,
}

impl NewPassword {
    /// One that its holder chose, or that everybody may know: the accounts of a demonstration.
    #[must_use]
    pub const fn own(hash: String) -> Self {
        Self { hash, once: false }
    }

    /// One that somebody else gives to its holder.
    #[must_use]
    pub const fn given(hash: String) -> Self {
        Self { hash, once: true }
    }
}

/// A post about to be granted.
#[derive(Clone, Debug)]
pub struct NewPost {
    /// Department. 单位
    pub department: DepartmentId,
    /// Rank. 职务
    pub position: Position,
    /// What the post does. 职责
    pub duty: String,
}

/// What changes about an account when its access must end at once.
#[derive(Clone, Debug)]
pub enum AccountChange {
    /// It is disabled. 停用
    Disable(DateTime<Utc>),
    /// It is open again. 启用
    Enable,
    /// It gets a password. 口令
    Password(NewPassword),
    /// Another department keeps it. 所属单位
    Keeper(DepartmentId),
    /// Nothing else: its posts changed, or its owner signed out everywhere.
    Access,
}

/// Makes an account with its posts and writes the audit line. The department is one that the caller has looked up in
/// its own scope.
///
/// # Errors
/// A refusal when name, login or duty are not in form, or the login is taken anywhere in the installation.
pub async fn create_account(tx: &Tx, new: NewAccount, moment: Moment<'_>) -> Result<AccountId, Stop> {
    let login = rules::login(&new.login).map_err(Stop::from)?;
    let display_name = rules::display_name(&new.display_name)?;
    let county = tx.viewer().county().clone();
    let id = AccountId(moment.key());
    let index = account_index::ActiveModel {
        login: Set(login.clone()),
        county: Set(county.clone()),
        account: Set(id),
    };
    match tx.insert(index).await {
        Err(Fault::Taken) => return Err(rules::login_taken().into()),
        done => done?,
    }
    tx.insert(account::ActiveModel {
        county: Set(county),
        id: Set(id),
        department: Set(new.department),
        login: Set(login),
        display_name: Set(display_name),
        password_hash: Set(new.password.hash),
        password_once: Set(new.password.once),
        epoch: Set(1),
        disabled_at: Set(None),
        forgot_at: Set(None),
        created_at: Set(moment.now),
    })
    .await?;
    let posts = json!(new.posts.iter().map(described).collect::<Vec<_>>());
    for post in new.posts {
        insert_post(tx, id, post, moment).await?;
    }
    moment.audit(tx, AuditAction::AccountCreate, subject(id), json!({ "posts": posts })).await?;
    Ok(id)
}

/// Changes an account and raises its epoch, which ends every session and access token of it at once.
///
/// # Errors
/// A refusal when it changed since it was read.
pub async fn change_account(tx: &Tx, account: &account::Model, change: AccountChange) -> Result<i32, Stop> {
    let epoch = account.epoch.wrapping_add(1);
    let mut changes: Vec<(account::Column, Value)> = vec![(account::Column::Epoch, epoch.into())];
    match change {
        AccountChange::Disable(now) => changes.push((account::Column::DisabledAt, now.into())),
        AccountChange::Enable => {
            changes.push((account::Column::DisabledAt, None::<DateTime<Utc>>.into()));
        }
        AccountChange::Password(NewPassword { hash, once }) => changes.extend([
            (account::Column::PasswordHash, hash.into()),
            (account::Column::PasswordOnce, once.into()),
            (account::Column::ForgotAt, None::<DateTime<Utc>>.into()),
        ]),
        AccountChange::Keeper(department) => {
            changes.push((account::Column::Department, department.into()));
        }
        AccountChange::Access => {}
    }
    let as_read = Predicate::is(account::Column::Id, account.id)
        .and(Predicate::is(account::Column::Epoch, account.epoch));
    match tx.update::<account::Entity>(as_read, changes).await? {
        0 => Err(rules::account_changed().into()),
        _ => Ok(epoch),
    }
}

/// Writes down that an account's password was forgotten, unless that is known or the account is disabled; ends nothing.
pub async fn note_forgotten(tx: &Tx, account: AccountId, now: DateTime<Utc>) -> Result<(), Fault> {
    let open = Predicate::is(account::Column::Id, account)
        .and(Predicate::Empty(account::Column::DisabledAt))
        .and(Predicate::Empty(account::Column::ForgotAt));
    tx.update::<account::Entity>(open, vec![(account::Column::ForgotAt, now.into())]).await?;
    Ok(())
}

/// Strikes that out again; ends nothing.
pub async fn strike_forgotten(tx: &Tx, account: AccountId) -> Result<(), Fault> {
    let struck = vec![(account::Column::ForgotAt, None::<DateTime<Utc>>.into())];
    tx.update::<account::Entity>(Predicate::is(account::Column::Id, account), struck).await?;
    Ok(())
}

/// Stores a hash of the same password with today's parameters; ends nothing.
pub async fn rehash(tx: &Tx, account: &account::Model, hash: String) -> Result<(), Fault> {
    let as_read = Predicate::is(account::Column::Id, account.id)
        .and(Predicate::is(account::Column::PasswordHash, account.password_hash.clone()));
    tx.update::<account::Entity>(as_read, vec![(account::Column::PasswordHash, hash.into())]).await?;
    Ok(())
}

/// Grants a post and writes the audit line; raise the account's epoch in the same transaction.
///
/// # Errors
/// A refusal when the account holds it already, or the duty is not in form.
pub async fn grant_post(tx: &Tx, account: AccountId, new: NewPost, moment: Moment<'_>) -> Result<(), Stop> {
    let detail = described(&new);
    insert_post(tx, account, new, moment).await?;
    Ok(moment.audit(tx, AuditAction::PostGrant, subject(account), detail).await?)
}

/// Takes a post away and writes the audit line; raise the account's epoch in the same transaction.
pub async fn revoke_post(tx: &Tx, held: &Held, moment: Moment<'_>) -> Result<(), Stop> {
    let post = &held.post;
    if tx.delete::<post::Entity>(Predicate::is(post::Column::Id, post.id)).await? == 0 {
        return Err(rules::account_changed().into());
    }
    let detail = json!({ "department": post.department, "position": post.position });
    Ok(moment.audit(tx, AuditAction::PostRevoke, subject(post.account), detail).await?)
}

async fn insert_post(tx: &Tx, account: AccountId, new: NewPost, moment: Moment<'_>) -> Result<(), Stop> {
    let duty = rules::duty(&new.duty)?;
    let inserted = tx.insert(post::ActiveModel {
        county: Set(tx.viewer().county().clone()),
        id: Set(PostId(moment.key())),
        department: Set(new.department),
        account: Set(account),
        position: Set(new.position),
        duty: Set(duty),
    });
    match inserted.await {
        Err(Fault::Taken) => Err(rules::post_held().into()),
        done => Ok(done?),
    }
}

fn described(post: &NewPost) -> serde_json::Value {
    json!({ "department": post.department, "position": post.position })
}

/// How an account is named in the audit trail.
pub(in crate::access) fn subject(account: AccountId) -> String {
    format!("account:{}", account.0)
}
