//! Pages of rows that are ordered by when they were entered, last first.

/// A connection over a node that wraps a row: its page, its cursors, and what it counts when it is asked to.
macro_rules! connection {
    (
        $(#[$doc:meta])* $connection:ident, $(#[$edge_doc:meta])* $edge:ident,
        $node:ident, $model:ty, $at:ident, $filter:ty, $count:path
    ) => {
        $(#[$doc])*
        pub struct $connection {
            filter: $filter,
            page: crate::db::Page<$model>,
            cursors: Vec<String>,
        }

        impl $connection {
            /// A page with the cursors of its rows.
            pub(crate) fn new(
                filter: $filter,
                page: crate::db::Page<$model>,
                cursors: &crate::graphql::connection::Cursors<'_>,
            ) -> Self {
                let cursor = |row: &$model| cursors.encode((row.$at, row.id.0));
                Self { cursors: page.rows.iter().map(cursor).collect(), filter, page }
            }
        }

        $(#[$doc])*
        #[async_graphql::Object]
        impl $connection {
            /// How many match in the caller's scope, whatever the page; counted only when asked for. 总数
            async fn total_count(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> Result<u64, crate::error::ApiError> {
                use crate::graphql::context::RequestOf as _;
                let snapshot = ctx.request()?.read().await?;
                Ok($count(&snapshot.tx, &self.filter).await?)
            }

            /// The items of the page. 本页条目
            async fn nodes(&self) -> Vec<$node> {
                self.page.rows.iter().cloned().map($node).collect()
            }

            /// The items of the page with their cursors. 本页条目及游标
            async fn edges(&self) -> Vec<$edge> {
                let rows = self.page.rows.iter().zip(&self.cursors);
                rows.map(|(row, cursor)| $edge { cursor: cursor.clone(), node: $node(row.clone()) }).collect()
            }

            /// Where the page lies. 分页信息
            async fn page_info(&self) -> crate::graphql::connection::PageInfo {
                crate::graphql::connection::PageInfo {
                    has_next_page: self.page.has_next,
                    has_previous_page: self.page.has_previous,
                    start_cursor: self.cursors.first().cloned(),
                    end_cursor: self.cursors.last().cloned(),
                }
            }
        }

        $(#[$edge_doc])*
        #[derive(Clone, Debug, async_graphql::SimpleObject)]
        pub struct $edge {
            /// Its place in this order and filter. 游标
            pub cursor: String,
            /// The item itself. 条目
            pub node: $node,
        }
    };
}

pub(crate) use connection;
