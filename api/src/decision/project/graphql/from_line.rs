//! A project made from a line of a summary table: what a department planned is not typed a second time.

use async_graphql::{Context, ID, InputObject, Object};
use entity::id::ProjectId;

use super::Project;
use crate::decision::project::planned::Given;
use crate::decision::project::store;
use crate::error::{ApiError, Stop};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::scalars::Date;
use crate::graphql::steps::{Begun, begin, end, must_key, payload};
use crate::ids::Kind;
use crate::scope::profiles::Operation;
use crate::text::{line, passage};

/// The line, and what is to be other than it says. 立项内容
#[derive(Clone, Debug, InputObject)]
pub struct ProjectFromLineInput {
    /// The same key and content get the same answer for 7 days, 8 to 100 characters. 幂等键
    pub idempotency_key: String,
    /// A line of an accepted summary table from which no project was made that stands. 汇总行
    pub summary_line_id: ID,
    /// Department that carries it out. 责任单位
    pub department_id: ID,
    /// Name, 1 to 200 characters; the beginning of the content where left out. 名称
    pub title: Option<String>,
    /// What is built or done, 1 to 10,000 characters; as the line plans it where left out. 建设内容
    pub content: Option<String>,
    /// Estimated cost in whole yuan; as the line plans it where left out. 投资估算（元）
    pub cost: Option<i64>,
    /// Where the money comes from, at most 500 characters; as the line plans it where left out. 资金来源
    pub funding: Option<String>,
    /// First day planned; as the line plans it where left out. 计划开工
    pub schedule_start: Option<Date>,
    /// Last day planned; as the line plans it where left out. 计划完成
    pub schedule_finish: Option<Date>,
    /// How many would benefit; as the line plans it where left out. 受益人数
    pub beneficiaries: Option<i32>,
}

payload! {
    /// What came of making it. 立项结果
    ProjectFromLinePayload {
        /// The project as it stands now; null when refused. 项目
        project: Project
    }
}

/// Projects from lines of summary tables. 据汇总行立项
#[derive(Default)]
pub struct ProjectFromLineMutation;

#[Object]
impl ProjectFromLineMutation {
    /// Makes a project from a line of an accepted summary table: it takes over the project that the line plans, and the line's
    /// suggestions that have not ended are its sources. One project that was not turned down is made from a line. 据汇总行立项
    #[graphql(directive = open_to::apply(profiles(&[Operation::ProjectFromLine]), heads(&[Operation::ProjectFromLine])), directive = semantic_non_null::apply(vec![0]))]
    async fn project_from_line(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The line, and what is to be other than it says. 立项内容")]
        input: ProjectFromLineInput,
    ) -> Option<Result<ProjectFromLinePayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = project_from_line(request, &input).await;
        Some(ProjectFromLinePayload::of(request, outcome).await)
    }
}

async fn project_from_line(request: &Request, input: &ProjectFromLineInput) -> Result<ProjectId, Stop> {
    let key = &input.idempotency_key;
    let begun = begin(request, Operation::ProjectFromLine, "projectFromLine", key, input);
    let (tx, claim) = match begun.await? {
        Begun::Repeated(id) => return Ok(id),
        Begun::Fresh(tx, claim) => (tx, claim),
    };
    let line = must_key(request, Kind::SummaryLine, &input.summary_line_id, "summaryLineId")?;
    let owner = must_key(request, Kind::Department, &input.department_id, "departmentId")?;
    let id = store::create_from_line(&tx, &request.app, line, (given(input), owner), request.now).await?;
    end(tx, claim, id).await
}

fn given(input: &ProjectFromLineInput) -> Given {
    Given {
        title: input.title.as_deref().map(line),
        content: input.content.as_deref().map(passage),
        cost: input.cost,
        funding: input.funding.as_deref().map(passage),
        schedule_start: input.schedule_start.map(|day| day.0),
        schedule_finish: input.schedule_finish.map(|day| day.0),
        beneficiaries: input.beneficiaries,
    }
}
