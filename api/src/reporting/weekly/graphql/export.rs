//! Weekly reports as a file: the list's rows, each report one.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::async_trait::async_trait;
use async_graphql::{Context, ID, InputObject, Object};
use entity::enums::DueState;
use entity::id::DepartmentId;
use entity::{department, weekly_report};

use super::query::WeeklyReportFilter;
use crate::db::{Direction, PageRequest, Place};
use crate::error::{ApiError, Stop};
use crate::export::graphql::{Export, export_payload, issue, printable};
use crate::export::{Cell, Column, Exported, Format, Layout, Source, exported_on, word};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::ids::Kind;
use crate::refusal::{Language, Refusal};
use crate::reporting::due;
use crate::reporting::weekly::counting;
use crate::reporting::weekly::figures::{ClassFigure, StageFigure};
use crate::reporting::weekly::store::{self, WeeklyWanted};
use crate::reporting::weekly::work::CoverageFigure;
use crate::scope::profiles::Operation;
use crate::snapshot::loaders::one;

/// Which reports are exported, and as what. 导出内容
#[derive(Clone, Debug, InputObject)]
pub struct WeeklyReportExportInput {
    /// Of which campaign. 活动
    pub campaign_id: ID,
    /// Narrows the list, as in `weeklyReports`. 筛选条件
    pub filter: Option<WeeklyReportFilter>,
    /// What kind of file. 文件格式
    pub format: Format,
}

export_payload! {
    /// What came of asking for weekly reports as a file. 导出结果
    WeeklyReportExportPayload
}

/// Exports of weekly reports.
#[derive(Default)]
pub struct WeeklyReportExportMutation;

#[Object]
impl WeeklyReportExportMutation {
    /// Lets weekly reports out as a file: the rows of `weeklyReports` under this filter, every edition, the latest first,
    /// with their frozen figures. The rows are those of the moment of the fetch. 导出周报
    #[graphql(directive = open_to::apply(profiles(&[Operation::WeeklyReportExport]), heads(&[Operation::WeeklyReportExport])), directive = semantic_non_null::apply(vec![0]))]
    async fn weekly_report_export(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and as what. 导出内容")] input: WeeklyReportExportInput,
    ) -> Option<Result<WeeklyReportExportPayload, ApiError>> {
        let answer = async {
            let request = ctx.request()?;
            WeeklyReportExportPayload::of(request, export(request, input).await)
        };
        Some(answer.await)
    }
}

async fn export(request: &Request, input: WeeklyReportExportInput) -> Result<Export, Stop> {
    request.viewer_for(Operation::WeeklyReportExport)?;
    let snapshot = request.read().await?;
    let campaign = match request.key(Kind::Campaign, &input.campaign_id) {
        Some(id) => one(&snapshot.load.campaign, id).await?,
        None => None,
    };
    let campaign = campaign.ok_or_else(|| Refusal::not_found("campaignId"))?;
    let filter = input.filter.unwrap_or_default();
    let wanted = filter.resolve(request, campaign.id);
    if input.format == Format::Docx {
        printable(store::count(&snapshot.tx, &wanted).await?)?;
    }
    Ok(issue(request, &wanted, input.format).await?)
}

/// Rows that are read at once.
const BATCH: u64 = 500;

#[async_trait]
impl Exported for WeeklyWanted {
    const KIND: &'static str = "WEEKLY_REPORTS";
    const OPERATION: Operation = Operation::WeeklyReportExport;
    const TITLE: (&'static str, &'static str) = ("周报", "Weekly reports");

    async fn open(self, request: &Arc<Request>) -> Result<Box<dyn Source>, ApiError> {
        Ok(Box::new(Reports::open(request, self).await?))
    }
}

/// Weekly reports of one filter, in one snapshot.
struct Reports {
    request: Arc<Request>,
    wanted: WeeklyWanted,
    /// What the plan calls its due dates, by key.
    dues: HashMap<String, String>,
    after: Option<Place>,
    done: bool,
}

impl Reports {
    /// Opens the snapshot in the caller's scope.
    async fn open(request: &Arc<Request>, wanted: WeeklyWanted) -> Result<Self, ApiError> {
        let snapshot = request.read().await?;
        let dues = match one(&snapshot.load.campaign, wanted.campaign).await? {
            Some(campaign) => {
                let plan = request.app.plans.of(&campaign)?;
                let named = due::repeated(&plan).map(|due| (due.key.clone(), due.name.clone()));
                named.collect()
            }
            None => HashMap::new(),
        };
        Ok(Self { request: Arc::clone(request), wanted, dues, after: None, done: false })
    }

    fn row(
        &self,
        row: weekly_report::Model,
        departments: &HashMap<DepartmentId, department::Model>,
    ) -> Result<Vec<Cell>, ApiError> {
        let language = self.request.language;
        let figures = counting::figures(&row)?;
        let (after, until, work) = (row.counted_after, counting::until(&row), figures.work.as_ref());
        let coverage = work.map(|work| coverage(&work.coverage, language));
        let due = self.dues.get(&row.due_key).unwrap_or(&row.due_key);
        let state = if row.late { DueState::Late } else { DueState::OnTime };
        let department = departments.get(&row.department);
        Ok(vec![
            Cell::text(department.map(|row| row.name.as_str())),
            Cell::Text(due.clone()),
            Cell::Day(row.period_start),
            Cell::Day(row.period_end),
            Cell::Whole(row.edition.into()),
            Cell::word(state, language),
            Cell::Moment(row.submitted_at),
            Cell::Whole(figures.received),
            Cell::Whole(figures.received_in_all),
            Cell::Whole(figures.unclassified),
            Cell::Text(classes(&figures.classes, language)),
            Cell::Text(stages(&figures.stages, language)),
            Cell::Text(row.narrative),
            Cell::moment(after),
            Cell::Moment(until),
            Cell::whole(figures.moved),
            Cell::whole(figures.withdrawn),
            Cell::whole(work.map(|work| work.visits)),
            Cell::whole(work.map(|work| work.visits_in_all)),
            Cell::whole(work.map(|work| work.symposiums)),
            Cell::whole(work.map(|work| work.symposiums_in_all)),
            Cell::text(coverage),
        ])
    }
}

/// Each class with what came in the period and in all.
fn classes(classes: &[ClassFigure], language: Language) -> String {
    let line = |line: &ClassFigure| match language {
        Language::Chinese => {
            format!("{}：本期{}件，累计{}件", line.name, line.received, line.received_in_all)
        }
        Language::English => {
            format!("{}: {} in the period, {} in all", line.name, line.received, line.received_in_all)
        }
    };
    let lines: Vec<String> = classes.iter().map(line).collect();
    lines.join(language.pick("；", "; "))
}

fn stages(stages: &[StageFigure], language: Language) -> String {
    let line = |line: &StageFigure| {
        let (stage, count) = (word(line.stage, language), line.count);
        match language {
            Language::Chinese => format!("{stage}：{count}件"),
            Language::English => format!("{stage}: {count}"),
        }
    };
    let lines: Vec<String> = stages.iter().map(line).collect();
    lines.join(language.pick("；", "; "))
}

/// Households of each class of village, in the period and in all.
fn coverage(lines: &[CoverageFigure], language: Language) -> String {
    let line = |line: &CoverageFigure| {
        let class = word(line.class, language);
        let CoverageFigure { households, reached, reached_in_all, at_door, at_door_in_all, .. } = line;
        match language {
            Language::Chinese => format!(
                "{class}：本期征集{reached}户、入户{at_door}户，累计征集{reached_in_all}户、入户{at_door_in_all}户，共{households}户"
            ),
            Language::English => format!(
                "{class}: {reached} reached and {at_door} at the door in the period, {reached_in_all} and {at_door_in_all} in all, of {households}"
            ),
        }
    };
    let lines: Vec<String> = lines.iter().map(line).collect();
    lines.join(language.pick("；", "; "))
}

const COLUMNS: [Layout; 22] = [
    ("报送单位", "Department", 18, 11),
    ("报送事项", "Due", 14, 0),
    ("起始日期", "From", 12, 11),
    ("截止日期", "To", 12, 11),
    ("版次", "Edition", 6, 4),
    ("报送情况", "State", 10, 6),
    ("报送时间", "Handed in", 20, 11),
    ("本期收到", "Received in the period", 10, 6),
    ("累计收到", "Received in all", 10, 6),
    ("未归类", "Unclassified", 10, 6),
    ("类别统计", "By class", 40, 18),
    ("环节统计", "By stage", 30, 0),
    ("工作进展", "Narrative", 60, 30),
    ("统计起点", "Counted after", 20, 0),
    ("统计截点", "Counted until", 20, 0),
    ("转入转出净额", "Moved, net", 12, 0),
    ("本期撤回", "Withdrawn in the period", 10, 0),
    ("本期走访", "Visits in the period", 10, 0),
    ("累计走访", "Visits in all", 10, 0),
    ("本期座谈会", "Symposiums in the period", 10, 0),
    ("累计座谈会", "Symposiums in all", 10, 0),
    ("征集覆盖", "Coverage", 60, 0),
];

#[async_trait]
impl Source for Reports {
    fn columns(&self) -> Vec<Column> {
        Column::all(&COLUMNS, self.request.language)
    }

    fn preface(&self) -> Vec<String> {
        vec![exported_on(&self.request)]
    }

    async fn next(&mut self) -> Result<Vec<Vec<Cell>>, ApiError> {
        if self.done {
            return Ok(Vec::new());
        }
        let snapshot = self.request.read().await?;
        let page = PageRequest {
            direction: Direction::Descending,
            size: BATCH,
            after: self.after.take(),
            before: None,
            backward: false,
        };
        let page = store::page(&snapshot.tx, &self.wanted, &page).await?;
        self.done = !page.has_next;
        let last = page.rows.last();
        self.after = last.map(|row| Place(vec![row.submitted_at.into(), row.id.into()]));
        let ids: Vec<DepartmentId> = page.rows.iter().map(|row| row.department).collect();
        let departments = snapshot.load.department.load_many(ids).await?;
        let rows = page.rows.into_iter();
        rows.map(|row| self.row(row, &departments)).collect()
    }
}
