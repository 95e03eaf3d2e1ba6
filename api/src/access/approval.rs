//! What a second person must approve (双人核准): asking for it, approving, rejecting and withdrawing it.
//!
//! The password that an approved request leads to has two halves. Whoever asks is shown the first and whoever approves the
//! second, each once; the holder needs both, and changes it at the first sign-in. A post that is granted renews the
//! password too: whoever made the account may know it.

use entity::account_request;
use entity::enums::{AccountRequestKind, AccountRequestStatus, AuditAction, Position};
use entity::id::{AccountId, AccountRequestId, DepartmentId};
use serde_json::json;

use super::manage::{Draft, Outcome, Steward};
use super::store::{self, AccountChange, Decision, Holder, NewPassword, NewPost, NewRequest};
use super::{rules, separation};
use crate::db::{Fault, Tx};
use crate::error::{ApiError, Stop};
use crate::refusal::Refusal;
use crate::scope::system;
use crate::secrets::entropy;
use crate::secrets::password::{Secret, generate_half, join_halves};

/// What is asked for, and about whom.
struct Wish {
    kind: AccountRequestKind,
    department: DepartmentId,
    account: Option<AccountId>,
    login: String,
    display_name: String,
    post: Option<(Position, String)>,
}

impl Wish {
    fn about(kind: AccountRequestKind, holder: &Holder) -> Self {
        Self {
            kind,
            department: holder.account.department,
            account: Some(holder.account.id),
            login: holder.account.login.clone(),
            display_name: holder.account.display_name.clone(),
            post: None,
        }
    }
}

impl Steward<'_> {
    pub(super) async fn ask_to_create(&self, draft: Draft) -> Result<Outcome, Stop> {
        if self.taken(&draft.login).await? {
            return Err(rules::login_taken().into());
        }
        let wish = Wish {
            kind: AccountRequestKind::Create,
            department: draft.post.department,
            account: None,
            login: draft.login,
            display_name: rules::display_name(&draft.display_name)?,
            post: Some((draft.post.position, rules::duty(&draft.post.duty)?)),
        };
        self.ask(wish, "login").await
    }

    pub(super) async fn ask_to_grant(&self, holder: &Holder, post: NewPost) -> Result<Outcome, Stop> {
        let held = holder
            .posts
            .iter()
            .any(|held| held.post.department == post.department && held.post.position == post.position);
        if held {
            return Err(rules::post_held().into());
        }
        let wish = Wish {
            department: post.department,
            post: Some((post.position, rules::duty(&post.duty)?)),
            ..Wish::about(AccountRequestKind::Grant, holder)
        };
        self.ask(wish, "accountId").await
    }

    pub(super) async fn ask_to_reset(&self, holder: &Holder) -> Result<Outcome, Stop> {
        let wish = Wish::about(AccountRequestKind::Reset, holder);
        self.ask(wish, "accountId").await
    }

    async fn ask(&self, wish: Wish, field: &str) -> Result<Outcome, Stop> {
        let request = AccountRequestId(self.moment.key());
        let half = self.moment.app.access.first_half(request);
        let (half, half_key) = half.ok_or_else(|| ApiError::internal("no key of halves"))?;
        let (position, duty) = wish.post.unzip();
        let tx = self.write().await?;
        let new = NewRequest {
            id: request,
            kind: wish.kind,
            department: wish.department,
            account: wish.account,
            login: wish.login,
            display_name: wish.display_name,
            position,
            duty: duty.unwrap_or_default(),
            half_key,
            requester: self.name(&tx).await?,
        };
        store::make_request(&tx, new, field, self.moment).await?;
        tx.commit().await?;
        Ok(Outcome::Asked { request, half })
    }

    /// Does what was asked for, and gives the second half of the password.
    ///
    /// # Errors
    /// NOT_ENTITLED for whoever asked or gets it, WRONG_STAGE when it was decided on or has expired, and what the step
    /// itself may be refused for.
    pub async fn approve(&self, id: AccountRequestId) -> Result<(AccountId, Secret), Stop> {
        let request = self.request(id).await?;
        separation::waits(&request, self.moment.now)?;
        separation::approves(&request, self.mandate, self.viewer.actor())?;
        let first = self.moment.app.access.half_again(id, &request.half_key);
        let first = first.ok_or_else(separation::half_lost)?;
        let second = generate_half(entropy::random());
        let password = self.given(&join_halves(&first, &second)).await?;
        let done = self.carry_out(request, password).await;
        Ok((done.map_err(about_request)?, second))
    }

    async fn carry_out(
        &self,
        request: account_request::Model,
        password: NewPassword,
    ) -> Result<AccountId, Stop> {
        let holder = match request.account {
            Some(account) => Some(self.target(account, "requestId").await?),
            None => None,
        };
        let disabled = holder.as_ref().and_then(|holder| holder.account.disabled_at);
        if disabled.is_some() {
            return Err(rules::account_disabled().into());
        }
        let tx = self.write().await?;
        let approved = Decision {
            status: AccountRequestStatus::Approved,
            reason: String::new(),
            action: AuditAction::AccountRequestApprove,
        };
        store::end_request(&tx, request.id, approved, self.moment).await?;
        let account = match (holder, post_of(&request)) {
            (None, Some(post)) => {
                let login = rules::login_of(self.viewer.county(), &request.login)?;
                let draft = Draft { login, display_name: request.display_name, post };
                store::create_account(&tx, draft.with(password), self.moment).await?
            }
            (Some(mut holder), post) => {
                if let Some(post) = post {
                    holder.account.epoch = self.grant_in(&tx, &holder, post).await?;
                }
                self.renew_password(&tx, &holder, password).await?;
                holder.account.id
            }
            (None, None) => return Err(separation::decided().into()),
        };
        tx.commit().await?;
        Ok(account)
    }

    async fn renew_password(&self, tx: &Tx, holder: &Holder, password: NewPassword) -> Result<(), Stop> {
        let change = AccountChange::Password(password);
        store::change_account(tx, &holder.account, change).await?;
        let whose = store::subject(holder.account.id);
        let reset = AuditAction::PasswordReset;
        Ok(self.moment.audit(tx, reset, whose, json!({})).await?)
    }

    /// Rejects a request, with a reason for whoever asked.
    ///
    /// # Errors
    /// NOT_ENTITLED for a department's head, WRONG_STAGE when it was decided on or has expired, INVALID without a reason.
    pub async fn reject(&self, id: AccountRequestId, reason: &str) -> Result<(), Stop> {
        let reason = separation::reason(reason)?;
        let request = self.request(id).await?;
        separation::decides(self.mandate)?;
        let rejected = Decision {
            status: AccountRequestStatus::Rejected,
            reason,
            action: AuditAction::AccountRequestReject,
        };
        self.end(&request, rejected).await
    }

    /// Withdraws a request of one's own.
    ///
    /// # Errors
    /// NOT_ENTITLED for others, WRONG_STAGE when it was decided on or has expired.
    pub async fn withdraw(&self, id: AccountRequestId) -> Result<(), Stop> {
        let request = self.request(id).await?;
        separation::withdraws(&request, self.viewer.actor())?;
        let withdrawn = Decision {
            status: AccountRequestStatus::Withdrawn,
            reason: String::new(),
            action: AuditAction::AccountRequestWithdraw,
        };
        self.end(&request, withdrawn).await
    }

    async fn end(&self, request: &account_request::Model, how: Decision) -> Result<(), Stop> {
        separation::waits(request, self.moment.now)?;
        let tx = self.write().await?;
        store::end_request(&tx, request.id, how, self.moment).await?;
        Ok(tx.commit().await?)
    }

    async fn request(&self, id: AccountRequestId) -> Result<account_request::Model, Stop> {
        let tx = self.moment.app.db.begin_read(self.viewer).await?;
        let request = store::request(&tx, id).await?;
        Ok(request.ok_or_else(|| Refusal::not_found("requestId"))?)
    }

    /// Whether a login, which begins with the caller's county, belongs to somebody.
    async fn taken(&self, login: &str) -> Result<bool, Stop> {
        let doorkeeper = system::doorkeeper().ok_or_else(|| Fault::Broken("no doorkeeper".to_owned()))?;
        let tx = self.moment.app.db.begin_read(&doorkeeper).await?;
        Ok(store::account_of_login(&tx, login).await?.is_some())
    }

    /// How whoever asks is called in the list.
    async fn name(&self, tx: &Tx) -> Result<String, Stop> {
        let Some(oneself) = self.oneself() else {
            return Ok("操作员".to_owned());
        };
        let holder = store::holder(tx, oneself).await?;
        let holder = holder.ok_or_else(ApiError::unauthenticated)?;
        Ok(holder.account.display_name)
    }
}

fn post_of(request: &account_request::Model) -> Option<NewPost> {
    request.position.map(|position| NewPost {
        department: request.department,
        position,
        duty: request.duty.clone(),
    })
}

/// Refusals of the step are told of the request: its input names nothing else.
fn about_request(stop: Stop) -> Stop {
    match stop {
        Stop::Refused(mut refusals) => {
            for refusal in &mut refusals {
                refusal.field = vec!["requestId".to_owned()];
            }
            Stop::Refused(refusals)
        }
        other => other,
    }
}
