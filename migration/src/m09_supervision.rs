//! Inspections and circulars (S29, S30).
#![expect(clippy::too_many_lines, reason = "each function is a list of tables, made once")]

use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::columns::{TableSpec, create, index, may, must};

/// The tables and their indexes.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        tables(manager).await?;
        indexes(manager).await
    }
}

async fn tables(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        TableSpec {
            name: "inspection",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("department").uuid().take(),
                must("inspected").uuid().take(),
                must("campaign").uuid().take(),
                must("inspected_on").date().take(),
                must("summary").text().take(),
                must("created_at").timestamp_with_time_zone().take(),
            ],
            key: &["county", "id"],
            references: &[
                ("department", "department"),
                ("campaign", "campaign"),
                ("inspected", "department"),
            ],
            rules: &[],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "finding",
            columns: vec![
                must("county").string_len(6).take(),
                must("inspection").uuid().take(),
                must("position").integer().take(),
                must("department").uuid().take(),
                must("inspected").uuid().take(),
                must("text").text().take(),
                must("rectify_by").date().take(),
                may("recheck").string_len(32).take(),
                may("rechecked_on").date().take(),
                must("recheck_note").text().take(),
                must("version").integer().take(),
            ],
            key: &["county", "inspection", "position"],
            references: &[
                ("inspection", "inspection"),
                ("department", "department"),
                ("inspected", "department"),
            ],
            rules: &[],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "rectification",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("inspection").uuid().take(),
                must("position").integer().take(),
                must("department").uuid().take(),
                must("text").text().take(),
                must("done_on").date().take(),
                may("post").uuid().take(),
                must("reported_at").timestamp_with_time_zone().take(),
            ],
            key: &["county", "id"],
            references: &[("inspection", "inspection"), ("department", "department")],
            rules: &[],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "circular",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("department").uuid().take(),
                must("campaign").uuid().take(),
                must("number").integer().take(),
                must("title").text().take(),
                must("text").text().take(),
                must("period_from").date().take(),
                must("period_to").date().take(),
                must("rate").string_len(32).take(),
                must("smallest").integer().take(),
                must("figures").json_binary().take(),
                must("status").string_len(32).take(),
                must("drafted_by").uuid().take(),
                may("approved_by").uuid().take(),
                may("issued_at").timestamp_with_time_zone().take(),
                must("created_at").timestamp_with_time_zone().take(),
                must("version").integer().take(),
            ],
            key: &["county", "id"],
            references: &[("department", "department"), ("campaign", "campaign")],
            rules: &[],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "circular_receipt",
            columns: vec![
                must("county").string_len(6).take(),
                must("circular").uuid().take(),
                must("department").uuid().take(),
                may("post").uuid().take(),
                must("at").timestamp_with_time_zone().take(),
            ],
            key: &["county", "circular", "department"],
            references: &[("circular", "circular"), ("department", "department")],
            rules: &[],
        },
    )
    .await?;
    Ok(())
}

/// One index for each filter and order.
async fn indexes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let all: &[(&str, &[&str], bool)] = &[
        ("inspection", &["county", "campaign", "created_at", "id"], false),
        ("inspection", &["county", "inspected"], false),
        ("inspection", &["county", "department"], false),
        ("finding", &["county", "inspected"], false),
        ("finding", &["county", "department"], false),
        ("rectification", &["county", "inspection", "position"], false),
        ("rectification", &["county", "department"], false),
        ("circular", &["county", "department", "number"], true),
        ("circular", &["county", "campaign", "created_at", "id"], false),
        ("circular_receipt", &["county", "department"], false),
    ];
    for (table, columns, unique) in all {
        index(manager, table, columns, *unique).await?;
    }
    Ok(())
}
