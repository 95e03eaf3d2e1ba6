//! Explanations that are changed or withdrawn before they are delivered, and what stood in them before.

use sea_orm_migration::prelude::{
    Alias, DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, Table, async_trait,
};

use crate::columns::{Rule, TableSpec, create, may, must};

/// A column of the explanation, and the table of former versions.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut withdrawn_at = may("withdrawn_at").timestamp_with_time_zone().take();
        let mut change = Table::alter();
        change.table(Alias::new("explanation")).add_column(&mut withdrawn_at);
        manager.alter_table(change).await?;
        create(
            manager,
            TableSpec {
                name: "explanation_version",
                columns: vec![
                    must("county").string_len(6).take(),
                    must("explanation").uuid().take(),
                    must("version").integer().take(),
                    must("department").uuid().take(),
                    must("text").text().take(),
                    must("channel").string_len(32).take(),
                    must("covered").json_binary().take(),
                    must("reason").text().take(),
                    may("replaced_by").uuid().take(),
                    must("replaced_at").timestamp_with_time_zone().take(),
                ],
                key: &["county", "explanation", "version"],
                references: &[],
                rules: &[Rule::Owner { row: "explanation", owner: "department", table: "explanation" }],
            },
        )
        .await
    }
}
