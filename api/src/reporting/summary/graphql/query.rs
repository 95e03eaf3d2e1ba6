//! Which tables there are, and who has handed one in.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::enums::{DueState, SummaryKind, SummaryStatus};
use entity::summary_table;

use super::table::{SummaryOutstanding, SummaryTable, SummaryTableConnection};
use crate::campaign::graphql::Department;
use crate::clock::day_of;
use crate::error::ApiError;
use crate::graphql::connection::PageArgs;
use crate::graphql::context::RequestOf;
use crate::graphql::directives::semantic_non_null;
use crate::graphql::listing::{Listed, Order, known_campaign};
use crate::ids::Kind;
use crate::reporting::summary::store::{self, Wanted};
use crate::reporting::weekly::graphql::planned;

/// Which tables: the fields combine with and, the values of a list with or. Whatever can't match matches nothing and is no
/// error: an empty list, ids of nothing. 汇总表筛选
#[derive(Clone, Debug, Default, InputObject)]
pub struct SummaryTableFilter {
    /// Of these departments. 单位
    pub department_ids: Option<Vec<ID>>,
    /// At one of these. 状态
    pub statuses: Option<Vec<SummaryStatus>>,
    /// Main or supplementary ones only. 类型
    pub kind: Option<SummaryKind>,
}

/// How one department stands with its main table. 汇总表报送情况
#[derive(Clone, Debug, SimpleObject)]
pub struct SummaryTableStanding {
    /// The department that owes it. 单位
    pub department: Department,
    /// By the day on which its first edition was signed. 报送情况
    pub state: DueState,
    /// The latest edition of its main table; null when there is none. 汇总表
    pub summary_table: Option<SummaryTable>,
    /// Lines of that edition. 行数
    pub line_count: u64,
    /// Those with a project. 项目数
    pub project_count: u64,
    /// What the department has received that its tables do not say. 待补报
    pub outstanding: SummaryOutstanding,
}

/// Lists of summary tables.
#[derive(Default)]
pub struct SummaryQuery;

#[Object]
impl SummaryQuery {
    /// Summary tables of a campaign in the caller's scope, every edition, the latest first: a department's own, for the
    /// leadership all. 汇总表列表
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    #[expect(clippy::too_many_arguments, reason = "the four arguments of a Relay connection")]
    async fn summary_tables(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which campaign. 活动")] campaign_id: ID,
        #[graphql(desc = "The first so many, 1 to 100, 20 unless given. 前几条")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor. 游标之后")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100. 后几条")] last: Option<i32>,
        #[graphql(desc = "In front of this cursor. 游标之前")] before: Option<String>,
        #[graphql(desc = "Narrows the list. 筛选条件")] filter: Option<SummaryTableFilter>,
    ) -> Option<Result<SummaryTableConnection, ApiError>> {
        let args = PageArgs { first, after, last, before };
        Some(list(ctx, &campaign_id, args, filter.unwrap_or_default()).await)
    }

    /// Who has signed in time, late or not at all, of the departments that owe a summary table and that the caller sees,
    /// and what is outstanding; empty where the plan asks for none. 汇总表报送情况
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn summary_table_status(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which campaign. 活动")] campaign_id: ID,
    ) -> Option<Result<Vec<SummaryTableStanding>, ApiError>> {
        Some(standings(ctx, &campaign_id).await)
    }
}

async fn list(
    ctx: &Context<'_>,
    campaign: &ID,
    args: PageArgs,
    filter: SummaryTableFilter,
) -> Result<SummaryTableConnection, ApiError> {
    use summary_table::Column as C;
    let request = ctx.request()?;
    let wanted = Wanted {
        campaign: known_campaign(request, campaign).await?,
        departments: filter.department_ids.map(|ids| request.keys(Kind::Department, &ids)),
        statuses: filter.statuses,
        kind: filter.kind,
    };
    let order =
        Order::latest_first([C::CreatedAt, C::Id], |row: &summary_table::Model| (row.created_at, row.id.0));
    let page = Listed::read(request, "summaryTables", wanted.predicate(), &order, &args).await?;
    Ok(SummaryTableConnection(page))
}

async fn standings(ctx: &Context<'_>, campaign: &ID) -> Result<Vec<SummaryTableStanding>, ApiError> {
    let request = ctx.request()?;
    let Some((campaign, plan)) = planned(request, campaign).await? else {
        return Ok(Vec::new());
    };
    let snapshot = request.read().await?;
    let today = day_of(request.now);
    let found = store::standings(&snapshot.tx, &plan, campaign, today).await?;
    Ok(found
        .into_iter()
        .map(|standing| SummaryTableStanding {
            department: Department(standing.department),
            state: standing.state,
            summary_table: standing.table.map(SummaryTable),
            line_count: standing.lines,
            project_count: standing.projects,
            outstanding: SummaryOutstanding::of(standing.outstanding),
        })
        .collect())
}
