//! Coverage as a file: the whole, its classes, townships, and villages, each a row.

use std::sync::Arc;

use async_graphql::async_trait::async_trait;
use async_graphql::{Context, ID, InputObject, Object};
use entity::campaign;
use entity::id::{CampaignId, DepartmentId};
use serde::{Deserialize, Serialize};

use super::figures::{ClassCoverage, Coverage, CoverageFigures, Narrowed, campaign_of};
use super::village::CoverageNumerator;
use crate::coverage::figures::VillageFigures;
use crate::error::{ApiError, Stop};
use crate::export::graphql::{Export, export_payload, issue};
use crate::export::{Cell, Column, Exported, Format, Layout, Prepared, Source, exported_on, gone};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::scalars::Date;
use crate::graphql::steps::must_key;
use crate::ids::Kind;
use crate::refusal::{Language, Refusal};
use crate::scope::profiles::Operation;
use crate::snapshot::loaders::one;

/// Which coverage is exported, and as what. 导出内容
#[derive(Clone, Debug, InputObject)]
pub struct CoverageExportInput {
    /// Of which campaign. 征集活动
    pub campaign_id: ID,
    /// Only this township or street. 乡镇、街道
    pub department_id: Option<ID>,
    /// Visits made up to the end of this day, as in `coverage`. 统计截止日
    pub as_of: Option<Date>,
    /// Lists only villages below their target; sums are of all. 只列未达标
    #[graphql(default)]
    pub only_below_target: bool,
    /// What kind of file. 文件格式
    pub format: Format,
}

export_payload! {
    /// What came of asking for coverage as a file. 导出结果
    CoverageExportPayload
}

/// Exports of coverage.
#[derive(Default)]
pub struct CoverageExportMutation;

#[Object]
impl CoverageExportMutation {
    /// Lets the coverage in the caller's scope out as a file: the whole, its classes, townships and villages, with
    /// numerator, denominator, rate and target. 导出覆盖率
    #[graphql(directive = open_to::apply(profiles(&[Operation::CoverageExport]), heads(&[Operation::CoverageExport])), directive = semantic_non_null::apply(vec![0]))]
    async fn coverage_export(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and as what. 导出内容")] input: CoverageExportInput,
    ) -> Option<Result<CoverageExportPayload, ApiError>> {
        let answer = async {
            let request = ctx.request()?;
            CoverageExportPayload::of(request, export(request, input).await)
        };
        Some(answer.await)
    }
}

async fn export(request: &Request, input: CoverageExportInput) -> Result<Export, Stop> {
    request.viewer_for(Operation::CoverageExport)?;
    let campaign = campaign_of(request, &input.campaign_id).await?;
    let campaign = campaign.ok_or_else(|| Refusal::not_found("campaignId"))?;
    let township = match &input.department_id {
        Some(id) => Some(township(request, id).await?),
        None => None,
    };
    let narrowed =
        Narrowed { township, as_of: input.as_of.map(|Date(day)| day), only_below: input.only_below_target };
    Ok(issue(request, &CoverageWanted { campaign: campaign.id, narrowed }, input.format).await?)
}

async fn township(request: &Request, id: &ID) -> Result<DepartmentId, Stop> {
    const FIELD: &str = "departmentId";
    let id = must_key(request, Kind::Department, id, FIELD)?;
    let snapshot = request.read().await?;
    let found = one(&snapshot.load.department, id).await?;
    // Whoever sees its own alone is not told another's, not even that there is nothing to tell.
    let viewer = request.viewer()?;
    let seen = |id| viewer.sees_county() || viewer.department() == id;
    let found = found.map(|row| row.id).filter(|id| seen(*id));
    Ok(found.ok_or_else(|| Refusal::not_found(FIELD))?)
}

const COLUMNS: [Layout; 16] = [
    ("层级", "Level", 10, 9),
    ("乡镇街道", "Township", 18, 12),
    ("村社区", "Village", 18, 12),
    ("类别", "Class", 18, 12),
    ("户数登记版本", "Register version", 12, 0),
    ("应访户数", "Households", 10, 8),
    ("已征集户数", "Reached", 10, 8),
    ("征集率", "Collection rate", 10, 9),
    ("已入户户数", "Visited at the door", 10, 8),
    ("入户征集率", "Door-to-door rate", 10, 9),
    ("考核口径", "Counted by the target", 14, 9),
    ("目标", "Target", 10, 9),
    ("是否达标", "Met", 8, 6),
    ("尚需户数", "Still needed", 10, 7),
    ("每日需走访户数", "Needed per day", 10, 0),
    ("预计户数", "Forecast", 10, 0),
];

/// How many households were reached. 覆盖率
#[derive(Serialize, Deserialize)]
pub struct CoverageWanted {
    campaign: CampaignId,
    #[serde(flatten)]
    narrowed: Narrowed,
}

#[async_trait]
impl Exported for CoverageWanted {
    const KIND: &'static str = "COVERAGE";
    const OPERATION: Operation = Operation::CoverageExport;
    const TITLE: (&'static str, &'static str) = ("征集覆盖率", "Coverage");

    async fn open(self, request: &Arc<Request>) -> Result<Box<dyn Source>, ApiError> {
        Ok(Box::new(prepare(request, self).await?))
    }
}

async fn prepare(request: &Request, wanted: CoverageWanted) -> Result<Prepared, ApiError> {
    let CoverageWanted { campaign, narrowed } = wanted;
    let snapshot = request.read().await?;
    let row: Option<campaign::Model> = one(&snapshot.load.campaign, campaign).await?;
    let row = row.ok_or_else(gone)?;
    let coverage = Coverage::read(request, &row, narrowed).await?;
    let (language, Date(day)) = (request.language, coverage.as_of);
    let mut rows = Vec::new();
    let all: Vec<&VillageFigures> = coverage.villages.iter().collect();
    if !all.is_empty() {
        let whole = Level(language.pick("合计", "Total"), None);
        rows.push(whole.sums(CoverageFigures::of(&all)));
        let classes = ClassCoverage::all(&all).into_iter();
        let level = Level(language.pick("分类别合计", "Class"), None);
        rows.extend(classes.map(|class| level.class(class, language)));
    }
    for township in coverage.by_township(request).await? {
        let name = Some(township.department.0.name.as_str());
        let all: Vec<&VillageFigures> = township.villages.iter().collect();
        let level = Level(language.pick("乡镇街道", "Township"), name);
        rows.push(level.sums(CoverageFigures::of(&all)));
        let level = Level(language.pick("村社区", "Village"), name);
        rows.extend(township.listed().map(|row| level.village(row, language)));
    }
    Ok(Prepared {
        preface: vec![
            row.name,
            match language {
                Language::Chinese => format!("统计截止：{day}"),
                Language::English => format!("Up to {day}"),
            },
            exported_on(request),
        ],
        columns: Column::all(&COLUMNS, language),
        rows: rows.into_iter(),
        ..Prepared::default()
    })
}

/// What a row is about, and in which township.
#[derive(Clone, Copy)]
struct Level<'a>(&'a str, Option<&'a str>);

impl Level<'_> {
    /// Sums have no one target: each class has its own.
    fn sums(self, figures: CoverageFigures) -> Vec<Cell> {
        let CoverageFigures { households, reached, at_door, still_needed, needed_per_day, .. } = figures;
        vec![
            Cell::from(self.0),
            Cell::text(self.1),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::Whole(households),
            Cell::Whole(reached),
            Cell::share(reached, households),
            Cell::Whole(at_door),
            Cell::share(at_door, households),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::Whole(still_needed),
            Cell::whole(needed_per_day),
            Cell::Empty,
        ]
    }

    /// Of a class there is the one count that its target asks for.
    fn class(self, class: ClassCoverage, language: Language) -> Vec<Cell> {
        let households = class.households;
        let door = class.numerator == Some(CoverageNumerator::VisitedAtDoor);
        let count = [Cell::Whole(class.covered), Cell::share(class.covered, households)];
        let none = [Cell::Empty, Cell::Empty];
        let (reached, at_door) = if door { (none, count) } else { (count, none) };
        let mut cells = vec![
            Cell::from(self.0),
            Cell::text(self.1),
            Cell::Empty,
            Cell::word(class.class, language),
            Cell::Empty,
            Cell::Whole(households),
        ];
        cells.extend(reached.into_iter().chain(at_door));
        cells.extend([
            class.numerator.map_or(Cell::Empty, |way| Cell::word(way, language)),
            class.percent.map_or(Cell::Empty, target),
            class.is_met.map_or(Cell::Empty, |met| Cell::yes(met, language)),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
        ]);
        cells
    }

    fn village(self, row: &VillageFigures, language: Language) -> Vec<Cell> {
        let (counts, standing) = (row.counts, row.standing);
        let class = row.register.class;
        let aim = standing.map(|standing| standing.aim);
        vec![
            Cell::from(self.0),
            Cell::text(self.1),
            Cell::from(row.village.name.as_str()),
            Cell::word(class, language),
            Cell::Whole(row.register.version.into()),
            Cell::Whole(counts.households),
            Cell::Whole(counts.reached),
            Cell::share(counts.reached, counts.households),
            Cell::Whole(counts.at_door),
            Cell::share(counts.at_door, counts.households),
            aim.map_or(Cell::Empty, |aim| Cell::word(CoverageNumerator::from(aim.numerator), language)),
            aim.map_or(Cell::Empty, |aim| target(aim.percent)),
            standing.map_or(Cell::Empty, |one| Cell::yes(one.is_met(), language)),
            Cell::whole(standing.map(|one| one.needed)),
            Cell::whole(standing.and_then(|one| one.per_day)),
            Cell::whole(standing.and_then(|one| one.forecast)),
        ]
    }
}

fn target(percent: u8) -> Cell {
    Cell::share(percent.into(), 100)
}
