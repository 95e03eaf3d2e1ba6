//! One report, and pages of them.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::enums::Stage;
use entity::weekly_report;
use serde::Deserialize as _;

use crate::campaign::graphql::{Campaign, Department};
use crate::error::ApiError;
use crate::graphql::context::RequestOf;
use crate::graphql::keyed::keyed;
use crate::graphql::listing::connection;
use crate::graphql::scalars::{Date, DateTime};
use crate::graphql::shown::shown_to;
use crate::ids::Kind;
use crate::reporting::weekly::figures::Figures;
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

    /// Figures as they stood when it was handed in; later entries don't change them. 冻结统计
    async fn figures(&self) -> Result<WeeklyFigures, ApiError> {
        let figures = Figures::deserialize(&self.0.figures);
        let figures = figures.map_err(|_| ApiError::internal("stored figures are unfit"))?;
        Ok(WeeklyFigures(figures))
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
    /// Received in the period. 本期收到
    async fn received(&self) -> i64 {
        self.0.received
    }

    /// Received since the campaign began. 累计收到
    async fn received_in_all(&self) -> i64 {
        self.0.received_in_all
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
    /// Received in the period. 本期收到
    pub received: i64,
    /// Received since the campaign began. 累计收到
    pub received_in_all: i64,
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
