//! Meetings over GraphQL.

mod change;
mod permissions;

pub use change::MeetingChangeMutation;
pub use permissions::MeetingPermissions;

use async_graphql::{Context, ID, InputObject, Object};
use entity::enums::{DecisionResult, MeetingKind, MeetingStatus};
use entity::id::MeetingId;
use entity::{agenda_item, meeting};

use super::rules::MOST;
use super::store::{self, Decision};
use crate::campaign::graphql::Campaign;
use crate::db::Predicate;
use crate::decision::graphql::former::FormerVersion;
use crate::decision::project::graphql::handle::Project;
use crate::error::{ApiError, Stop};
use crate::graphql::connection::PageArgs;
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::keyed::keyed;
use crate::graphql::listing::{Listed, Order, connection, of_campaign};
use crate::graphql::scalars::{Date, DateTime};
use crate::graphql::shown::may_shown_to;
use crate::graphql::steps::{Begun, begin, end, must_key, payload};
use crate::ids::Kind;
use crate::refusal::Refusal;
use crate::scope::profiles::Operation;
use crate::snapshot::children::children;
use crate::snapshot::loaders::{must, one};
use crate::text::{line, passage};

/// A meeting that decides on projects; seen by the office and the unified view (S25). 会议
#[derive(Clone, Debug)]
pub struct Meeting(pub meeting::Model);

/// A meeting that decides on projects; seen by the office and the unified view (S25). 会议
#[Object]
impl Meeting {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::Meeting, self.0.id))
    }

    /// Which campaign it belongs to. 所属活动
    async fn campaign(&self, ctx: &Context<'_>) -> Result<Campaign, ApiError> {
        Campaign::by_id(ctx, self.0.campaign).await
    }

    /// Which meeting. 会议类型
    async fn kind(&self) -> MeetingKind {
        self.0.kind
    }

    /// Its day. 日期
    async fn held_on(&self) -> Date {
        Date(self.0.held_on)
    }

    /// Number of the minutes; null until there are results. 会议纪要文号
    async fn minutes_number(&self) -> Option<&str> {
        self.0.minutes_number.as_deref()
    }

    /// Whether it has been held. 状态
    async fn status(&self) -> MeetingStatus {
        self.0.status
    }

    /// When it was planned. 登记时间
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Raised by every step; sent back as `expectedVersion`. 版本
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// The projects before it, in order, at most 100. 议题
    async fn agenda(&self, ctx: &Context<'_>) -> Result<Vec<AgendaItem>, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        let rows = children(&snapshot.load.children.items_of_meeting, self.0.id).await?;
        Ok(rows.into_iter().map(AgendaItem).collect())
    }

    /// What stood before it was moved or cancelled, before an item was taken off and before results were corrected, oldest
    /// first. 历次原稿
    async fn former_versions(&self, ctx: &Context<'_>) -> Result<Vec<FormerVersion>, ApiError> {
        FormerVersion::all(ctx, self.0.id).await
    }

    /// What the caller may do with it now. 可执行操作
    async fn permissions(&self, ctx: &Context<'_>) -> Result<MeetingPermissions, ApiError> {
        MeetingPermissions::of(ctx.request()?, &self.0).await
    }
}

/// A project on the agenda of a meeting, and what came of it (S25). 议题
#[derive(Clone, Debug)]
pub struct AgendaItem(pub agenda_item::Model);

/// A project on the agenda of a meeting, and what came of it (S25). 议题
#[Object]
impl AgendaItem {
    /// The meeting; null for whoever sees the project and no meetings. 会议
    async fn meeting(&self, ctx: &Context<'_>) -> Option<Result<Meeting, ApiError>> {
        let meeting = async {
            let snapshot = ctx.request()?.read().await?;
            one(&snapshot.load.meeting, self.0.meeting).await
        };
        meeting.await.map(|row| row.map(Meeting)).transpose()
    }

    /// The project. 项目
    async fn project(&self, ctx: &Context<'_>) -> Result<Project, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        must(&snapshot.load.project, self.0.project).await.map(Project)
    }

    /// Which meeting. 会议类型
    async fn kind(&self) -> MeetingKind {
        self.0.kind
    }

    /// Its day. 日期
    async fn held_on(&self) -> Date {
        Date(self.0.held_on)
    }

    /// Place on the agenda. 顺序
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// What was decided; null until then. 结论
    async fn result(&self) -> Option<DecisionResult> {
        self.0.result
    }

    /// Why; null when none was given. 理由
    async fn reason(&self, ctx: &Context<'_>) -> Option<Result<String, ApiError>> {
        may_shown_to(ctx, Some(&self.0.reason))
    }

    /// What is to be changed; null when nothing. 调整意见
    async fn changes(&self, ctx: &Context<'_>) -> Option<Result<String, ApiError>> {
        may_shown_to(ctx, Some(&self.0.changes))
    }

    /// Where one that was put off goes; null when nobody said. 去向
    async fn deferred_to(&self, ctx: &Context<'_>) -> Option<Result<String, ApiError>> {
        may_shown_to(ctx, Some(&self.0.deferred_to))
    }
}

connection! {
    /// A page of meetings. 会议分页
    MeetingConnection, MeetingEdge: meeting as Meeting(meeting::Model)
}

keyed! {
    Meeting: meeting;
}

/// Meetings. 会议
#[derive(Default)]
pub struct MeetingQuery;

#[Object]
impl MeetingQuery {
    /// Meetings of the county in the caller's scope, newest first. 会议列表
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn meetings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100, 20 unless given. 前几条")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor. 游标之后")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100. 后几条")] last: Option<i32>,
        #[graphql(desc = "In front of this cursor. 游标之前")] before: Option<String>,
        #[graphql(desc = "Only those of this campaign. 活动")] campaign_id: Option<ID>,
    ) -> Option<Result<MeetingConnection, ApiError>> {
        let args = PageArgs { first, after, last, before };
        Some(meetings(ctx, args, campaign_id).await)
    }
}

async fn meetings(
    ctx: &Context<'_>,
    args: PageArgs,
    campaign: Option<ID>,
) -> Result<MeetingConnection, ApiError> {
    use meeting::Column as C;
    let request = ctx.request()?;
    let filter = of_campaign(request, C::Campaign, campaign.as_ref()).await?;
    let order = Order::latest_first([C::CreatedAt, C::Id], |row: &meeting::Model| (row.created_at, row.id.0));
    let page = Listed::read(request, "meetings", Predicate::All(filter), &order, &args).await?;
    Ok(MeetingConnection(page))
}

/// What a meeting decided on one project. 项目结论
#[derive(Clone, Debug, InputObject)]
pub struct MeetingResultInput {
    /// The project. 项目
    pub project_id: ID,
    /// What was decided. 结论
    pub result: DecisionResult,
    /// Why; asked for unless plainly adopted, at most 1,000 characters. 理由
    #[graphql(default)]
    pub reason: String,
    /// What is to be changed; asked for when it passes with changes. 调整意见
    #[graphql(default)]
    pub changes: String,
    /// Where one that is put off goes, such as the list of next year; at most 200 characters. 去向
    #[graphql(default)]
    pub deferred_to: String,
}

/// Which meeting, and when. 会议安排
#[derive(Clone, Debug, InputObject)]
pub struct MeetingPlanInput {
    /// The same key and content get the same answer for 7 days, 8 to 100 characters. 幂等键
    pub idempotency_key: String,
    /// Which campaign it belongs to. 所属活动
    pub campaign_id: ID,
    /// Which meeting. 会议类型
    pub kind: MeetingKind,
    /// Its day. 日期
    pub held_on: Date,
}

payload! {
    /// What came of planning it. 安排结果
    MeetingPlanPayload {
        /// The meeting as it stands now; null when refused. 会议
        meeting: Meeting
    }
}

/// Which project before which meeting. 议题内容
#[derive(Clone, Debug, InputObject)]
pub struct AgendaPutInput {
    /// Which meeting. 会议
    pub meeting_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// Which project. 项目
    pub project_id: ID,
}

payload! {
    /// What came of it. 列入结果
    AgendaPutPayload {
        /// The meeting as it stands now; null when refused. 会议
        meeting: Meeting
    }
}

/// Minutes and results. 会议结论
#[derive(Clone, Debug, InputObject)]
pub struct MeetingResultRecordInput {
    /// Which meeting. 会议
    pub meeting_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// Number of the minutes, 1 to 100 characters. 会议纪要文号
    pub minutes_number: String,
    /// One for each project of the agenda. 各议题结论
    pub results: Vec<MeetingResultInput>,
}

payload! {
    /// What came of it. 登记结果
    MeetingResultRecordPayload {
        /// The meeting as it stands now; null when refused. 会议
        meeting: Meeting
    }
}

/// Steps on meetings. 会议
#[derive(Default)]
pub struct MeetingMutation;

#[Object]
impl MeetingMutation {
    /// Plans a meeting. 安排会议
    #[graphql(directive = open_to::apply(profiles(&[Operation::MeetingPlan]), heads(&[Operation::MeetingPlan])), directive = semantic_non_null::apply(vec![0]))]
    async fn meeting_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which meeting, and when. 会议安排")] input: MeetingPlanInput,
    ) -> Option<Result<MeetingPlanPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = meeting_plan(request, &input).await;
        Some(MeetingPlanPayload::of(request, outcome).await)
    }

    /// Puts a project on the agenda: first the executive meeting, then the party committee, then the vote. 列入议题
    #[graphql(directive = open_to::apply(profiles(&[Operation::AgendaPut]), heads(&[Operation::AgendaPut])), directive = semantic_non_null::apply(vec![0]))]
    async fn agenda_put(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which project before which meeting. 议题内容")] input: AgendaPutInput,
    ) -> Option<Result<AgendaPutPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = agenda_put(request, &input).await;
        Some(AgendaPutPayload::of(request, outcome).await)
    }

    /// Writes down what a meeting decided on each project of its agenda, with the number of the minutes. 登记会议结论
    #[graphql(directive = open_to::apply(profiles(&[Operation::MeetingResultRecord]), heads(&[Operation::MeetingResultRecord])), directive = semantic_non_null::apply(vec![0]))]
    async fn meeting_result_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Minutes and results. 会议结论")] input: MeetingResultRecordInput,
    ) -> Option<Result<MeetingResultRecordPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = meeting_result_record(request, &input).await;
        Some(MeetingResultRecordPayload::of(request, outcome).await)
    }
}

async fn meeting_plan(request: &Request, input: &MeetingPlanInput) -> Result<MeetingId, Stop> {
    let key = &input.idempotency_key;
    let begun = begin(request, Operation::MeetingPlan, "meetingPlan", key, input);
    let (tx, claim) = match begun.await? {
        Begun::Repeated(id) => return Ok(id),
        Begun::Fresh(tx, claim) => (tx, claim),
    };
    let campaign = must_key(request, Kind::Campaign, &input.campaign_id, "campaignId")?;
    let what = (input.kind, input.held_on.0);
    let id = store::plan(&tx, &request.app, campaign, what, request.now).await?;
    end(tx, claim, id).await
}

async fn agenda_put(request: &Request, input: &AgendaPutInput) -> Result<MeetingId, Stop> {
    let tx = request.begin_write(Operation::AgendaPut).await?;
    let id = must_key(request, Kind::Meeting, &input.meeting_id, "meetingId")?;
    let project = must_key(request, Kind::Project, &input.project_id, "projectId")?;
    let seen = (id, input.expected_version);
    store::put(&tx, &request.app, seen, project, request.now).await?;
    tx.commit().await?;
    Ok(id)
}

async fn meeting_result_record(
    request: &Request,
    input: &MeetingResultRecordInput,
) -> Result<MeetingId, Stop> {
    let tx = request.begin_write(Operation::MeetingResultRecord).await?;
    let id = must_key(request, Kind::Meeting, &input.meeting_id, "meetingId")?;
    let decisions = decisions(request, &input.results)?;
    let seen = (id, input.expected_version);
    let minutes = &line(&input.minutes_number);
    store::record(&tx, &request.app, seen, minutes, decisions, request.now).await?;
    tx.commit().await?;
    Ok(id)
}

/// What was decided on each project, as the caller says it.
fn decisions(request: &Request, results: &[MeetingResultInput]) -> Result<Vec<Decision>, Refusal> {
    if results.len() > MOST {
        let (zh, en) = ("议题最多 100 项", "At most 100 projects on one agenda");
        return Err(Refusal::invalid("results", zh, en));
    }
    let decision = |(place, result): (usize, &MeetingResultInput)| {
        let field = format!("results.{place}.projectId");
        Ok(Decision {
            project: must_key(request, Kind::Project, &result.project_id, &field)?,
            result: result.result,
            reason: passage(&result.reason),
            changes: passage(&result.changes),
            deferred_to: line(&result.deferred_to),
        })
    };
    results.iter().enumerate().map(decision).collect()
}
