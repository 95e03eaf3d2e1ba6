//! Explanations over GraphQL.

mod change;
mod permissions;

pub use change::ExplanationChangeMutation;
pub use permissions::ExplanationPermissions;

use async_graphql::{Context, ID, InputObject, Object};
use entity::enums::ExplanationChannel;
use entity::id::{ExplanationId, SubmissionId};
use entity::{explanation, explanation_cover, submission};

use change::FormerExplanation;

use super::rules::MOST;
use super::store::{self, Delivery, New};
use crate::campaign::graphql::{Campaign, Department};
use crate::db::Predicate;
use crate::error::{ApiError, Stop};
use crate::graphql::connection::PageArgs;
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::listing::{Listed, Order, connection, of_campaign};
use crate::graphql::scalars::{Date, DateTime};
use crate::graphql::shown::{may_shown_to, shown_to};
use crate::graphql::steps::{Begun, begin, end, must_key, must_keys, payload};
use crate::ids::Kind;
use crate::intake::graphql::{Explanation, Submission};
use crate::scope::profiles::Operation;
use crate::snapshot::children::children;
use crate::text::passage;

/// Why suggestions were not adopted, told to those who made them (S28). 解释说明
#[Object]
impl Explanation {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::Explanation, self.0.id))
    }

    /// Collector that explains. 征集单位
    async fn department(&self, ctx: &Context<'_>) -> Result<Department, ApiError> {
        Department::by_id(ctx, self.0.department).await
    }

    /// Which campaign it belongs to. 所属活动
    async fn campaign(&self, ctx: &Context<'_>) -> Result<Campaign, ApiError> {
        Campaign::by_id(ctx, self.0.campaign).await
    }

    /// What is told. 说明内容
    async fn text(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        shown_to(ctx, &self.0.text)
    }

    /// By which way. 方式
    async fn channel(&self) -> ExplanationChannel {
        self.0.channel
    }

    /// Day it was told; null until then. 送达日期
    async fn delivered_on(&self) -> Option<Date> {
        self.0.delivered_on.map(Date)
    }

    /// What proves it; null until it was told. 凭证
    async fn proof(&self, ctx: &Context<'_>) -> Option<Result<String, ApiError>> {
        may_shown_to(ctx, Some(&self.0.proof))
    }

    /// Whether it was withdrawn before it was delivered; it covers nothing then. 是否已撤回
    async fn is_withdrawn(&self) -> bool {
        self.0.withdrawn_at.is_some()
    }

    /// What stood in it before each change, and before it was withdrawn, oldest first. 历次原稿
    async fn former_versions(&self, ctx: &Context<'_>) -> Result<Vec<FormerExplanation>, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        let rows = children(&snapshot.load.children.former, self.0.id).await?;
        Ok(rows.into_iter().map(FormerExplanation).collect())
    }

    /// How many suggestions it covers. 覆盖件数
    async fn covered(&self) -> i32 {
        self.0.covered
    }

    /// When it was written. 撰写时间
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Raised by every step; sent back as `expectedVersion`. 版本
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What the caller may do with it now. 可执行操作
    async fn permissions(&self, ctx: &Context<'_>) -> Result<ExplanationPermissions, ApiError> {
        ExplanationPermissions::of(ctx.request()?, &self.0).await
    }

    /// The suggestions that it covers. 覆盖的意见建议
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn submissions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100, 20 unless given. 前几条")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor. 游标之后")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100. 后几条")] last: Option<i32>,
        #[graphql(desc = "In front of this cursor. 游标之前")] before: Option<String>,
    ) -> Option<Result<CoveredConnection, ApiError>> {
        let args = PageArgs { first, after, last, before };
        Some(covered(ctx, self.0.id, args).await)
    }
}

connection! {
    /// A page of explanations. 解释说明分页
    ExplanationConnection, ExplanationEdge: explanation as Explanation(explanation::Model)
}

connection! {
    /// A page of suggestions that an explanation covers. 覆盖意见分页
    CoveredConnection, CoveredEdge: explanation_cover as Submission(submission::Model)
}

async fn covered(
    ctx: &Context<'_>,
    id: ExplanationId,
    args: PageArgs,
) -> Result<CoveredConnection, ApiError> {
    use explanation_cover::Column as C;
    let request = ctx.request()?;
    let order = Order::oldest_first([C::CoveredAt, C::Submission], |row: &explanation_cover::Model| {
        (row.covered_at, row.submission.0)
    });
    let this = Predicate::is(C::Explanation, id);
    let page = Listed::read(request, "covered", this, &order, &args).await?;
    let submission = |row: &explanation_cover::Model| row.submission;
    let ids: Vec<SubmissionId> = page.nodes.iter().map(submission).collect();
    let snapshot = request.read().await?;
    let mut rows = snapshot.load.submission.load_many(ids).await?;
    Ok(CoveredConnection(page.map(|row: explanation_cover::Model| rows.remove(&row.submission))))
}

/// Explanations. 解释说明
#[derive(Default)]
pub struct ExplanationQuery;

#[Object]
impl ExplanationQuery {
    /// Explanations in the caller's scope, newest first: a department's own, for the office all. 解释说明列表
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn explanations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100, 20 unless given. 前几条")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor. 游标之后")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100. 后几条")] last: Option<i32>,
        #[graphql(desc = "In front of this cursor. 游标之前")] before: Option<String>,
        #[graphql(desc = "Only those of this campaign. 活动")] campaign_id: Option<ID>,
    ) -> Option<Result<ExplanationConnection, ApiError>> {
        let args = PageArgs { first, after, last, before };
        Some(explanations(ctx, args, campaign_id).await)
    }
}

async fn explanations(
    ctx: &Context<'_>,
    args: PageArgs,
    campaign: Option<ID>,
) -> Result<ExplanationConnection, ApiError> {
    use explanation::Column as C;
    let request = ctx.request()?;
    let filter = of_campaign(request, C::Campaign, campaign.as_ref()).await?;
    let order =
        Order::latest_first([C::CreatedAt, C::Id], |row: &explanation::Model| (row.created_at, row.id.0));
    let page = Listed::read(request, "explanations", Predicate::All(filter), &order, &args).await?;
    Ok(ExplanationConnection(page))
}

/// What is told, and to whom. 说明内容
#[derive(Clone, Debug, InputObject)]
pub struct ExplanationRecordInput {
    /// The same key and content get the same answer for 7 days, 8 to 100 characters. 幂等键
    pub idempotency_key: String,
    /// Which campaign it belongs to. 所属活动
    pub campaign_id: ID,
    /// What is told, 2 to 4,000 characters. 说明内容
    pub text: String,
    /// By which way. 方式
    pub channel: ExplanationChannel,
    /// Suggestions that it covers, 1 to 500. 覆盖的意见建议
    pub submission_ids: Vec<ID>,
}

payload! {
    /// What came of writing it. 撰写结果
    ExplanationRecordPayload {
        /// The explanation as it stands now; null when refused. 说明
        explanation: Explanation
    }
}

/// When, and what proves it. 送达情况
#[derive(Clone, Debug, InputObject)]
pub struct ExplanationDeliverInput {
    /// Which explanation. 说明
    pub explanation_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// Day it was told. 送达日期
    pub delivered_on: Date,
    /// What proves it, 2 to 1,000 characters. 凭证
    pub proof: String,
}

payload! {
    /// What came of it. 送达结果
    ExplanationDeliverPayload {
        /// The explanation as it stands now; null when refused. 说明
        explanation: Explanation
    }
}

/// Steps on explanations. 解释说明
#[derive(Default)]
pub struct ExplanationMutation;

#[Object]
impl ExplanationMutation {
    /// Writes an explanation for suggestions of the caller's own stream that are not adopted; one may cover many. 撰写说明
    #[graphql(directive = open_to::apply(profiles(&[Operation::ExplanationRecord]), heads(&[Operation::ExplanationRecord])), directive = semantic_non_null::apply(vec![0]))]
    async fn explanation_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is told, and to whom. 说明内容")] input: ExplanationRecordInput,
    ) -> Option<Result<ExplanationRecordPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = explanation_record(request, &input).await;
        Some(ExplanationRecordPayload::of(request, outcome).await)
    }

    /// Records that an explanation was delivered, with proof; what it covers has its answer then. 送达说明
    #[graphql(directive = open_to::apply(profiles(&[Operation::ExplanationDeliver]), heads(&[Operation::ExplanationDeliver])), directive = semantic_non_null::apply(vec![0]))]
    async fn explanation_deliver(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "When, and what proves it. 送达情况")] input: ExplanationDeliverInput,
    ) -> Option<Result<ExplanationDeliverPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = explanation_deliver(request, &input).await;
        Some(ExplanationDeliverPayload::of(request, outcome).await)
    }
}

async fn explanation_record(
    request: &Request,
    input: &ExplanationRecordInput,
) -> Result<ExplanationId, Stop> {
    let begun =
        begin(request, Operation::ExplanationRecord, "explanationRecord", &input.idempotency_key, input);
    let (tx, claim) = match begun.await? {
        Begun::Repeated(id) => return Ok(id),
        Begun::Fresh(tx, claim) => (tx, claim),
    };
    let ids = &input.submission_ids;
    let new = New {
        campaign: must_key(request, Kind::Campaign, &input.campaign_id, "campaignId")?,
        text: passage(&input.text),
        channel: input.channel,
        submissions: must_keys(request, Kind::Submission, ids, "submissionIds", MOST)?,
    };
    let id = store::record(&tx, &request.app, new, request.now).await?;
    end(tx, claim, id).await
}

async fn explanation_deliver(
    request: &Request,
    input: &ExplanationDeliverInput,
) -> Result<ExplanationId, Stop> {
    let tx = request.begin_write(Operation::ExplanationDeliver).await?;
    let id = must_key(request, Kind::Explanation, &input.explanation_id, "explanationId")?;
    let delivery =
        Delivery { expected: input.expected_version, on: input.delivered_on.0, proof: passage(&input.proof) };
    store::deliver(&tx, &request.app, id, delivery, request.now).await?;
    tx.commit().await?;
    Ok(id)
}
