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
use crate::snapshot::loaders::one;

/// What the caller may do with one explanation now; drives buttons. 可执行操作
#[derive(Clone, Copy, Debug, Default, SimpleObject)]
pub struct ExplanationPermissions {
    /// Whether `explanationDeliver` would be accepted: not while something that it covers may still become a project. 可登记送达
    pub can_deliver: bool,
    /// Whether `explanationEdit` would be accepted, if it covers what may be explained. 可修改
    pub can_edit: bool,
    /// Whether `explanationWithdraw` would be accepted. 可撤回
    pub can_withdraw: bool,
}

impl ExplanationPermissions {
    pub(super) async fn of(request: &Request, row: &explanation::Model) -> Result<Self, ApiError> {
        let viewer = request.viewer()?;
        let pending = rules::pending(row.delivered_on.is_some(), row.withdrawn_at.is_some()).is_ok();
        if !pending || viewer.department() != row.department {
            return Ok(Self::default());
        }
        let closing = one(&request.read().await?.load.closing_of, row.campaign).await?;
        let can_deliver =
            viewer.may(Operation::ExplanationDeliver) && Self::deliverable(request, row).await?;
        Ok(Self {
            can_deliver,
            can_edit: closing.is_none() && viewer.may(Operation::ExplanationEdit),
            can_withdraw: closing.is_none() && viewer.may(Operation::ExplanationWithdraw),
        })
    }

    async fn deliverable(request: &Request, row: &explanation::Model) -> Result<bool, ApiError> {
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
            return Ok(known.values().all(tellable));
        }
        Ok(known.values().all(tellable))
    }
}
