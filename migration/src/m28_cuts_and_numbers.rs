//! Between which instants a weekly report counts, and circulars that get their number when they are issued.

use sea_orm_migration::prelude::{
    Alias, DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, Table, async_trait,
};

use crate::columns::{index, may};
use crate::per_database;

/// Two columns of the report with the index that it counts by, and circulars without a number yet.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["counted_after", "counted_until"] {
            let mut column = may(name).timestamp_with_time_zone().take();
            let mut change = Table::alter();
            change.table(Alias::new("weekly_report")).add_column(&mut column);
            manager.alter_table(change).await?;
        }
        index(manager, "submission", &["county", "department", "created_at"], false).await?;
        // The owner is bound by the row policies too, unless it is let off until they are made anew.
        let free = format!("ALTER TABLE circular NO FORCE ROW LEVEL SECURITY; {NUMBERS}");
        per_database::run(manager, NUMBERS, &free).await
    }
}

/// What was issued keeps its number and shares it with no other of its department; what was not has none: 0.
const NUMBERS: &str = "DROP INDEX circular_by_county_department_number; \
    UPDATE circular SET number = 0 WHERE issued_at IS NULL; \
    CREATE UNIQUE INDEX circular_numbered ON circular (county, department, number) WHERE number > 0";
