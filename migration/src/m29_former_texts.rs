//! What stood in a suggestion before each correction, and proposals not to accept one.

use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::columns::{TableSpec, create, may, must};

/// Two tables that hang on the suggestion.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create(
            manager,
            TableSpec {
                name: "former_text",
                columns: vec![
                    must("county").string_len(6).take(),
                    must("submission").uuid().take(),
                    must("version").integer().take(),
                    must("title").text().take(),
                    must("content").text().take(),
                    must("kind").string_len(32).take(),
                    must("extra").json_binary().take(),
                    may("post").uuid().take(),
                    may("by_account").uuid().take(),
                    may("by_department").uuid().take(),
                    may("by_position").string_len(32).take(),
                    must("replaced_at").timestamp_with_time_zone().take(),
                ],
                key: &["county", "submission", "version"],
                references: &[("submission", "submission")],
                rules: &[],
            },
        )
        .await?;
        create(
            manager,
            TableSpec {
                name: "invalidation",
                columns: vec![
                    must("county").string_len(6).take(),
                    must("submission").uuid().take(),
                    must("version").integer().take(),
                    must("reason").string_len(32).take(),
                    must("note").text().take(),
                    must("status").string_len(32).take(),
                    may("proposed_by").uuid().take(),
                    must("proposed_at").timestamp_with_time_zone().take(),
                    must("ruling").text().take(),
                    may("ruled_by").uuid().take(),
                    may("ruled_at").timestamp_with_time_zone().take(),
                ],
                key: &["county", "submission", "version"],
                references: &[("submission", "submission")],
                rules: &[],
            },
        )
        .await
    }
}
