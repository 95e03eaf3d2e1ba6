//! The audit trail's way in: appended in the transaction that it tells of.

use chrono::{DateTime, Utc};
use entity::audit_entry::ActiveModel;
use entity::enums::AuditAction;
use entity::id::AuditEntryId;
use sea_orm::ActiveValue::Set;
use serde_json::Value as Json;
use uuid::Uuid;

use super::fault::Fault;
use super::tx::Tx;
use crate::scope::viewer::Viewer;

/// One line for the trail.
#[derive(Clone, Debug)]
pub struct Trail {
    /// Key of the line.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// What was done.
    pub action: AuditAction,
    /// Kind and key of what it was done to.
    pub subject: String,
    /// Reason and figures; never personal data.
    pub detail: Json,
}

impl Tx {
    /// Appends a line, at the latest with the commit; who did it is the viewer, whatever the caller says.
    pub async fn audit(&self, line: Trail) -> Result<(), Fault> {
        self.insert_later(signed(self.viewer(), line)).await
    }

    /// Appends a line for each of many things done at once.
    pub async fn audit_all(&self, lines: impl Iterator<Item = Trail>) -> Result<(), Fault> {
        let lines = lines.map(|line| signed(self.viewer(), line)).collect();
        self.insert_many(lines).await
    }

    /// Appends lines that were noted when their viewers acted, of this transaction's county alone.
    pub async fn audit_of(&self, lines: Vec<(Viewer, Trail)>) -> Result<(), Fault> {
        let county = self.viewer().county();
        if lines.iter().any(|(viewer, _)| viewer.county() != county) {
            return Err(Fault::Broken("a line of another county".to_owned()));
        }
        let lines = lines.into_iter();
        let lines = lines.map(|(viewer, line)| signed(&viewer, line)).collect();
        self.insert_many(lines).await
    }
}

fn signed(viewer: &Viewer, line: Trail) -> ActiveModel {
    let department = viewer.department();
    ActiveModel {
        county: Set(viewer.county().clone()),
        id: Set(AuditEntryId(line.id)),
        at: Set(line.at),
        actor: Set(viewer.actor_name()),
        profile: Set(viewer.profile()),
        department: Set((!department.0.is_nil()).then_some(department)),
        post: Set(viewer.post()),
        position: Set(viewer.post().map(|_| viewer.position())),
        action: Set(line.action),
        subject: Set(line.subject),
        detail: Set(line.detail),
    }
}
