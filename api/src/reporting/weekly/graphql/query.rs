//! Who has reported, and what.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::enums::{DueState, RightsProfile};
use entity::id::CampaignId;
use entity::weekly_report;

use super::report::{WeeklyFigures, WeeklyReport, WeeklyReportConnection};
use crate::campaign::graphql::Department;
use crate::clock::day_of;
use crate::error::ApiError;
use crate::graphql::connection::{MAX_PAGE, PageArgs};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::semantic_non_null;
use crate::graphql::listing::{Listed, Order, known_campaign};
use crate::graphql::scalars::Date;
use crate::ids::Kind;
use crate::reporting::due::{self, Period};
use crate::reporting::weekly::store::{self, WeeklyWanted};
use crate::snapshot::loaders::one;

/// Which reports: the fields combine with and, the values of a list with or. Whatever can't match matches nothing and is
/// no error: an empty list, ids of nothing, a day on which no report is due. 周报筛选
#[derive(Clone, Debug, Default, InputObject)]
pub struct WeeklyReportFilter {
    /// Of these departments. 单位
    pub department_ids: Option<Vec<ID>>,
    /// Of the period that ends on this day. 截止日期
    pub period_end: Option<Date>,
    /// Handed in after the due day, or not. 是否迟报
    pub is_late: Option<bool>,
}

impl WeeklyReportFilter {
    pub(super) fn resolve(self, request: &Request, campaign: CampaignId) -> WeeklyWanted {
        WeeklyWanted {
            campaign,
            departments: self.department_ids.map(|ids| request.keys(Kind::Department, &ids)),
            period_end: self.period_end.map(|day| day.0),
            late: self.is_late,
        }
    }
}

/// A stretch of days that a report is owed for. 报送期
#[derive(Clone, Debug, SimpleObject)]
pub struct ReportPeriod {
    /// Key of the plan's due date. 期限代码
    pub due_key: String,
    /// What is owed. 名称
    pub name: String,
    /// First day. 起始日期
    pub period_start: Date,
    /// Last day; the report is due at its end. 截止日期
    pub period_end: Date,
}

impl From<Period> for ReportPeriod {
    fn from(period: Period) -> Self {
        Self {
            due_key: period.key,
            name: period.name,
            period_start: Date(period.from),
            period_end: Date(period.to),
        }
    }
}

/// How one department stands with one period. 报送情况
#[derive(Clone, Debug, SimpleObject)]
pub struct WeeklyReportStanding {
    /// The department that owes the report. 单位
    pub department: Department,
    /// By its first edition: a correction makes nobody late. 报送情况
    pub state: DueState,
    /// The latest edition; null when there is none. 周报
    pub weekly_report: Option<WeeklyReport>,
}

/// The report of a period that is running, as it would be if it were handed in now. 周报预览
#[derive(SimpleObject)]
pub struct WeeklyReportPreview {
    /// Its period. 报送期
    pub period: ReportPeriod,
    /// The figures of this moment. 当前统计
    pub figures: WeeklyFigures,
}

/// Lists of weekly reports.
#[derive(Default)]
pub struct WeeklyReportQuery;

#[Object]
impl WeeklyReportQuery {
    /// Weekly reports of a campaign in the caller's scope, every edition, the latest first: a department's own, for the
    /// leadership all. 周报列表
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    #[expect(clippy::too_many_arguments, reason = "the four arguments of a Relay connection")]
    async fn weekly_reports(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which campaign. 活动")] campaign_id: ID,
        #[graphql(desc = "The first so many, 1 to 100, 20 unless given. 前几条")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor. 游标之后")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100. 后几条")] last: Option<i32>,
        #[graphql(desc = "In front of this cursor. 游标之前")] before: Option<String>,
        #[graphql(desc = "Narrows the list. 筛选条件")] filter: Option<WeeklyReportFilter>,
    ) -> Option<Result<WeeklyReportConnection, ApiError>> {
        let args = PageArgs { first, after, last, before };
        Some(list(ctx, &campaign_id, args, filter.unwrap_or_default()).await)
    }

    /// Periods of a campaign that have begun, the latest first, for each of the plan's repeated due dates. 报送期
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn report_periods(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which campaign. 活动")] campaign_id: ID,
        #[graphql(desc = "How many of the latest for each due date, 1 to 100. 期数", default = 12)] last: i32,
    ) -> Option<Result<Vec<ReportPeriod>, ApiError>> {
        Some(periods(ctx, &campaign_id, last).await)
    }

    /// What the caller's department would report at this moment, of every period that is running and that it owes: the
    /// figures that `weeklyReportSubmit` would freeze, from the last report's cut up to now, written nowhere; empty for
    /// whoever owes no report. 周报预览
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn weekly_report_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which campaign. 活动")] campaign_id: ID,
    ) -> Option<Result<Vec<WeeklyReportPreview>, ApiError>> {
        Some(previews(ctx, &campaign_id).await)
    }

    /// Who has reported on time, late or not at all, of the departments that owe the period and that the caller sees.
    /// A day on which the plan asks for no report is refused. 报送情况
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn weekly_report_status(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which campaign. 活动")] campaign_id: ID,
        #[graphql(desc = "Last day of the period. 截止日期")] period_end: Date,
        #[graphql(
            desc = "Key of the plan's due date; the first that fits when left out. 期限代码"
        )]
        due_key: Option<String>,
    ) -> Option<Result<Vec<WeeklyReportStanding>, ApiError>> {
        Some(standings(ctx, &campaign_id, period_end, due_key.as_deref()).await)
    }
}

async fn list(
    ctx: &Context<'_>,
    campaign: &ID,
    args: PageArgs,
    filter: WeeklyReportFilter,
) -> Result<WeeklyReportConnection, ApiError> {
    use weekly_report::Column as C;
    let request = ctx.request()?;
    let wanted = filter.resolve(request, known_campaign(request, campaign).await?);
    let order = Order::latest_first([C::SubmittedAt, C::Id], |row: &weekly_report::Model| {
        (row.submitted_at, row.id.0)
    });
    let page = Listed::read(request, "weeklyReports", store::predicate(&wanted), &order, &args).await?;
    Ok(WeeklyReportConnection(page))
}

/// The campaign that `campaignId` names with its plan; nothing for portals.
pub(in crate::reporting) async fn planned(
    request: &Request,
    campaign: &ID,
) -> Result<Option<(CampaignId, std::sync::Arc<crate::plan::Plan>)>, ApiError> {
    let snapshot = request.read().await?;
    // When departments report is nothing that a portal's citizens follow.
    if request.viewer()?.profile() == Some(RightsProfile::Portal) {
        return Ok(None);
    }
    let unknown = || ApiError::unknown("campaignId");
    let id = request.key(Kind::Campaign, campaign).ok_or_else(unknown)?;
    let row = one(&snapshot.load.campaign, id).await?.ok_or_else(unknown)?;
    Ok(Some((id, request.app.plans.of(&row)?)))
}

async fn periods(ctx: &Context<'_>, campaign: &ID, last: i32) -> Result<Vec<ReportPeriod>, ApiError> {
    let request = ctx.request()?;
    let valid = u64::try_from(last).ok().filter(|last| (1..=MAX_PAGE).contains(last));
    let most = valid.and_then(|last| usize::try_from(last).ok());
    let most = most.ok_or_else(|| ApiError::bad_input("last 应为 1 至 100", "last must be from 1 to 100"))?;
    let Some((_, plan)) = planned(request, campaign).await? else {
        return Ok(Vec::new());
    };
    let today = day_of(request.now);
    let found = due::repeated(&plan).flat_map(|due| due::periods(&plan, due, today).into_iter().take(most));
    Ok(found.map(ReportPeriod::from).collect())
}

async fn previews(ctx: &Context<'_>, campaign: &ID) -> Result<Vec<WeeklyReportPreview>, ApiError> {
    let request = ctx.request()?;
    let Some((campaign, plan)) = planned(request, campaign).await? else {
        return Ok(Vec::new());
    };
    let snapshot = request.read().await?;
    let found = store::previews(&snapshot.tx, &plan, campaign, request.now).await?;
    let shown = found.into_iter().map(|preview| WeeklyReportPreview {
        period: preview.period.into(),
        figures: WeeklyFigures(preview.figures),
    });
    Ok(shown.collect())
}

fn no_period() -> ApiError {
    ApiError::bad_input(
        "periodEnd：方案在该日没有应报的一期",
        "periodEnd: the plan asks for no report on that day",
    )
}

async fn standings(
    ctx: &Context<'_>,
    campaign: &ID,
    period_end: Date,
    due_key: Option<&str>,
) -> Result<Vec<WeeklyReportStanding>, ApiError> {
    let request = ctx.request()?;
    let Some((campaign, plan)) = planned(request, campaign).await? else {
        return Ok(Vec::new());
    };
    let period = due::period_of(&plan, due_key, period_end.0).ok_or_else(no_period)?;
    let snapshot = request.read().await?;
    let today = day_of(request.now);
    let found = store::standings(&snapshot.tx, &plan, campaign, &period, today).await?;
    Ok(found
        .into_iter()
        .map(|standing| WeeklyReportStanding {
            department: Department(standing.department),
            state: standing.state,
            weekly_report: standing.report.map(WeeklyReport),
        })
        .collect())
}
