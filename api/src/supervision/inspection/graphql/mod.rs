//! Inspections over GraphQL.

mod change;
mod permissions;

pub use change::InspectionChangeMutation;
pub use permissions::{FindingPermissions, InspectionPermissions};

use async_graphql::{Context, ID, InputObject, Object};
use entity::enums::RecheckResult;
use entity::id::InspectionId;
use entity::{finding, inspection, rectification};

use super::rules::{self, Draft};
use super::store::{self, New, Recheck};
use crate::campaign::graphql::{Campaign, Department};
use crate::clock::day_of;
use crate::db::Predicate;
use crate::decision::graphql::former::FormerVersion;
use crate::error::{ApiError, Stop};
use crate::graphql::connection::PageArgs;
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::keyed::keyed;
use crate::graphql::listing::{Listed, Order, connection, of_campaign};
use crate::graphql::scalars::{Date, DateTime};
use crate::graphql::shown::{may_shown_to, shown_to};
use crate::graphql::steps::{Begun, begin, end, must_key, payload};
use crate::ids::Kind;
use crate::scope::profiles::Operation;
use crate::snapshot::children::children;
use crate::text::passage;

/// An inspection of a department; read by both and by the unified view (S29). 督导检查
#[derive(Clone, Debug)]
pub struct Inspection(pub inspection::Model);

/// An inspection of a department; read by both and by the unified view (S29). 督导检查
#[Object]
impl Inspection {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::Inspection, self.0.id))
    }

    /// Which campaign it belongs to. 所属活动
    async fn campaign(&self, ctx: &Context<'_>) -> Result<Campaign, ApiError> {
        Campaign::by_id(ctx, self.0.campaign).await
    }

    /// Department that was inspected. 被督查单位
    async fn department(&self, ctx: &Context<'_>) -> Result<Department, ApiError> {
        Department::by_id(ctx, self.0.inspected).await
    }

    /// Department that inspected. 督查单位
    async fn inspector(&self, ctx: &Context<'_>) -> Result<Department, ApiError> {
        Department::by_id(ctx, self.0.department).await
    }

    /// Its day. 日期
    async fn inspected_on(&self) -> Date {
        Date(self.0.inspected_on)
    }

    /// What was looked at. 检查情况
    async fn summary(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        shown_to(ctx, &self.0.summary)
    }

    /// When it was written down. 登记时间
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Whether it was withdrawn before anybody reported on it; it has no findings then. 是否已撤回
    async fn is_withdrawn(&self) -> bool {
        self.0.withdrawn_at.is_some()
    }

    /// Raised by every correction; sent back as `expectedVersion`. 版本
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What stood before it was corrected or withdrawn, oldest first. 历次原稿
    async fn former_versions(&self, ctx: &Context<'_>) -> Result<Vec<FormerVersion>, ApiError> {
        FormerVersion::all(ctx, self.0.id).await
    }

    /// What the caller may do with it now. 可执行操作
    async fn permissions(&self, ctx: &Context<'_>) -> Result<InspectionPermissions, ApiError> {
        InspectionPermissions::of(ctx.request()?, &self.0).await
    }

    /// What was found, at most 50. 问题
    async fn findings(&self, ctx: &Context<'_>) -> Result<Vec<Finding>, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        let rows = children(&snapshot.load.children.findings, self.0.id).await?;
        Ok(rows.into_iter().map(Finding).collect())
    }
}

/// What an inspection found (S29). 问题
#[derive(Clone, Debug)]
pub struct Finding(pub finding::Model);

/// What an inspection found (S29). 问题
#[Object]
impl Finding {
    /// Place in the list, which names it. 序号
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// What was found. 问题
    async fn text(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        shown_to(ctx, &self.0.text)
    }

    /// Last day to put it right. 整改期限
    async fn rectify_by(&self) -> Date {
        Date(self.0.rectify_by)
    }

    /// Whether that day has passed and no recheck found it put right. 是否超期
    async fn is_overdue(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        let today = day_of(ctx.request()?.now);
        Ok(rules::overdue(self.0.rectify_by, self.0.recheck, today))
    }

    /// What the last recheck found; null until then. 复查结果
    async fn recheck(&self) -> Option<RecheckResult> {
        self.0.recheck
    }

    /// Day of the last recheck; null until then. 复查日期
    async fn rechecked_on(&self) -> Option<Date> {
        self.0.rechecked_on.map(Date)
    }

    /// Remark of the last recheck; null when none was given. 复查说明
    async fn recheck_note(&self, ctx: &Context<'_>) -> Option<Result<String, ApiError>> {
        may_shown_to(ctx, Some(&self.0.recheck_note))
    }

    /// Raised by every recheck; sent back as `expectedVersion`. 版本
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What the inspected department says that it did, in order. 整改报告
    async fn rectifications(&self, ctx: &Context<'_>) -> Result<Vec<Rectification>, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        let rows = children(&snapshot.load.children.rectifications, self.0.inspection).await?;
        let own = rows.into_iter().filter(|row| row.position == self.0.position);
        Ok(own.map(Rectification).collect())
    }

    /// What the caller may do with it now. 可执行操作
    async fn permissions(&self, ctx: &Context<'_>) -> Result<FindingPermissions, ApiError> {
        FindingPermissions::of(ctx.request()?, &self.0).await
    }
}

/// What the inspected department says that it did about a finding (S29). 整改报告
#[derive(Clone, Debug)]
pub struct Rectification(pub rectification::Model);

/// What the inspected department says that it did about a finding (S29). 整改报告
#[Object]
impl Rectification {
    /// What was done. 整改情况
    async fn text(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        shown_to(ctx, &self.0.text)
    }

    /// Day it was done. 完成日期
    async fn done_on(&self) -> Date {
        Date(self.0.done_on)
    }

    /// When it was reported. 报告时间
    async fn reported_at(&self) -> DateTime {
        DateTime(self.0.reported_at)
    }
}

connection! {
    /// A page of inspections. 督导检查分页
    InspectionConnection, InspectionEdge: inspection as Inspection(inspection::Model)
}

keyed! {
    Inspection: inspection;
}

/// Inspections. 督导检查
#[derive(Default)]
pub struct InspectionQuery;

#[Object]
impl InspectionQuery {
    /// Inspections in the caller's scope, newest first: of a department its own, for supervision all. 督导检查列表
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn inspections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100, 20 unless given. 前几条")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor. 游标之后")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100. 后几条")] last: Option<i32>,
        #[graphql(desc = "In front of this cursor. 游标之前")] before: Option<String>,
        #[graphql(desc = "Only those of this campaign. 活动")] campaign_id: Option<ID>,
    ) -> Option<Result<InspectionConnection, ApiError>> {
        let args = PageArgs { first, after, last, before };
        Some(inspections(ctx, args, campaign_id).await)
    }
}

async fn inspections(
    ctx: &Context<'_>,
    args: PageArgs,
    campaign: Option<ID>,
) -> Result<InspectionConnection, ApiError> {
    use inspection::Column as C;
    let request = ctx.request()?;
    let filter = of_campaign(request, C::Campaign, campaign.as_ref()).await?;
    let order =
        Order::latest_first([C::CreatedAt, C::Id], |row: &inspection::Model| (row.created_at, row.id.0));
    let page = Listed::read(request, "inspections", Predicate::All(filter), &order, &args).await?;
    Ok(InspectionConnection(page))
}

/// Something found, and until when it is to be put right. 问题
#[derive(Clone, Debug, InputObject)]
pub struct FindingInput {
    /// What was found, 1 to 2,000 characters. 问题
    pub text: String,
    /// Last day to put it right. 整改期限
    pub rectify_by: Date,
}

/// Whom, when, and what was found. 督查情况
#[derive(Clone, Debug, InputObject)]
pub struct InspectionRecordInput {
    /// The same key and content get the same answer for 7 days, 8 to 100 characters. 幂等键
    pub idempotency_key: String,
    /// Which campaign it belongs to. 所属活动
    pub campaign_id: ID,
    /// Department that was inspected. 被督查单位
    pub department_id: ID,
    /// Its day. 日期
    pub inspected_on: Date,
    /// What was looked at, 1 to 4,000 characters. 检查情况
    pub summary: String,
    /// What was found, at most 50. 问题
    #[graphql(default)]
    pub findings: Vec<FindingInput>,
}

payload! {
    /// What came of it. 登记结果
    InspectionRecordPayload {
        /// The inspection as it stands now; null when refused. 督查
        inspection: Inspection
    }
}

/// What was done. 整改情况
#[derive(Clone, Debug, InputObject)]
pub struct RectificationReportInput {
    /// The same key and content get the same answer for 7 days, 8 to 100 characters. 幂等键
    pub idempotency_key: String,
    /// Which inspection. 督查
    pub inspection_id: ID,
    /// Which finding, by its place. 问题序号
    pub position: i32,
    /// What was done, 2 to 4,000 characters. 整改情况
    pub text: String,
    /// Day it was done. 完成日期
    pub done_on: Date,
}

payload! {
    /// What came of it. 报告结果
    RectificationReportPayload {
        /// The inspection as it stands now; null when refused. 督查
        inspection: Inspection
    }
}

/// What the recheck found. 复查情况
#[derive(Clone, Debug, InputObject)]
pub struct FindingRecheckInput {
    /// Which inspection. 督查
    pub inspection_id: ID,
    /// Which finding, by its place. 问题序号
    pub position: i32,
    /// The version of the finding that the caller has seen. 版本
    pub expected_version: i32,
    /// What was found. 复查结果
    pub result: RecheckResult,
    /// Day of the recheck. 复查日期
    pub rechecked_on: Date,
    /// Remark, at most 1,000 characters. 说明
    #[graphql(default)]
    pub note: String,
}

payload! {
    /// What came of it. 复查结果
    FindingRecheckPayload {
        /// The inspection as it stands now; null when refused. 督查
        inspection: Inspection
    }
}

/// Steps on inspections. 督导检查
#[derive(Default)]
pub struct InspectionMutation;

#[Object]
impl InspectionMutation {
    /// Writes an inspection of a department down, with what was found. 登记督查
    #[graphql(directive = open_to::apply(profiles(&[Operation::InspectionRecord]), heads(&[Operation::InspectionRecord])), directive = semantic_non_null::apply(vec![0]))]
    async fn inspection_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom, when, and what was found. 督查情况")] input: InspectionRecordInput,
    ) -> Option<Result<InspectionRecordPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = inspection_record(request, &input).await;
        Some(InspectionRecordPayload::of(request, outcome).await)
    }

    /// Reports what was done about a finding; by the inspected department. 报告整改
    #[graphql(directive = open_to::apply(profiles(&[Operation::RectificationReport]), heads(&[Operation::RectificationReport])), directive = semantic_non_null::apply(vec![0]))]
    async fn rectification_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was done. 整改情况")] input: RectificationReportInput,
    ) -> Option<Result<RectificationReportPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = rectification_report(request, &input).await;
        Some(RectificationReportPayload::of(request, outcome).await)
    }

    /// Records what a recheck of a reported finding found; by whoever inspected. 复查问题
    #[graphql(directive = open_to::apply(profiles(&[Operation::FindingRecheck]), heads(&[Operation::FindingRecheck])), directive = semantic_non_null::apply(vec![0]))]
    async fn finding_recheck(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the recheck found. 复查情况")] input: FindingRecheckInput,
    ) -> Option<Result<FindingRecheckPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = finding_recheck(request, &input).await;
        Some(FindingRecheckPayload::of(request, outcome).await)
    }
}

/// What was found, as the caller says it.
fn drafts(findings: &[FindingInput]) -> Vec<Draft> {
    findings.iter().map(|found| (passage(&found.text), found.rectify_by.0)).collect()
}

async fn inspection_record(request: &Request, input: &InspectionRecordInput) -> Result<InspectionId, Stop> {
    let begun =
        begin(request, Operation::InspectionRecord, "inspectionRecord", &input.idempotency_key, input);
    let (tx, claim) = match begun.await? {
        Begun::Repeated(id) => return Ok(id),
        Begun::Fresh(tx, claim) => (tx, claim),
    };
    let new = New {
        campaign: must_key(request, Kind::Campaign, &input.campaign_id, "campaignId")?,
        inspected: must_key(request, Kind::Department, &input.department_id, "departmentId")?,
        on: input.inspected_on.0,
        summary: passage(&input.summary),
        findings: drafts(&input.findings),
    };
    let id = store::record(&tx, &request.app, new, request.now).await?;
    end(tx, claim, id).await
}

async fn rectification_report(
    request: &Request,
    input: &RectificationReportInput,
) -> Result<InspectionId, Stop> {
    let begun =
        begin(request, Operation::RectificationReport, "rectificationReport", &input.idempotency_key, input);
    let (tx, claim) = match begun.await? {
        Begun::Repeated(id) => return Ok(id),
        Begun::Fresh(tx, claim) => (tx, claim),
    };
    let id = must_key(request, Kind::Inspection, &input.inspection_id, "inspectionId")?;
    let said = (passage(&input.text), input.done_on.0);
    store::report(&tx, &request.app, (id, input.position), said, request.now).await?;
    end(tx, claim, id).await
}

async fn finding_recheck(request: &Request, input: &FindingRecheckInput) -> Result<InspectionId, Stop> {
    let tx = request.begin_write(Operation::FindingRecheck).await?;
    let id = must_key(request, Kind::Inspection, &input.inspection_id, "inspectionId")?;
    let new = Recheck {
        position: input.position,
        expected: input.expected_version,
        result: input.result,
        on: input.rechecked_on.0,
        note: passage(&input.note),
    };
    store::recheck(&tx, &request.app, id, new, request.now).await?;
    tx.commit().await?;
    Ok(id)
}
