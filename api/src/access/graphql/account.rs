//! Accounts and posts.

use async_graphql::{Context, ID, Object};
use entity::enums::{AuditAction, Position};
use entity::id::{AccountId, PostId};

use crate::access::store::{self, Held, Holder};
use crate::campaign::graphql::Department;
use crate::error::ApiError;
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::keyed::Keyed;
use crate::graphql::scalars::DateTime;
use crate::ids::Kind;

/// A person's place in a department; a session acts in one. 岗位
#[derive(Clone, Debug)]
pub struct Post(pub Held);

impl Keyed for Post {
    type Key = PostId;

    async fn by_key(request: &Request, id: PostId) -> Result<Option<Self>, ApiError> {
        let snapshot = request.read().await?;
        let Some(account) = store::holder_of_post(&snapshot.tx, id).await? else {
            return Ok(None);
        };
        let holder = store::holder(&snapshot.tx, account).await?;
        let posts = holder.into_iter().flat_map(|holder| holder.posts);
        Ok(posts.into_iter().find(|held| held.post.id == id).map(Self))
    }
}

/// A person's place in a department; a session acts in one. 岗位
#[Object]
impl Post {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::Post, self.0.post.id))
    }

    /// Department that the post is in. 单位
    async fn department(&self) -> Department {
        Department(self.0.department.clone())
    }

    /// Rank in the department. 职务
    async fn position(&self) -> Position {
        self.0.post.position
    }

    /// What the post does, as the plan or whoever granted it says; may be empty. 职责
    async fn duty(&self) -> &str {
        &self.0.post.duty
    }
}

/// A person's account, as whoever manages it sees it. 账号
#[derive(Clone, Debug)]
pub struct Account(pub Holder);

impl Keyed for Account {
    type Key = AccountId;

    async fn by_key(request: &Request, id: AccountId) -> Result<Option<Self>, ApiError> {
        let snapshot = request.read().await?;
        let holder = store::holder(&snapshot.tx, id).await?;
        if holder.is_some() {
            let reads = &request.reads;
            reads.saw(AuditAction::AccountRead, store::subject(id));
        }
        Ok(holder.map(Self))
    }
}

/// A person's account, as whoever manages it sees it. 账号
#[Object]
impl Account {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::Account, self.0.account.id))
    }

    /// Name to sign in with. 账号名
    async fn login(&self) -> &str {
        &self.0.account.login
    }

    /// Name shown to colleagues. 显示名
    async fn display_name(&self) -> &str {
        &self.0.account.display_name
    }

    /// Whether it has been disabled, so that nobody signs in with it. 已停用
    async fn is_disabled(&self) -> bool {
        self.0.account.disabled_at.is_some()
    }

    /// Whether somebody who could not sign in said that its password was forgotten; no longer once it was set anew, its holder
    /// signed in, or that was turned down. 是否忘记口令
    async fn is_password_forgotten(&self) -> bool {
        self.0.account.forgot_at.is_some()
    }

    /// When it was made. 建立时间
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.account.created_at)
    }

    /// Its posts within the caller's scope, by department and rank; a few at most. 岗位
    async fn posts(&self) -> Vec<Post> {
        self.0.posts.iter().cloned().map(Post).collect()
    }
}
