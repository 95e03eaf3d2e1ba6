//! Projects over GraphQL.

mod from_line;
pub mod handle;
mod line;
mod mutation;
mod permissions;
mod withdraw;

use async_graphql::{Context, ID, Object};
use entity::enums::{ProgressKind, ProjectStatus};
use entity::id::{ProjectId, SubmissionId};
use entity::{milestone, progress, project, project_source, submission};

pub use from_line::ProjectFromLineMutation;
use handle::Project;
pub use line::SummaryLine;
pub use mutation::ProjectMutation;
pub use permissions::ProjectPermissions;
pub use withdraw::ProjectWithdrawMutation;

use super::store;
use crate::campaign::graphql::{Campaign, Department};
use crate::clock::day_of;
use crate::db::Predicate;
use crate::decision::graphql::former::FormerVersion;
use crate::decision::meeting::graphql::AgendaItem;
use crate::decision::vote::graphql::{Evaluation, Vote};
use crate::error::ApiError;
use crate::graphql::connection::{MAX_PAGE, PageArgs};
use crate::graphql::context::RequestOf;
use crate::graphql::directives::semantic_non_null;
use crate::graphql::listing::of_campaign;
use crate::graphql::listing::{Listed, Order, connection};
use crate::graphql::scalars::{Date, DateTime};
use crate::graphql::shown::{may_shown_to, shown_to};
use crate::ids::Kind;
use crate::intake::graphql::Submission;
use crate::snapshot::children::children;

/// A project drawn from suggestions across departments; a department sees those that one of its own suggestions led to,
/// that it carries out, or that it votes on (S21, S24–S27). 民心工程项目
#[Object]
impl Project {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::Project, self.0.id))
    }

    /// Number for people. 编号
    async fn number(&self) -> &str {
        &self.0.number
    }

    /// Which campaign it belongs to. 所属活动
    async fn campaign(&self, ctx: &Context<'_>) -> Result<Campaign, ApiError> {
        Campaign::by_id(ctx, self.0.campaign).await
    }

    /// Name. 名称
    async fn title(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        shown_to(ctx, &self.0.title)
    }

    /// What is built or done. 建设内容
    async fn content(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        shown_to(ctx, &self.0.content)
    }

    /// Estimated cost in whole yuan; null while unknown. 投资估算（元）
    async fn cost(&self) -> Option<i64> {
        self.0.cost
    }

    /// Where the money comes from; null while unknown. 资金来源
    async fn funding(&self) -> Option<&str> {
        Some(self.0.funding.as_str()).filter(|text| !text.is_empty())
    }

    /// Department that carries it out. 责任单位
    async fn department(&self, ctx: &Context<'_>) -> Result<Department, ApiError> {
        Department::by_id(ctx, self.0.department).await
    }

    /// First day planned. 计划开工
    async fn schedule_start(&self) -> Option<Date> {
        self.0.schedule_start.map(Date)
    }

    /// Last day planned. 计划完成
    async fn schedule_finish(&self) -> Option<Date> {
        self.0.schedule_finish.map(Date)
    }

    /// How many would benefit. 受益人数
    async fn beneficiaries(&self) -> Option<i32> {
        self.0.beneficiaries
    }

    /// How far the decision has come. 决策状态
    async fn status(&self) -> ProjectStatus {
        self.0.status
    }

    /// Day of the executive meeting that passed it; null until then. 政府常务会日期
    async fn studied_on(&self) -> Option<Date> {
        self.0.studied_on.map(Date)
    }

    /// Day on which the party committee took it in; null until then. 常委会审定日期
    async fn decided_on(&self) -> Option<Date> {
        self.0.decided_on.map(Date)
    }

    /// When it was made. 登记时间
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Raised by every step; sent back as `expectedVersion`. 版本
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Whether work has begun. 是否开工
    async fn is_started(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        let lines = self.lines(ctx).await?;
        Ok(lines.iter().any(|line| line.kind == ProgressKind::Start))
    }

    /// Whether work is finished. 是否完成
    async fn is_finished(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        let lines = self.lines(ctx).await?;
        Ok(lines.iter().any(|line| line.kind == ProgressKind::Finish))
    }

    /// Whether a milestone or the planned finish has passed undone. 是否滞后
    async fn is_delayed(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        let request = ctx.request()?;
        let lines = self.lines(ctx).await?;
        let snapshot = request.read().await?;
        let milestones = children(&snapshot.load.children.milestones, self.0.id).await?;
        let today = day_of(request.now);
        Ok(store::delayed(&self.0, &lines, &milestones, today))
    }

    /// Steps of carrying it out, in order, at most 100. 节点
    async fn milestones(&self, ctx: &Context<'_>) -> Result<Vec<Milestone>, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        let rows = children(&snapshot.load.children.milestones, self.0.id).await?;
        Ok(rows.into_iter().map(Milestone).collect())
    }

    /// The last lines about carrying it out, newest first. 推进记录
    async fn progress(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many of the last lines, at most 100. 条数", default = 20)] last: i32,
    ) -> Result<Vec<Progress>, ApiError> {
        let most = usize::try_from(last).ok();
        let most = most.filter(|most| (1..=MAX_PAGE).contains(&(*most as u64)));
        let most =
            most.ok_or_else(|| ApiError::bad_input("last 应为 1 至 100", "last must be from 1 to 100"))?;
        let lines = self.lines(ctx).await?;
        Ok(lines.into_iter().rev().take(most).map(Progress).collect())
    }

    /// Meetings that it came to, by day, with their results. 会议审定
    async fn agenda_items(&self, ctx: &Context<'_>) -> Result<Vec<AgendaItem>, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        let rows = children(&snapshot.load.children.items_of_project, self.0.id).await?;
        Ok(rows.into_iter().map(AgendaItem).collect())
    }

    /// The deputies' vote; null where there was none. 代表票决
    async fn vote(&self, ctx: &Context<'_>) -> Option<Result<Vote, ApiError>> {
        let vote = async {
            let snapshot = ctx.request()?.read().await?;
            children(&snapshot.load.children.votes, self.0.id).await
        };
        let first = vote.await.map(|rows| rows.into_iter().next().map(Vote));
        first.transpose()
    }

    /// The congress's evaluations, by day. 满意度测评
    async fn evaluations(&self, ctx: &Context<'_>) -> Result<Vec<Evaluation>, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        let rows = children(&snapshot.load.children.evaluations, self.0.id).await?;
        Ok(rows.into_iter().map(Evaluation).collect())
    }

    /// What stood before it was withdrawn, before a meeting was cancelled or corrected that it came to, and before its vote or
    /// an evaluation was corrected, oldest first. 历次原稿
    async fn former_versions(&self, ctx: &Context<'_>) -> Result<Vec<FormerVersion>, ApiError> {
        FormerVersion::all(ctx, self.0.id).await
    }

    /// Lines of summary tables that it was made from, as far as the caller sees them. 来源汇总行
    async fn summary_lines(&self, ctx: &Context<'_>) -> Result<Vec<SummaryLine>, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        let ids = snapshot.load.lines_of_project.load_one(self.0.id).await?.unwrap_or_default();
        let mut rows = snapshot.load.summary_line.load_many(ids.iter().copied()).await?;
        Ok(ids.iter().filter_map(|id| rows.remove(id)).map(SummaryLine).collect())
    }

    /// What the caller may do with it now. 可执行操作
    async fn permissions(&self, ctx: &Context<'_>) -> Result<ProjectPermissions, ApiError> {
        ProjectPermissions::of(ctx.request()?, &self.0).await
    }

    /// Suggestions that it was drawn from, in the caller's scope: a department sees its own alone. 来源
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn sources(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100, 20 unless given. 前几条")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor. 游标之后")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100. 后几条")] last: Option<i32>,
        #[graphql(desc = "In front of this cursor. 游标之前")] before: Option<String>,
    ) -> Option<Result<ProjectSourceConnection, ApiError>> {
        let args = PageArgs { first, after, last, before };
        Some(sources(ctx, self.0.id, args).await)
    }
}

impl Project {
    async fn lines(&self, ctx: &Context<'_>) -> Result<Vec<progress::Model>, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        children(&snapshot.load.children.progress, self.0.id).await
    }
}

/// A step of carrying out a project (S27). 节点
#[derive(Clone, Debug)]
pub struct Milestone(pub milestone::Model);

/// A step of carrying out a project (S27). 节点
#[Object]
impl Milestone {
    /// Place in the order, which names it. 顺序
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// What is to be reached by then. 节点名称
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Last day. 期限
    async fn due_on(&self) -> Date {
        Date(self.0.due_on)
    }

    /// Day it was reached; null until then. 完成日期
    async fn done_on(&self) -> Option<Date> {
        self.0.done_on.map(Date)
    }

    /// Raised by every change; sent back as `expectedVersion`. 版本
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// A line about carrying out a project (S27). 推进记录
#[derive(Clone, Debug)]
pub struct Progress(pub progress::Model);

/// A line about carrying out a project (S27). 推进记录
#[Object]
impl Progress {
    /// What it tells. 类型
    async fn kind(&self) -> ProgressKind {
        self.0.kind
    }

    /// What was done or said. 内容
    async fn text(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        shown_to(ctx, &self.0.text)
    }

    /// With whom it was coordinated; null unless it was. 对接单位
    async fn counterpart(&self, ctx: &Context<'_>) -> Option<Result<String, ApiError>> {
        may_shown_to(ctx, self.0.counterpart.as_deref())
    }

    /// When it was written. 时间
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }
}

connection! {
    /// A page of projects. 项目分页
    ProjectConnection, ProjectEdge: project as Project(project::Model)
}

connection! {
    /// A page of suggestions that a project was drawn from. 项目来源分页
    ProjectSourceConnection, ProjectSourceEdge: project_source as Submission(submission::Model)
}

async fn sources(
    ctx: &Context<'_>,
    id: ProjectId,
    args: PageArgs,
) -> Result<ProjectSourceConnection, ApiError> {
    use project_source::Column as C;
    let request = ctx.request()?;
    let order = Order::oldest_first([C::LinkedAt, C::Submission], |row: &project_source::Model| {
        (row.linked_at, row.submission.0)
    });
    let this = Predicate::is(C::Project, id);
    let page = Listed::read(request, "sources", this, &order, &args).await?;
    let submission = |row: &project_source::Model| row.submission;
    let ids: Vec<SubmissionId> = page.nodes.iter().map(submission).collect();
    let snapshot = request.read().await?;
    let mut rows = snapshot.load.submission.load_many(ids).await?;
    Ok(ProjectSourceConnection(page.map(|row: project_source::Model| rows.remove(&row.submission))))
}

/// Projects. 项目
#[derive(Default)]
pub struct ProjectQuery;

#[Object]
impl ProjectQuery {
    /// Projects in the caller's scope, newest first. 项目列表
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    #[expect(clippy::too_many_arguments, reason = "the four arguments of a Relay connection")]
    async fn projects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100, 20 unless given. 前几条")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor. 游标之后")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100. 后几条")] last: Option<i32>,
        #[graphql(desc = "In front of this cursor. 游标之前")] before: Option<String>,
        #[graphql(desc = "Only those of this campaign. 活动")] campaign_id: Option<ID>,
        #[graphql(desc = "Only those at one of these states. 决策状态")] statuses: Option<Vec<ProjectStatus>>,
    ) -> Option<Result<ProjectConnection, ApiError>> {
        let args = PageArgs { first, after, last, before };
        Some(projects(ctx, args, campaign_id, statuses).await)
    }
}

async fn projects(
    ctx: &Context<'_>,
    args: PageArgs,
    campaign: Option<ID>,
    statuses: Option<Vec<ProjectStatus>>,
) -> Result<ProjectConnection, ApiError> {
    use project::Column as C;
    let request = ctx.request()?;
    let mut filter = of_campaign(request, C::Campaign, campaign.as_ref()).await?;
    filter.extend(statuses.map(|statuses| Predicate::among(C::Status, statuses)));
    let order = Order::latest_first([C::CreatedAt, C::Id], |row: &project::Model| (row.created_at, row.id.0));
    let page = Listed::read(request, "projects", Predicate::All(filter), &order, &args).await?;
    Ok(ProjectConnection(page))
}
