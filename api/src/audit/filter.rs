//! Which lines of the trail: by what was done, who did it, what it was done to, and when.

use async_graphql::{ID, InputObject};
use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, Utc};
use entity::audit_entry::Column;
use entity::enums::AuditAction;

use crate::clock::shanghai;
use crate::db::Predicate;
use crate::error::ApiError;
use crate::graphql::context::Request;
use crate::graphql::scalars::{Date, YEARS};
use crate::ids::Kind;

/// Most actions in the list.
const MOST_ACTIONS: usize = 100;

/// Narrows the audit trail; fields combine with AND, actions with OR. "Who looked at this citizen's telephone?" is
/// `{actions: [IDENTITY_REVEAL], subjectId: "…"}`. 审计筛选条件
#[derive(Clone, Debug, Default, InputObject)]
pub struct AuditFilter {
    /// What was done. 何事
    pub actions: Option<Vec<AuditAction>>,
    /// Who did it: global id of an account, of a portal's credential, or of a post. 操作者
    pub actor_id: Option<ID>,
    /// What it was done to: global id of anything, such as a suggestion, an account or an import batch. 对象
    pub subject_id: Option<ID>,
    /// Done on or after this day. 日期起（含）
    pub from: Option<Date>,
    /// Done on or before this day. 日期止（含）
    pub to: Option<Date>,
}

impl AuditFilter {
    /// The condition over the lines. Ids of nothing, and of what can't act, match nothing.
    pub(super) fn predicate(&self, request: &Request) -> Result<Predicate<Column>, ApiError> {
        let mut parts = Vec::new();
        if let Some(actions) = &self.actions {
            if actions.len() > MOST_ACTIONS {
                return Err(ApiError::bad_input(
                    format!("filter.actions 最多 {MOST_ACTIONS} 项"),
                    format!("filter.actions takes at most {MOST_ACTIONS} values"),
                ));
            }
            parts.push(Predicate::among(Column::Action, actions.iter().copied()));
        }
        parts.extend(self.actor_id.as_ref().map(|id| actor(request, id)));
        parts.extend(self.subject_id.as_ref().map(|id| subject(request, id)));
        parts.extend(
            self.from.and_then(|day| begin(day.0)).map(|at| Predicate::AtLeast(Column::At, at.into())),
        );
        let behind = self.to.and_then(|day| day.0.succ_opt()).and_then(begin);
        parts.extend(behind.map(|at| Predicate::Below(Column::At, at.into())));
        Ok(Predicate::All(parts))
    }
}

fn actor(request: &Request, id: &ID) -> Predicate<Column> {
    match request.app.ids.decode(&id.0) {
        Some((Kind::Account, key)) => Predicate::is(Column::Actor, format!("account:{key}")),
        Some((Kind::PortalClient, key)) => Predicate::is(Column::Actor, format!("portal:{key}")),
        Some((Kind::Post, key)) => Predicate::is(Column::Post, key),
        _ => Predicate::Any(Vec::new()),
    }
}

fn subject(request: &Request, id: &ID) -> Predicate<Column> {
    match request.app.ids.decode(&id.0) {
        Some((kind, key)) => Predicate::is(Column::Subject, format!("{}:{key}", kind.table())),
        None => Predicate::Any(Vec::new()),
    }
}

/// The first instant of a day in the county's legal time; nothing beyond the years that both databases compare alike.
fn begin(day: NaiveDate) -> Option<DateTime<Utc>> {
    let midnight = day.and_time(NaiveTime::MIN).and_local_timezone(shanghai());
    midnight.single().map(|midnight| midnight.to_utc()).filter(|at| YEARS.contains(&at.year()))
}
