//! What drives the buttons of a project.

use async_graphql::SimpleObject;
use entity::enums::{MeetingKind, ProgressKind};
use entity::project;

use crate::decision::project::rules;
use crate::decision::vote;
use crate::error::ApiError;
use crate::graphql::context::Request;
use crate::scope::profiles::Operation;
use crate::snapshot::children::children;
use crate::snapshot::loaders::{must, one};

/// What the caller may do with one project now; drives buttons. 可执行操作
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct ProjectPermissions {
    /// Whether `projectEdit` would be accepted. 可修改
    pub can_edit: bool,
    /// Whether `projectWithdraw` would be accepted. 可撤销
    pub can_withdraw: bool,
    /// Whether `projectSourcesPut` would be accepted, if only to add. 可调整来源
    pub can_put_sources: bool,
    /// Whether `milestonePut` would be accepted. 可设置节点
    pub can_put_milestones: bool,
    /// Whether `progressRecord` would be accepted with one kind of line at least. 可登记推进情况
    pub can_record_progress: bool,
    /// Whether `voteRecord` would be accepted. 可登记票决
    pub can_record_vote: bool,
    /// Whether `voteCorrect` would be accepted. 可更正票决
    pub can_correct_vote: bool,
    /// Whether `evaluationRecord` would be accepted for a day that has none. 可登记测评
    pub can_record_evaluation: bool,
    /// Whether `evaluationCorrect` would be accepted for a day that has one. 可更正测评
    pub can_correct_evaluation: bool,
}

impl ProjectPermissions {
    pub(super) async fn of(request: &Request, row: &project::Model) -> Result<Self, ApiError> {
        let viewer = request.viewer()?;
        let snapshot = request.read().await?;
        let may = |operation| viewer.may(operation);
        let carries = viewer.department() == row.department;
        let adopted = rules::adopted(row.status);
        Ok(Self {
            can_edit: may(Operation::ProjectEdit) && rules::editable(row.status).is_ok(),
            can_withdraw: may(Operation::ProjectWithdraw)
                && rules::withdraw(row.status).is_ok()
                && goes_on(request, row).await?,
            can_put_sources: may(Operation::ProjectSourcesPut) && rules::linkable(row.status, false).is_ok(),
            can_put_milestones: may(Operation::MilestonePut) && carries && adopted,
            can_record_progress: may(Operation::ProgressRecord) && carries && reports(request, row).await?,
            can_record_vote: may(Operation::VoteRecord)
                && entitled(request, row).await?
                && awaits_vote(request, row).await?,
            can_correct_vote: may(Operation::VoteCorrect)
                && entitled(request, row).await?
                && !children(&snapshot.load.children.votes, row.id).await?.is_empty()
                && goes_on(request, row).await?,
            can_record_evaluation: may(Operation::EvaluationRecord)
                && adopted
                && entitled(request, row).await?,
            can_correct_evaluation: may(Operation::EvaluationCorrect)
                && entitled(request, row).await?
                && !children(&snapshot.load.children.evaluations, row.id).await?.is_empty(),
        })
    }
}

/// Coordination may be written down whenever anything may.
async fn reports(request: &Request, row: &project::Model) -> Result<bool, ApiError> {
    let snapshot = request.read().await?;
    let lines = children(&snapshot.load.children.progress, row.id).await?;
    let before: Vec<ProgressKind> = lines.iter().map(|line| line.kind).collect();
    Ok(rules::progress(row.status, ProgressKind::Coordination, &before).is_ok())
}

/// Whether its campaign is not closed.
async fn goes_on(request: &Request, row: &project::Model) -> Result<bool, ApiError> {
    let snapshot = request.read().await?;
    Ok(one(&snapshot.load.closing_of, row.campaign).await?.is_none())
}

/// Whether the plan names the caller's department for votes and evaluations.
async fn entitled(request: &Request, row: &project::Model) -> Result<bool, ApiError> {
    let snapshot = request.read().await?;
    let campaign = must(&snapshot.load.campaign, row.campaign).await?;
    let own = must(&snapshot.load.department, request.viewer()?.department()).await?;
    let plan = request.app.plans.of(&campaign)?;
    Ok(vote::rules::entitled(plan.vote_role(), &own.role).is_ok())
}

async fn awaits_vote(request: &Request, row: &project::Model) -> Result<bool, ApiError> {
    let snapshot = request.read().await?;
    let items = children(&snapshot.load.children.items_of_project, row.id).await?;
    let votes = children(&snapshot.load.children.votes, row.id).await?;
    let open = items.iter().any(|item| item.kind == MeetingKind::CongressVote && item.result.is_none());
    Ok(open && votes.is_empty())
}
