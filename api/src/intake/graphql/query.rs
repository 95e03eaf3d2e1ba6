//! Lists, counts and figures over the caller's scope.

use async_graphql::{Context, Enum, InputObject, MergedObject, Object, SimpleObject};

use super::filter::SubmissionFilter;
use super::find::FindQuery;
use super::import::ImportQuery;
use super::list::SubmissionConnection;
use super::overview::Overview;
use super::public::PublicQuery;
use super::receipt::ReceiptQuery;
use super::submission::Submission;
use crate::db::Direction;
use crate::error::ApiError;
use crate::graphql::connection::{Cursors, PageArgs};
use crate::graphql::context::RequestOf;
use crate::graphql::directives::semantic_non_null;
use crate::intake::store::{self, Mark};
use crate::shares::filter::{Filter, Queue};
use crate::shares::find::{self, Order};

/// Sort direction. 方向
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OrderDirection {
    /// Smallest or oldest first. 升序
    Asc,
    /// Greatest or newest first. 降序
    Desc,
}

/// How a list is sorted; ties by id. 排序
#[derive(Clone, Copy, Debug, InputObject)]
pub struct SubmissionOrder {
    /// By what. 排序依据
    #[graphql(default)]
    pub field: Order,
    /// Which way. 方向
    #[graphql(default_with = "OrderDirection::Desc")]
    pub direction: OrderDirection,
}

/// How many wait in one pile. 队列件数
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct QueueCount {
    /// The pile. 队列
    pub queue: Queue,
    /// How many; equals the list's `totalCount` under that queue. 件数
    pub count: u64,
}

/// Everything that intake answers.
#[derive(Default, MergedObject)]
pub struct IntakeQuery(SubmissionQuery, FindQuery, ReceiptQuery, PublicQuery, ImportQuery);

#[derive(Default)]
struct SubmissionQuery;

#[Object]
impl SubmissionQuery {
    /// Suggestions in the caller's scope: a department's own, for the leadership the whole county. 意见建议列表
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    #[expect(clippy::too_many_arguments, reason = "the four arguments of a Relay connection")]
    async fn submissions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100, 20 unless given. 前几条")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor. 游标之后")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100. 后几条")] last: Option<i32>,
        #[graphql(desc = "In front of this cursor. 游标之前")] before: Option<String>,
        #[graphql(desc = "Narrows the list. 筛选条件")] filter: Option<SubmissionFilter>,
        #[graphql(desc = "Newest first unless given. 排序")] order_by: Option<SubmissionOrder>,
    ) -> Option<Result<SubmissionConnection, ApiError>> {
        let args = PageArgs { first, after, last, before };
        Some(list(ctx, args, filter, order_by).await)
    }

    /// The suggestion of a receipt's number, for whoever answers the telephone; null when there is none in the caller's
    /// scope. 按受理编号查询
    async fn submission_by_receipt_number(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The number as printed or typed; blanks and hyphens do not matter. 受理编号")]
        number: String,
    ) -> Option<Result<Submission, ApiError>> {
        by_receipt_number(ctx, &number).await.transpose()
    }

    /// How many wait in each pile of the caller: a department's first screen in one request. 各队列件数
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn queue_counts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Narrows all piles; its own queue is left out of account. 筛选条件")] filter: Option<
            SubmissionFilter,
        >,
    ) -> Option<Result<Vec<QueueCount>, ApiError>> {
        Some(piles(ctx, filter).await)
    }

    /// Figures over the caller's scope: a department's own numbers, for the leadership all. 总览
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn overview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Narrows what is counted. 筛选条件")] filter: Option<SubmissionFilter>,
    ) -> Option<Result<Overview, ApiError>> {
        Some(Overview::of(ctx, filter.unwrap_or_default()))
    }
}

async fn list(
    ctx: &Context<'_>,
    args: PageArgs,
    filter: Option<SubmissionFilter>,
    order_by: Option<SubmissionOrder>,
) -> Result<SubmissionConnection, ApiError> {
    let request = ctx.request()?;
    let snapshot = request.read().await?;
    let filter = filter.unwrap_or_default().resolve(request)?;
    let direction = match order_by.map(|order| order.direction) {
        Some(OrderDirection::Asc) => Direction::Ascending,
        _ => Direction::Descending,
    };
    let order = order_by.map(|order| order.field).unwrap_or_default();
    let cursors = Cursors::new(request, &format!("submissions|{order:?}|{direction:?}|{filter:?}"))?;
    let page = match order {
        Order::ReceivedAt => cursors.page(&args, direction)?,
        Order::Urgency | Order::Beneficiaries => cursors.page_ranked(&args, direction)?,
    };
    let page = find::page(&snapshot.tx, &filter, order, &page).await?;
    request.size.take_rows(&page.rows)?;
    Ok(SubmissionConnection::new(filter, order, page, &cursors))
}

async fn piles(ctx: &Context<'_>, filter: Option<SubmissionFilter>) -> Result<Vec<QueueCount>, ApiError> {
    let request = ctx.request()?;
    let snapshot = request.read().await?;
    let filter = filter.unwrap_or_default().resolve(request)?;
    let mut counts = Vec::new();
    for queue in Queue::ALL {
        let pile = Filter { queue: Some(queue), ..filter.clone() };
        counts.push(QueueCount { queue, count: find::count(&snapshot.tx, &pile).await? });
    }
    Ok(counts)
}

async fn by_receipt_number(ctx: &Context<'_>, typed: &str) -> Result<Option<Submission>, ApiError> {
    let request = ctx.request()?;
    let snapshot = request.read().await?;
    let named = Mark::ReceiptNumber(typed.to_owned());
    let mut rows = store::by_mark(&snapshot.tx, &request.app, &named).await?;
    Ok(rows.pop().map(Submission))
}
