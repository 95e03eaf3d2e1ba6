//! The fields of a campaign: what its plan lists, and what each capability tells of it.

use async_graphql::{Context, ID, Object};
use entity::campaign_closing;

use super::campaign_permissions::CampaignPermissions;
use crate::campaign::graphql::{
    CalendarYear, Campaign, Category, Channel, IntakeStream, StreamForm, VillageConnection, read_json,
    villages, working_days,
};
use crate::clock::day_of;
use crate::conformance::graphql::ClauseFinding;
use crate::coverage::graphql::{ConstituencyCoverage, Coverage, CoverageAsked};
use crate::decision::closing::graphql::CampaignClosing;
use crate::error::ApiError;
use crate::graphql::connection::PageArgs;
use crate::graphql::context::RequestOf;
use crate::graphql::directives::semantic_non_null;
use crate::graphql::scalars::{Date, DateTime};
use crate::graphql::shown::may_shown_to;
use crate::ids::Kind;
use crate::snapshot::loaders::{list, one};

/// One collection campaign, as its notice founds it (S01, H01). 征集活动
#[Object]
impl Campaign {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::Campaign, self.0.id))
    }

    /// Stable code, unique in the county, e.g. `MXGC-2020`. 活动代码
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Full Chinese name. 名称
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Other spellings of the name (H03). 别名
    async fn aliases(&self) -> Result<Vec<String>, ApiError> {
        read_json(&self.0.aliases)
    }

    /// Number of the founding document. 文号
    async fn document_number(&self) -> &str {
        &self.0.document_number
    }

    /// Who issued the document. 印发单位
    async fn issuers(&self) -> Result<Vec<String>, ApiError> {
        read_json(&self.0.issuers)
    }

    /// Day of the document. 印发日期
    async fn issued_on(&self) -> Date {
        Date(self.0.issued_on)
    }

    /// First day of intake. 开始日期
    async fn opens_on(&self) -> Date {
        Date(self.0.opens_on)
    }

    /// Last day of intake, itself included; null while open-ended. 截止日期
    async fn closes_on(&self) -> Option<Date> {
        self.0.closes_on.map(Date)
    }

    /// Whether today lies in the period; later entries are taken too and marked as late. 是否在征集期内
    async fn is_open(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        let today = day_of(ctx.request()?.now);
        Ok(self.0.opens_on <= today && self.0.closes_on.is_none_or(|last| today <= last))
    }

    /// Whether departments handle cases here, with clocks and callbacks. 是否办理
    async fn handling(&self) -> bool {
        self.0.handling
    }

    /// Whether the public may submit without an account. 是否对外征集
    async fn public_submission(&self) -> bool {
        self.0.public_submission
    }

    /// Whether a name may be left out. 是否可匿名
    async fn anonymous_submission(&self) -> bool {
        self.0.anonymous_submission
    }

    /// When the plan was applied last. 方案入库时间
    async fn applied_at(&self) -> DateTime {
        DateTime(self.0.applied_at)
    }

    /// That it is closed, once every suggestion has its outcome; null until then. 活动结束
    async fn closing(&self, ctx: &Context<'_>) -> Option<Result<CampaignClosing, ApiError>> {
        let closing = async {
            let snapshot = ctx.request()?.read().await?;
            one(&snapshot.load.closing_of, self.0.id).await
        };
        let told = |row: campaign_closing::Model| -> Result<CampaignClosing, ApiError> {
            Ok(CampaignClosing {
                closed_at: DateTime(row.closed_at),
                remark: may_shown_to(ctx, Some(&row.remark)).transpose()?,
            })
        };
        closing.await.and_then(|row| row.map(told).transpose()).transpose()
    }

    /// Class list, in the plan's order. 征集类别
    async fn categories(&self, ctx: &Context<'_>) -> Result<Vec<Category>, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        let rows = list(&snapshot.load.categories_of, self.0.id).await?;
        Ok(rows.into_iter().map(Category).collect())
    }

    /// Ways by which suggestions come in, in the plan's order; of a portal its own alone. 渠道
    async fn channels(&self, ctx: &Context<'_>) -> Result<Vec<Channel>, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        let rows = list(&snapshot.load.channels_of, self.0.id).await?;
        Ok(rows.into_iter().map(Channel).collect())
    }

    /// Streams in the caller's scope, in the plan's order: a department's own, the leadership's all. 可见征集流
    async fn streams(&self, ctx: &Context<'_>) -> Result<Vec<IntakeStream>, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        let rows = list(&snapshot.load.streams_of, self.0.id).await?;
        Ok(rows.into_iter().map(IntakeStream).collect())
    }

    /// Forms of all streams, whoever owns them, for portals to draw. 征集表单
    async fn forms(&self, ctx: &Context<'_>) -> Result<Vec<StreamForm>, ApiError> {
        let plan = ctx.request()?.app.plans.of(&self.0)?;
        Ok(StreamForm::all(&plan))
    }

    /// How the days of a year differ from Monday to Friday, as the limits of this campaign are counted; a year of which nothing
    /// is known is BAD_USER_INPUT. 工作日历
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn calendar(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which year, e.g. 2026; this one when left out. 年份")] year: Option<i32>,
    ) -> Option<Result<CalendarYear, ApiError>> {
        let known = || {
            let request = ctx.request()?;
            CalendarYear::of(request.app.plans.of(&self.0)?.calendar(), year, day_of(request.now))
        };
        Some(known())
    }

    /// How many working days are left until a day: those behind `from`, up to `to` and itself included, by the calendar of this
    /// campaign; negative by so many as lie behind `to`, once it is over. A year of which nothing is known is BAD_USER_INPUT.
    /// 剩余工作日
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn working_days(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The day of the event, which is not counted; today when left out. 起算日（不计入）"
        )]
        from: Option<Date>,
        #[graphql(
            desc = "The last day, which is counted, e.g. the day by which something is due. 截止日（计入）"
        )]
        to: Date,
    ) -> Option<Result<i32, ApiError>> {
        let count = || {
            let request = ctx.request()?;
            let from = from.map_or_else(|| day_of(request.now), |from| from.0);
            working_days(request.app.plans.of(&self.0)?.calendar(), from, to.0)
        };
        Some(count())
    }

    /// The county's register of villages and communities, by code. 村、社区
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn villages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many; 20 unless told, at most 100. 前若干条")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor. 此游标之后")] after: Option<String>,
        #[graphql(desc = "The last so many, at most 100. 后若干条")] last: Option<i32>,
        #[graphql(desc = "In front of this cursor. 此游标之前")] before: Option<String>,
        #[graphql(desc = "Only those of this township or street. 所属乡镇、街道")] department_id: Option<ID>,
    ) -> Option<Result<VillageConnection, ApiError>> {
        let args = PageArgs { first, after, last, before };
        let page = async { villages(ctx.request()?, args, department_id).await };
        Some(page.await)
    }

    /// Households reached of all on the register, in the caller's scope: a township's own villages, a committee's own
    /// village, all of them for whoever sees the county (S05, S06). 征集覆盖率
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn coverage(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only this township or street. 乡镇、街道")] department_id: Option<ID>,
        #[graphql(
            desc = "Visits made up to the end of this day; today when left out, and the last day once the campaign is over. 统计截止日"
        )]
        as_of: Option<Date>,
        #[graphql(desc = "Lists only villages below their target; sums are of all. 只列未达标", default)]
        only_below_target: bool,
    ) -> Option<Result<Coverage, ApiError>> {
        let asked = CoverageAsked { department: department_id, as_of, only_below: only_below_target };
        Some(Coverage::of(ctx, &self.0, asked).await)
    }

    /// Persons heard of all on the rosters of constituencies, in the caller's scope (S08). 征集对象覆盖率
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn constituency_coverage(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Up to the end of this day; today when left out, and the last day once the campaign is over. 统计截止日"
        )]
        as_of: Option<Date>,
    ) -> Option<Result<ConstituencyCoverage, ApiError>> {
        Some(ConstituencyCoverage::of(ctx, &self.0, as_of).await)
    }

    /// Every clause of the notice, in its order, with how far it is carried out, the figure, and what proves it; null for
    /// whoever does not see the whole county. 条款落实情况
    async fn conformance(&self, ctx: &Context<'_>) -> Option<Result<Vec<ClauseFinding>, ApiError>> {
        ClauseFinding::all(ctx, &self.0).await.transpose()
    }

    /// What the caller may do with it now. 可执行操作
    async fn permissions(&self) -> CampaignPermissions {
        CampaignPermissions(self.0.clone())
    }
}
