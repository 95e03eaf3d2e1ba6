//! Steps on summary tables. Each: right, transaction in scope, rules, writes, commit, and the payload from a fresh read.

use async_graphql::{Context, ID, Object};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use entity::id::SummaryTableId;

use super::inputs::{
    SummaryLinePutInput, SummaryLineRemoveInput, SummaryTableAcceptInput, SummaryTableDraftInput,
    SummaryTableReturnInput, SummaryTableReviewInput, SummaryTableReviseInput, SummaryTableScanAttachInput,
    SummaryTableSignInput,
};
use super::table::SummaryTable;
use crate::error::{ApiError, Stop};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::steps::{Begun, begin, end, must_key, payload};
use crate::ids::Kind;
use crate::refusal::Refusal;
use crate::reporting::summary::store::{self, LineDraft};
use crate::scope::profiles::Operation;

macro_rules! table_payloads {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        payload! {
            $(#[$doc])*
            $name {
                /// The table as it stands now; null when refused. 汇总表
                summary_table: SummaryTable
            }
        }
    )*};
}

table_payloads! {
    /// What came of beginning a table. 起草结果
    SummaryTableDraftPayload;
    /// What came of writing a line. 编写结果
    SummaryLinePutPayload;
    /// What came of removing a line. 删除结果
    SummaryLineRemovePayload;
    /// What came of a review. 审核结果
    SummaryTableReviewPayload;
    /// What came of a signature. 审签结果
    SummaryTableSignPayload;
    /// What came of attaching a page. 上传结果
    SummaryTableScanAttachPayload;
    /// What came of accepting a table. 接收结果
    SummaryTableAcceptPayload;
    /// What came of returning a table. 退回结果
    SummaryTableReturnPayload;
    /// What came of beginning a next edition. 修订结果
    SummaryTableRevisePayload;
}

/// Steps on summary tables.
#[derive(Default)]
pub struct SummaryMutation;

#[Object]
impl SummaryMutation {
    /// Begins the main table of the caller's department, or a supplementary one after it was signed. 起草汇总表
    #[graphql(directive = open_to::apply(profiles(&[Operation::SummaryTableDraft]), heads(&[Operation::SummaryTableDraft])), directive = semantic_non_null::apply(vec![0]))]
    async fn summary_table_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "For which campaign. 起草内容")] input: SummaryTableDraftInput,
    ) -> Option<Result<SummaryTableDraftPayload, ApiError>> {
        let done = async {
            let request = ctx.request()?;
            SummaryTableDraftPayload::of(request, draft(request, &input).await).await
        };
        Some(done.await)
    }

    /// Writes a line, or one in place of another; whoever changes a reviewed table has it reviewed again. 编写汇总行
    #[graphql(directive = open_to::apply(profiles(&[Operation::SummaryLinePut]), heads(&[Operation::SummaryLinePut])), directive = semantic_non_null::apply(vec![0]))]
    async fn summary_line_put(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its words, project and suggestions. 汇总行内容")] input: SummaryLinePutInput,
    ) -> Option<Result<SummaryLinePutPayload, ApiError>> {
        let done = async {
            let request = ctx.request()?;
            SummaryLinePutPayload::of(request, put(request, &input).await).await
        };
        Some(done.await)
    }

    /// Removes a line; its suggestions stand in none then. 删除汇总行
    #[graphql(directive = open_to::apply(profiles(&[Operation::SummaryLineRemove]), heads(&[Operation::SummaryLineRemove])), directive = semantic_non_null::apply(vec![0]))]
    async fn summary_line_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which line. 删除内容")] input: SummaryLineRemoveInput,
    ) -> Option<Result<SummaryLineRemovePayload, ApiError>> {
        let done = async {
            let request = ctx.request()?;
            SummaryLineRemovePayload::of(request, remove(request, &input).await).await
        };
        Some(done.await)
    }

    /// The deputy has looked the table through, or the head where the plan says so or no deputy is in office; never somebody
    /// who wrote a line of it. 审核汇总表
    #[graphql(directive = open_to::apply(profiles(&[Operation::SummaryTableReview]), heads(&[Operation::SummaryTableReview])), directive = semantic_non_null::apply(vec![0]))]
    async fn summary_table_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which table. 审核内容")] input: SummaryTableReviewInput,
    ) -> Option<Result<SummaryTableReviewPayload, ApiError>> {
        let done = async {
            let request = ctx.request()?;
            SummaryTableReviewPayload::of(request, review(request, &input).await).await
        };
        Some(done.await)
    }

    /// The head signs: figures, names and columns are frozen, nothing of the table changes any more (审签确认). Refused while
    /// suggestions are unclassified or in no line; `warnings` refuses nothing. 审签汇总表
    #[graphql(directive = open_to::apply(profiles(&[Operation::SummaryTableSign]), heads(&[Operation::SummaryTableSign])), directive = semantic_non_null::apply(vec![0]))]
    async fn summary_table_sign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which table. 审签内容")] input: SummaryTableSignInput,
    ) -> Option<Result<SummaryTableSignPayload, ApiError>> {
        let done = async {
            let request = ctx.request()?;
            SummaryTableSignPayload::of(request, sign(request, &input).await).await
        };
        Some(done.await)
    }

    /// Attaches the scanned page with seal and signature to a signed table. 上传盖章页
    #[graphql(directive = open_to::apply(profiles(&[Operation::SummaryTableScanAttach]), heads(&[Operation::SummaryTableScanAttach])), directive = semantic_non_null::apply(vec![0]))]
    async fn summary_table_scan_attach(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The file. 上传内容")] input: SummaryTableScanAttachInput,
    ) -> Option<Result<SummaryTableScanAttachPayload, ApiError>> {
        let done = async {
            let request = ctx.request()?;
            SummaryTableScanAttachPayload::of(request, attach(request, &input).await).await
        };
        Some(done.await)
    }

    /// The campaign's office accepts a signed table. 接收汇总表
    #[graphql(directive = open_to::apply(profiles(&[Operation::SummaryTableAccept]), heads(&[Operation::SummaryTableAccept])), directive = semantic_non_null::apply(vec![0]))]
    async fn summary_table_accept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which table. 接收内容")] input: SummaryTableAcceptInput,
    ) -> Option<Result<SummaryTableAcceptPayload, ApiError>> {
        let done = async {
            let request = ctx.request()?;
            SummaryTableAcceptPayload::of(request, accept(request, &input).await).await
        };
        Some(done.await)
    }

    /// The campaign's office returns a signed table with a reason. 退回汇总表
    #[graphql(directive = open_to::apply(profiles(&[Operation::SummaryTableReturn]), heads(&[Operation::SummaryTableReturn])), directive = semantic_non_null::apply(vec![0]))]
    async fn summary_table_return(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which table, and why. 退回内容")] input: SummaryTableReturnInput,
    ) -> Option<Result<SummaryTableReturnPayload, ApiError>> {
        let done = async {
            let request = ctx.request()?;
            SummaryTableReturnPayload::of(request, give_back(request, &input).await).await
        };
        Some(done.await)
    }

    /// Begins the next edition of a returned table as a draft with the same lines; the former stays as it was. 修订汇总表
    #[graphql(directive = open_to::apply(profiles(&[Operation::SummaryTableRevise]), heads(&[Operation::SummaryTableRevise])), directive = semantic_non_null::apply(vec![0]))]
    async fn summary_table_revise(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which table. 修订内容")] input: SummaryTableReviseInput,
    ) -> Option<Result<SummaryTableRevisePayload, ApiError>> {
        let done = async {
            let request = ctx.request()?;
            SummaryTableRevisePayload::of(request, revise(request, &input).await).await
        };
        Some(done.await)
    }
}

fn table_key(request: &Request, id: &ID) -> Result<SummaryTableId, Refusal> {
    must_key(request, Kind::SummaryTable, id, "summaryTableId")
}

async fn draft(request: &Request, input: &SummaryTableDraftInput) -> Result<SummaryTableId, Stop> {
    let (operation, key) = (Operation::SummaryTableDraft, &input.idempotency_key);
    let begun = begin(request, operation, "summaryTableDraft", key, input).await?;
    let (tx, claim) = match begun {
        Begun::Fresh(tx, claim) => (tx, claim),
        Begun::Repeated(id) => return Ok(id),
    };
    let campaign = must_key(request, Kind::Campaign, &input.campaign_id, "campaignId")?;
    let id = store::draft(&tx, &request.app, campaign, input.kind, request.now).await?;
    end(tx, claim, id).await
}

async fn put(request: &Request, input: &SummaryLinePutInput) -> Result<SummaryTableId, Stop> {
    let tx = request.begin_write(Operation::SummaryLinePut).await?;
    let line = input.summary_line_id.as_ref();
    let line = line.map(|id| must_key(request, Kind::SummaryLine, id, "summaryLineId")).transpose()?;
    let draft = LineDraft {
        table: table_key(request, &input.summary_table_id)?,
        expected: input.expected_version,
        line,
        category: must_key(request, Kind::Category, &input.category_id, "categoryId")?,
        words: input.words(),
        sources: input.submission_ids.iter().map(|id| request.key(Kind::Submission, id)).collect(),
        remaining: input.takes_remaining,
    };
    let id = store::put(&tx, &request.app, draft, request.now).await?;
    tx.commit().await?;
    Ok(id)
}

async fn remove(request: &Request, input: &SummaryLineRemoveInput) -> Result<SummaryTableId, Stop> {
    let tx = request.begin_write(Operation::SummaryLineRemove).await?;
    let table = table_key(request, &input.summary_table_id)?;
    let line = request.key(Kind::SummaryLine, &input.summary_line_id);
    let (expected, now) = (input.expected_version, request.now);
    let id = store::remove(&tx, &request.app, table, expected, line, now).await?;
    tx.commit().await?;
    Ok(id)
}

async fn attach(request: &Request, input: &SummaryTableScanAttachInput) -> Result<SummaryTableId, Stop> {
    let tx = request.begin_write(Operation::SummaryTableScanAttach).await?;
    let table = table_key(request, &input.summary_table_id)?;
    let file = STANDARD
        .decode(&input.content)
        .map_err(|_| Refusal::invalid("content", "不是 base64 文本", "Not a text of base64"))?;
    let (expected, now) = (input.expected_version, request.now);
    let id = store::attach(&tx, &request.app, table, expected, file, now).await?;
    tx.commit().await?;
    Ok(id)
}

async fn give_back(request: &Request, input: &SummaryTableReturnInput) -> Result<SummaryTableId, Stop> {
    let tx = request.begin_write(Operation::SummaryTableReturn).await?;
    let table = table_key(request, &input.summary_table_id)?;
    let (expected, reason, now) = (input.expected_version, &input.reason, request.now);
    let id = store::give_back(&tx, &request.app, table, expected, reason, now).await?;
    tx.commit().await?;
    Ok(id)
}

async fn review(request: &Request, input: &SummaryTableReviewInput) -> Result<SummaryTableId, Stop> {
    let tx = request.begin_write(Operation::SummaryTableReview).await?;
    let table = table_key(request, &input.summary_table_id)?;
    let (expected, now) = (input.expected_version, request.now);
    let id = store::review(&tx, &request.app, table, expected, now).await?;
    tx.commit().await?;
    Ok(id)
}

async fn sign(request: &Request, input: &SummaryTableSignInput) -> Result<SummaryTableId, Stop> {
    let tx = request.begin_write(Operation::SummaryTableSign).await?;
    let table = table_key(request, &input.summary_table_id)?;
    let (expected, now) = (input.expected_version, request.now);
    let id = store::sign(&tx, &request.app, table, expected, now).await?;
    tx.commit().await?;
    Ok(id)
}

async fn accept(request: &Request, input: &SummaryTableAcceptInput) -> Result<SummaryTableId, Stop> {
    let tx = request.begin_write(Operation::SummaryTableAccept).await?;
    let table = table_key(request, &input.summary_table_id)?;
    let (expected, now) = (input.expected_version, request.now);
    let id = store::accept(&tx, &request.app, table, expected, now).await?;
    tx.commit().await?;
    Ok(id)
}

async fn revise(request: &Request, input: &SummaryTableReviseInput) -> Result<SummaryTableId, Stop> {
    let tx = request.begin_write(Operation::SummaryTableRevise).await?;
    let table = table_key(request, &input.summary_table_id)?;
    let (expected, now) = (input.expected_version, request.now);
    let id = store::revise(&tx, &request.app, table, expected, now).await?;
    tx.commit().await?;
    Ok(id)
}
