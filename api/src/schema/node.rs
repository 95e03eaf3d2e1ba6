//! `node` and `nodes`: any object by its global id, in the caller's scope.

use async_graphql::{Context, ID, Interface, Object};
use uuid::Uuid;

use crate::error::ApiError;
use crate::graphql::connection::MAX_PAGE;
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::keyed::Keyed as _;
use crate::ids::Kind;

macro_rules! nodes {
    ($($capability:ident {
        queries: $($_query:ident),*;
        mutations: $($_mutation:ident),*;
        nodes: $($node:ident),*;
        exports: $($_export:ident),*;
        agenda: $($_source:ident),*;
    })*) => {
        /// Anything with a global id. 可按全局编号取回的对象
        #[derive(Interface)]
        #[graphql(field(name = "id", ty = "ID", desc = "Opaque global id, stable, never a database key. 全局编号"))]
        pub enum Node {
            $($(#[doc = stringify!($node)] $node(crate::$capability::graphql::$node),)*)*
        }

        /// The object of a kind with this key, if the caller sees it.
        pub(super) async fn of_kind(request: &Request, kind: Kind, key: Uuid) -> Result<Option<Node>, ApiError> {
            Ok(match kind {
                $($(Kind::$node => {
                    crate::$capability::graphql::$node::by_key(request, key.into()).await?.map(Node::$node)
                })*)*
            })
        }
    };
}

capabilities!(nodes);

/// Objects by id.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// One object by its global id; null when it is absent or out of scope: the two look the same. 按编号取对象
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which object. 全局编号")] id: ID,
    ) -> Option<Result<Node, ApiError>> {
        find(ctx, &id).await.transpose()
    }

    /// Objects by their global ids, in that order, at most 100; null in the place of what is absent or out of scope.
    /// 批量取对象
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which objects, at most 100. 全局编号")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>, ApiError> {
        if ids.len() as u64 > MAX_PAGE {
            return Err(ApiError::bad_input("ids 最多 100 个", "ids takes at most 100"));
        }
        // All at once, so that the loaders batch them.
        let found = ids.iter().map(|id| find(ctx, id));
        futures::future::join_all(found).await.into_iter().collect()
    }
}

async fn find(ctx: &Context<'_>, id: &ID) -> Result<Option<Node>, ApiError> {
    let request: &Request = ctx.request()?;
    request.viewer()?;
    match request.app.ids.decode(&id.0) {
        Some((kind, key)) => of_kind(request, kind, key).await,
        None => Ok(None),
    }
}
