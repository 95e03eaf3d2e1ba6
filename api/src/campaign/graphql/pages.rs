//! Pages of the two directories that grow past a list: departments and villages, by code.

use async_graphql::{Context, Object, SimpleObject};
use entity::{department, village};

use super::directory::{Department, Village};
use crate::campaign::store::{self, Coded};
use crate::db::{Page, Predicate};
use crate::error::ApiError;
use crate::graphql::connection::{Cursors, PageArgs, PageInfo};
use crate::graphql::context::RequestOf;

/// A page by code, and the filter that it was cut from.
pub(super) struct CodePage<E: Coded> {
    page: Page<E::Model>,
    cursors: Vec<String>,
    filter: Predicate<E::Column>,
}

impl<E: Coded<Model: Clone>> CodePage<E> {
    /// `binding` names list and filter, so that a cursor of another list is refused.
    pub(super) async fn read(
        ctx: &Context<'_>,
        binding: &str,
        filter: Predicate<E::Column>,
        args: PageArgs,
    ) -> Result<Self, ApiError> {
        let request = ctx.request()?;
        let cursors = Cursors::new(request, binding)?;
        let wanted = cursors.page_by_code(&args)?;
        let snapshot = request.read().await?;
        let page = store::page_by_code::<E>(&snapshot.tx, filter.clone(), &wanted).await?;
        let cursors = page.rows.iter().map(|row| cursors.encode_code(E::code_of(row))).collect();
        Ok(Self { page, cursors, filter })
    }

    async fn total(&self, ctx: &Context<'_>) -> Result<i32, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        let total = snapshot.tx.from::<E>().filter(self.filter.clone()).count().await?;
        Ok(i32::try_from(total).unwrap_or(i32::MAX))
    }

    fn info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.page.has_next,
            has_previous_page: self.page.has_previous,
            start_cursor: self.cursors.first().cloned(),
            end_cursor: self.cursors.last().cloned(),
        }
    }

    fn edges<'a, T: 'a>(&'a self, edge: impl Fn(String, E::Model) -> T + 'a) -> impl Iterator<Item = T> + 'a {
        let rows = self.page.rows.iter().cloned();
        self.cursors.iter().cloned().zip(rows).map(move |(cursor, row)| edge(cursor, row))
    }
}

macro_rules! connection {
    ($(#[$doc:meta])* $connection:ident, $(#[$edge_doc:meta])* $edge:ident, $node:ident, $entity:ty) => {
        $(#[$doc])*
        pub struct $connection(pub(super) CodePage<$entity>);

        $(#[$doc])*
        #[Object]
        impl $connection {
            /// Items with their cursors. 条目与游标
            async fn edges(&self) -> Vec<$edge> {
                self.0.edges(|cursor, row| $edge { cursor, node: $node(row) }).collect()
            }

            /// Items, in the order of their codes. 条目
            async fn nodes(&self) -> Vec<$node> {
                self.0.page.rows.iter().cloned().map($node).collect()
            }

            /// Where the page lies. 分页信息
            async fn page_info(&self) -> PageInfo {
                self.0.info()
            }

            /// Items on all pages; counted only when asked for. 总数
            async fn total_count(&self, ctx: &Context<'_>) -> Result<i32, ApiError> {
                self.0.total(ctx).await
            }
        }

        $(#[$edge_doc])*
        #[derive(Clone, Debug, SimpleObject)]
        pub struct $edge {
            /// Where it stands; for `after` and `before`. 游标
            pub cursor: String,
            /// The item itself. 条目
            pub node: $node,
        }
    };
}

connection! {
    /// Page of departments. 单位分页
    DepartmentConnection,
    /// A department with its cursor. 单位与游标
    DepartmentEdge, Department, department::Entity
}

connection! {
    /// Page of villages and communities. 村、社区分页
    VillageConnection,
    /// A village or community with its cursor. 村、社区与游标
    VillageEdge, Village, village::Entity
}
