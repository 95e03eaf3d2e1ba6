//! Operations that the rights table refused: the refusal changed nothing, so its line has a transaction of its own.

use entity::enums::AuditAction;
use serde_json::json;

use crate::access::viewer::Viewer;
use crate::app::App;
use crate::db::{Fault, Trail};

/// Notes that a caller was refused; `what` is the path of the field. A line that can't be written is logged, for the
/// caller has its answer already.
pub async fn note_refusal(app: &App, caller: &Viewer, what: &str) {
    if let Err(fault) = write(app, caller, what).await {
        tracing::error!(?fault, what, "a refusal is missing in the audit trail");
    }
}

async fn write(app: &App, caller: &Viewer, what: &str) -> Result<(), Fault> {
    let now = app.clock.now();
    let tx = app.db.begin_write(caller).await?;
    tx.audit(Trail {
        id: app.new_key(now),
        at: now,
        action: AuditAction::Forbidden,
        subject: format!("operation:{what}"),
        detail: json!({}),
    })
    .await?;
    tx.commit().await
}
