//! Correcting a vote or an evaluation that was written down wrongly.

use async_graphql::{Context, ID, InputObject, Object};
use entity::id::ProjectId;

use crate::decision::project::graphql::handle::Project;
use crate::decision::vote::rules::Totals;
use crate::decision::vote::store::correct;
use crate::error::{ApiError, Stop};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::scalars::Date;
use crate::graphql::steps::{must_key, payload};
use crate::ids::Kind;
use crate::scope::profiles::Operation;
use crate::text::passage;

/// The right totals, and why. 更正票决内容
#[derive(Clone, Debug, InputObject)]
pub struct VoteCorrectInput {
    /// Which project. 项目
    pub project_id: ID,
    /// The version of the vote that the caller has seen. 版本
    pub expected_version: i32,
    /// Day of the vote. 日期
    pub voted_on: Date,
    /// Deputies who should attend. 应到
    pub due: i32,
    /// Deputies who were there. 实到
    pub present: i32,
    /// Votes for it. 赞成
    pub in_favour: i32,
    /// Votes against it. 反对
    pub against: i32,
    /// Abstentions. 弃权
    pub abstained: i32,
    /// Why, 2 to 500 characters. 理由
    pub reason: String,
}

payload! {
    /// What came of it. 更正结果
    VoteCorrectPayload {
        /// The project as it stands now; null when refused. 项目
        project: Project
    }
}

/// The right totals of an evaluation, and why. 更正测评内容
#[derive(Clone, Debug, InputObject)]
pub struct EvaluationCorrectInput {
    /// Which project. 项目
    pub project_id: ID,
    /// Day of the evaluation, which names it. 日期
    pub evaluated_on: Date,
    /// The version of the evaluation that the caller has seen. 版本
    pub expected_version: i32,
    /// How many were satisfied. 满意人数
    pub satisfied: i32,
    /// Basically satisfied. 基本满意
    pub acceptable: i32,
    /// How many were not. 不满意人数
    pub dissatisfied: i32,
    /// Why, 2 to 500 characters. 理由
    pub reason: String,
}

payload! {
    /// What came of it. 更正结果
    EvaluationCorrectPayload {
        /// The project as it stands now; null when refused. 项目
        project: Project
    }
}

/// What the congress office corrects. 更正票决测评
#[derive(Default)]
pub struct VoteCorrectMutation;

#[Object]
impl VoteCorrectMutation {
    /// Corrects the totals of a vote; where the result of the meeting is another one now, the office corrects that by `meetingResultCorrect`. 更正票决
    #[graphql(directive = open_to::apply(profiles(&[Operation::VoteCorrect]), heads(&[Operation::VoteCorrect])), directive = semantic_non_null::apply(vec![0]))]
    async fn vote_correct(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The right totals, and why. 更正票决内容")] input: VoteCorrectInput,
    ) -> Option<Result<VoteCorrectPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = vote_correct(request, &input).await;
        Some(VoteCorrectPayload::of(request, outcome).await)
    }

    /// Corrects the totals of an evaluation, also in a campaign that is closed, as one may be recorded there. 更正测评
    #[graphql(directive = open_to::apply(profiles(&[Operation::EvaluationCorrect]), heads(&[Operation::EvaluationCorrect])), directive = semantic_non_null::apply(vec![0]))]
    async fn evaluation_correct(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The right totals of an evaluation, and why. 更正测评内容")]
        input: EvaluationCorrectInput,
    ) -> Option<Result<EvaluationCorrectPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = evaluation_correct(request, &input).await;
        Some(EvaluationCorrectPayload::of(request, outcome).await)
    }
}

async fn vote_correct(request: &Request, input: &VoteCorrectInput) -> Result<ProjectId, Stop> {
    let tx = request.begin_write(Operation::VoteCorrect).await?;
    let id = must_key(request, Kind::Project, &input.project_id, "projectId")?;
    let totals = Totals {
        due: input.due,
        present: input.present,
        in_favour: input.in_favour,
        against: input.against,
        abstained: input.abstained,
    };
    let (seen, right) = ((id, input.expected_version), (input.voted_on.0, totals));
    correct::vote(&tx, &request.app, seen, right, &passage(&input.reason), request.now).await?;
    tx.commit().await?;
    Ok(id)
}

async fn evaluation_correct(request: &Request, input: &EvaluationCorrectInput) -> Result<ProjectId, Stop> {
    let tx = request.begin_write(Operation::EvaluationCorrect).await?;
    let id = must_key(request, Kind::Project, &input.project_id, "projectId")?;
    let seen = (id, input.evaluated_on.0, input.expected_version);
    let right = [input.satisfied, input.acceptable, input.dissatisfied];
    correct::evaluation(&tx, &request.app, seen, right, &passage(&input.reason), request.now).await?;
    tx.commit().await?;
    Ok(id)
}
