//! What drives the buttons of a finding.

use async_graphql::SimpleObject;
use entity::finding;

use crate::error::ApiError;
use crate::graphql::context::Request;
use crate::scope::profiles::Operation;
use crate::snapshot::children::children;
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
