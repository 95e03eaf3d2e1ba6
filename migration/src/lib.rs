//! The schema of both databases: portable tables first, then what only one of them has.
//!
//! `entity` is not imported: a migration describes the tables as they were on its day. Policies are written from
//! [`walls::SCOPED_TABLES`], which the tests read as the list of tables that must be behind the second wall.

pub use sea_orm_migration::prelude::MigratorTrait;
use sea_orm_migration::prelude::{MigrationTrait, async_trait};

mod columns;
mod m01_tables;
mod m02_search;
mod m03_walls;
pub mod walls;

/// Role that the server signs in as, or is a member of; it owns nothing and has no BYPASSRLS.
pub const SERVING_ROLE: &str = "minsheng_app";

/// Role without login that owns the search function and alone reads its index past the row policies.
pub const SEARCH_ROLE: &str = "minsheng_search";

/// Runs what a database lacks, in order.
#[derive(Debug, Clone, Copy)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m01_tables::Migration),
            Box::new(m02_search::Migration),
            Box::new(m03_walls::Migration),
        ]
    }
}
