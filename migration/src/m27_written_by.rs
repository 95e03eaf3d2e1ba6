//! Who wrote a line of a summary table, for whoever wrote it does not review it; and the way from a line to its projects.

use sea_orm_migration::prelude::{
    Alias, DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, Table, async_trait,
};

use crate::columns::may;
use crate::per_database;

/// A column of the line, behind the walls of the line; lines of former releases have nobody in it.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut written_by = may("written_by").uuid().take();
        let mut change = Table::alter();
        change.table(Alias::new("summary_line")).add_column(&mut written_by);
        manager.alter_table(change).await?;
        per_database::run(manager, MADE_OF, MADE_OF).await
    }
}

/// Most sources came by no line.
const MADE_OF: &str =
    "CREATE INDEX project_source_line ON project_source (county, line, project) WHERE line IS NOT NULL";
