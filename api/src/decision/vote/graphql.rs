//! Votes and evaluations over GraphQL.

mod correct;

pub use correct::VoteCorrectMutation;

use async_graphql::{Context, ID, InputObject, Object};
use entity::id::ProjectId;
use entity::{evaluation, vote};

use super::rules::Totals;
use super::store;
use crate::decision::meeting::store::totals;
use crate::decision::project::graphql::handle::Project;
use crate::error::{ApiError, Stop};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::scalars::Date;
use crate::graphql::steps::{must_key, payload};
use crate::ids::Kind;
use crate::scope::profiles::Operation;

/// The deputies' vote on a project, as totals (S03). 代表票决
#[derive(Clone, Debug)]
pub struct Vote(pub vote::Model);

/// The deputies' vote on a project, as totals (S03). 代表票决
#[Object]
impl Vote {
    /// Day of the vote. 日期
    async fn held_on(&self) -> Date {
        Date(self.0.voted_on)
    }

    /// Deputies who should attend. 应到
    async fn due(&self) -> i32 {
        self.0.due
    }

    /// Deputies who were there. 实到
    async fn present(&self) -> i32 {
        self.0.present
    }

    /// Votes for it. 赞成
    async fn in_favour(&self) -> i32 {
        self.0.in_favour
    }

    /// Votes against it. 反对
    async fn against(&self) -> i32 {
        self.0.against
    }

    /// Abstentions. 弃权
    async fn abstained(&self) -> i32 {
        self.0.abstained
    }

    /// Raised by every correction; sent back as `expectedVersion`. 版本
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Whether more than half of those due were for it. 是否通过
    async fn is_passed(&self) -> bool {
        totals(&self.0).passed()
    }
}

/// The congress's evaluation of a project, as totals (S03). 满意度测评
#[derive(Clone, Debug)]
pub struct Evaluation(pub evaluation::Model);

/// The congress's evaluation of a project, as totals (S03). 满意度测评
#[Object]
impl Evaluation {
    /// Its day. 日期
    async fn evaluated_on(&self) -> Date {
        Date(self.0.evaluated_on)
    }

    /// How many were satisfied. 满意人数
    async fn satisfied(&self) -> i32 {
        self.0.satisfied
    }

    /// Basically satisfied. 基本满意
    async fn acceptable(&self) -> i32 {
        self.0.acceptable
    }

    /// How many were not. 不满意人数
    async fn dissatisfied(&self) -> i32 {
        self.0.dissatisfied
    }

    /// Raised by every correction; sent back as `expectedVersion`. 版本
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// Totals of the vote. 票决情况
#[derive(Clone, Debug, InputObject)]
pub struct VoteRecordInput {
    /// Which project. 项目
    pub project_id: ID,
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
}

payload! {
    /// What came of it. 登记结果
    VoteRecordPayload {
        /// The project as it stands now; null when refused. 项目
        project: Project
    }
}

/// Totals of the evaluation. 测评情况
#[derive(Clone, Debug, InputObject)]
pub struct EvaluationRecordInput {
    /// Which project. 项目
    pub project_id: ID,
    /// Its day. 日期
    pub evaluated_on: Date,
    /// How many were satisfied. 满意人数
    pub satisfied: i32,
    /// Basically satisfied. 基本满意
    pub acceptable: i32,
    /// How many were not. 不满意人数
    pub dissatisfied: i32,
}

payload! {
    /// What came of it. 登记结果
    EvaluationRecordPayload {
        /// The project as it stands now; null when refused. 项目
        project: Project
    }
}

/// What the congress office records. 人大票决测评
#[derive(Default)]
pub struct VoteMutation;

#[Object]
impl VoteMutation {
    /// Records the deputies' vote on a project that is on their agenda, as totals; by the department that the plan names. 登记票决
    #[graphql(directive = open_to::apply(profiles(&[Operation::VoteRecord]), heads(&[Operation::VoteRecord])), directive = semantic_non_null::apply(vec![0]))]
    async fn vote_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Totals of the vote. 票决情况")] input: VoteRecordInput,
    ) -> Option<Result<VoteRecordPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = vote_record(request, &input).await;
        Some(VoteRecordPayload::of(request, outcome).await)
    }

    /// Records the congress's evaluation of an adopted project, as totals; by the department that the plan names. 登记测评
    #[graphql(directive = open_to::apply(profiles(&[Operation::EvaluationRecord]), heads(&[Operation::EvaluationRecord])), directive = semantic_non_null::apply(vec![0]))]
    async fn evaluation_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Totals of the evaluation. 测评情况")] input: EvaluationRecordInput,
    ) -> Option<Result<EvaluationRecordPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = evaluation_record(request, &input).await;
        Some(EvaluationRecordPayload::of(request, outcome).await)
    }
}

async fn vote_record(request: &Request, input: &VoteRecordInput) -> Result<ProjectId, Stop> {
    let tx = request.begin_write(Operation::VoteRecord).await?;
    let id = must_key(request, Kind::Project, &input.project_id, "projectId")?;
    let totals = Totals {
        due: input.due,
        present: input.present,
        in_favour: input.in_favour,
        against: input.against,
        abstained: input.abstained,
    };
    let said = (input.voted_on.0, totals);
    store::record(&tx, &request.app, id, said, request.now).await?;
    tx.commit().await?;
    Ok(id)
}

async fn evaluation_record(request: &Request, input: &EvaluationRecordInput) -> Result<ProjectId, Stop> {
    let tx = request.begin_write(Operation::EvaluationRecord).await?;
    let id = must_key(request, Kind::Project, &input.project_id, "projectId")?;
    let parts = [input.satisfied, input.acceptable, input.dissatisfied];
    let said = (input.evaluated_on.0, parts);
    store::evaluate(&tx, &request.app, id, said, request.now).await?;
    tx.commit().await?;
    Ok(id)
}
