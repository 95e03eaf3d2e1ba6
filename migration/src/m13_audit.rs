//! Signed ends of the chain over the audit trail, and which server does which background work.

use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::columns::{TableSpec, create, must};
use crate::{per_database, walls};

/// The tables, and the walls around them.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, audit_head()).await?;
        create(manager, job_lease()).await?;
        per_database::run(manager, "", &walls::statements_of(TABLES).join(";\n")).await
    }
}

const TABLES: &[&str] = &["audit_head", "job_lease"];

fn audit_head() -> TableSpec<'static> {
    TableSpec {
        name: "audit_head",
        columns: vec![
            must("county").string_len(6).take(),
            must("seq").big_integer().take(),
            must("hash").text().take(),
            must("kid").text().take(),
            must("signature").text().take(),
        ],
        key: &["county", "seq"],
        references: &[],
        rules: &[],
    }
}

fn job_lease() -> TableSpec<'static> {
    TableSpec {
        name: "job_lease",
        columns: vec![
            must("county").string_len(6).take(),
            must("job").text().take(),
            must("holder").uuid().take(),
            must("expires_at").timestamp_with_time_zone().take(),
        ],
        key: &["county", "job"],
        references: &[],
        rules: &[],
    }
}
