//! Circulars over GraphQL.

mod change;
mod permissions;

pub use change::CircularChangeMutation;
pub use permissions::CircularPermissions;

use async_graphql::{Context, ID, InputObject, Object};
use entity::enums::{CircularRate, CircularStatus};
use entity::id::CircularId;
use entity::{circular, circular_receipt};

use super::rules::Line;
use super::store::{self, New};
use crate::campaign::graphql::{Campaign, Department};
use crate::db::Predicate;
use crate::decision::graphql::former::FormerVersion;
use crate::error::{ApiError, Stop};
use crate::graphql::connection::PageArgs;
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::keyed::keyed;
use crate::graphql::listing::{Listed, Order, connection, of_campaign};
use crate::graphql::scalars::{Date, DateTime};
use crate::graphql::steps::{Begun, begin, end, must_key, payload};
use crate::ids::Kind;
use crate::scope::profiles::Operation;
use crate::snapshot::children::children;
use crate::text::{line, passage};

/// A circular on how the departments do; once issued, every department reads it (S30). 通报
#[derive(Clone, Debug)]
pub struct Circular(pub circular::Model);

/// A circular on how the departments do; once issued, every department reads it (S30). 通报
#[Object]
impl Circular {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::Circular, self.0.id))
    }

    /// Which campaign it belongs to. 所属活动
    async fn campaign(&self, ctx: &Context<'_>) -> Result<Campaign, ApiError> {
        Campaign::by_id(ctx, self.0.campaign).await
    }

    /// Department that drafted it. 起草单位
    async fn department(&self, ctx: &Context<'_>) -> Result<Department, ApiError> {
        Department::by_id(ctx, self.0.department).await
    }

    /// Its number, given when it is issued; 0 until then. 期号
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// Heading. 标题
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// What it says. 正文
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// First day of the period. 起
    async fn period_from(&self) -> Date {
        Date(self.0.period_from)
    }

    /// Last day of the period, itself included. 止
    async fn period_to(&self) -> Date {
        Date(self.0.period_to)
    }

    /// What departments are ranked by. 排名指标
    async fn rate(&self) -> CircularRate {
        self.0.rate
    }

    /// Least denominator that is ranked: the plan's number of suggestions for rates of suggestions, else 1. 排名最小件数
    async fn smallest_ranked(&self) -> i32 {
        self.0.smallest
    }

    /// How far it has come. 状态
    async fn status(&self) -> CircularStatus {
        self.0.status
    }

    /// When it was issued; null until then. 印发时间
    async fn issued_at(&self) -> Option<DateTime> {
        self.0.issued_at.map(DateTime)
    }

    /// When it was drafted, which is the instant of its figures. 起草时间
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Raised by every step; sent back as `expectedVersion`. 版本
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Figures as they were at drafting, best first, those with too few to be ranked behind. By a rate of suggestions every
    /// department with a stream is listed, by any other those that have something of the kind. 数据
    async fn figures(&self) -> Result<Vec<CircularLine>, ApiError> {
        let lines = store::figures(&self.0)?;
        Ok(lines.into_iter().map(CircularLine).collect())
    }

    /// Receipts in the caller's scope: a department's own, for supervision all. 签收情况
    async fn receipts(&self, ctx: &Context<'_>) -> Result<Vec<CircularReceipt>, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        let rows = children(&snapshot.load.children.receipts, self.0.id).await?;
        Ok(rows.into_iter().map(CircularReceipt).collect())
    }

    /// What stood before it was changed or discarded, oldest first; for its author and whoever sees the county. 历次原稿
    async fn former_versions(&self, ctx: &Context<'_>) -> Result<Vec<FormerVersion>, ApiError> {
        FormerVersion::all(ctx, self.0.id).await
    }

    /// What the caller may do with it now. 可执行操作
    async fn permissions(&self, ctx: &Context<'_>) -> Result<CircularPermissions, ApiError> {
        CircularPermissions::of(ctx.request()?, &self.0).await
    }
}

/// One department's line of a circular. 单位数据
#[derive(Clone, Debug)]
pub struct CircularLine(pub Line);

/// One department's line of a circular. 单位数据
#[Object]
impl CircularLine {
    /// The department. 单位
    async fn department(&self, ctx: &Context<'_>) -> Result<Department, ApiError> {
        Department::by_id(ctx, self.0.department).await
    }

    /// Its name at that time. 单位名称
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Received in the period, without withdrawn and inadmissible ones. 收到
    async fn received(&self) -> i64 {
        self.0.received
    }

    /// Of them classified. 已归类
    async fn classified(&self) -> i64 {
        self.0.classified
    }

    /// Of them explained as not adopted. 已说明
    async fn explained(&self) -> i64 {
        self.0.explained
    }

    /// What the rate divides, as `CircularRate` says. 分子
    async fn numerator(&self) -> i64 {
        self.0.numerator
    }

    /// What it divides by. 分母
    async fn denominator(&self) -> i64 {
        self.0.denominator
    }

    /// Place, shared by equal rates; null where there were too few to be ranked. 排名
    async fn rank(&self) -> Option<i32> {
        self.0.rank
    }
}

/// That a department has read a circular. 签收
#[derive(Clone, Debug)]
pub struct CircularReceipt(pub circular_receipt::Model);

/// That a department has read a circular. 签收
#[Object]
impl CircularReceipt {
    /// The department. 单位
    async fn department(&self, ctx: &Context<'_>) -> Result<Department, ApiError> {
        Department::by_id(ctx, self.0.department).await
    }

    /// When. 签收时间
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }
}

connection! {
    /// A page of circulars. 通报分页
    CircularConnection, CircularEdge: circular as Circular(circular::Model)
}

keyed! {
    Circular: circular;
}

/// Circulars. 通报
#[derive(Default)]
pub struct CircularQuery;

#[Object]
impl CircularQuery {
    /// Circulars in the caller's scope, newest first: the issued ones, for supervision and the unified view all. 通报列表
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn circulars(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100, 20 unless given. 前几条")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor. 游标之后")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100. 后几条")] last: Option<i32>,
        #[graphql(desc = "In front of this cursor. 游标之前")] before: Option<String>,
        #[graphql(desc = "Only those of this campaign. 活动")] campaign_id: Option<ID>,
    ) -> Option<Result<CircularConnection, ApiError>> {
        let args = PageArgs { first, after, last, before };
        Some(circulars(ctx, args, campaign_id).await)
    }
}

async fn circulars(
    ctx: &Context<'_>,
    args: PageArgs,
    campaign: Option<ID>,
) -> Result<CircularConnection, ApiError> {
    use circular::Column as C;
    let request = ctx.request()?;
    let filter = of_campaign(request, C::Campaign, campaign.as_ref()).await?;
    let order =
        Order::latest_first([C::CreatedAt, C::Id], |row: &circular::Model| (row.created_at, row.id.0));
    let page = Listed::read(request, "circulars", Predicate::All(filter), &order, &args).await?;
    Ok(CircularConnection(page))
}

/// Heading, text and period. 通报内容
#[derive(Clone, Debug, InputObject)]
pub struct CircularDraftInput {
    /// The same key and content get the same answer for 7 days, 8 to 100 characters. 幂等键
    pub idempotency_key: String,
    /// Which campaign it belongs to. 所属活动
    pub campaign_id: ID,
    /// Heading, 1 to 200 characters. 标题
    pub title: String,
    /// Text, 1 to 10,000 characters. 正文
    pub text: String,
    /// First day of the period. 起
    pub period_from: Date,
    /// Last day of the period, itself included. 止
    pub period_to: Date,
    /// What departments are ranked by: one of the plan's rates, or of those that it makes measurable. 排名指标
    pub rate: CircularRate,
}

payload! {
    /// What came of drafting it. 起草结果
    CircularDraftPayload {
        /// The circular as it stands now; null when refused. 通报
        circular: Circular
    }
}

/// Which circular. 审批内容
#[derive(Clone, Debug, InputObject)]
pub struct CircularApproveInput {
    /// Which circular. 通报
    pub circular_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
}

payload! {
    /// What came of it. 审批结果
    CircularApprovePayload {
        /// The circular as it stands now; null when refused. 通报
        circular: Circular
    }
}

/// Which circular. 印发内容
#[derive(Clone, Debug, InputObject)]
pub struct CircularIssueInput {
    /// Which circular. 通报
    pub circular_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
}

payload! {
    /// What came of it. 印发结果
    CircularIssuePayload {
        /// The circular as it stands now; null when refused. 通报
        circular: Circular
    }
}

/// Which circular. 签收内容
#[derive(Clone, Debug, InputObject)]
pub struct CircularAcknowledgeInput {
    /// Which circular. 通报
    pub circular_id: ID,
}

payload! {
    /// What came of it. 签收结果
    CircularAcknowledgePayload {
        /// The circular as it stands now; null when refused. 通报
        circular: Circular
    }
}

/// Steps on circulars. 通报
#[derive(Default)]
pub struct CircularMutation;

#[Object]
impl CircularMutation {
    /// Drafts a circular; its figures are those of this moment and stay. 起草通报
    #[graphql(directive = open_to::apply(profiles(&[Operation::CircularDraft]), heads(&[Operation::CircularDraft])), directive = semantic_non_null::apply(vec![0]))]
    async fn circular_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Heading, text and period. 通报内容")] input: CircularDraftInput,
    ) -> Option<Result<CircularDraftPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = circular_draft(request, &input).await;
        Some(CircularDraftPayload::of(request, outcome).await)
    }

    /// Approves a circular: the head of the department that drafted it, or the office, and never its drafter. 审批通报
    #[graphql(directive = open_to::apply(profiles(&[Operation::CircularApprove]), heads(&[Operation::CircularApprove])), directive = semantic_non_null::apply(vec![0]))]
    async fn circular_approve(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which circular. 审批内容")] input: CircularApproveInput,
    ) -> Option<Result<CircularApprovePayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = circular_approve(request, &input).await;
        Some(CircularApprovePayload::of(request, outcome).await)
    }

    /// Issues an approved circular under its author's next number: every department of the county reads it from now on. 印发通报
    #[graphql(directive = open_to::apply(profiles(&[Operation::CircularIssue]), heads(&[Operation::CircularIssue])), directive = semantic_non_null::apply(vec![0]))]
    async fn circular_issue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which circular. 印发内容")] input: CircularIssueInput,
    ) -> Option<Result<CircularIssuePayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = circular_issue(request, &input).await;
        Some(CircularIssuePayload::of(request, outcome).await)
    }

    /// Acknowledges an issued circular for the caller's department; a second time changes nothing. 签收通报
    #[graphql(directive = open_to::apply(profiles(&[Operation::CircularAcknowledge]), heads(&[Operation::CircularAcknowledge])), directive = semantic_non_null::apply(vec![0]))]
    async fn circular_acknowledge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which circular. 签收内容")] input: CircularAcknowledgeInput,
    ) -> Option<Result<CircularAcknowledgePayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = circular_acknowledge(request, &input).await;
        Some(CircularAcknowledgePayload::of(request, outcome).await)
    }
}

async fn circular_draft(request: &Request, input: &CircularDraftInput) -> Result<CircularId, Stop> {
    let key = &input.idempotency_key;
    let begun = begin(request, Operation::CircularDraft, "circularDraft", key, input);
    let (tx, claim) = match begun.await? {
        Begun::Repeated(id) => return Ok(id),
        Begun::Fresh(tx, claim) => (tx, claim),
    };
    let new = New {
        campaign: must_key(request, Kind::Campaign, &input.campaign_id, "campaignId")?,
        title: line(&input.title),
        text: passage(&input.text),
        period: (input.period_from.0, input.period_to.0),
        rate: input.rate,
    };
    let id = store::draft(&tx, &request.app, new, request.now).await?;
    end(tx, claim, id).await
}

async fn circular_approve(request: &Request, input: &CircularApproveInput) -> Result<CircularId, Stop> {
    let tx = request.begin_write(Operation::CircularApprove).await?;
    let id = must_key(request, Kind::Circular, &input.circular_id, "circularId")?;
    store::approve(&tx, &request.app, id, input.expected_version, request.now).await?;
    tx.commit().await?;
    Ok(id)
}

async fn circular_issue(request: &Request, input: &CircularIssueInput) -> Result<CircularId, Stop> {
    let tx = request.begin_write(Operation::CircularIssue).await?;
    let id = must_key(request, Kind::Circular, &input.circular_id, "circularId")?;
    store::issue(&tx, &request.app, id, input.expected_version, request.now).await?;
    tx.commit().await?;
    Ok(id)
}

async fn circular_acknowledge(
    request: &Request,
    input: &CircularAcknowledgeInput,
) -> Result<CircularId, Stop> {
    let tx = request.begin_write(Operation::CircularAcknowledge).await?;
    let id = must_key(request, Kind::Circular, &input.circular_id, "circularId")?;
    store::acknowledge(&tx, &request.app, id, request.now).await?;
    tx.commit().await?;
    Ok(id)
}
