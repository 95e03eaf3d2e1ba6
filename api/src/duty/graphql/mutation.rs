//! Handing in rosters and plans, and work done. Each: right, transaction in scope, rules, writes, commit, and a fresh read.

use async_graphql::{Context, ID, Object};
use entity::id::{TaskId, UnitPlanId};

use super::inputs::{
    RosterLineInput, RosterSubmitInput, TaskCreateInput, TaskProgressInput, UnitPlanAcceptInput,
    UnitPlanReturnInput, UnitPlanSubmitInput,
};
use super::roster::Roster;
use super::task::Task;
use super::unit_plan::UnitPlan;
use crate::duty::rules::Line;
use crate::duty::store::{self, Decision, NewTask, TaskStep};
use crate::error::{ApiError, Stop};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::scalars::Date;
use crate::graphql::steps::{Begun, begin, end, payload};
use crate::ids::Kind;
use crate::refusal::Refusal;
use crate::scope::profiles::Operation;
use crate::text::{line, passage};

payload! {
    /// What came of handing in a roster. 报送责任人名单结果
    RosterSubmitPayload {
        /// The version that holds now; null when refused. 责任人名单
        roster: Roster
    }
}

payload! {
    /// What came of handing in a plan. 报送实施方案结果
    UnitPlanSubmitPayload {
        /// The draft; null when refused. 单位实施方案
        unit_plan: UnitPlan
    }
}

payload! {
    /// What came of returning a plan. 退回实施方案结果
    UnitPlanReturnPayload {
        /// The draft as it stands now; null when refused. 单位实施方案
        unit_plan: UnitPlan
    }
}

payload! {
    /// What came of accepting a plan. 采纳实施方案结果
    UnitPlanAcceptPayload {
        /// The draft as it stands now; null when refused. 单位实施方案
        unit_plan: UnitPlan
    }
}

payload! {
    /// What came of adding a piece of work. 新增任务结果
    TaskCreatePayload {
        /// The task; null when refused. 任务
        task: Task
    }
}

payload! {
    /// What came of reporting progress. 上报任务进度结果
    TaskProgressPayload {
        /// The task as it stands now; null when refused. 任务
        task: Task
    }
}

/// Handing in rosters and plans, and work done.
#[derive(Default)]
pub struct DutyMutation;

#[Object]
impl DutyMutation {
    /// Hands in the whole roster of the caller's department: a new version, the former ones stay (S16). 报送责任人名单
    #[graphql(directive = open_to::apply(profiles(&[Operation::RosterSubmit]), heads(&[Operation::RosterSubmit])), directive = semantic_non_null::apply(vec![0]))]
    async fn roster_submit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The persons. 名单")] input: RosterSubmitInput,
    ) -> Option<Result<RosterSubmitPayload, ApiError>> {
        Some(roster_submit(ctx, &input).await)
    }

    /// Hands in a draft of the own plan, once the last one was decided (H37). 报送实施方案
    #[graphql(directive = open_to::apply(profiles(&[Operation::UnitPlanSubmit]), heads(&[Operation::UnitPlanSubmit])), directive = semantic_non_null::apply(vec![0]))]
    async fn unit_plan_submit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The plan. 方案")] input: UnitPlanSubmitInput,
    ) -> Option<Result<UnitPlanSubmitPayload, ApiError>> {
        Some(unit_plan_submit(ctx, &input).await)
    }

    /// Returns a department's plan for revision (H37). 退回实施方案
    #[graphql(directive = open_to::apply(profiles(&[Operation::UnitPlanReturn]), heads(&[Operation::UnitPlanReturn])), directive = semantic_non_null::apply(vec![0]))]
    async fn unit_plan_return(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why. 退回说明")] input: UnitPlanReturnInput,
    ) -> Option<Result<UnitPlanReturnPayload, ApiError>> {
        Some(unit_plan_return(ctx, &input).await)
    }

    /// Accepts a department's plan (H37). 采纳实施方案
    #[graphql(directive = open_to::apply(profiles(&[Operation::UnitPlanAccept]), heads(&[Operation::UnitPlanAccept])), directive = semantic_non_null::apply(vec![0]))]
    async fn unit_plan_accept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which. 采纳对象")] input: UnitPlanAcceptInput,
    ) -> Option<Result<UnitPlanAcceptPayload, ApiError>> {
        Some(unit_plan_accept(ctx, &input).await)
    }

    /// Adds a piece of work of the caller's department (H40). 新增任务
    #[graphql(directive = open_to::apply(profiles(&[Operation::TaskCreate]), heads(&[Operation::TaskCreate])), directive = semantic_non_null::apply(vec![0]))]
    async fn task_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What, by whom, by when. 任务内容")] input: TaskCreateInput,
    ) -> Option<Result<TaskCreatePayload, ApiError>> {
        Some(task_create(ctx, &input).await)
    }

    /// Reports how far a piece of work of the caller's department is (H40). 上报任务进度
    #[graphql(directive = open_to::apply(profiles(&[Operation::TaskProgress]), heads(&[Operation::TaskProgress])), directive = semantic_non_null::apply(vec![0]))]
    async fn task_progress(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and how far. 进度内容")] input: TaskProgressInput,
    ) -> Option<Result<TaskProgressPayload, ApiError>> {
        Some(task_progress(ctx, &input).await)
    }
}

async fn roster_submit(
    ctx: &Context<'_>,
    input: &RosterSubmitInput,
) -> Result<RosterSubmitPayload, ApiError> {
    let request = ctx.request()?;
    let outcome = async {
        let (operation, key) = (Operation::RosterSubmit, &input.idempotency_key);
        match begin(request, operation, "rosterSubmit", key, input).await? {
            Begun::Repeated(id) => Ok(id),
            Begun::Fresh(tx, claim) => {
                let lines: Vec<Line> = input.lines.iter().map(RosterLineInput::line).collect();
                let campaign = request.key(Kind::Campaign, &input.campaign_id);
                let id = store::submit_roster(&tx, &request.app, campaign, &lines, request.now).await?;
                end(tx, claim, id).await
            }
        }
    };
    RosterSubmitPayload::of(request, outcome.await).await
}

async fn unit_plan_submit(
    ctx: &Context<'_>,
    input: &UnitPlanSubmitInput,
) -> Result<UnitPlanSubmitPayload, ApiError> {
    let request = ctx.request()?;
    let outcome = async {
        let (operation, key) = (Operation::UnitPlanSubmit, &input.idempotency_key);
        match begin(request, operation, "unitPlanSubmit", key, input).await? {
            Begun::Repeated(id) => Ok(id),
            Begun::Fresh(tx, claim) => {
                let words = (line(&input.title), passage(&input.content));
                let words = (words.0.as_str(), words.1.as_str());
                let campaign = request.key(Kind::Campaign, &input.campaign_id);
                let id = store::submit_unit_plan(&tx, &request.app, campaign, words, request.now).await?;
                end(tx, claim, id).await
            }
        }
    };
    UnitPlanSubmitPayload::of(request, outcome.await).await
}

async fn decide(
    request: &Request,
    operation: Operation,
    id: &ID,
    expected: i32,
    decision: Decision<'_>,
) -> Result<UnitPlanId, Stop> {
    let tx = request.begin_write(operation).await?;
    let id = request.key(Kind::UnitPlan, id);
    let id = id.ok_or_else(|| Refusal::not_found("unitPlanId"))?;
    store::decide(&tx, &request.app, id, expected, decision, request.now).await?;
    tx.commit().await?;
    Ok(id)
}

async fn unit_plan_return(
    ctx: &Context<'_>,
    input: &UnitPlanReturnInput,
) -> Result<UnitPlanReturnPayload, ApiError> {
    let (request, reason) = (ctx.request()?, passage(&input.reason));
    let decision = Decision::Return(&reason);
    let (id, expected) = (&input.unit_plan_id, input.expected_version);
    let outcome = decide(request, Operation::UnitPlanReturn, id, expected, decision).await;
    UnitPlanReturnPayload::of(request, outcome).await
}

async fn unit_plan_accept(
    ctx: &Context<'_>,
    input: &UnitPlanAcceptInput,
) -> Result<UnitPlanAcceptPayload, ApiError> {
    let (request, decision) = (ctx.request()?, Decision::Accept);
    let (id, expected) = (&input.unit_plan_id, input.expected_version);
    let outcome = decide(request, Operation::UnitPlanAccept, id, expected, decision).await;
    UnitPlanAcceptPayload::of(request, outcome).await
}

async fn task_create(ctx: &Context<'_>, input: &TaskCreateInput) -> Result<TaskCreatePayload, ApiError> {
    let request = ctx.request()?;
    let outcome = async {
        let (operation, key) = (Operation::TaskCreate, &input.idempotency_key);
        match begin(request, operation, "taskCreate", key, input).await? {
            Begun::Repeated(id) => Ok(id),
            Begun::Fresh(tx, claim) => {
                let form = NewTask {
                    campaign: request.key(Kind::Campaign, &input.campaign_id),
                    text: passage(&input.text),
                    owner: line(&input.owner),
                    due_on: input.due_on.map(|Date(day)| day),
                };
                let id = store::create(&tx, &request.app, &form, request.now).await?;
                end(tx, claim, id).await
            }
        }
    };
    TaskCreatePayload::of(request, outcome.await).await
}

async fn task_progress(
    ctx: &Context<'_>,
    input: &TaskProgressInput,
) -> Result<TaskProgressPayload, ApiError> {
    let request = ctx.request()?;
    let outcome: Result<TaskId, Stop> = async {
        let tx = request.begin_write(Operation::TaskProgress).await?;
        let id = request.key(Kind::Task, &input.task_id);
        let form = TaskStep {
            id: id.ok_or_else(|| Refusal::not_found("taskId"))?,
            expected: input.expected_version,
            progress: input.progress,
            state: input.state,
            owner: input.owner.as_deref().map(line),
            due_on: input.due_on.map(|Date(day)| day),
            note: passage(&input.note),
        };
        store::step(&tx, &request.app, &form, request.now).await?;
        tx.commit().await?;
        Ok(form.id)
    }
    .await;
    TaskProgressPayload::of(request, outcome).await
}
