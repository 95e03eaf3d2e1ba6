//! A summary table as a file, to be printed above all.

use std::sync::Arc;

use async_graphql::async_trait::async_trait;
use async_graphql::{Context, ID, InputObject, Object};
use entity::id::SummaryTableId;
use entity::summary_table;
use serde::{Deserialize, Serialize};

use crate::error::{ApiError, Stop};
use crate::export::graphql::{Export, export_payload, issue};
use crate::export::{Cell, Column, Exported, Format, Prepared, Source, exported_on, gone, to_sign, word};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::steps::must_key;
use crate::ids::Kind;
use crate::plan::SummaryColumn;
use crate::refusal::{Language, Refusal};
use crate::reporting::summary::printed::{Hand, Printed, counts, widths};
use crate::reporting::summary::store;
use crate::scope::profiles::Operation;
use crate::snapshot::Snapshot;
use crate::snapshot::loaders::must;

/// Which table is exported, and as what. 导出内容
#[derive(Clone, Debug, InputObject)]
pub struct SummaryTableExportInput {
    /// Which table. 汇总表
    pub summary_table_id: ID,
    /// What kind of file. 文件格式
    pub format: Format,
}

export_payload! {
    /// What came of asking for a summary table as a file. 导出结果
    SummaryTableExportPayload
}

/// Exports of summary tables.
#[derive(Default)]
pub struct SummaryExportMutation;

#[Object]
impl SummaryExportMutation {
    /// Lets a summary table out as a file, its lines under the plan's columns. A signed one is what was signed, whatever
    /// was changed later; for the file that proves itself ask for `exported`. 导出汇总表
    #[graphql(directive = open_to::apply(profiles(&[Operation::SummaryTableExport]), heads(&[Operation::SummaryTableExport])), directive = semantic_non_null::apply(vec![0]))]
    async fn summary_table_export(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and as what. 导出内容")] input: SummaryTableExportInput,
    ) -> Option<Result<SummaryTableExportPayload, ApiError>> {
        let answer = async {
            let request = ctx.request()?;
            SummaryTableExportPayload::of(request, export(request, &input).await)
        };
        Some(answer.await)
    }
}

async fn export(request: &Request, input: &SummaryTableExportInput) -> Result<Export, Stop> {
    const FIELD: &str = "summaryTableId";
    request.viewer_for(Operation::SummaryTableExport)?;
    let id = must_key(request, Kind::SummaryTable, &input.summary_table_id, FIELD)?;
    let snapshot = request.read().await?;
    let found = store::find(&snapshot.tx, id).await?;
    found.ok_or_else(|| Refusal::not_found(FIELD))?;
    Ok(issue(request, &SummaryTableWanted { id }, input.format).await?)
}

/// One summary table. 分类汇总表
#[derive(Serialize, Deserialize)]
pub struct SummaryTableWanted {
    id: SummaryTableId,
}

#[async_trait]
impl Exported for SummaryTableWanted {
    const KIND: &'static str = "SUMMARY_TABLE";
    const OPERATION: Operation = Operation::SummaryTableExport;
    const TITLE: (&'static str, &'static str) = ("分类汇总表", "Summary table");

    async fn open(self, request: &Arc<Request>) -> Result<Box<dyn Source>, ApiError> {
        Ok(Box::new(prepare(request, self.id).await?))
    }
}

/// The lines of a table, if the caller sees it.
async fn prepare(request: &Request, id: SummaryTableId) -> Result<Prepared, ApiError> {
    let snapshot = request.read().await?;
    let table = store::find(&snapshot.tx, id).await?.ok_or_else(gone)?;
    let printed = match store::document_of(&snapshot.tx, id).await? {
        Some(row) => Printed::signed(&store::sealed_of(row)),
        None => draft(request, &snapshot, &table).await?,
    };
    let printed = printed
        .ok_or_else(|| ApiError::internal("a table is not of its form, or not the one that was signed"))?;
    let language = request.language;
    let mut closing = closing(&printed, language);
    closing.push(exported_on(request));
    closing.extend(to_sign(language, &[("审核人", "Reviewer"), ("负责人", "Head")]));
    Ok(Prepared {
        heading: Some(match language {
            Language::Chinese => format!("{}分类汇总表", printed.department),
            Language::English => format!("Summary table of {}", printed.department),
        }),
        preface: preface(&table, &printed, language),
        columns: printed.columns.iter().map(column).collect(),
        rows: rows(&printed).into_iter(),
        closing,
        ..Prepared::default()
    })
}

/// A table that nobody has signed yet.
async fn draft(
    request: &Request,
    snapshot: &Snapshot,
    table: &summary_table::Model,
) -> Result<Option<Printed>, ApiError> {
    let campaign = must(&snapshot.load.campaign, table.campaign).await?;
    let department = must(&snapshot.load.department, table.department).await?;
    let plan = request.app.plans.of(&campaign)?;
    let lines = store::lines_of(&snapshot.tx, table.id).await?;
    let names = (department.name, campaign.name, campaign.document_number);
    Ok(Printed::open(names, &plan.summary_columns, table, &lines))
}

fn column(column: &SummaryColumn) -> Column {
    let (width, printed) = widths(column.source);
    Column::new(&*column.name, width, printed)
}

fn rows(printed: &Printed) -> Vec<Vec<Cell>> {
    let typed = |(text, column): (&String, &SummaryColumn)| match text.parse() {
        Ok(number) if counts(column.source) => Cell::Whole(number),
        _ if text.is_empty() => Cell::Empty,
        _ => Cell::Text(text.clone()),
    };
    let lines = printed.lines.iter();
    lines.map(|cells| cells.iter().zip(&printed.columns).map(typed).collect()).collect()
}

fn preface(table: &summary_table::Model, printed: &Printed, language: Language) -> Vec<String> {
    let (number, edition) = (table.number, table.edition);
    let (kind, status) = (word(table.kind, language), word(table.status, language));
    match language {
        Language::Chinese => vec![
            format!("报送单位：{}", printed.department),
            format!("活动：{}（{}）", printed.campaign, printed.document_number),
            format!("{kind}，第{number}号，第{edition}版，{status}"),
        ],
        Language::English => vec![
            format!("Department: {}", printed.department),
            format!("Campaign: {} ({})", printed.campaign, printed.document_number),
            format!("{kind}, number {number}, edition {edition}, {status}"),
        ],
    }
}

fn closing(printed: &Printed, language: Language) -> Vec<String> {
    let hand = |zh: &str, en: &str, hand: &Option<Hand>| {
        let hand = hand.as_ref()?;
        let at = Cell::Moment(hand.at);
        let by = &hand.by;
        Some(match language {
            Language::Chinese => format!("{zh}：{by}　{}", at.shown()),
            Language::English => format!("{en}: {by}, {}", at.shown()),
        })
    };
    let unsigned = || language.pick("未审签，非正式文本", "Not signed: a draft");
    let mut lines = Vec::new();
    lines.extend(hand("审核人", "Reviewed by", &printed.reviewed));
    let signed = hand("审签人", "Signed by", &printed.signed);
    lines.push(signed.unwrap_or_else(|| unsigned().to_owned()));
    lines.extend(printed.sha256.as_ref().map(|sum| format!("SHA-256：{sum}")));
    lines
}
