//! Finding suggestions: a page of them, and how many there are.

use entity::{share, submission};
use sea_orm::Value;
use serde::{Deserialize, Serialize};

use super::figures;
use super::filter::Filter;
use crate::db::{Fault, Page, PageRequest, Place, Tx};

/// By what a list is ordered; equal ones by time of receipt. 排序依据
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, async_graphql::Enum)]
#[graphql(name = "SubmissionOrderField")]
pub enum Order {
    /// When it was received: never moves, so paging loses nothing. 收到时间
    #[default]
    ReceivedAt,
    /// How urgent it is; one whose urgency is corrected meanwhile moves. 紧急程度
    Urgency,
    /// How many people would benefit, fewest where nobody said; one that is corrected meanwhile moves. 受益人数
    Beneficiaries,
}

impl Order {
    /// Whether it is the one that a list has unless another is asked for.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// What is compared before the time, where anything is.
    const fn rank(self) -> Option<share::Column> {
        match self {
            Self::ReceivedAt => None,
            Self::Urgency => Some(share::Column::Urgency),
            Self::Beneficiaries => Some(share::Column::Beneficiaries),
        }
    }

    /// The same of a suggestion, as its shares repeat it.
    #[must_use]
    pub fn rank_of(self, row: &submission::Model) -> Option<i32> {
        match self {
            Self::ReceivedAt => None,
            Self::Urgency => Some(row.urgency.rank()),
            Self::Beneficiaries => Some(row.beneficiaries.unwrap_or(-1)),
        }
    }

    /// The place of a suggestion.
    #[must_use]
    pub fn place(self, row: &submission::Model) -> Place {
        let rank = self.rank_of(row).map(Value::from);
        Place(rank.into_iter().chain([row.received_at.into(), row.id.into()]).collect())
    }
}

/// One page, from the greatest or the smallest on.
pub async fn page(
    tx: &Tx,
    filter: &Filter,
    order: Order,
    request: &PageRequest,
) -> Result<Page<submission::Model>, Fault> {
    if let (Some(needle), None) = (filter.text_alone(), order.rank()) {
        return filter.shares_of_any_text(tx).suggestions_mentioning(needle, request).await;
    }
    filter.shares(tx).suggestions(order.rank(), request).await
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
