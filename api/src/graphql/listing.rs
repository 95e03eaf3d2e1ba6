//! Connections over one table in the order of an instant and a key, without a word repeated for each.

use async_graphql::{Context, ID};
use entity::id::CampaignId;
use sea_orm::{ColumnTrait, EntityTrait};
use uuid::Uuid;

use super::connection::{Cursors, PageArgs, PageInfo, Position};
use super::context::{Request, RequestOf};
use crate::db::{Direction, Predicate, Scoped};
use crate::error::ApiError;
use crate::ids::Kind;

/// How a table is listed: the columns of the instant and of the key, and a row's place by them.
pub struct Ordered<E: EntityTrait> {
    /// Instant first, key last.
    pub keys: [E::Column; 2],
    /// A row's place.
    pub position: fn(&E::Model) -> Position,
    /// Which way the list runs.
    pub direction: Direction,
}

/// A page of rows, or of what they name, with what a connection tells of it.
pub struct Listed<E: Scoped, N> {
    /// What stands on the page.
    pub nodes: Vec<N>,
    /// The cursor of each.
    pub cursors: Vec<String>,
    filter: Predicate<E::Column>,
    has_next: bool,
    has_previous: bool,
}

impl<E: Scoped> Listed<E, E::Model> {
    /// Reads the page asked for of the rows in scope that match.
    pub async fn read(
        request: &Request,
        name: &str,
        filter: Predicate<E::Column>,
        order: &Ordered<E>,
        args: &PageArgs,
    ) -> Result<Self, ApiError> {
        let snapshot = request.read().await?;
        let cursors = Cursors::new(request, &format!("{name}|{filter:?}"))?;
        let page = cursors.page(args, order.direction)?;
        let rows = snapshot.tx.from::<E>().filter(filter.clone());
        let page = rows.page(&order.keys, &page).await?;
        request.size.take_rows(&page.rows)?;
        let cursor = |row| cursors.encode((order.position)(row));
        Ok(Self {
            cursors: page.rows.iter().map(cursor).collect(),
            nodes: page.rows,
            filter,
            has_next: page.has_next,
            has_previous: page.has_previous,
        })
    }
}

impl<E: Scoped, N> Listed<E, N> {
    /// The same page with something else in the place of each row; rows without it are left out.
    pub fn map<M>(self, mut node: impl FnMut(N) -> Option<M>) -> Listed<E, M> {
        let (nodes, cursors) = self
            .nodes
            .into_iter()
            .zip(self.cursors)
            .filter_map(|(row, cursor)| Some((node(row)?, cursor)))
            .unzip();
        Listed {
            nodes,
            cursors,
            filter: self.filter,
            has_next: self.has_next,
            has_previous: self.has_previous,
        }
    }

    /// How many rows match, whatever the page.
    pub async fn total(&self, ctx: &Context<'_>) -> Result<u64, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        let rows = snapshot.tx.from::<E>().filter(self.filter.clone());
        Ok(rows.count().await?)
    }

    /// Where the page lies.
    pub fn info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.has_next,
            has_previous_page: self.has_previous,
            start_cursor: self.cursors.first().cloned(),
            end_cursor: self.cursors.last().cloned(),
        }
    }
}

/// A campaign as a filter; an id of another kind matches nothing.
pub(crate) fn of_campaign<C: ColumnTrait>(
    request: &Request,
    column: C,
    id: Option<&ID>,
) -> Vec<Predicate<C>> {
    let nowhere = CampaignId(Uuid::nil());
    let campaign = |id: &ID| request.key(Kind::Campaign, id).unwrap_or(nowhere);
    id.map(|id| Predicate::is(column, campaign(id))).into_iter().collect()
}

/// A connection type and its edge over [`Listed`].
macro_rules! connection {
    ($(#[$doc:meta])* $connection:ident, $edge:ident: $table:ident as $node:ident($model:ty)) => {
        $(#[$doc])*
        pub struct $connection(pub $crate::graphql::listing::Listed<entity::$table::Entity, $model>);

        /// One of a list, with its cursor. 列表项
        pub struct $edge {
            cursor: String,
            node: $node,
        }

        $(#[$doc])*
        #[async_graphql::Object]
        impl $connection {
            /// How many match in the caller's scope, whatever the page; counted only when asked for. 总数
            async fn total_count(&self, ctx: &async_graphql::Context<'_>) -> Result<u64, $crate::error::ApiError> {
                self.0.total(ctx).await
            }

            /// What stands on the page. 本页各项
            async fn nodes(&self) -> Vec<$node> {
                self.0.nodes.iter().cloned().map($node).collect()
            }

            /// The same with cursors. 本页各项及游标
            async fn edges(&self) -> Vec<$edge> {
                let edge = |(row, cursor): (&$model, &String)| $edge {
                    cursor: cursor.clone(),
                    node: $node(row.clone()),
                };
                self.0.nodes.iter().zip(&self.0.cursors).map(edge).collect()
            }

            /// Where the page lies. 分页信息
            async fn page_info(&self) -> $crate::graphql::connection::PageInfo {
                self.0.info()
            }
        }

        /// One of a list, with its cursor. 列表项
        #[async_graphql::Object]
        impl $edge {
            /// Its place in this order and filter. 游标
            async fn cursor(&self) -> &str {
                &self.cursor
            }

            /// The thing itself. 内容
            async fn node(&self) -> &$node {
                &self.node
            }
        }
    };
}
pub(crate) use connection;
