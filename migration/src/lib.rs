//! The schema of both databases: tables and indexes by migrations, each run once; and what holds the walls (policies,
//! grants, functions, triggers), made anew at every `migrate` after them ([`anew`]).
//!
//! `entity` is not imported: a migration describes the tables as they were on its day. Policies are written from
//! [`walls::SCOPED_TABLES`], which the tests read as the list of tables that must be behind the second wall.

pub use sea_orm_migration::prelude::MigratorTrait;
use sea_orm_migration::prelude::{MigrationTrait, async_trait};

pub mod anew;
mod columns;
mod m01_tables;
mod m02_roles;
mod m03_search;
mod m04_followers;
mod m05_walls;
mod m06_coverage;
mod m07_reporting;
mod m08_decision;
mod m09_supervision;
mod m10_acknowledgement_publicity;
mod m12_accounts;
mod m13_audit;
mod m14_portals;
mod m15_keys;
mod m16_figures;
mod m17_directory;
mod m18_own_names;
mod m19_forgotten;
mod m20_find;
mod m21_queues;
mod m22_assignee;
mod m24_explanation_versions;
mod m26_former_versions;
mod m27_written_by;
mod m28_cuts_and_numbers;
mod m29_former_texts;
mod per_database;
pub mod walls;

/// Role that the server signs in as, or is a member of; it owns nothing and has no BYPASSRLS.
pub const SERVING_ROLE: &str = "minsheng_app";

/// Role without login that owns the functions which must look past the row policies: the text search, and the triggers
/// that keep copies and rollups. The serving role must never be a member of it.
pub const KEEPER_ROLE: &str = "minsheng_keeper";

/// Runs what a database lacks, in order.
#[derive(Debug, Clone, Copy)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m01_tables::Migration),
            Box::new(m02_roles::Migration),
            Box::new(m03_search::Migration),
            Box::new(m04_followers::Migration),
            Box::new(m05_walls::Migration),
            Box::new(m06_coverage::Migration),
            Box::new(m07_reporting::Migration),
            Box::new(m08_decision::Migration),
            Box::new(m09_supervision::Migration),
            Box::new(m10_acknowledgement_publicity::Migration),
            Box::new(m12_accounts::Migration),
            Box::new(m13_audit::Migration),
            Box::new(m14_portals::Migration),
            Box::new(m15_keys::Migration),
            Box::new(m16_figures::Migration),
            Box::new(m17_directory::Migration),
            Box::new(m18_own_names::Migration),
            Box::new(m19_forgotten::Migration),
            Box::new(m20_find::Migration),
            Box::new(m21_queues::Migration),
            Box::new(m22_assignee::Migration),
            Box::new(m24_explanation_versions::Migration),
            Box::new(m26_former_versions::Migration),
            Box::new(m27_written_by::Migration),
            Box::new(m28_cuts_and_numbers::Migration),
            Box::new(m29_former_texts::Migration),
        ]
    }
}
