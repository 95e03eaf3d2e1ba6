//! The roles of PostgreSQL; SQLite has none.

use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::per_database;

/// Makes the roles where the owner may, and says what to run where it may not.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        per_database::run(manager, "", include_str!("sql/roles.pg.sql")).await
    }
}
