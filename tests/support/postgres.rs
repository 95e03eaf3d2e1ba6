//! The PostgreSQL server that `tests/run` starts: its URLs, and the statements that make and drop a test's own database.
//!
//! Nothing here connects. Without the server a test fails: one that is skipped in silence proves nothing.

use std::sync::atomic::{AtomicU32, Ordering};

const OWNER: &str = "MINSHENG_TEST_POSTGRES_OWNER_URL";
const APP: &str = "MINSHENG_TEST_POSTGRES_APP_URL";
const SUPERUSER: &str = "MINSHENG_TEST_POSTGRES_SUPERUSER_URL";

/// The database that always exists: the place from which others are created and dropped.
pub(crate) const MAINTENANCE_DATABASE: &str = "postgres";

/// `database` as the role that may create databases and roles and owns what it creates.
pub(crate) fn owner_url(database: &str) -> String {
    with_database(&server_url(OWNER), database)
}

/// `database` as the serving role, which owns nothing and passes no policy by.
pub(crate) fn app_url(database: &str) -> String {
    with_database(&server_url(APP), database)
}

/// `database` as a superuser: only for trials that switch row-level security off.
pub(crate) fn superuser_url(database: &str) -> String {
    with_database(&server_url(SUPERUSER), database)
}

/// A name that no other database of this server has: unique in the process by count, beside it by process number.
pub(crate) fn fresh_database_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("test_{}_{count}", std::process::id())
}

/// Creates `name` as a copy of `template`, to which nobody may be connected meanwhile; run it as the owner,
/// outside a transaction.
pub(crate) fn create_database(name: &str, template: &str) -> String {
    format!(r#"CREATE DATABASE "{name}" TEMPLATE "{template}""#)
}

/// Drops `name` even while connections to it are open; run it as the superuser, outside a transaction: the owner may
/// not end the sessions of other roles.
pub(crate) fn drop_database(name: &str) -> String {
    format!(r#"DROP DATABASE IF EXISTS "{name}" WITH (FORCE)"#)
}

fn server_url(variable: &str) -> String {
    std::env::var(variable)
        .unwrap_or_else(|_| panic!("{variable} is not set: run tests/run; it starts PostgreSQL"))
}

/// `tests/run` writes URLs whose last segment is the database and which carry no query.
fn with_database(server: &str, database: &str) -> String {
    let base = server.rsplit_once('/').map_or(server, |(base, _)| base);
    format!("{base}/{database}")
}
