//! Figures by week, and what figures and filtered queues are found by.

use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::per_database;

/// Cells of a week, and two indexes.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// What a cell counts.
const CELL: &str = "county, department, campaign, relation, dimension, key, stage";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // The owner is bound by the row policies too, unless it is let off until they are made anew.
        let free = "ALTER TABLE tally NO FORCE ROW LEVEL SECURITY";
        per_database::run(manager, "", free).await?;
        per_database::run(
            manager,
            &weeks("date(day, 'weekday 0', '-6 days')"),
            &weeks("date_trunc('week', day)::date"),
        )
        .await?;
        // Equality first, then the order: a queue cut by stage and class reads the rows that it shows and no others.
        let queue = "CREATE INDEX share_by_stage_and_category ON share \
                     (county, department, stage, category, received_at DESC, submission DESC)";
        per_database::run(manager, queue, queue).await?;
        // A cut of one campaign by time is answered from the index alone.
        let found = "county, campaign, relation, dimension, grain, day";
        let shown = "department, stage, key, count";
        let name = "CREATE INDEX tally_by_campaign_and_time ON tally";
        per_database::run(
            manager,
            &format!("{name} ({found}, {shown})"),
            &format!("{name} ({found}) INCLUDE ({shown})"),
        )
        .await
    }
}

fn weeks(monday: &str) -> String {
    format!(
        "INSERT INTO tally ({CELL}, grain, day, count) \
         SELECT {CELL}, 'WEEK', {monday}, sum(count) FROM tally WHERE grain = 'DAY' GROUP BY {CELL}, {monday}"
    )
}
