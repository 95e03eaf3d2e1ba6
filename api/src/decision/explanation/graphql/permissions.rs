//! What drives the buttons of an explanation.

use async_graphql::SimpleObject;
use entity::enums::ProjectStatus;
use entity::explanation;
use entity::id::SubmissionId;
use futures::future::try_join_all;

use crate::decision::explanation::rules;
use crate::error::ApiError;
use crate::graphql::context::Request;
use crate::scope::profiles::Operation;
use crate::snapshot::Snapshot;
use crate::snapshot::children::children;
use crate::snapshot::loaders::one;

/// What the caller may do with one explanation now; drives buttons. 可执行操作
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct ExplanationPermissions {
    /// Whether `explanationDeliver` would be accepted: not while something that it covers may still become a project. 可登记送达
    pub can_deliver: bool,
}

impl ExplanationPermissions {
    pub(super) async fn of(request: &Request, row: &explanation::Model) -> Result<Self, ApiError> {
        let viewer = request.viewer()?;
        let open = viewer.may(Operation::ExplanationDeliver)
            && viewer.department() == row.department
            && row.delivered_on.is_none();
        if !open {
            return Ok(Self { can_deliver: false });
        }
        let snapshot = request.read().await?;
        let covers = children(&snapshot.load.children.covered, row.id).await?;
        let each = covers.iter().map(|cover| tellable(&snapshot, cover.submission));
        let can_deliver = try_join_all(each).await?.into_iter().all(|one| one);
        Ok(Self { can_deliver })
    }
}

async fn tellable(snapshot: &Snapshot, id: SubmissionId) -> Result<bool, ApiError> {
    let row = one(&snapshot.load.submission, id).await?;
    let projects = projects_of(snapshot, id).await?;
    Ok(row.is_none_or(|row| rules::tellable(row.stage, &projects).is_ok()))
}

/// How far the projects have come that a suggestion is a source of.
pub async fn projects_of(snapshot: &Snapshot, id: SubmissionId) -> Result<Vec<ProjectStatus>, ApiError> {
    let sources = children(&snapshot.load.children.projects_of, id).await?;
    let each = sources.iter().map(|source| one(&snapshot.load.project, source.project));
    let projects = try_join_all(each).await?.into_iter().flatten();
    Ok(projects.map(|row| row.status).collect())
}
