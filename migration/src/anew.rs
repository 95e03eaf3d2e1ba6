//! What holds the walls, made anew at every `migrate` after the migrations and in their transaction: policies and grants on
//! PostgreSQL, functions, triggers and what they read on both databases. So a database of any former day has what a fresh
//! one has, and what is written in [`walls`] and in `sql/anew/` needs no migration to come into force.

use sea_orm_migration::sea_orm::DbBackend;

use crate::per_database::with_roles;
use crate::walls::{self, SCOPED_TABLES};

/// Functions and triggers of SQLite, which has no policies.
const SQLITE: &[&str] = &[
    include_str!("sql/anew/followers.sqlite.sql"),
    include_str!("sql/anew/coverage.sqlite.sql"),
    include_str!("sql/anew/reporting.sqlite.sql"),
];

/// What stood is cleared away first; then functions and triggers.
const POSTGRES: &[&str] = &[
    include_str!("sql/anew/clear.pg.sql"),
    include_str!("sql/anew/search.pg.sql"),
    include_str!("sql/anew/directory.pg.sql"),
    include_str!("sql/anew/followers.pg.sql"),
    include_str!("sql/anew/coverage.pg.sql"),
    include_str!("sql/anew/reporting.pg.sql"),
    include_str!("sql/anew/staff.pg.sql"),
    include_str!("sql/anew/main_case.pg.sql"),
];

/// The whole as one script.
#[must_use]
pub fn script(database: DbBackend) -> String {
    if database != DbBackend::Postgres {
        return SQLITE.concat();
    }
    let tables: Vec<&str> = SCOPED_TABLES.iter().map(|(table, _)| *table).collect();
    let mut policies = walls::statements_of(&tables);
    policies.extend(walls::keeper_statements());
    with_roles(&format!("{}{}", POSTGRES.concat(), policies.join(";\n")))
}
