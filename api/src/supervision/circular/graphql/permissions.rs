//! What drives the buttons of a circular.

use async_graphql::SimpleObject;
use entity::circular;
use entity::enums::CircularStatus;
use entity::id::AccountId;

use crate::error::ApiError;
use crate::graphql::context::Request;
use crate::scope::profiles::Operation;
use crate::snapshot::loaders::one;
use crate::supervision::circular::rules::{self, Approver};

/// What the caller may do with one circular now; drives buttons. 可执行操作
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct CircularPermissions {
    /// Whether `circularEdit` would be accepted. 可修改
    pub can_edit: bool,
    /// Whether `circularDiscard` would be accepted. 可作废
    pub can_discard: bool,
    /// Whether `circularApprove` would be accepted. 可审批
    pub can_approve: bool,
    /// Whether `circularIssue` would be accepted. 可印发
    pub can_issue: bool,
    /// Whether `circularAcknowledge` would be accepted; a second time changes nothing. 可签收
    pub can_acknowledge: bool,
}

impl CircularPermissions {
    pub(super) async fn of(request: &Request, row: &circular::Model) -> Result<Self, ApiError> {
        let viewer = request.viewer()?;
        let approver = Approver {
            profile: viewer.profile(),
            position: viewer.position(),
            department: viewer.department(),
            account: AccountId(viewer.actor()),
        };
        let step = rules::approve(row.status, row.department, row.drafted_by, approver);
        let own = viewer.department() == row.department;
        // Nobody but its author asks whether the campaign goes on.
        let changes = own && rules::discard(row.status).is_ok() && goes_on(request, row).await?;
        Ok(Self {
            can_edit: changes && viewer.may(Operation::CircularEdit) && rules::edit(row.status).is_ok(),
            can_discard: changes && viewer.may(Operation::CircularDiscard),
            can_approve: viewer.may(Operation::CircularApprove) && step.is_ok(),
            can_issue: viewer.may(Operation::CircularIssue) && own && rules::issue(row.status).is_ok(),
            can_acknowledge: viewer.may(Operation::CircularAcknowledge)
                && row.status == CircularStatus::Issued,
        })
    }
}

async fn goes_on(request: &Request, row: &circular::Model) -> Result<bool, ApiError> {
    let snapshot = request.read().await?;
    Ok(one(&snapshot.load.closing_of, row.campaign).await?.is_none())
}
