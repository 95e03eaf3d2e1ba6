//! The text index: what is searched, and the scope beside it.

use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::per_database;

/// FTS5 on SQLite; on PostgreSQL a GIN index, which is read through functions alone.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        per_database::run(manager, include_str!("sql/search.sqlite.sql"), include_str!("sql/search.pg.sql"))
            .await
    }
}
