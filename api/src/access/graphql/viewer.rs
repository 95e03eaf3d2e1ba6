//! Who is asking. The fields of the object stand in `schema`: some of them lead to capabilities higher up.

use async_graphql::{Context, Object};
use entity::id::AccountId;
use uuid::Uuid;

use crate::access::store::{self, Held, Holder};
use crate::app::sessions;
use crate::error::ApiError;
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::keyed::Keyed;
use crate::scope::viewer::{Credential, Viewer};

/// The caller: a person in a post, or a portal. 当前用户
pub struct ViewerView {
    viewer: Viewer,
    standing: Standing,
}

/// What stands behind the caller.
enum Standing {
    /// A name, the post in which its holder acts, and all posts where they were read already.
    Person { account: AccountId, name: String, held: Box<Held>, posts: Option<Vec<Held>> },
    /// A portal by its name.
    Portal(String),
}

impl Keyed for ViewerView {
    type Key = Uuid;

    /// The caller, if the key is its own.
    async fn by_key(request: &Request, key: Uuid) -> Result<Option<Self>, ApiError> {
        let view = Self::of_caller(request).await?;
        Ok(view.filter(|view| view.key() == key))
    }
}

impl ViewerView {
    /// Of an account; nothing when it no longer holds the viewer's post.
    #[must_use]
    pub fn of_holder(viewer: Viewer, holder: Holder) -> Option<Self> {
        let held = holder.posts.iter().find(|held| Some(held.post.id) == viewer.post())?;
        let held = Box::new(held.clone());
        let Holder { account, posts } = holder;
        let standing =
            Standing::Person { account: account.id, name: account.display_name, held, posts: Some(posts) };
        Some(Self { viewer, standing })
    }

    /// Of whoever was just let in, without reading anything again.
    fn of_standing(viewer: Viewer, standing: &sessions::Standing) -> Self {
        let sessions::Standing { account, post, department, .. } = standing;
        let held = Box::new(Held { post: post.clone(), department: department.clone() });
        let name = account.display_name.clone();
        Self { viewer, standing: Standing::Person { account: account.id, name, held, posts: None } }
    }

    /// Its key: the post, or of a portal the credential.
    #[must_use]
    pub fn key(&self) -> Uuid {
        self.viewer.post().map_or_else(|| self.viewer.actor(), |post| post.0)
    }

    /// The caller as the kernel knows it.
    #[must_use]
    pub const fn caller(&self) -> &Viewer {
        &self.viewer
    }

    /// The name of the person or of the portal.
    #[must_use]
    pub fn called(&self) -> &str {
        match &self.standing {
            Standing::Person { name, .. } | Standing::Portal(name) => name,
        }
    }

    /// The post in which the session acts; none for a portal.
    #[must_use]
    pub fn held(&self) -> Option<&Held> {
        match &self.standing {
            Standing::Person { held, .. } => Some(held),
            Standing::Portal(_) => None,
        }
    }

    /// Every post of the account; none for a portal.
    pub async fn all_held(&self, request: &Request) -> Result<Vec<Held>, ApiError> {
        Ok(match &self.standing {
            Standing::Person { posts: Some(posts), .. } => posts.clone(),
            Standing::Person { account, .. } => {
                let snapshot = request.read_oneself().await?;
                store::posts_of(&snapshot.tx, &[*account]).await?
            }
            Standing::Portal(_) => Vec::new(),
        })
    }

    /// Of the request's caller; nothing when nobody is signed in.
    pub async fn of_caller(request: &Request) -> Result<Option<Self>, ApiError> {
        let Some(viewer) = &request.caller else {
            return Ok(None);
        };
        if let Some(standing) = &request.standing {
            return Ok(Some(Self::of_standing(viewer.clone(), standing)));
        }
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
