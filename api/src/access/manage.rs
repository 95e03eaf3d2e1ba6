//! Managing accounts and posts (账号管理), for the administrator, a department's head and the command line alike.
//!
//! Whether somebody may touch an account depends on all of its posts, also those that the caller does not see; so the
//! gatekeeper reads it, and the write stands on the epoch that was read.

use chrono::{DateTime, Utc};
use entity::department;
use entity::enums::{AuditAction, Position};
use entity::id::{AccountId, County, DepartmentId, PostId};
use serde_json::json;

use super::password::{Secret, generate};
use super::rules::{self, Mandate};
use super::sign_in::failed;
use super::store::{self, AccountChange, Holder, Moment, NewAccount, NewPost};
use super::viewer::{Credential, Viewer};
use super::{entropy, system};
use crate::app::App;
use crate::db::{Predicate, Tx};
use crate::graphql::error::{ApiError, Refusal, Stop};

/// An account to be made, with its first post.
pub struct Draft {
    /// Name to sign in with. 账号名
    pub login: String,
    /// Name shown to colleagues. 显示名
    pub display_name: String,
    /// First post; its department keeps the account.
    pub post: NewPost,
}

/// An account to be made by the operator, its department named by the plan's code.
#[derive(Clone, Debug)]
pub struct Appointment {
    /// County. 县区
    pub county: County,
    /// Code of the department in the plan. 单位代码
    pub department: String,
    /// Name to sign in with. 账号名
    pub login: String,
    /// Name shown to colleagues. 显示名
    pub display_name: String,
    /// Rank. 职务
    pub position: Position,
    /// What the post does. 职责
    pub duty: String,
}

/// What the operator made: the account, where it is, and its password, shown once.
pub struct Appointed {
    /// The account.
    pub account: AccountId,
    /// Its department.
    pub department: department::Model,
    /// Its first password.
    pub password: Secret,
}

/// Makes an account as the operator: for the command line and the demonstration.
///
/// # Errors
/// NOT_FOUND for a department that the county does not have; otherwise as [`Steward::create`].
pub async fn appoint(app: &App, new: Appointment) -> Result<Appointed, Stop> {
    let Appointment {
        county,
        department,
        login,
        display_name,
        position,
        duty,
    } = new;
    let operator = system::operator(county);
    let tx = app.db.begin_read(&operator).await?;
    let found = store::department_of_code(&tx, &department).await?;
    drop(tx);
    let department = found.ok_or_else(|| Refusal::not_found("department"))?;
    let post = NewPost {
        department: department.id,
        position,
        duty,
    };
    let steward = Steward::new(app, &operator, app.clock.now())?;
    let (account, password) = steward
        .create(Draft {
            login,
            display_name,
            post,
        })
        .await?;
    Ok(Appointed {
        account,
        department,
        password,
    })
}

/// Somebody who manages accounts.
pub struct Steward<'a> {
    viewer: &'a Viewer,
    mandate: Mandate,
    moment: Moment<'a>,
}

impl<'a> Steward<'a> {
    /// The caller, if the rights table lets it.
    ///
    /// # Errors
    /// FORBIDDEN for everyone but administrators, heads and the operator.
    pub fn new(app: &'a App, viewer: &'a Viewer, now: DateTime<Utc>) -> Result<Self, ApiError> {
        let mandate = Mandate::of(viewer).ok_or_else(ApiError::forbidden)?;
        Ok(Self {
            viewer,
            mandate,
            moment: Moment { app, now },
        })
    }

    /// Makes an account with a password that is shown once.
    ///
    /// # Errors
    /// Refusals by field; DUPLICATE for a login that is taken.
    pub async fn create(&self, draft: Draft) -> Result<(AccountId, Secret), Stop> {
        let Draft {
            login,
            display_name,
            post,
        } = draft;
        self.mandate.grants(post.department, post.position)?;
        let (password, password_hash) = self.fresh_password().await?;
        let tx = self.write().await?;
        require_department(&tx, post.department).await?;
        let new = NewAccount {
            login,
            display_name,
            department: post.department,
            password_hash,
            posts: vec![post],
        };
        let id = store::create_account(&tx, new, self.moment).await?;
        tx.commit().await?;
        Ok((id, password))
    }

    /// Disables an account; its sessions and access tokens end at once. Doing it again is no error.
    ///
    /// # Errors
    /// NOT_FOUND outside the mandate, INVALID for oneself.
    pub async fn disable(&self, account: AccountId) -> Result<(), Stop> {
        let holder = self.target(account, "accountId").await?;
        if holder.account.disabled_at.is_some() {
            return Ok(());
        }
        let change = AccountChange::Disable(self.moment.now);
        self.change(&holder, change, AuditAction::AccountDisable)
            .await
    }

    /// Sets a new password that is shown once, and ends every session. `enable` opens a disabled account again.
    ///
    /// # Errors
    /// NOT_FOUND outside the mandate, INVALID for oneself or a disabled account that shall stay so.
    pub async fn reset_password(&self, account: AccountId, enable: bool) -> Result<Secret, Stop> {
        let holder = self.target(account, "accountId").await?;
        if holder.account.disabled_at.is_some() && !enable {
            return Err(rules::account_disabled().into());
        }
        let (password, hash) = self.fresh_password().await?;
        self.change(
            &holder,
            AccountChange::Password(hash),
            AuditAction::PasswordReset,
        )
        .await?;
        Ok(password)
    }

    /// Grants a post. The person signs in anew, so that what was decided under the old posts ends with them.
    ///
    /// # Errors
    /// NOT_FOUND outside the mandate, INVALID for oneself or a rank beyond the mandate, DUPLICATE for a post held.
    pub async fn grant(&self, account: AccountId, post: NewPost) -> Result<(), Stop> {
        self.mandate.grants(post.department, post.position)?;
        let holder = self.target(account, "accountId").await?;
        let mut departments: Vec<DepartmentId> = holder
            .posts
            .iter()
            .map(|held| held.post.department)
            .collect();
        departments.push(post.department);
        let tx = self.write().await?;
        require_department(&tx, post.department).await?;
        store::grant_post(&tx, account, post, self.moment).await?;
        store::change_account(&tx, &holder.account, kept(&holder, &departments)).await?;
        Ok(tx.commit().await?)
    }

    /// Takes a post away; what was opened under it ends at once. Says whose it was.
    ///
    /// # Errors
    /// NOT_FOUND outside the mandate, INVALID for oneself.
    pub async fn revoke(&self, post: PostId) -> Result<AccountId, Stop> {
        let account = self.holder_of(post).await?;
        let holder = self.target(account, "postId").await?;
        let (gone, left): (Vec<_>, Vec<_>) =
            holder.posts.iter().partition(|held| held.post.id == post);
        let gone = gone.first().ok_or_else(|| Refusal::not_found("postId"))?;
        let departments: Vec<DepartmentId> = left.iter().map(|held| held.post.department).collect();
        let tx = self.write().await?;
        store::revoke_post(&tx, gone, self.moment).await?;
        store::change_account(&tx, &holder.account, kept(&holder, &departments)).await?;
        tx.commit().await?;
        Ok(account)
    }

    /// The account with all of its posts, if the mandate covers it.
    async fn target(&self, account: AccountId, field: &str) -> Result<Holder, Stop> {
        let gatekeeper = system::gatekeeper(self.viewer.county().clone());
        let tx = self.moment.app.db.begin_read(&gatekeeper).await?;
        let holder = store::holder(&tx, account)
            .await?
            .ok_or_else(|| Refusal::not_found(field))?;
        self.mandate.covers(&holder, self.oneself(), field)?;
        Ok(holder)
    }

    async fn holder_of(&self, post: PostId) -> Result<AccountId, Stop> {
        let gatekeeper = system::gatekeeper(self.viewer.county().clone());
        let tx = self.moment.app.db.begin_read(&gatekeeper).await?;
        let account = store::holder_of_post(&tx, post).await?;
        Ok(account.ok_or_else(|| Refusal::not_found("postId"))?)
    }

    async fn change(
        &self,
        holder: &Holder,
        change: AccountChange,
        action: AuditAction,
    ) -> Result<(), Stop> {
        let tx = self.write().await?;
        store::change_account(&tx, &holder.account, change).await?;
        self.moment
            .audit(&tx, action, store::subject(holder.account.id), json!({}))
            .await?;
        Ok(tx.commit().await?)
    }

    async fn fresh_password(&self) -> Result<(Secret, String), ApiError> {
        let password = generate(entropy::random());
        let hash = self
            .moment
            .app
            .hasher
            .hash(&password, entropy::random())
            .await
            .map_err(failed)?;
        Ok((password, hash))
    }

    async fn write(&self) -> Result<Tx, ApiError> {
        Ok(self.moment.app.db.begin_write(self.viewer).await?)
    }

    fn oneself(&self) -> Option<AccountId> {
        match self.viewer.credential() {
            Credential::Post { account, .. } => Some(*account),
            Credential::Portal { .. } | Credential::System(_) => None,
        }
    }
}

/// The change that goes with other posts: perhaps another department keeps the account from now on.
fn kept(holder: &Holder, departments: &[DepartmentId]) -> AccountChange {
    match rules::keeper(holder.account.department, departments) {
        same if same == holder.account.department => AccountChange::Access,
        other => AccountChange::Keeper(other),
    }
}

async fn require_department(tx: &Tx, department: DepartmentId) -> Result<(), Stop> {
    let named = Predicate::is(department::Column::Id, department);
    match tx.from::<department::Entity>().filter(named).one().await? {
        Some(_) => Ok(()),
        None => Err(Refusal::not_found("departmentId").into()),
    }
}
