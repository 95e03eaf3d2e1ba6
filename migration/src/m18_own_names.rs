//! Whether the texts of a suggestion hold the name of its person.

use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::per_database;

/// A column of the suggestion. It stays empty in former rows, whose names are sealed: whoever reads them looks.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = "ALTER TABLE submission ADD COLUMN names_person boolean";
        per_database::run(manager, column, column).await
    }
}
