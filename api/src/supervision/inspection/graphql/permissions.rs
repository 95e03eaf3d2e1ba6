//! What drives the buttons of an inspection and its findings.

use async_graphql::SimpleObject;
use entity::{finding, inspection};

use crate::error::ApiError;
use crate::graphql::context::Request;
use crate::scope::profiles::Operation;
use crate::snapshot::children::children;
use crate::snapshot::loaders::one;
use crate::supervision::inspection::{rules, store};

/// What the caller may do with one finding now; drives buttons. 可执行操作
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct FindingPermissions {
    /// Whether `rectificationReport` would be accepted. 可报告整改
    pub can_report: bool,
    /// Whether `findingRecheck` would be accepted. 可复查
    pub can_recheck: bool,
}

impl FindingPermissions {
    pub(super) async fn of(request: &Request, row: &finding::Model) -> Result<Self, ApiError> {
        let viewer = request.viewer()?;
        let own = viewer.department();
        let reports = viewer.may(Operation::RectificationReport) && row.inspected == own;
        let rechecks = viewer.may(Operation::FindingRecheck) && row.department == own;
        let snapshot = request.read().await?;
        let told = children(&snapshot.load.children.rectifications, row.inspection).await?;
        let told = told.iter().filter(|report| report.position == row.position).count();
        let standing = store::standing(row, told);
        Ok(Self {
            can_report: reports && rules::report(standing).is_ok(),
            can_recheck: rechecks && rules::recheck(standing).is_ok(),
        })
    }
}

/// What the caller may do with one inspection now; drives buttons. 可执行操作
#[derive(Clone, Copy, Debug, Default, SimpleObject)]
pub struct InspectionPermissions {
    /// Whether `inspectionCorrect` would be accepted. 可更正
    pub can_correct: bool,
    /// Whether `inspectionWithdraw` would be accepted. 可撤回
    pub can_withdraw: bool,
}

impl InspectionPermissions {
    pub(super) async fn of(request: &Request, row: &inspection::Model) -> Result<Self, ApiError> {
        let viewer = request.viewer()?;
        if viewer.department() != row.department {
            return Ok(Self::default());
        }
        let snapshot = request.read().await?;
        let reports = children(&snapshot.load.children.rectifications, row.id).await?.len();
        let closed = one(&snapshot.load.closing_of, row.campaign).await?.is_some();
        if closed || rules::unanswered(row.withdrawn_at.is_some(), reports).is_err() {
            return Ok(Self::default());
        }
        Ok(Self {
            can_correct: viewer.may(Operation::InspectionCorrect),
            can_withdraw: viewer.may(Operation::InspectionWithdraw),
        })
    }
}
