//! Letting the list out as a file.

use std::sync::Arc;

use async_graphql::async_trait::async_trait;
use async_graphql::{Context, InputObject, InputType as _, Object};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::filter::SubmissionFilter;
use super::ledger::Ledger;
use super::query::{OrderDirection, SubmissionOrder};
use crate::error::{ApiError, Stop};
use crate::export::graphql::{Export, export_payload, issue, printable};
use crate::export::{Exported, Format, Source};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::scope::profiles::Operation;
use crate::shares::find::{self, Order};

/// Which suggestions are exported, and as what. 导出内容
#[derive(Clone, Debug, InputObject)]
pub struct SubmissionExportInput {
    /// Narrows the list, as in `submissions`. 筛选条件
    filter: Option<SubmissionFilter>,
    /// Newest first unless given. 排序
    order_by: Option<SubmissionOrder>,
    /// What kind of file. 文件格式
    format: Format,
}

export_payload! {
    /// What came of asking for an export. 导出结果
    SubmissionExportPayload
}

/// Exports of suggestions.
#[derive(Default)]
pub struct ExportMutation;

#[Object]
impl ExportMutation {
    /// Lets the caller's list out as a file: the same rows in the same order as `submissions` under this filter, each
    /// value as the caller sees it there, headings in the language of the request. The rows are those of the moment of the
    /// fetch. 导出台账
    #[graphql(directive = open_to::apply(profiles(&[Operation::SubmissionExport]), heads(&[Operation::SubmissionExport])), directive = semantic_non_null::apply(vec![0]))]
    async fn submission_export(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and as what. 导出内容")] input: SubmissionExportInput,
    ) -> Option<Result<SubmissionExportPayload, ApiError>> {
        let answer = async {
            let request = ctx.request()?;
            SubmissionExportPayload::of(request, export(request, input).await)
        };
        Some(answer.await)
    }
}

async fn export(request: &Request, input: SubmissionExportInput) -> Result<Export, Stop> {
    let viewer = request.viewer_for(Operation::SubmissionExport)?;
    let SubmissionExportInput { filter, order_by, format } = input;
    // Whole, for the trail says what was exported.
    let filter = filter.unwrap_or_default().whole();
    let resolved = filter.resolve(request)?;
    if format == Format::Docx {
        let tx = request.app.db.begin_read(viewer).await?;
        printable(find::count(&tx, &resolved).await?)?;
    }
    let filter = filter.to_value().into_json().map_err(|error| ApiError::internal(&error.to_string()))?;
    let ascending = order_by.is_some_and(|order| order.direction == OrderDirection::Asc);
    let order = order_by.map(|order| order.field).unwrap_or_default();
    Ok(issue(request, &LedgerWanted { ascending, order, filter }, format).await?)
}

/// Suggestions. 意见建议台账
#[derive(Serialize, Deserialize)]
pub struct LedgerWanted {
    /// Oldest first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    ascending: bool,
    /// By what.
    #[serde(default, skip_serializing_if = "Order::is_usual")]
    order: Order,
    /// The filter as the API takes it.
    #[serde(flatten)]
    filter: Json,
}

#[async_trait]
impl Exported for LedgerWanted {
    const KIND: &'static str = "LEDGER";
    const OPERATION: Operation = Operation::SubmissionExport;
    const TITLE: (&'static str, &'static str) = ("意见建议台账", "Suggestions");

    async fn open(self, request: &Arc<Request>) -> Result<Box<dyn Source>, ApiError> {
        Ok(Box::new(Ledger::open(request, &self.filter, self.order, self.ascending).await?))
    }
}
