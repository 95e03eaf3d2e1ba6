//! Finding suggestions: a page of them, and how many there are.

use entity::submission;

use super::figures;
use super::filter::Filter;
use crate::db::{Fault, Page, PageRequest, Tx};

/// By what a list is ordered. Only keys that never move, so that paging loses nothing. 排序依据
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, async_graphql::Enum)]
#[graphql(name = "SubmissionOrderField")]
pub enum Order {
    /// When it was received. 收到时间
    #[default]
    ReceivedAt,
}

/// One page, newest or oldest first.
pub async fn page(tx: &Tx, filter: &Filter, request: &PageRequest) -> Result<Page<submission::Model>, Fault> {
    if let Some(needle) = filter.text_alone() {
        return filter.shares_of_any_text(tx).suggestions_mentioning(needle, request).await;
    }
    filter.shares(tx).suggestions(request).await
}

/// How many match: from the rollups where they cover the filter, otherwise counted in scope.
pub async fn count(tx: &Tx, filter: &Filter) -> Result<u64, Fault> {
    if let Some(needle) = filter.text_alone()
        && let Some(count) = tx.count_mentions(needle).await?
    {
        return Ok(count);
    }
    if !figures::covers(filter, &[]) {
        return filter.shares(tx).count().await;
    }
    let cells = figures::cells(tx, filter, &[]).await?;
    Ok(cells.iter().map(|cell| cell.count).sum::<i64>().unsigned_abs())
}
