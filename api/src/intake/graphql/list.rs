//! Pages of suggestions, and where the text that was looked for stands in them.

use async_graphql::{Context, Enum, Object, SimpleObject};
use entity::submission;

use super::submission::Submission;
use super::words::Words;
use crate::db::{Needle, Page};
use crate::error::ApiError;
use crate::graphql::connection::{Cursors, PageInfo};
use crate::graphql::context::RequestOf;
use crate::shares::filter::Filter;
use crate::shares::find::{self, Order};

/// A page of suggestions. 意见建议分页
pub struct SubmissionConnection {
    filter: Filter,
    nodes: Vec<Submission>,
    has_next: bool,
    has_previous: bool,
    cursors: Vec<String>,
}

/// A suggestion in its list. 列表项
pub struct SubmissionEdge {
    node: Submission,
    cursor: String,
    needle: Option<Needle>,
}

/// Where the text that was looked for stands. 命中处
#[derive(Clone, Debug, SimpleObject)]
pub struct Highlight {
    /// In which part. 位置
    pub field: HighlightField,
    /// Up to 20 characters in front of it. 前文
    pub before: String,
    /// The text as it stands there. 命中文字
    pub hit: String,
    /// Up to 40 characters behind it. 后文
    pub after: String,
}

/// A searched part of a suggestion. 检索范围
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum HighlightField {
    /// The heading. 标题
    Title,
    /// The text. 内容
    Content,
}

impl SubmissionConnection {
    pub(super) fn new(
        filter: Filter,
        order: Order,
        page: Page<submission::Model>,
        cursors: &Cursors<'_>,
    ) -> Self {
        let cursor = |row: &submission::Model| {
            let position = (row.received_at, row.id.0);
            match order.rank_of(row) {
                None => cursors.encode(position),
                Some(rank) => cursors.encode_ranked(rank, position),
            }
        };
        Self {
            cursors: page.rows.iter().map(cursor).collect(),
            filter,
            nodes: page.rows.into_iter().map(Submission).collect(),
            has_next: page.has_next,
            has_previous: page.has_previous,
        }
    }
}

/// A page of suggestions. 意见建议分页
#[Object]
impl SubmissionConnection {
    /// How many match in the caller's scope, whatever the page; counted only when asked for. 总数
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        Ok(find::count(&snapshot.tx, &self.filter).await?)
    }

    /// The suggestions of the page. 本页各件
    async fn nodes(&self) -> &[Submission] {
        &self.nodes
    }

    /// The suggestions of the page with their cursors. 本页各件及游标
    async fn edges(&self) -> Vec<SubmissionEdge> {
        let edge = |(node, cursor): (&Submission, &String)| SubmissionEdge {
            node: node.clone(),
            cursor: cursor.clone(),
            needle: self.filter.text.clone(),
        };
        self.nodes.iter().zip(&self.cursors).map(edge).collect()
    }

    /// Where the page lies. 分页信息
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.has_next,
            has_previous_page: self.has_previous,
            start_cursor: self.cursors.first().cloned(),
            end_cursor: self.cursors.last().cloned(),
        }
    }
}

/// A suggestion in its list. 列表项
#[Object]
impl SubmissionEdge {
    /// Its place in this order and filter. 游标
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The suggestion itself. 意见建议
    async fn node(&self) -> &Submission {
        &self.node
    }

    /// The first place in title and in content where the filter's text stands; empty without one. 命中处
    async fn highlights(&self, ctx: &Context<'_>) -> Result<Vec<Highlight>, ApiError> {
        let Some(needle) = &self.needle else {
            return Ok(Vec::new());
        };
        let row = &self.node.0;
        let words = Words::of(ctx, row).await?;
        let parts = [(HighlightField::Title, &row.title), (HighlightField::Content, &row.content)];
        let places = parts.into_iter().filter_map(|(field, text)| {
            let place = needle.find(&words.read(text))?;
            Some(Highlight { field, before: place.before, hit: place.hit, after: place.after })
        });
        Ok(places.collect())
    }
}
