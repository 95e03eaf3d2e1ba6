//! That the founding document was received, and what was published about the campaign (S01, S18).

use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::columns::{TableSpec, create, index, may, must};

/// The tables and their indexes.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, acknowledgement()).await?;
        create(manager, publicity()).await?;
        for (table, columns, unique) in INDEXES {
            index(manager, table, columns, *unique).await?;
        }
        Ok(())
    }
}

/// One index for each filter and order. A department receives a document once.
const INDEXES: &[(&str, &[&str], bool)] = &[
    ("acknowledgement", &["county", "campaign", "department"], true),
    ("acknowledgement", &["county", "department"], false),
    ("publicity", &["county", "department", "recorded_at", "id"], false),
    ("publicity", &["county", "campaign", "recorded_at", "id"], false),
    ("publicity", &["county", "recorded_at", "id"], false),
];

fn acknowledgement() -> TableSpec<'static> {
    TableSpec {
        name: "acknowledgement",
        columns: vec![
            must("county").string_len(6).take(),
            must("id").uuid().take(),
            must("department").uuid().take(),
            must("campaign").uuid().take(),
            may("post").uuid().take(),
            must("acknowledged_at").timestamp_with_time_zone().take(),
        ],
        key: &["county", "id"],
        references: &[("department", "department"), ("campaign", "campaign")],
        rules: &[],
    }
}

fn publicity() -> TableSpec<'static> {
    TableSpec {
        name: "publicity",
        columns: vec![
            must("county").string_len(6).take(),
            must("id").uuid().take(),
            must("department").uuid().take(),
            must("campaign").uuid().take(),
            must("published_on").date().take(),
            must("medium").text().take(),
            must("title").text().take(),
            must("reference").text().take(),
            must("recorded_at").timestamp_with_time_zone().take(),
        ],
        key: &["county", "id"],
        references: &[("department", "department"), ("campaign", "campaign")],
        rules: &[],
    }
}
