//! Withdrawing a project before it is adopted.

use async_graphql::{Context, ID, InputObject, Object};
use entity::id::ProjectId;

use super::Project;
use crate::decision::project::store::former;
use crate::error::{ApiError, Stop};
use crate::graphql::context::{Request, RequestOf};
use crate::graphql::directives::{heads, open_to, profiles, semantic_non_null};
use crate::graphql::steps::{must_key, payload};
use crate::ids::Kind;
use crate::scope::profiles::Operation;
use crate::text::passage;

/// Which project, and why. 撤销内容
#[derive(Clone, Debug, InputObject)]
pub struct ProjectWithdrawInput {
    /// Which project. 项目
    pub project_id: ID,
    /// The version that the caller has seen. 版本
    pub expected_version: i32,
    /// Why, 2 to 500 characters. 理由
    pub reason: String,
}

payload! {
    /// What came of it. 撤销结果
    ProjectWithdrawPayload {
        /// The project as it stands now; null when refused. 项目
        project: Project
    }
}

/// Projects that come to nothing. 撤销项目
#[derive(Default)]
pub struct ProjectWithdrawMutation;

#[Object]
impl ProjectWithdrawMutation {
    /// Withdraws a project that no meeting has before itself and none has adopted or turned down; its sources may become part of another one or be explained. 撤销项目
    #[graphql(directive = open_to::apply(profiles(&[Operation::ProjectWithdraw]), heads(&[Operation::ProjectWithdraw])), directive = semantic_non_null::apply(vec![0]))]
    async fn project_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which project, and why. 撤销内容")] input: ProjectWithdrawInput,
    ) -> Option<Result<ProjectWithdrawPayload, ApiError>> {
        let request = match ctx.request() {
            Ok(request) => request,
            Err(error) => return Some(Err(error)),
        };
        let outcome = project_withdraw(request, &input).await;
        Some(ProjectWithdrawPayload::of(request, outcome).await)
    }
}

async fn project_withdraw(request: &Request, input: &ProjectWithdrawInput) -> Result<ProjectId, Stop> {
    let tx = request.begin_write(Operation::ProjectWithdraw).await?;
    let id = must_key(request, Kind::Project, &input.project_id, "projectId")?;
    let reason = passage(&input.reason);
    let step = (input.expected_version, reason.as_str());
    former::withdraw(&tx, &request.app, id, step, request.now).await?;
    tx.commit().await?;
    Ok(id)
}
