//! One summary table, and pages of them.

use async_graphql::{Context, ID, Object, SimpleObject};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use entity::enums::{SummaryKind, SummaryStatus, Urgency};
use entity::{summary_scan, summary_table};

use super::permissions::{SummaryObstacle, SummaryTablePermissions, SummaryWarning, obstacles};
use crate::campaign::graphql::{Campaign, Department};
use crate::decision::graphql::SummaryLine;
use crate::error::ApiError;
use crate::graphql::context::RequestOf;
use crate::graphql::keyed::{Keyed, keyed};
use crate::graphql::listing::connection;
use crate::graphql::scalars::DateTime;
use crate::graphql::shown::may_shown_to;
use crate::ids::Kind;
use crate::reporting::seal::Sealed;
use crate::reporting::summary::rules::{is_open, warnings};
use crate::reporting::summary::store;

/// A department's table of what it heard, from draft to acceptance; what was returned has a next edition (S20–S23).
/// 分类汇总表
#[derive(Clone, Debug)]
pub struct SummaryTable(pub summary_table::Model);

impl SummaryTable {
    async fn sealed(&self, ctx: &Context<'_>) -> Result<Option<Sealed>, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        let row = store::document_of(&snapshot.tx, self.0.id).await?;
        Ok(row.map(store::sealed_of))
    }
}

keyed! {
    SummaryTable: summary_table;
}

/// A department's table of what it heard, from draft to acceptance; what was returned has a next edition (S20–S23).
/// 分类汇总表
#[Object]
impl SummaryTable {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::SummaryTable, self.0.id))
    }

    /// Whose it is. 报送单位
    async fn department(&self, ctx: &Context<'_>) -> Result<Department, ApiError> {
        Department::by_id(ctx, self.0.department).await
    }

    /// The campaign that it sums up. 活动
    async fn campaign(&self, ctx: &Context<'_>) -> Result<Campaign, ApiError> {
        Campaign::by_id(ctx, self.0.campaign).await
    }

    /// The main table, or what came after a signed one. 类型
    async fn kind(&self) -> SummaryKind {
        self.0.kind
    }

    /// 1 for the main table, then one for each supplementary. 表号
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// From 1; one more after each return. 版次
    async fn edition(&self) -> i32 {
        self.0.edition
    }

    /// Raised by every step; sent back as `expectedVersion`. 版本
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Where it stands. 状态
    async fn status(&self) -> SummaryStatus {
        self.0.status
    }

    /// The edition that was returned, which stays as it was. 前一版
    async fn former(&self, ctx: &Context<'_>) -> Option<Result<SummaryTable, ApiError>> {
        let former = self.0.former?;
        let found = async { Self::by_key(ctx.request()?, former).await };
        found.await.transpose()
    }

    /// Why the office returned it. 退回理由
    async fn return_reason(&self, ctx: &Context<'_>) -> Option<Result<String, ApiError>> {
        may_shown_to(ctx, self.0.return_reason.as_deref())
    }

    /// When it was begun. 起草时间
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Name and rank of who reviewed it. 审核人
    async fn reviewed_by(&self) -> Option<&str> {
        self.0.reviewed_by.as_deref()
    }

    /// When it was reviewed. 审核时间
    async fn reviewed_at(&self) -> Option<DateTime> {
        self.0.reviewed_at.map(DateTime)
    }

    /// Name and rank of who signed it. 审签人
    async fn signed_by(&self) -> Option<&str> {
        self.0.signed_by.as_deref()
    }

    /// When it was signed; nothing of it changes from then on. 审签时间
    async fn signed_at(&self) -> Option<DateTime> {
        self.0.signed_at.map(DateTime)
    }

    /// When the office accepted or returned it. 接收或退回时间
    async fn decided_at(&self) -> Option<DateTime> {
        self.0.decided_at.map(DateTime)
    }

    /// Its lines in their order, at most 100. 汇总行
    async fn lines(&self, ctx: &Context<'_>) -> Result<Vec<SummaryLine>, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        let rows = store::lines_of(&snapshot.tx, self.0.id).await?;
        Ok(rows.into_iter().map(SummaryLine).collect())
    }

    /// What was signed, as canonical JSON: the same bytes for ever; null before the signature. 规范文本
    async fn document(&self, ctx: &Context<'_>) -> Option<Result<String, ApiError>> {
        let sealed = self.sealed(ctx).await.transpose()?;
        Some(sealed.map(|sealed| sealed.canonical))
    }

    /// SHA-256 of the document, 64 hexadecimal letters; null before the signature. 摘要
    async fn sha256(&self, ctx: &Context<'_>) -> Option<Result<String, ApiError>> {
        let sealed = self.sealed(ctx).await.transpose()?;
        Some(sealed.map(|sealed| sealed.sha256))
    }

    /// The file for `minsheng verify FILE`, with hashes of its parts and the server's signature; null before the table is
    /// signed. 可核验文件
    async fn exported(&self, ctx: &Context<'_>) -> Option<Result<String, ApiError>> {
        let sealed = self.sealed(ctx).await.transpose()?;
        let unfit = || ApiError::internal("a signed text is no JSON");
        Some(sealed.and_then(|sealed| sealed.file().ok_or_else(unfit)))
    }

    /// The scanned page with seal and signature, the one that was attached last. 盖章页扫描件
    async fn scan(&self, ctx: &Context<'_>) -> Option<Result<SummaryScan, ApiError>> {
        let scan = async {
            let snapshot = ctx.request()?.read().await?;
            Ok(store::latest_scan(&snapshot.tx, self.0.id).await?)
        };
        scan.await.map(|row| row.map(SummaryScan)).transpose()
    }

    /// What was signed against what the suggestions say now; null before the signature. 签后变化
    async fn diff(&self, ctx: &Context<'_>) -> Option<Result<SummaryDiff, ApiError>> {
        self.0.signed_at?;
        let diff = async {
            let request = ctx.request()?;
            let snapshot = request.read().await?;
            Ok(store::diff(&snapshot.tx, &request.app, &self.0).await?)
        };
        Some(diff.await.map(SummaryDiff::of))
    }

    /// What the department has received that its tables do not say: a supplementary table is owed for it. 待补报
    async fn outstanding(&self, ctx: &Context<'_>) -> Result<SummaryOutstanding, ApiError> {
        let snapshot = ctx.request()?.read().await?;
        let (campaign, department) = (self.0.campaign, self.0.department);
        let found = store::outstanding(&snapshot.tx, campaign, department).await?;
        Ok(SummaryOutstanding::of(found))
    }

    /// What would refuse its signature now; empty once it is signed. 审签障碍
    async fn obstacles(&self, ctx: &Context<'_>) -> Result<Vec<SummaryObstacle>, ApiError> {
        if !is_open(self.0.status) {
            return Ok(Vec::new());
        }
        let request = ctx.request()?;
        let found = obstacles(request, &self.0).await?;
        let told = found.into_iter().map(|refusal| SummaryObstacle {
            code: refusal.code,
            message: refusal.message.in_language(request.language),
        });
        Ok(told.collect())
    }

    /// What its reviewer, its signer and the office should look at, before the signature and after it; none of it stops
    /// anybody. 提醒
    async fn warnings(&self, ctx: &Context<'_>) -> Result<Vec<SummaryWarning>, ApiError> {
        let request = ctx.request()?;
        let snapshot = request.read().await?;
        let counts = store::line_counts(&snapshot.tx, std::iter::once(self.0.id)).await?;
        let (lines, projects) = counts.get(&self.0.id).copied().unwrap_or_default();
        let told = warnings(lines, projects).into_iter().map(|warning| SummaryWarning {
            code: warning.code,
            message: warning.message.in_language(request.language),
        });
        Ok(told.collect())
    }

    /// What the caller may do with it now. 可执行操作
    async fn permissions(&self, ctx: &Context<'_>) -> Result<SummaryTablePermissions, ApiError> {
        SummaryTablePermissions::of(ctx.request()?, &self.0).await
    }
}

/// The scanned page of a signed table. 盖章页扫描件
pub struct SummaryScan(summary_scan::Model);

/// The scanned page of a signed table. 盖章页扫描件
#[Object]
impl SummaryScan {
    /// What it is by its first bytes: `application/pdf`, `image/png` or `image/jpeg`. 文件类型
    async fn media_type(&self) -> &str {
        &self.0.media_type
    }

    /// SHA-256 of the file, 64 hexadecimal letters. 摘要
    async fn sha256(&self) -> &str {
        &self.0.sha256
    }

    /// When it was attached. 上传时间
    async fn attached_at(&self) -> DateTime {
        DateTime(self.0.attached_at)
    }

    /// The file as base64, at most 240 KiB. 文件内容
    async fn content(&self) -> String {
        STANDARD.encode(&self.0.content)
    }
}

/// What has changed since the signature. 签后变化
#[derive(SimpleObject)]
pub struct SummaryDiff {
    /// Lines whose figures would be others now. 有变化的行
    pub lines: Vec<SummaryLineDiff>,
    /// Classified suggestions of the department that stand in no table. 新增意见
    pub new_since: u64,
}

/// One line, as it was signed and as it would be now. 行变化
#[derive(SimpleObject)]
pub struct SummaryLineDiff {
    /// The line as it was signed. 汇总行
    pub line: SummaryLine,
    /// How many of its suggestions still stand in its class. 现有条数
    pub count: u64,
    /// Of the most urgent one now; null when none is left. 现紧迫程度
    pub urgency: Option<Urgency>,
    /// How many people they would benefit now. 现受益人数
    pub beneficiaries: Option<i64>,
    /// Case numbers of those put into another class since. 已改类编号
    pub reclassified: Vec<String>,
    /// Case numbers of those withdrawn or found inadmissible since. 已撤回编号
    pub withdrawn: Vec<String>,
}

impl SummaryDiff {
    fn of(diff: store::Diff) -> Self {
        let line = |line: store::LineDiff| SummaryLineDiff {
            line: SummaryLine(line.line),
            count: line.count,
            urgency: line.urgency,
            beneficiaries: line.beneficiaries,
            reclassified: line.reclassified,
            withdrawn: line.withdrawn,
        };
        Self { lines: diff.lines.into_iter().map(line).collect(), new_since: diff.new_since }
    }
}

/// What a department has received that its tables do not say. 待补报
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct SummaryOutstanding {
    /// In no class yet. 未归类
    pub unclassified: u64,
    /// Classified, and in no table. 未列入
    pub untabled: u64,
}

impl SummaryOutstanding {
    pub(super) const fn of(found: store::Outstanding) -> Self {
        Self { unclassified: found.unclassified, untabled: found.untabled }
    }
}

connection! {
    /// A page of summary tables. 汇总表分页
    SummaryTableConnection, SummaryTableEdge: summary_table as SummaryTable(summary_table::Model)
}
