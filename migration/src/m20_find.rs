//! A case is found by its person's name and by its numbers; who did something stands in the record and in the trail with
//! post and department; and the trail is found by action, actor, subject and post.

use sea_orm_migration::prelude::{
    Alias, ColumnDef, DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, Table, async_trait,
};

use crate::columns::{index, may};
use crate::per_database;

/// The columns, what is known of former lines, and the indexes.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [
            ("person", may("name_index").text().take()),
            ("record", may("by_account").uuid().take()),
            ("record", may("by_department").uuid().take()),
            ("record", may("by_position").string_len(32).take()),
            ("audit_entry", may("post").uuid().take()),
            ("audit_entry", may("position").string_len(32).take()),
        ] {
            add(manager, table, column).await?;
        }
        // The owner is bound by the row policies too, unless it is let off until they are made anew.
        let free =
            "ALTER TABLE record NO FORCE ROW LEVEL SECURITY; ALTER TABLE post NO FORCE ROW LEVEL SECURITY";
        per_database::run(manager, "", free).await?;
        per_database::run(manager, FORMER, FORMER).await?;
        for (table, columns) in INDEXES {
            index(manager, table, columns, false).await?;
        }
        Ok(())
    }
}

async fn add(manager: &SchemaManager<'_>, table: &str, mut column: ColumnDef) -> Result<(), DbErr> {
    let mut change = Table::alter();
    change.table(Alias::new(table)).add_column(&mut column);
    manager.alter_table(change).await
}

/// Who holds the post of a former line; nothing where the post was taken away since.
const FORMER: &str = "UPDATE record SET by_account = post.account, by_department = post.department, \
    by_position = post.position FROM post WHERE post.county = record.county AND post.id = record.post";

/// One index for each way to be found. The trail's period has one already, over (county, at, id).
const INDEXES: &[(&str, &[&str])] = &[
    ("person", &["county", "name_index"]),
    ("submission", &["county", "number"]),
    ("submission", &["county", "external_ref"]),
    ("audit_entry", &["county", "action", "id"]),
    ("audit_entry", &["county", "actor", "id"]),
    ("audit_entry", &["county", "post", "id"]),
    ("audit_entry", &["county", "subject", "id"]),
];
