//! What drives the buttons of an explanation.

use async_graphql::SimpleObject;
use entity::enums::Stage;
use entity::explanation;
use entity::id::SubmissionId;

use crate::decision::explanation::rules;
use crate::error::ApiError;
use crate::fate::facts::{self, Known};
use crate::graphql::context::Request;
use crate::scope::profiles::Operation;
use crate::snapshot::children::children;

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
        let ids: Vec<SubmissionId> = covers.iter().map(|cover| cover.submission).collect();
        let rows = snapshot.load.submission.load_many(ids.iter().copied()).await?;
        let cases: Vec<(SubmissionId, Stage)> = rows.values().map(|row| (row.id, row.stage)).collect();
        let known = snapshot.load.facts.load_many(cases.iter().copied()).await?;
        let tellable = |known: &Known| rules::tellable(&known.facts).is_ok();
        let merged = known.values().any(|known| known.facts.main.is_some());
        if merged && !known.values().all(tellable) {
            // What it was merged into may be covered beside it.
            let known = facts::read(&snapshot.tx, &cases, &ids).await?;
            return Ok(Self { can_deliver: known.values().all(tellable) });
        }
        Ok(Self { can_deliver: known.values().all(tellable) })
    }
}
