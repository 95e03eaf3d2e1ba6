//! One report, and pages of them.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::enums::{Stage, VillageClass};
use entity::weekly_report;

use crate::campaign::graphql::{Campaign, Department};
use crate::error::ApiError;
use crate::graphql::context::RequestOf;
use crate::graphql::keyed::keyed;
use crate::graphql::listing::connection;
use crate::graphql::scalars::{Date, DateTime};
use crate::graphql::shown::shown_to;
use crate::ids::Kind;
use crate::reporting::weekly::counting;
use crate::reporting::weekly::figures::Figures;
use crate::reporting::weekly::work::{CoverageFigure, Work};
use crate::scope::profiles::Operation;

/// What the caller may do with one report now; drives buttons. 可执行操作
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct WeeklyReportPermissions {
    /// Whether `weeklyReportSubmit` for the same period would be accepted as a correction. 可更正
    pub can_correct: bool,
}

/// What a department reported for one period; a correction is a report of its own with the next edition (S19). 周报
#[derive(Clone, Debug)]
pub struct WeeklyReport(pub weekly_report::Model);

keyed! {
    WeeklyReport: weekly_report;
}

/// What a department reported for one period; a correction is a report of its own with the next edition (S19). 周报
#[Object]
impl WeeklyReport {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::WeeklyReport, self.0.id))
    }

    /// Who reports. 报送单位
    async fn department(&self, ctx: &Context<'_>) -> Result<Department, ApiError> {
        Department::by_id(ctx, self.0.department).await
    }

    /// The campaign that it is about. 活动
    async fn campaign(&self, ctx: &Context<'_>) -> Result<Campaign, ApiError> {
        Campaign::by_id(ctx, self.0.campaign).await
    }

    /// Key of the plan's due date that it answers, e.g. `WEEKLY_REPORT`. 期限代码
    async fn due_key(&self) -> &str {
        &self.0.due_key
    }

    /// First day of the period. 起始日期
    async fn period_start(&self) -> Date {
        Date(self.0.period_start)
    }

    /// Last day of the period, on which the report is due. 截止日期
    async fn period_end(&self) -> Date {
        Date(self.0.period_end)
    }

    /// What the caller may do with it now. 可执行操作
    async fn permissions(&self, ctx: &Context<'_>) -> Result<WeeklyReportPermissions, ApiError> {
        let viewer = ctx.request()?.viewer()?;
        let own = viewer.department() == self.0.department;
        Ok(WeeklyReportPermissions { can_correct: own && viewer.may(Operation::WeeklyReportSubmit) })
    }

    /// From 1; each correction adds one, and the former editions stay. 版次
    async fn edition(&self) -> i32 {
        self.0.edition
    }

    /// What the department says of its work. 工作进展
    async fn narrative(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        shown_to(ctx, &self.0.narrative)
    }

    /// Figures as they stood when it was handed in; later entries don't change them. A correction of an earlier report than
    /// the last one keeps those of its former edition. 冻结统计
    async fn figures(&self) -> Result<WeeklyFigures, ApiError> {
        Ok(WeeklyFigures(counting::figures(&self.0)?))
    }

    /// It counts what was entered into the system after this instant, which is the cut of the report before; null from the
    /// beginning, and in reports of former releases, which count by the days of the period. 统计起点
    async fn counted_after(&self) -> Option<DateTime> {
        self.0.counted_after.map(DateTime)
    }

    /// And up to this instant, its cut: what is entered later stands in the next report, whenever it was received. 统计截点
    async fn counted_until(&self) -> DateTime {
        DateTime(counting::until(&self.0))
    }

    /// When it was handed in. 报送时间
    async fn submitted_at(&self) -> DateTime {
        DateTime(self.0.submitted_at)
    }

    /// Whether this edition was handed in after the end of the due day. 是否迟报
    async fn is_late(&self) -> bool {
        self.0.late
    }
}

/// What a department had received when it reported. 周报统计
pub struct WeeklyFigures(pub(super) Figures);

/// What a department had received when it reported. 周报统计
#[Object]
impl WeeklyFigures {
    /// Entered since the cut of the report before, whenever it was received, and whether it was withdrawn since or not; in
    /// reports of former releases received on the days of the period. 本期收到
    async fn received(&self) -> i64 {
        self.0.received
    }

    /// Received since the campaign began, those withdrawn since too: that of the report before, plus `received`, plus
    /// `moved`. 累计收到
    async fn received_in_all(&self) -> i64 {
        self.0.received_in_all
    }

    /// Came to the department since the report before other than by being entered, less what left it: moved from or to
    /// another stream, or still being written at that report's cut. Null in reports of former releases. 转入转出净额
    async fn moved(&self) -> Option<i64> {
        self.0.moved
    }

    /// Withdrawn since the report before, of whichever week; counted as received all the same. Null in reports of former
    /// releases. 本期撤回
    async fn withdrawn(&self) -> Option<i64> {
        self.0.withdrawn
    }

    /// Visits, symposiums and households reached. Null in reports of former releases. 走访与征集覆盖
    async fn work(&self) -> Option<WeeklyWork> {
        self.0.work.clone().map(WeeklyWork)
    }

    /// Of all, in no class yet. 未归类
    async fn unclassified(&self) -> i64 {
        self.0.unclassified
    }

    /// By class, in the plan's order; classes without any are left out. 按类别
    async fn classes(&self) -> Vec<WeeklyClassFigure> {
        let lines = self.0.classes.iter().cloned();
        lines
            .map(|line| WeeklyClassFigure {
                code: line.code,
                name: line.name,
                received: line.received,
                received_in_all: line.received_in_all,
            })
            .collect()
    }

    /// All of them by stage. 按环节
    async fn stages(&self) -> Vec<WeeklyStageFigure> {
        let lines = self.0.stages.iter();
        lines.map(|line| WeeklyStageFigure { stage: line.stage, count: line.count }).collect()
    }
}

/// Suggestions of one class. 类别统计
#[derive(Clone, Debug, SimpleObject)]
pub struct WeeklyClassFigure {
    /// Code of the class; null for those in no class. 类别代码
    pub code: Option<String>,
    /// The class's name, as it was then. 类别名称
    pub name: String,
    /// Entered since the report before. 本期收到
    pub received: i64,
    /// Received since the campaign began. 累计收到
    pub received_in_all: i64,
}

/// What a department did outside: since the report before, less what was taken back meanwhile, and in all. 走访与征集覆盖
pub struct WeeklyWork(Work);

/// What a department did outside: since the report before, less what was taken back meanwhile, and in all. 走访与征集覆盖
#[Object]
impl WeeklyWork {
    /// Visits since the report before, also those of its villages' committees; households heard at a symposium are none. 本期走访
    async fn visits(&self) -> i64 {
        self.0.visits
    }

    /// Made since the campaign began. 累计走访
    async fn visits_in_all(&self) -> i64 {
        self.0.visits_in_all
    }

    /// Symposiums since the report before, also those of its villages' committees. 本期座谈会
    async fn symposiums(&self) -> i64 {
        self.0.symposiums
    }

    /// Held since the campaign began. 累计座谈会
    async fn symposiums_in_all(&self) -> i64 {
        self.0.symposiums_in_all
    }

    /// Households of its villages and communities, by class; empty for whoever answers for none. 征集覆盖
    async fn coverage(&self) -> Vec<WeeklyCoverageFigure> {
        self.0.coverage.iter().map(WeeklyCoverageFigure::from).collect()
    }
}

/// Households of the villages and communities of one class (S05, S06). 分类别征集覆盖
#[derive(Clone, Debug, SimpleObject)]
pub struct WeeklyCoverageFigure {
    /// Their class. 村居类别
    pub class: VillageClass,
    /// Households of the register. 户数
    pub households: i64,
    /// Reached in any way since the report before. 本期征集户数
    pub reached: i64,
    /// Reached in any way, in all. 累计征集户数
    pub reached_in_all: i64,
    /// Visited at the door since the report before. 本期入户户数
    pub at_door: i64,
    /// Visited at the door, in all. 累计入户户数
    pub at_door_in_all: i64,
}

impl From<&CoverageFigure> for WeeklyCoverageFigure {
    fn from(line: &CoverageFigure) -> Self {
        let CoverageFigure { class, households, reached, reached_in_all, at_door, at_door_in_all } = *line;
        Self { class, households, reached, reached_in_all, at_door, at_door_in_all }
    }
}

/// Suggestions that stood at one stage. 环节统计
#[derive(Clone, Debug, SimpleObject)]
pub struct WeeklyStageFigure {
    /// The stage. 环节
    pub stage: Stage,
    /// How many stood there. 件数
    pub count: i64,
}

connection! {
    /// A page of weekly reports. 周报分页
    WeeklyReportConnection, WeeklyReportEdge: weekly_report as WeeklyReport(weekly_report::Model)
}
