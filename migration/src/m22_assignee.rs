//! Who works on a suggestion within a department: a column of the department's own share.

use sea_orm_migration::prelude::{
    Alias, DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, Table, async_trait,
};

use crate::columns::may;
use crate::per_database;

/// A column of the share, behind the walls of the share, and the order of somebody's own queue.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut assignee = may("assignee").uuid().take();
        let mut change = Table::alter();
        change.table(Alias::new("share")).add_column(&mut assignee);
        manager.alter_table(change).await?;
        per_database::run(manager, ASSIGNED, ASSIGNED).await
    }
}

/// Equality first, then the order. What nobody works on stands in the queue's own index.
const ASSIGNED: &str = "CREATE INDEX share_assigned ON share \
    (county, department, assignee, received_at DESC, submission DESC) WHERE assignee IS NOT NULL";
