//! One line of a summary table: its sources, the project that was planned in it, and those that were made from it.

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::enums::{ProjectStatus, Urgency};
use entity::id::SummaryLineId;
use entity::{project, summary_line, summary_source};
use serde::Deserialize as _;

use super::handle::Project;
use crate::campaign::graphql::Category;
use crate::db::Predicate;
use crate::decision::project::planned::{self, offered};
use crate::error::ApiError;
use crate::graphql::connection::PageArgs;
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::semantic_non_null;
use crate::graphql::keyed::keyed;
use crate::graphql::listing::{Listed, Order, connection};
use crate::graphql::scalars::Date;
use crate::graphql::shown::shown_to;
use crate::ids::Kind;
use crate::intake::graphql::Submission;
use crate::scope::profiles::Operation;
use crate::snapshot::loaders::{must, one};

/// One line of a summary table: suggestions of one class merged into one text, and the project made of them (S21, S22).
/// 汇总行
#[derive(Clone, Debug)]
pub struct SummaryLine(pub summary_line::Model);

keyed! {
    SummaryLine: summary_line;
}

/// One line of a summary table: suggestions of one class merged into one text, and the project made of them (S21, S22).
/// 汇总行
#[Object]
impl SummaryLine {
    /// Opaque global id. 全局编号
    pub async fn id(&self, ctx: &Context<'_>) -> Result<ID, ApiError> {
        Ok(ctx.request()?.id(Kind::SummaryLine, self.0.id))
    }

    /// Place in the table; lines are printed in its order. 排序
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// Class of all of its suggestions. 类别
    async fn category(&self, ctx: &Context<'_>) -> Result<Category, ApiError> {
        Category::by_id(ctx, self.0.category).await
    }

    /// The suggestions merged into one text. 意见建议
    async fn text(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        shown_to(ctx, &self.0.text)
    }

    /// How many suggestions; frozen by the signature, like all figures of the line. 条数
    async fn count(&self) -> i32 {
        self.0.count
    }

    /// How many people put them forward: one telephone is one person. 提出人数
    async fn proposers(&self) -> i32 {
        self.0.proposers
    }

    /// How many people they would benefit; null when nobody said. 受益人数
    async fn beneficiaries(&self) -> Option<i64> {
        self.0.beneficiaries
    }

    /// Of the most urgent one. 紧迫程度
    async fn urgency(&self) -> Urgency {
        self.0.urgency
    }

    /// Names of the villages and communities that they concern. 涉及村居
    async fn villages(&self) -> Result<Vec<String>, ApiError> {
        let villages = Vec::<String>::deserialize(&self.0.villages);
        villages.map_err(|_| ApiError::internal("stored villages are unfit"))
    }

    /// The project that they were turned into. 拟谋划项目
    async fn project(&self) -> Option<Result<SummaryProject, ApiError>> {
        let stored = self.0.project.as_ref()?;
        let project = planned::Project::deserialize(stored);
        Some(project.map(SummaryProject::of).map_err(|_| ApiError::internal("a stored project is unfit")))
    }

    /// The projects of the county that were made from it, as far as the caller sees them; at most one of them was not turned
    /// down. 据此立项的项目
    async fn projects(&self, ctx: &Context<'_>) -> Result<Vec<Project>, ApiError> {
        let made = made(ctx.request()?, self.0.id).await?;
        Ok(made.into_iter().map(Project).collect())
    }

    /// Whether `projectFromLine` would be accepted: its table is accepted, and no project stands that was made from it.
    /// 可据此立项
    async fn can_become_project(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        can_create(ctx.request()?, &self.0).await
    }

    /// Written by hand. 备注
    async fn remark(&self, ctx: &Context<'_>) -> Result<String, ApiError> {
        shown_to(ctx, &self.0.remark)
    }

    /// The suggestions that it is made of, by case number. 来源意见
    #[graphql(directive = semantic_non_null::apply(vec![0]))]
    async fn sources(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100, 20 unless given. 前几条")] first: Option<i32>,
        #[graphql(desc = "Behind this cursor. 游标之后")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100. 后几条")] last: Option<i32>,
        #[graphql(desc = "In front of this cursor. 游标之前")] before: Option<String>,
    ) -> Option<Result<SummarySourceConnection, ApiError>> {
        let args = PageArgs { first, after, last, before };
        Some(sources(ctx, self.0.id, &args).await)
    }
}

/// A project that suggestions were turned into (S22). 拟谋划项目
#[derive(Clone, Debug, SimpleObject)]
pub struct SummaryProject {
    /// What is to be done. 建设内容
    pub content: String,
    /// Estimated cost in whole yuan. 投资估算（元）
    pub estimated_cost: Option<i64>,
    /// Where the money comes from. 资金来源
    pub funding: Option<String>,
    /// Who does it. 责任单位
    pub owner: Option<String>,
    /// First day of the work. 计划开工日期
    pub start_on: Option<Date>,
    /// Last day of the work. 计划完成日期
    pub finish_on: Option<Date>,
    /// How many people it would benefit. 受益人数
    pub beneficiaries: Option<i64>,
}

impl SummaryProject {
    fn of(project: planned::Project) -> Self {
        Self {
            content: project.content,
            estimated_cost: project.cost,
            funding: project.funding,
            owner: project.owner,
            start_on: project.start.map(Date),
            finish_on: project.finish.map(Date),
            beneficiaries: project.beneficiaries,
        }
    }
}

/// A suggestion that a line is made of. 汇总来源
#[derive(Clone, Debug)]
pub struct SummarySource(summary_source::Model);

/// A suggestion that a line is made of. 汇总来源
#[Object]
impl SummarySource {
    /// Its case number. 编号
    async fn number(&self) -> &str {
        &self.0.number
    }

    /// The suggestion as it is now. 意见建议
    async fn submission(&self, ctx: &Context<'_>) -> Option<Result<Submission, ApiError>> {
        let submission = async {
            let snapshot = ctx.request()?.read().await?;
            one(&snapshot.load.submission, self.0.submission).await
        };
        submission.await.map(|row| row.map(Submission)).transpose()
    }
}

connection! {
    /// A page of a line's suggestions. 汇总来源分页
    SummarySourceConnection, SummarySourceEdge: summary_source as SummarySource(summary_source::Model)
}

/// The projects that were made from a line, by number.
async fn made(request: &Request, line: SummaryLineId) -> Result<Vec<project::Model>, ApiError> {
    let snapshot = request.read().await?;
    let ids = snapshot.load.projects_of_line.load_one(line).await?.unwrap_or_default();
    let mut rows: Vec<_> = snapshot.load.project.load_many(ids).await?.into_values().collect();
    rows.sort_by(|one, other| one.number.cmp(&other.number));
    Ok(rows)
}

async fn can_create(request: &Request, row: &summary_line::Model) -> Result<bool, ApiError> {
    if !request.viewer()?.may(Operation::ProjectFromLine) {
        return Ok(false);
    }
    let snapshot = request.read().await?;
    let table = must(&snapshot.load.summary_table, row.summary).await?;
    let closing = one(&snapshot.load.closing_of, table.campaign).await?;
    let made: Vec<ProjectStatus> =
        made(request, row.id).await?.iter().map(|project| project.status).collect();
    Ok(closing.is_none() && offered(table.status, &made).is_ok())
}

async fn sources(
    ctx: &Context<'_>,
    line: SummaryLineId,
    args: &PageArgs,
) -> Result<SummarySourceConnection, ApiError> {
    use summary_source::Column as C;
    let order = Order::by_code(C::Number, |row: &summary_source::Model| &row.number);
    let filter = Predicate::is(C::Line, line);
    Ok(SummarySourceConnection(Listed::read(ctx.request()?, "summarySources", filter, &order, args).await?))
}
