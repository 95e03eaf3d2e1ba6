//! Which master keys a county's rows were sealed with, and the look-up keys that outlive them.

use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::columns::{Rule, TableSpec, create, may, must};
use crate::{per_database, walls};

/// The table and the walls around it.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(manager, key_version()).await?;
        per_database::run(manager, "", &walls::statements_of(&["key_version"]).join(";\n")).await
    }
}

fn key_version() -> TableSpec<'static> {
    TableSpec {
        name: "key_version",
        columns: vec![
            must("county").string_len(6).take(),
            must("number").integer().take(),
            must("key_id").text().take(),
            must("sealed").text().take(),
            must("registered_at").timestamp_with_time_zone().take(),
            may("retired_at").timestamp_with_time_zone().take(),
        ],
        key: &["county", "number"],
        references: &[],
        rules: &[Rule::Unique(&["county", "key_id"])],
    }
}
