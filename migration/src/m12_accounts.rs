//! Passwords that hold once, requests that a second person approves, turns of refresh tokens, and whence somebody signed in.

use sea_orm_migration::prelude::{
    Alias, ColumnDef, DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, Table, async_trait,
};

use crate::columns::{Rule, TableSpec, create, index, may, must};
use crate::{per_database, walls};

/// The table and the columns, and the wall around the table.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let once = must("password_once").boolean().default(false).take();
        add(manager, "account", once).await?;
        add(manager, "session", must("turn").integer().default(0).take()).await?;
        add(manager, "session", may("address_hash").text().take()).await?;
        drop_column(manager, "session", "previous_hash").await?;
        create(manager, account_request()).await?;
        for columns in INDEXES {
            index(manager, TABLE, columns, false).await?;
        }
        per_database::run(manager, "", &walls::statements_of(&[TABLE]).join(";\n")).await
    }
}

const TABLE: &str = "account_request";

/// The list in its order, for a county and for a department; and what is asked about one account.
const INDEXES: &[&[&str]] = &[
    &["county", "requested_at", "id"],
    &["county", "department", "requested_at", "id"],
    &["county", "account"],
];

fn account_request() -> TableSpec<'static> {
    TableSpec {
        name: TABLE,
        columns: vec![
            must("county").string_len(6).take(),
            must("id").uuid().take(),
            must("department").uuid().take(),
            may("account").uuid().take(),
            must("kind").string_len(32).take(),
            must("status").string_len(32).take(),
            must("login").text().take(),
            must("display_name").text().take(),
            may("position").string_len(32).take(),
            must("duty").text().take(),
            must("half_key").string_len(16).take(),
            must("requested_by").uuid().take(),
            must("requester").text().take(),
            must("requested_at").timestamp_with_time_zone().take(),
            must("expires_at").timestamp_with_time_zone().take(),
            may("decided_by").uuid().take(),
            may("decided_at").timestamp_with_time_zone().take(),
            must("reason").text().take(),
        ],
        key: &["county", "id"],
        references: &[("department", "department"), ("account", "account")],
        rules: &[Rule::Check("status <> 'APPROVED' OR decided_by <> requested_by")],
    }
}

async fn add(manager: &SchemaManager<'_>, table: &str, column: ColumnDef) -> Result<(), DbErr> {
    let mut change = Table::alter();
    change.table(Alias::new(table)).add_column(column);
    manager.alter_table(change).await
}

async fn drop_column(manager: &SchemaManager<'_>, table: &str, name: &str) -> Result<(), DbErr> {
    let mut change = Table::alter();
    change.table(Alias::new(table)).drop_column(Alias::new(name));
    manager.alter_table(change).await
}
