//! Who is asking.

use async_graphql::{Context, ID, Object};
use entity::enums::RightsProfile;
use uuid::Uuid;

use super::account::Post;
use crate::access::store::{self, Held, Holder};
use crate::campaign::graphql::Department;
use crate::error::ApiError;
use crate::graphql::context::{Request, RequestOf};
use crate::ids::Kind;
use crate::scope::profiles::Operation;
use crate::scope::viewer::{Credential, Viewer};

/// The caller: a person in a post, or a portal. 当前用户
pub struct ViewerView {
    viewer: Viewer,
    standing: Standing,
}

/// What stands behind the caller.
enum Standing {
    /// An account and the post that it acts in.
    Person { holder: Box<Holder>, held: Box<Held> },
    /// A portal by its name.
    Portal(String),
}

impl ViewerView {
    /// Of an account; nothing when it no longer holds the viewer's post.
    #[must_use]
    pub fn of_holder(viewer: Viewer, holder: Holder) -> Option<Self> {
        let held = holder.posts.iter().find(|held| Some(held.post.id) == viewer.post())?.clone();
        Some(Self { viewer, standing: Standing::Person { holder: Box::new(holder), held: Box::new(held) } })
    }

    /// The caller, if the key of a `Viewer` id is its own.
    pub async fn by_key(ctx: &Context<'_>, key: Uuid) -> Result<Option<Self>, ApiError> {
        let view = Self::of_caller(ctx.request()?).await?;
        Ok(view.filter(|view| view.key() == key))
    }

    fn key(&self) -> Uuid {
        self.viewer.post().map_or_else(|| self.viewer.actor(), |post| post.0)
    }

    /// Of the request's caller; nothing when nobody is signed in.
    pub async fn of_caller(request: &Request) -> Result<Option<Self>, ApiError> {
        let Some(viewer) = &request.caller else {
            return Ok(None);
        };
        let snapshot = request.read_oneself().await?;
        match viewer.credential() {
            Credential::Post { account, .. } => {
                let holder = store::holder(&snapshot.tx, *account).await?;
                Ok(holder.and_then(|holder| Self::of_holder(viewer.clone(), holder)))
            }
            Credential::Portal { client, .. } => {
                let found = store::client(&snapshot.tx, *client).await?;
                let named = |(row, _): (entity::portal_client::Model, _)| Standing::Portal(row.name);
                Ok(found.map(named).map(|standing| Self { viewer: viewer.clone(), standing }))
            }
            Credential::System(_) => Ok(None),
        }
    }
}

/// The caller: a person in a post, or a portal. 当前用户
#[Object(name = "Viewer")]
impl ViewerView {
    /// Opaque global id of the caller in the present post. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::Viewer, self.key()))
    }

    /// Name shown to colleagues, or what the portal is called. 姓名
    async fn name(&self) -> &str {
        match &self.standing {
            Standing::Person { holder, .. } => &holder.account.display_name,
            Standing::Portal(name) => name,
        }
    }

    /// The post in which the session acts; null for a portal. 当前岗位
    async fn post(&self) -> Option<Post> {
        match &self.standing {
            Standing::Person { held, .. } => Some(Post(Held::clone(held))),
            Standing::Portal(_) => None,
        }
    }

    /// Every post of the account, by department and rank; `sessionSwitch` moves to another. 全部岗位
    async fn posts(&self) -> Vec<Post> {
        match &self.standing {
            Standing::Person { holder, .. } => holder.posts.iter().cloned().map(Post).collect(),
            Standing::Portal(_) => Vec::new(),
        }
    }

    /// Department acted for; null for a portal, which stands in none. 单位
    async fn department(&self) -> Option<Department> {
        match &self.standing {
            Standing::Person { held, .. } => Some(Department(held.department.clone())),
            Standing::Portal(_) => None,
        }
    }

    /// What decides about the rights: the department's profile, or PORTAL. 权限类别
    async fn profile(&self) -> RightsProfile {
        self.viewer.profile().unwrap_or(RightsProfile::Portal)
    }

    /// Whether the password was given out, at the first sign-in or after a reset: until `passwordChange` every other
    /// operation is FORBIDDEN. 须先修改口令
    async fn must_change_password(&self) -> bool {
        self.viewer.is_kept_out()
    }

    /// What the caller may call at all, whatever the row; drives menus. 可用操作
    async fn operations(&self) -> Vec<Operation> {
        Operation::ALL.iter().copied().filter(|operation| self.viewer.may(*operation)).collect()
    }
}

/// The caller itself.
#[derive(Default)]
pub struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// The caller; null when not signed in. 当前用户
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Result<ViewerView, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        ViewerView::of_caller(request).await.transpose()
    }
}
