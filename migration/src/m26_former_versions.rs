//! What stood in papers before they were moved, corrected or taken back, and what tells a corrected row from the former one.

use sea_orm_migration::prelude::{
    Alias, ColumnDef, DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, Table, async_trait,
};

use crate::columns::{TableSpec, create, index, may, must};

/// The table of former versions, and columns of what can be corrected.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["vote", "evaluation", "publicity", "inspection"] {
            add(manager, table, must("version").integer().default(1).take()).await?;
        }
        add(manager, "agenda_item", must("deferred_to").text().default("").take()).await?;
        for table in ["publicity", "inspection"] {
            add(manager, table, may("withdrawn_at").timestamp_with_time_zone().take()).await?;
        }
        create(
            manager,
            TableSpec {
                name: "former_version",
                columns: vec![
                    must("county").string_len(6).take(),
                    must("kind").string_len(32).take(),
                    must("paper").uuid().take(),
                    must("part").string_len(32).take(),
                    must("version").integer().take(),
                    must("department").uuid().take(),
                    may("project").uuid().take(),
                    may("concerned").uuid().take(),
                    must("stood").json_binary().take(),
                    must("reason").text().take(),
                    may("replaced_by").uuid().take(),
                    must("replaced_at").timestamp_with_time_zone().take(),
                ],
                key: &["county", "kind", "paper", "part", "version"],
                references: &[
                    ("department", "department"),
                    ("project", "project"),
                    ("concerned", "department"),
                ],
                rules: &[],
            },
        )
        .await?;
        index(manager, "former_version", &["county", "paper"], false).await
    }
}

/// One column more; each of its own, as SQLite asks for.
async fn add(manager: &SchemaManager<'_>, table: &str, mut column: ColumnDef) -> Result<(), DbErr> {
    let mut change = Table::alter();
    change.table(Alias::new(table)).add_column(&mut column);
    manager.alter_table(change).await
}
