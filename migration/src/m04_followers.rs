//! What follows by itself, whoever writes: the copies in `share`, and the changes of the rollups.

use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait,
};

use crate::per_database;

/// Triggers on both databases, so that no writer can forget them.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        per_database::run(
            manager,
            include_str!("sql/followers.sqlite.sql"),
            include_str!("sql/followers.pg.sql"),
        )
        .await
    }
}
