//! What begins a transaction on PostgreSQL: the viewer's scope as settings, for the second wall to compare, and how long
//! what follows may take.

use std::time::Duration;

use super::deadline::{Limit, statement_timeout};
use crate::scope::profiles::{Accounts, Reach, Visits, Writes};
use crate::scope::viewer::Viewer;

/// Longest time of one statement that a request reads by.
pub(super) const PATIENCE: Duration = Duration::from_secs(15);

/// How long one statement of a caller may read: what no index or rollup covers must not hold a connection. The system's
/// own recounts take their time.
fn patience(viewer: &Viewer) -> Option<Duration> {
    viewer.profile().map(|_| PATIENCE)
}

/// How long a write may run one statement, wait for a lock, and do nothing: whoever waits for its locks must not wait for
/// ever. The operator's own work (plans, imports, folds, recounts) takes longer.
fn bounds_of_write(viewer: &Viewer) -> &'static str {
    if viewer.is_operator() {
        "SET LOCAL statement_timeout = '10min'; SET LOCAL lock_timeout = '1min'; \
         SET LOCAL idle_in_transaction_session_timeout = '5min'"
    } else {
        "SET LOCAL statement_timeout = '15s'; SET LOCAL lock_timeout = '5s'; \
         SET LOCAL idle_in_transaction_session_timeout = '10s'"
    }
}

/// What begins a read, with the viewer's scope and how long a statement may take.
pub(super) async fn reading(viewer: &Viewer, limit: Option<&Limit>) -> String {
    let allowed = match limit {
        Some(limit) => Some(limit.allowed().await),
        None => patience(viewer),
    };
    let scope = settings(viewer);
    let allowed = allowed.map_or_else(String::new, statement_timeout);
    format!("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {scope}; {allowed}")
}

/// What begins a write, with the viewer's scope and what it may take.
pub(super) fn writing(viewer: &Viewer) -> String {
    let (scope, bounds) = (settings(viewer), bounds_of_write(viewer));
    format!("BEGIN; {scope}; {bounds}")
}

/// The viewer as settings of the transaction.
fn settings(viewer: &Viewer) -> String {
    set_all(scope_of(viewer))
}

/// The settings in which a scope differs from another that is set already; nothing where they are the same.
pub(super) fn settings_from(before: &Viewer, viewer: &Viewer) -> String {
    let pairs = scope_of(before).into_iter().zip(scope_of(viewer));
    set_all(pairs.filter(|(old, new)| old != new).map(|(_, new)| new))
}

fn set_all(settings: impl IntoIterator<Item = (&'static str, String)>) -> String {
    let each = settings.into_iter();
    let each = each.map(|(name, value)| format!("SET LOCAL minsheng.{name} = '{value}'"));
    each.collect::<Vec<_>>().join("; ")
}

/// Names and values. Values of closed types only, for SET LOCAL takes no parameters.
fn scope_of(viewer: &Viewer) -> [(&'static str, String); 9] {
    let scope = viewer.scope();
    let reads = match scope.reads {
        Reach::Own => "OWN",
        Reach::County => "COUNTY",
        Reach::Public => "PUBLIC",
    };
    let writes = match scope.writes {
        Writes::Nothing => "NONE",
        Writes::Papers => "PAPERS",
        Writes::Own => "OWN",
        Writes::County => "COUNTY",
    };
    let accounts = match scope.accounts {
        Accounts::Oneself => "SELF",
        Accounts::Own => "OWN",
        Accounts::County => "COUNTY",
    };
    let visits = match scope.visits {
        Visits::Nowhere => "NOWHERE",
        Visits::OwnVillage => "OWN_VILLAGE",
        Visits::Anywhere => "ANYWHERE",
    };
    [
        ("county", viewer.county().as_str().to_owned()),
        ("department", viewer.department().0.to_string()),
        ("account", viewer.actor().to_string()),
        ("reads", reads.to_owned()),
        ("writes", writes.to_owned()),
        ("accounts", accounts.to_owned()),
        ("audit", if scope.audit { "COUNTY" } else { "NONE" }.to_owned()),
        ("lookup", if scope.lookup { "YES" } else { "NO" }.to_owned()),
        ("visits", visits.to_owned()),
    ]
}
