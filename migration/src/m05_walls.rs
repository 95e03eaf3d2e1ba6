//! The second wall: row-level security, on PostgreSQL alone.

use sea_orm_migration::prelude::{
    DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait,
};

use crate::{per_database, walls};

/// Enables and forces row security on every table and grants the serving role what it needs.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A table that a later migration makes brings its own wall along.
        let mut known = Vec::new();
        for (table, _) in walls::SCOPED_TABLES {
            if manager.has_table(*table).await? {
                known.push(*table);
            }
        }
        let mut statements = walls::statements_of(&known);
        statements.extend(walls::keeper_statements());
        per_database::run(manager, "", &statements.join(";\n")).await
    }
}
