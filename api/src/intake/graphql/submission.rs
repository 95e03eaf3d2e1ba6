//! One suggestion.

use async_graphql::{Context, ID, Object};
use entity::enums::{Stage, SubmissionKind, Urgency};
use entity::{explanation, submission};

use super::former::FormerText;
use super::invalid::Invalidation;
use super::person::MaskedPerson;
use super::record::Record;
use super::words::{ExtraValue, Words};
use super::{assignee, fate, former, invalid};
use crate::campaign::graphql::{Campaign, Category, Channel, Department, IntakeStream, Village};
use crate::error::ApiError;
use crate::fate::rules::{Disposition, Told, WaitsFor, WaitsForWhom};
use crate::graphql::connection::MAX_PAGE;
use crate::graphql::context::RequestOf;
use crate::graphql::keyed::keyed;
use crate::graphql::scalars::DateTime;
use crate::ids::Kind;
use crate::intake::number;
use crate::snapshot::children::children;
use crate::snapshot::loaders::{LastOf, must, one};

/// One suggestion. Stream (whose), channel (how) and entering post (by whom) are three fields. 意见建议
#[derive(Clone, Debug)]
pub struct Submission(pub submission::Model);

keyed! {
    Submission: submission;
}

/// Why suggestions were not adopted, told to those who made them (S28). A suggestion leads to it; its fields stand with
/// the decisions. 解释说明
#[derive(Clone, Debug)]
pub struct Explanation(pub explanation::Model);

keyed! {
    Explanation: explanation;
}

/// What the caller may do with one suggestion now; drives buttons. Some ask for what was decided, so they stand with the
/// decisions. 可执行操作
pub struct SubmissionPermissions(pub submission::Model);

/// One suggestion. Stream (whose), channel (how) and entering post (by whom) are three fields. 意见建议
#[Object]
impl Submission {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::Submission, self.0.id))
    }

    /// Case number among those who work on it: stream, year, number. 编号
    async fn number(&self) -> &str {
        &self.0.number
    }

    /// The number on the citizen's receipt, which it names on the telephone; says nothing of order or volume. 受理编号
    async fn receipt_number(&self) -> String {
        number::printed(&self.0.receipt_number)
    }

    /// Heading; for whoever may not see identities the person's name in it is masked, and telephones, identity and bank cards,
    /// passports, plates, mail addresses, QQ and WeChat numbers are. 标题
    async fn title(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        Ok(Words::of(ctx, &self.0).await?.read(&self.0.title))
    }

    /// The whole text, masked as the title is. 内容
    async fn content(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        Ok(Words::of(ctx, &self.0).await?.read(&self.0.content))
    }

    /// What the person wants. 诉求类型
    async fn kind(&self) -> SubmissionKind {
        self.0.kind
    }

    /// Where it stands. 办理环节
    async fn stage(&self) -> Stage {
        self.0.stage
    }

    /// What became of it; a merged one shares the outcome of what it was merged into. 去向
    async fn disposition(&self, ctx: &Context<'_>) -> Result<Disposition, ApiError> {
        Ok(fate::of(ctx, &self.0).await?.1.disposition())
    }

    /// What it waits for until something has come of it. 等待事项
    async fn waits_for(&self, ctx: &Context<'_>) -> Result<WaitsFor, ApiError> {
        Ok(fate::of(ctx, &self.0).await?.1.waits_for())
    }

    /// At whom it stands. 当前责任方
    async fn waits_for_whom(&self, ctx: &Context<'_>) -> Result<WaitsForWhom, ApiError> {
        Ok(fate::of(ctx, &self.0).await?.1.waits_for().whom())
    }

    /// What became of it as the sentence that its people read with their receipt code, with the name of the project of which
    /// it is itself a source. 办理结果
    async fn outcome(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        fate::outcome(ctx, &self.0).await
    }

    /// Whether its people were told why it was not adopted. 是否已说明
    async fn is_explained(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        Ok(fate::of(ctx, &self.0).await?.0.facts.told == Told::Delivered)
    }

    /// Whether its collector owes its people an explanation, or the delivery of one. 是否待说明
    async fn owes_explanation(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        Ok(fate::of(ctx, &self.0).await?.1.owes_explanation())
    }

    /// How urgent the matter is. 紧急程度
    async fn urgency(&self) -> Urgency {
        self.0.urgency
    }

    /// How many people would benefit; null when nobody said. 受益人数
    async fn beneficiaries(&self) -> Option<i32> {
        self.0.beneficiaries
    }

    /// The campaign that it belongs to. 活动
    async fn campaign(&self, ctx: &Context<'_>) -> Result<Campaign, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        must(&snapshot.load.campaign, self.0.campaign).await.map(Campaign)
    }

    /// The stream that owns it; null for a department that sees it without owning the stream. 征集流
    async fn stream(&self, ctx: &Context<'_>) -> Option<Result<IntakeStream, ApiError>> {
        let stream = async {
            let snapshot = ctx.request()?.read().await?;
            one(&snapshot.load.stream, self.0.stream).await
        };
        stream.await.map(|row| row.map(IntakeStream)).transpose()
    }

    /// Its collector: the department that owns the stream and explains the outcome. 征集单位
    async fn department(&self, ctx: &Context<'_>) -> Result<Department, ApiError> {
        Department::by_id(ctx, self.0.department).await
    }

    /// How it came in. 渠道
    async fn channel(&self, ctx: &Context<'_>) -> Result<Channel, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        must(&snapshot.load.channel, self.0.channel).await.map(Channel)
    }

    /// Its class; null until it is classified. 类别
    async fn category(&self, ctx: &Context<'_>) -> Option<Result<Category, ApiError>> {
        Some(Category::by_id(ctx, self.0.category?).await)
    }

    /// The class that its citizen proposed, which stays after its collector has decided; null where none was named. 群众建议类别
    async fn proposed_category(&self, ctx: &Context<'_>) -> Option<Result<Category, ApiError>> {
        Some(Category::by_id(ctx, self.0.proposed_category?).await)
    }

    /// Group of people it speaks for. 征集对象
    async fn constituency(&self) -> Option<&str> {
        self.0.constituency.as_deref()
    }

    /// Village or community that it concerns. 村社区
    async fn village(&self, ctx: &Context<'_>) -> Option<Result<Village, ApiError>> {
        let id = self.0.village?;
        let village = async {
            let snapshot = ctx.request()?.read().await?;
            must(&snapshot.load.village, id).await.map(Village)
        };
        Some(village.await)
    }

    /// Whether its person's identity is never shown. 保密
    async fn is_confidential(&self) -> bool {
        self.0.confidential
    }

    /// Whether no name was given. 匿名
    async fn is_anonymous(&self) -> bool {
        self.0.anonymous
    }

    /// Whether it was entered for someone met on a visit. 代录
    async fn is_on_behalf(&self) -> bool {
        self.0.on_behalf
    }

    /// Whether it was received after intake had closed; late ones are taken all the same. 逾期
    async fn is_late(&self) -> bool {
        self.0.late
    }

    /// When it was received. 收到时间
    async fn received_at(&self) -> DateTime {
        DateTime(self.0.received_at)
    }

    /// When it was entered here. 录入时间
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// The channel's own number, unique per channel. 来源编号
    async fn external_ref(&self) -> Option<&str> {
        self.0.external_ref.as_deref()
    }

    /// Values of the stream's own form fields. 附加项
    async fn extra(&self, ctx: &Context<'_>) -> Result<Vec<ExtraValue>, ApiError> {
        Ok(Words::of(ctx, &self.0).await?.values(&self.0.extra))
    }

    /// Whether its words or its kind were corrected since it was taken in; what stood there before is in `formerTexts`. 是否更正过
    async fn is_corrected(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        former::is_corrected(ctx, &self.0).await
    }

    /// What stood in it before each correction of its words or its kind, oldest first: the first is what was taken in. 历次原文
    async fn former_texts(&self, ctx: &Context<'_>) -> Result<Vec<FormerText>, ApiError> {
        former::of(ctx, &self.0).await
    }

    /// Proposals not to accept it, oldest first, with what the office said. 不予受理提请
    async fn invalidations(&self, ctx: &Context<'_>) -> Result<Vec<Invalidation>, ApiError> {
        invalid::of(ctx, &self.0).await
    }

    /// The person behind it, masked; null for profiles that never see identities, without a person, when confidential
    /// or erased. 提出人
    async fn person(&self, ctx: &Context<'_>) -> Option<Result<MaskedPerson, ApiError>> {
        MaskedPerson::of(ctx, &self.0).await.transpose()
    }

    /// Whether the office merged it into another; its people are told the outcome all the same. 是否并入他件
    async fn is_merged(&self) -> bool {
        self.0.stage == Stage::Merged
    }

    /// What it was merged into; null unless the caller sees all of the county: no department learns with whose. 并入
    async fn merged_into(&self, ctx: &Context<'_>) -> Option<Result<Submission, ApiError>> {
        target(ctx, &self.0).await.transpose()
    }

    /// What tells its people why it was not adopted; null where nothing does. 解释说明
    async fn explanation(&self, ctx: &Context<'_>) -> Option<Result<Explanation, ApiError>> {
        explained(ctx, &self.0).await.transpose()
    }

    /// Who of the caller's department works on it, by name; empty where nobody does, and for every other department: how a
    /// department divides its work is its own. 经办人
    async fn assignee(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        assignee::name(ctx, &self.0).await
    }

    /// Whether the caller works on it. 本人经办
    async fn is_mine(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        assignee::is_mine(ctx, &self.0).await
    }

    /// Raised by every step; sent back as `expectedVersion`. 版本
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What the caller may do with it now. 可执行操作
    async fn permissions(&self) -> SubmissionPermissions {
        SubmissionPermissions(self.0.clone())
    }

    /// The last lines of its handling record, newest first. 办理记录
    async fn records(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many of the last lines, at most 100. 条数", default = 20)] last: i32,
    ) -> Result<Vec<Record>, ApiError> {
        let valid = u64::try_from(last).ok().filter(|last| (1..=MAX_PAGE).contains(last));
        let most =
            valid.ok_or_else(|| ApiError::bad_input("last 应为 1 至 100", "last must be from 1 to 100"))?;
        let snapshot = ctx.request()?.read().await?;
        let lines = snapshot.load.last_records.load_one(LastOf { submission: self.0.id, most }).await?;
        Ok(lines.unwrap_or_default().into_iter().map(Record).collect())
    }
}

async fn target(ctx: &Context<'_>, row: &submission::Model) -> Result<Option<Submission>, ApiError> {
    if row.stage != Stage::Merged {
        return Ok(None);
    }
    let snapshot = ctx.request()?.read().await?;
    let mergers = children(&snapshot.load.children.mergers, row.id).await?;
    let holds = mergers.iter().find(|merger| merger.undone_at.is_none());
    let Some(merger) = holds else {
        return Ok(None);
    };
    let target = one(&snapshot.load.submission, merger.target).await?;
    Ok(target.map(Submission))
}

async fn explained(ctx: &Context<'_>, row: &submission::Model) -> Result<Option<Explanation>, ApiError> {
    let snapshot = ctx.request()?.read().await?;
    let covers = children(&snapshot.load.children.covers, row.id).await?;
    let Some(cover) = covers.first() else {
        return Ok(None);
    };
    let explanation = one(&snapshot.load.explanation, cover.explanation).await?;
    Ok(explanation.map(Explanation))
}
