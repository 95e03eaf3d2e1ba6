//! A circular as a file: its frozen ranking, and printed also its text.

use std::sync::Arc;

use async_graphql::async_trait::async_trait;
use async_graphql::{Context, ID, InputObject, Object};
use entity::circular;
use entity::id::CircularId;
use serde::{Deserialize, Serialize};

use super::rules::Line;
use super::store;
use crate::error::{ApiError, Stop};
use crate::export::graphql::{Export, export_payload, issue};
use crate::export::{Cell, Column, Exported, Format, Layout, Prepared, Source, exported_on, gone, word};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::steps::must_key;
use crate::ids::Kind;
use crate::refusal::{Language, Refusal};
use crate::scope::profiles::Operation;
use crate::snapshot::loaders::{must, one};

/// Which circular is exported, and as what. 导出内容
#[derive(Clone, Debug, InputObject)]
pub struct CircularExportInput {
    /// Which circular. 通报
    pub circular_id: ID,
    /// What kind of file. 文件格式
    pub format: Format,
}

export_payload! {
    /// What came of asking for a circular as a file. 导出结果
    CircularExportPayload
}

/// Exports of circulars.
#[derive(Default)]
pub struct CircularExportMutation;

#[Object]
impl CircularExportMutation {
    /// Lets a circular out as a file: its ranking with numerators and denominators as they were frozen, in print also
    /// number, period and text. 导出通报
    #[graphql(directive = open_to::apply(profiles(&[Operation::CircularExport]), heads(&[Operation::CircularExport])), directive = semantic_non_null::apply(vec![0]))]
    async fn circular_export(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and as what. 导出内容")] input: CircularExportInput,
    ) -> Option<Result<CircularExportPayload, ApiError>> {
        let answer = async {
            let request = ctx.request()?;
            CircularExportPayload::of(request, export(request, &input).await)
        };
        Some(answer.await)
    }
}

async fn export(request: &Request, input: &CircularExportInput) -> Result<Export, Stop> {
    const FIELD: &str = "circularId";
    request.viewer_for(Operation::CircularExport)?;
    let id: CircularId = must_key(request, Kind::Circular, &input.circular_id, FIELD)?;
    let snapshot = request.read().await?;
    let found = one(&snapshot.load.circular, id).await?;
    found.ok_or_else(|| Refusal::not_found(FIELD))?;
    Ok(issue(request, &CircularWanted { id }, input.format).await?)
}

const COLUMNS: [Layout; 8] = [
    ("排名", "Rank", 8, 8),
    ("单位", "Department", 24, 28),
    ("收到", "Received", 10, 10),
    ("已归类", "Classified", 10, 10),
    ("已说明", "Explained", 10, 10),
    ("分子", "Numerator", 10, 10),
    ("分母", "Denominator", 10, 10),
    ("比率", "Rate", 10, 14),
];

/// One circular. 通报
#[derive(Serialize, Deserialize)]
pub struct CircularWanted {
    id: CircularId,
}

#[async_trait]
impl Exported for CircularWanted {
    const KIND: &'static str = "CIRCULAR";
    const OPERATION: Operation = Operation::CircularExport;
    const TITLE: (&'static str, &'static str) = ("通报", "Circular");

    async fn open(self, request: &Arc<Request>) -> Result<Box<dyn Source>, ApiError> {
        Ok(Box::new(prepare(request, self.id).await?))
    }
}

/// The ranking of a circular, if the caller sees it.
async fn prepare(request: &Request, id: CircularId) -> Result<Prepared, ApiError> {
    let snapshot = request.read().await?;
    let row = one(&snapshot.load.circular, id).await?;
    let row = row.ok_or_else(gone)?;
    let author = must(&snapshot.load.department, row.department).await?;
    let language = request.language;
    let rows: Vec<Vec<Cell>> = store::figures(&row)?.into_iter().map(|line| cells(line, language)).collect();
    let mut closing = vec![author.name];
    closing.extend(row.issued_at.map(|at| issued(at, language)));
    closing.push(exported_on(request));
    Ok(Prepared {
        heading: Some(row.title.clone()),
        preface: preface(&row, language),
        columns: Column::all(&COLUMNS, language),
        rows: rows.into_iter(),
        closing,
        ..Prepared::default()
    })
}

fn cells(line: Line, language: Language) -> Vec<Cell> {
    let unranked = || Cell::from(language.pick("不排名", "not ranked"));
    vec![
        line.rank.map_or_else(unranked, |rank| Cell::Whole(rank.into())),
        Cell::Text(line.name),
        Cell::Whole(line.received),
        Cell::Whole(line.classified),
        Cell::Whole(line.explained),
        Cell::Whole(line.numerator),
        Cell::Whole(line.denominator),
        Cell::share(line.numerator, line.denominator),
    ]
}

fn issued(at: chrono::DateTime<chrono::Utc>, language: Language) -> String {
    let day = crate::clock::day_of(at).format("%Y-%m-%d");
    match language {
        Language::Chinese => format!("印发日期：{day}"),
        Language::English => format!("Issued on {day}"),
    }
}

fn preface(row: &circular::Model, language: Language) -> Vec<String> {
    let (from, to, smallest) = (row.period_from, row.period_to, row.smallest);
    let (number, status, rate) = (row.number, word(row.status, language), word(row.rate, language));
    let lines = match language {
        Language::Chinese => [
            if number > 0 {
                format!("第{number}期（{status}）")
            } else {
                format!("期号印发时编定（{status}）")
            },
            format!("统计时段：{from} 至 {to}"),
            format!("排名指标：{rate}；分母不足 {smallest} 的单位不排名"),
        ],
        Language::English => [
            if number > 0 {
                format!("Number {number} ({status})")
            } else {
                format!("Numbered when it is issued ({status})")
            },
            format!("Period: {from} to {to}"),
            format!("Ranked by: {rate}; departments with a denominator below {smallest} are not ranked"),
        ],
    };
    lines.into_iter().chain([row.text.clone()]).collect()
}
