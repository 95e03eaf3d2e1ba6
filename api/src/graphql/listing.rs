//! One shape for every list: a table in an order, a filter, pages in both directions, and how many match.

use async_graphql::{Context, ID};
use entity::campaign;
use entity::id::CampaignId;
use sea_orm::{ColumnTrait, EntityTrait};
use uuid::Uuid;

use super::connection::{Cursors, PageArgs, PageInfo, Position};
use super::context::{Request, RequestOf};
use crate::db::{Direction, Predicate, Scoped};
use crate::error::ApiError;
use crate::ids::Kind;
use crate::snapshot::loaders::ById;

/// How a table is listed, and where a row stands in that order.
pub enum Order<E: EntityTrait> {
    /// By an instant and then by key.
    ByTime {
        /// Instant first, key last.
        keys: [E::Column; 2],
        /// A row's place.
        place: fn(&E::Model) -> Position,
        /// Which way the list runs.
        direction: Direction,
    },
    /// Ascending by a text that no two rows of the list share.
    ByCode {
        /// Its column.
        key: E::Column,
        /// The text of a row.
        code: fn(&E::Model) -> &str,
    },
}

impl<E: EntityTrait> Order<E> {
    /// The latest first.
    pub fn latest_first(keys: [E::Column; 2], place: fn(&E::Model) -> Position) -> Self {
        Self::ByTime { keys, place, direction: Direction::Descending }
    }

    /// The oldest first.
    pub fn oldest_first(keys: [E::Column; 2], place: fn(&E::Model) -> Position) -> Self {
        Self::ByTime { keys, place, direction: Direction::Ascending }
    }

    /// By a text that no two rows of the list share.
    pub fn by_code(key: E::Column, code: fn(&E::Model) -> &str) -> Self {
        Self::ByCode { key, code }
    }
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
    /// Reads the page asked for of the rows in scope that match. `name` is the list's; a cursor of another one is refused.
    pub async fn read(
        request: &Request,
        name: &str,
        filter: Predicate<E::Column>,
        order: &Order<E>,
        args: &PageArgs,
    ) -> Result<Self, ApiError> {
        let cursors = Cursors::new(request, &format!("{name}|{filter:?}"))?;
        let (wanted, keys) = match order {
            Order::ByTime { keys, direction, .. } => (cursors.page(args, *direction)?, &keys[..]),
            Order::ByCode { key, .. } => (cursors.page_by_code(args)?, std::slice::from_ref(key)),
        };
        let snapshot = request.read().await?;
        let page = snapshot.tx.from::<E>().filter(filter.clone()).page(keys, &wanted).await?;
        request.size.take_rows(&page.rows)?;
        let cursor = |row| match order {
            Order::ByTime { place, .. } => cursors.encode(place(row)),
            Order::ByCode { code, .. } => cursors.encode_code(code(row)),
        };
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

/// The key behind an id that an argument names. Whatever is not there, or not in the caller's scope, is refused with the
/// argument's name; values of a filter's lists that are nothing match nothing instead.
pub(crate) async fn known<E>(
    request: &Request,
    kind: Kind,
    id: &ID,
    argument: &str,
) -> Result<E::Id, ApiError>
where
    E: ById<Id: From<Uuid>>,
{
    let snapshot = request.read().await?;
    let key = request.key::<E::Id>(kind, id).ok_or_else(|| ApiError::unknown(argument))?;
    let this = Predicate::is(E::id_column(), key);
    match snapshot.tx.from::<E>().filter(this).count().await? {
        0 => Err(ApiError::unknown(argument)),
        _ => Ok(key),
    }
}

/// The key of the campaign that `campaignId` names.
pub(crate) async fn known_campaign(request: &Request, id: &ID) -> Result<CampaignId, ApiError> {
    known::<campaign::Entity>(request, Kind::Campaign, id, "campaignId").await
}

/// The rows of the campaign that `campaignId` names, or of all.
pub(crate) async fn of_campaign<C: ColumnTrait>(
    request: &Request,
    column: C,
    id: Option<&ID>,
) -> Result<Vec<Predicate<C>>, ApiError> {
    let Some(id) = id else { return Ok(Vec::new()) };
    Ok(vec![Predicate::is(column, known_campaign(request, id).await?)])
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
