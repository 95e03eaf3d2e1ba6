//! What tells a server that the rows which it keeps in memory have changed, and an order of the rollups' key by which the
//! cells of a department's list are found together.

use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::per_database;

/// A column of the county, which triggers of `sql/anew/directory.pg.sql` count up, and two indexes.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Equality first: a list is counted by department, dimension and grain, then by stage and key.
const ORDER: &str = "county, department, dimension, grain, stage, key";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // On SQLite nothing is kept in memory.
        let edition = "ALTER TABLE county ADD COLUMN edition bigint NOT NULL DEFAULT 0";
        per_database::run(manager, "", edition).await?;
        per_database::run(
            manager,
            &format!("CREATE INDEX tally_of_department ON tally ({ORDER})"),
            &format!(
                "ALTER TABLE tally DROP CONSTRAINT tally_pkey, \
                 ADD CONSTRAINT tally_pkey PRIMARY KEY ({ORDER}, campaign, relation, day)"
            ),
        )
        .await
    }
}
