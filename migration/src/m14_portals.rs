//! Portals' credentials end and are renewed, and each suggestion gets a number for its citizen that tells nothing of how
//! many there are.
#![expect(clippy::disallowed_methods, reason = "a migration runs as the owner, for no viewer")]

use sea_orm_migration::prelude::{
    Alias, ColumnDef, DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, Table, async_trait,
};
use sea_orm_migration::sea_orm::ConnectionTrait as _;

use crate::columns::{index, may, must};
use crate::per_database;

/// The columns, the numbers of the suggestions that are there, and the index that keeps them apart.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in [
            may("expires_at").timestamp_with_time_zone().take(),
            may("former_hash").text().take(),
            may("former_until").timestamp_with_time_zone().take(),
        ] {
            add(manager, "portal_client", &mut column).await?;
        }
        let mut number = must("receipt_number").text().default("").take();
        add(manager, "submission", &mut number).await?;
        number_all(manager).await?;
        index(manager, "submission", &["county", "receipt_number"], true).await?;
        let no_default = "ALTER TABLE submission ALTER COLUMN receipt_number DROP DEFAULT";
        per_database::run(manager, "", no_default).await
    }
}

async fn add(manager: &SchemaManager<'_>, table: &str, column: &mut ColumnDef) -> Result<(), DbErr> {
    let mut change = Table::alter();
    change.table(Alias::new(table)).add_column(column);
    manager.alter_table(change).await
}

/// Draws a number for every suggestion, and again for those that drew one which another has. The owner is bound by the
/// row policies too, unless it is let off for the time of this transaction.
async fn number_all(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let free = "ALTER TABLE submission NO FORCE ROW LEVEL SECURITY";
    per_database::run(manager, "", free).await?;
    index(manager, "submission", &["receipt_number", "county"], false).await?;
    let connection = manager.get_connection();
    loop {
        per_database::run(manager, DRAW_SQLITE, DRAW_POSTGRES).await?;
        let again = connection.execute_unprepared(AGAIN).await?;
        if again.rows_affected() == 0 {
            break;
        }
    }
    let bound =
        "DROP INDEX submission_by_receipt_number_county; ALTER TABLE submission FORCE ROW LEVEL SECURITY";
    let dropped = "DROP INDEX submission_by_receipt_number_county";
    per_database::run(manager, dropped, bound).await
}

/// Twelve digits, the first of them not 0.
const DRAW_SQLITE: &str = "UPDATE submission SET receipt_number = \
    CAST(abs(random() % 900000000000) + 100000000000 AS TEXT) WHERE receipt_number = ''";
const DRAW_POSTGRES: &str = "UPDATE submission SET receipt_number = \
    (100000000000 + floor(random() * 900000000000)::bigint)::text WHERE receipt_number = ''";
/// Who drew the number of one with a smaller key draws again.
const AGAIN: &str = "UPDATE submission SET receipt_number = '' WHERE EXISTS (SELECT 1 FROM submission other \
    WHERE other.county = submission.county AND other.receipt_number = submission.receipt_number \
    AND other.id < submission.id)";
