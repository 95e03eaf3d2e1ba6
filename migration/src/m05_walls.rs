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
        // Tables of later days bring their own walls with them.
        let mut there = Vec::new();
        for (table, _) in walls::SCOPED_TABLES {
            if manager.has_table(*table).await? {
                there.push(*table);
            }
        }
        let mut statements = walls::statements_of(&there);
        statements.extend(walls::keeper_statements());
        per_database::run(manager, "", &statements.join(";\n")).await
    }
}
