//! What drives the buttons of a circular.

use async_graphql::SimpleObject;
use entity::circular;
use entity::enums::CircularStatus;
use entity::id::AccountId;

use crate::scope::profiles::Operation;
use crate::scope::viewer::Viewer;
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
    pub(super) fn of(viewer: &Viewer, row: &circular::Model, closed: bool) -> Self {
        let approver = Approver {
            profile: viewer.profile(),
            position: viewer.position(),
            department: viewer.department(),
            account: AccountId(viewer.actor()),
        };
        let step = rules::approve(row.status, row.department, row.drafted_by, approver);
        let own = viewer.department() == row.department;
        let changes = own && !closed;
        Self {
            can_edit: changes && viewer.may(Operation::CircularEdit) && rules::edit(row.status).is_ok(),
            can_discard: changes
                && viewer.may(Operation::CircularDiscard)
                && rules::discard(row.status).is_ok(),
            can_approve: viewer.may(Operation::CircularApprove) && step.is_ok(),
            can_issue: viewer.may(Operation::CircularIssue) && own && rules::issue(row.status).is_ok(),
            can_acknowledge: viewer.may(Operation::CircularAcknowledge)
                && row.status == CircularStatus::Issued,
        }
    }
}
