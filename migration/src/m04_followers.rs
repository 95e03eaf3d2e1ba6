//! Indexes of the shares. What follows a share by itself is made anew at every `migrate`.

use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::per_database;

/// On PostgreSQL they came with the search.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        per_database::run(manager, include_str!("sql/followers.sqlite.sql"), "").await
    }
}
