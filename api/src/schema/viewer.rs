//! The fields of the caller: who it is, and what it owes.

use async_graphql::{Context, ID, Object};
use entity::enums::RightsProfile;

use super::agenda::Agenda;
use crate::access::graphql::{Post, Viewer};
use crate::campaign::graphql::Department;
use crate::error::ApiError;
use crate::graphql::context::RequestOf;
use crate::ids::Kind;
use crate::scope::profiles::Operation;

/// The caller: a person in a post, or a portal. 当前用户
#[Object(name = "Viewer")]
impl Viewer {
    /// Opaque global id of the caller in the present post. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::Viewer, self.key()))
    }

    /// Name shown to colleagues, or what the portal is called. 姓名
    async fn name(&self) -> &str {
        self.called()
    }

    /// The post in which the session acts; null for a portal. 当前岗位
    async fn post(&self) -> Option<Post> {
        self.held().cloned().map(Post)
    }

    /// Every post of the account, by department and rank; `sessionSwitch` moves to another. 全部岗位
    async fn posts(&self, ctx: &Context<'_>) -> Result<Vec<Post>, ApiError> {
        let posts = self.all_held(ctx.request()?).await?;
        Ok(posts.into_iter().map(Post).collect())
    }

    /// Department acted for; null for a portal, which stands in none. 单位
    async fn department(&self) -> Option<Department> {
        self.held().map(|held| Department(held.department.clone()))
    }

    /// What decides about the rights: the department's profile, or PORTAL. 权限类别
    async fn profile(&self) -> RightsProfile {
        self.caller().profile().unwrap_or(RightsProfile::Portal)
    }

    /// Whether the password was given out, at the first sign-in or after a reset: until `passwordChange` every other
    /// operation is FORBIDDEN. 须先修改口令
    async fn must_change_password(&self) -> bool {
        self.caller().is_kept_out()
    }

    /// What the caller may call at all, whatever the row; drives menus. 可用操作
    async fn operations(&self) -> Vec<Operation> {
        Operation::ALL.iter().copied().filter(|operation| self.caller().may(*operation)).collect()
    }

    /// What the caller owes today in the present post, over all campaigns of the county that have begun and are not closed;
    /// null for a portal, which owes nothing. A post in another department is another scope: `sessionSwitch` to it and ask
    /// again. `agendaChanged` says when to. 我的待办
    async fn agenda(&self, ctx: &Context<'_>) -> Option<Result<Agenda, ApiError>> {
        self.held()?;
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        Some(Agenda::of(request).await)
    }
}
