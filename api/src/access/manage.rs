//! Managing accounts and posts (账号管理), for the administrator, a department's head and the command line alike. What
//! nobody does alone becomes a request here; `approval` is what becomes of it.
//!
//! Whether somebody may touch an account depends on all of its posts, also those that the caller does not see; so the
//! gatekeeper reads it, and the write stands on the epoch that was read.

use chrono::{DateTime, Utc};
use entity::department;
use entity::enums::{AuditAction, Position, RightsProfile};
use entity::id::{AccountId, AccountRequestId, County, DepartmentId, PostId};
use serde_json::{Value as Json, json};

use super::rules::{self, Mandate};
use super::separation;
use super::sign_in::failed;
use super::store::{self, AccountChange, Holder, Moment, NewAccount, NewPassword, NewPost};
use crate::app::App;
use crate::db::{Fault, Predicate, Tx};
use crate::error::{ApiError, Stop};
use crate::refusal::{Message, Refusal, UserErrorCode, meant, message};
use crate::scope::system;
use crate::scope::viewer::{Credential, Viewer};
use crate::secrets::entropy;
use crate::secrets::password::{Secret, generate};

/// An account to be made, with its first post.
pub struct Draft {
    /// Name to sign in with; begins with the county. 账号名
    pub login: String,
    /// Name shown to colleagues. 显示名
    pub display_name: String,
    /// First post; its department keeps the account.
    pub post: NewPost,
}

impl Draft {
    /// The account with its first password.
    pub(super) fn with(self, password: NewPassword) -> NewAccount {
        NewAccount {
            login: self.login,
            display_name: self.display_name,
            department: self.post.department,
            password,
            posts: vec![self.post],
        }
    }
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

/// What a step about an account came to.
pub enum Outcome {
    /// It is done.
    Done {
        /// The account.
        account: AccountId,
        /// Its new password, shown once; none where it stays.
        password: Option<Secret>,
    },
    /// A second person must approve.
    Asked {
        /// The request.
        request: AccountRequestId,
        /// The first half of the password, shown once; the second goes to whoever approves.
        half: Secret,
    },
}

/// What the operator did: in which department, and what came of it.
pub struct Appointed {
    /// The department.
    pub department: department::Model,
    /// What came of it.
    pub outcome: Outcome,
}

/// Makes an account as the operator, for the command line; the county's very first administrator without a second person.
///
/// # Errors
/// NOT_FOUND for a department that the county does not have; otherwise as [`Steward::create`].
pub async fn appoint(app: &App, new: Appointment) -> Result<Appointed, Stop> {
    let Appointment { county, department, login, display_name, position, duty } = new;
    let operator = system::operator(county);
    let tx = app.db.begin_read(&operator).await?;
    let Some(department) = store::department_of_code(&tx, &department).await? else {
        return Err(no_department(&tx, &department).await?.into());
    };
    drop(tx);
    let post = NewPost { department: department.id, position, duty };
    let steward = Steward::new(app, &operator, app.clock.now())?;
    let draft = Draft { login, display_name, post };
    Ok(Appointed { outcome: steward.create(draft).await?, department })
}

async fn no_department(tx: &Tx, code: &str) -> Result<Refusal, Fault> {
    let known = tx.from::<department::Entity>().all().await?;
    let codes = known.iter().map(|department| department.code.as_str());
    let absent = message!("该县没有代码为 {code} 的单位", "this county has no department {code}");
    let Message { zh, en } = absent.and(&meant(code, codes));
    Ok(Refusal::of(UserErrorCode::NotFound, "department", zh, en))
}

/// Somebody who manages accounts.
pub struct Steward<'a> {
    pub(super) viewer: &'a Viewer,
    pub(super) mandate: Mandate,
    pub(super) moment: Moment<'a>,
}

impl<'a> Steward<'a> {
    /// The caller, if the rights table lets it.
    ///
    /// # Errors
    /// FORBIDDEN for everyone but administrators, heads and the operator.
    pub fn new(app: &'a App, viewer: &'a Viewer, now: DateTime<Utc>) -> Result<Self, ApiError> {
        let mandate = Mandate::of(viewer).ok_or_else(ApiError::forbidden)?;
        Ok(Self { viewer, mandate, moment: Moment { app, now } })
    }

    /// Makes an account with a password that holds once, or asks for it.
    ///
    /// # Errors
    /// Refusals by field; INVALID for a login of no county or of another, DUPLICATE for one that is taken.
    pub async fn create(&self, draft: Draft) -> Result<Outcome, Stop> {
        let NewPost { department, position, .. } = draft.post;
        self.mandate.grants(department, position)?;
        let profile = self.profile_of(department).await?;
        let draft = Draft { login: rules::login_of(self.viewer.county(), &draft.login)?, ..draft };
        if separation::needs_two(profile, position) && !self.acts_alone(None).await? {
            return self.ask_to_create(draft).await;
        }
        let password = generate(entropy::random());
        let given = self.given(&password).await?;
        let tx = self.write().await?;
        let account = store::create_account(&tx, draft.with(given), self.moment).await?;
        tx.commit().await?;
        let password = Some(password);
        Ok(Outcome::Done { account, password })
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
        self.change(&holder, change, (AuditAction::AccountDisable, json!({}))).await
    }

    /// Opens a disabled account again, with its password as it was. Doing it again is no error.
    ///
    /// # Errors
    /// NOT_FOUND outside the mandate, INVALID for oneself or without a reason.
    pub async fn enable(&self, account: AccountId, reason: &str) -> Result<(), Stop> {
        let reason = separation::reason(reason)?;
        let holder = self.target(account, "accountId").await?;
        if holder.account.disabled_at.is_none() {
            return Ok(());
        }
        let line = (AuditAction::AccountEnable, json!({ "reason": reason }));
        self.change(&holder, AccountChange::Enable, line).await
    }

    /// Sets a new password that holds once and ends every session, or asks for it.
    ///
    /// # Errors
    /// NOT_FOUND outside the mandate, INVALID for oneself, WRONG_STAGE for a disabled account.
    pub async fn reset_password(&self, account: AccountId) -> Result<Outcome, Stop> {
        let holder = self.target(account, "accountId").await?;
        if holder.account.disabled_at.is_some() {
            return Err(rules::account_disabled().into());
        }
        if separation::holds_such(&holder) && !self.acts_alone(Some(account)).await? {
            return self.ask_to_reset(&holder).await;
        }
        let password = generate(entropy::random());
        let change = AccountChange::Password(self.given(&password).await?);
        self.change(&holder, change, (AuditAction::PasswordReset, json!({}))).await?;
        let password = Some(password);
        Ok(Outcome::Done { account, password })
    }

    /// Grants a post, or asks for it. The person signs in anew, so that what was decided under the old posts ends with
    /// them.
    ///
    /// # Errors
    /// NOT_FOUND outside the mandate, INVALID for oneself or a rank beyond the mandate, DUPLICATE for a post held.
    pub async fn grant(&self, account: AccountId, post: NewPost) -> Result<Outcome, Stop> {
        self.mandate.grants(post.department, post.position)?;
        let holder = self.target(account, "accountId").await?;
        let profile = self.profile_of(post.department).await?;
        let alone = !separation::needs_two(profile, post.position);
        if !alone && !self.acts_alone(Some(account)).await? {
            return self.ask_to_grant(&holder, post).await;
        }
        let tx = self.write().await?;
        self.grant_in(&tx, &holder, post).await?;
        tx.commit().await?;
        let password = None;
        Ok(Outcome::Done { account, password })
    }

    /// Grants a post in a transaction; gives the account's epoch from then on.
    pub(super) async fn grant_in(&self, tx: &Tx, holder: &Holder, post: NewPost) -> Result<i32, Stop> {
        let held = holder.posts.iter().map(|held| held.post.department);
        let departments: Vec<DepartmentId> = held.chain([post.department]).collect();
        store::grant_post(tx, holder.account.id, post, self.moment).await?;
        store::change_account(tx, &holder.account, kept(holder, &departments)).await
    }

    /// Takes a post away; what was opened under it ends at once. Says whose it was.
    ///
    /// # Errors
    /// NOT_FOUND outside the mandate, INVALID for oneself.
    pub async fn revoke(&self, post: PostId) -> Result<AccountId, Stop> {
        let account = self.holder_of(post).await?;
        let holder = self.target(account, "postId").await?;
        let (gone, left): (Vec<_>, Vec<_>) = holder.posts.iter().partition(|held| held.post.id == post);
        let gone = gone.first().ok_or_else(|| Refusal::not_found("postId"))?;
        let departments: Vec<DepartmentId> = left.iter().map(|held| held.post.department).collect();
        let tx = self.write().await?;
        store::revoke_post(&tx, gone, self.moment).await?;
        store::change_account(&tx, &holder.account, kept(&holder, &departments)).await?;
        tx.commit().await?;
        Ok(account)
    }

    /// The account with all of its posts, if the mandate covers it.
    pub(super) async fn target(&self, account: AccountId, field: &str) -> Result<Holder, Stop> {
        let gatekeeper = system::gatekeeper(self.viewer.county().clone());
        let tx = self.moment.app.db.begin_read(&gatekeeper).await?;
        let holder = store::holder(&tx, account).await?.ok_or_else(|| Refusal::not_found(field))?;
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
        (action, detail): (AuditAction, Json),
    ) -> Result<(), Stop> {
        let tx = self.write().await?;
        store::change_account(&tx, &holder.account, change).await?;
        self.moment.audit(&tx, action, store::subject(holder.account.id), detail).await?;
        Ok(tx.commit().await?)
    }

    /// A password as it is written down for somebody else.
    pub(super) async fn given(&self, password: &Secret) -> Result<NewPassword, ApiError> {
        let hasher = &self.moment.app.hasher;
        let hash = hasher.hash(password, entropy::random()).await;
        Ok(NewPassword::given(hash.map_err(failed)?))
    }

    /// The profile of a department that the caller sees.
    async fn profile_of(&self, department: DepartmentId) -> Result<RightsProfile, Stop> {
        let tx = self.moment.app.db.begin_read(self.viewer).await?;
        let named = Predicate::is(department::Column::Id, department);
        let found = tx.from::<department::Entity>().filter(named).one().await?;
        let found = found.ok_or_else(|| Refusal::not_found("departmentId"))?;
        Ok(found.profile)
    }

    /// Whether nobody could approve what the operator does: a county without another administrator than the account's
    /// holder. So a county gets its first one, and a lost password of its only one is no end.
    async fn acts_alone(&self, holder: Option<AccountId>) -> Result<bool, Stop> {
        if !matches!(self.viewer.credential(), Credential::System(_)) {
            return Ok(false);
        }
        let tx = self.moment.app.db.begin_read(self.viewer).await?;
        let administrators = store::administrators(&tx).await?;
        Ok(administrators.into_iter().all(|one| Some(one) == holder))
    }

    pub(super) async fn write(&self) -> Result<Tx, ApiError> {
        Ok(self.moment.app.db.begin_write(self.viewer).await?)
    }

    pub(super) fn oneself(&self) -> Option<AccountId> {
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
