//! Merging, projects, meetings, votes, explanations and the closing of a campaign (S03, S24–S28).
#![expect(clippy::too_many_lines, reason = "each function is a list of tables, made once")]

use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::columns::{Rule, TableSpec, create, index, may, must};

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
            name: "merger",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("department").uuid().take(),
                must("campaign").uuid().take(),
                must("target").uuid().take(),
                must("merged").uuid().take(),
                must("former_stage").string_len(32).take(),
                must("reason").text().take(),
                may("merged_by").uuid().take(),
                must("merged_at").timestamp_with_time_zone().take(),
                may("undone_by").uuid().take(),
                may("undone_at").timestamp_with_time_zone().take(),
            ],
            key: &["county", "id"],
            references: &[
                ("department", "department"),
                ("campaign", "campaign"),
                ("target", "submission"),
                ("merged", "submission"),
            ],
            rules: &[Rule::Check("target <> merged")],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "project",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("department").uuid().take(),
                must("campaign").uuid().take(),
                must("number").text().take(),
                must("title").text().take(),
                must("content").text().take(),
                may("cost").big_integer().take(),
                must("funding").text().take(),
                may("schedule_start").date().take(),
                may("schedule_finish").date().take(),
                may("beneficiaries").integer().take(),
                must("status").string_len(32).take(),
                may("studied_on").date().take(),
                may("decided_on").date().take(),
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
            name: "project_source",
            columns: vec![
                must("county").string_len(6).take(),
                must("project").uuid().take(),
                must("submission").uuid().take(),
                must("department").uuid().take(),
                may("line").uuid().take(),
                must("linked_at").timestamp_with_time_zone().take(),
            ],
            key: &["county", "project", "submission"],
            references: &[("project", "project"), ("submission", "submission"), ("department", "department")],
            rules: &[Rule::Owner { row: "submission", owner: "department", table: "submission" }],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "project_view",
            columns: vec![
                must("county").string_len(6).take(),
                must("department").uuid().take(),
                must("project").uuid().take(),
            ],
            key: &["county", "department", "project"],
            references: &[("project", "project"), ("department", "department")],
            rules: &[],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "meeting",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("department").uuid().take(),
                must("campaign").uuid().take(),
                must("kind").string_len(32).take(),
                must("held_on").date().take(),
                may("minutes_number").text().take(),
                must("status").string_len(32).take(),
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
            name: "agenda_item",
            columns: vec![
                must("county").string_len(6).take(),
                must("meeting").uuid().take(),
                must("project").uuid().take(),
                must("department").uuid().take(),
                must("kind").string_len(32).take(),
                must("held_on").date().take(),
                must("position").integer().take(),
                may("result").string_len(32).take(),
                must("reason").text().take(),
                must("changes").text().take(),
            ],
            key: &["county", "meeting", "project"],
            references: &[("meeting", "meeting"), ("project", "project"), ("department", "department")],
            rules: &[],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "milestone",
            columns: vec![
                must("county").string_len(6).take(),
                must("project").uuid().take(),
                must("position").integer().take(),
                must("department").uuid().take(),
                must("name").text().take(),
                must("due_on").date().take(),
                may("done_on").date().take(),
                must("version").integer().take(),
            ],
            key: &["county", "project", "position"],
            references: &[("project", "project"), ("department", "department")],
            rules: &[],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "progress",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("project").uuid().take(),
                must("department").uuid().take(),
                must("kind").string_len(32).take(),
                must("text").text().take(),
                may("counterpart").text().take(),
                may("post").uuid().take(),
                must("at").timestamp_with_time_zone().take(),
            ],
            key: &["county", "id"],
            references: &[("project", "project"), ("department", "department")],
            rules: &[],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "vote",
            columns: vec![
                must("county").string_len(6).take(),
                must("project").uuid().take(),
                must("department").uuid().take(),
                must("voted_on").date().take(),
                must("due").integer().take(),
                must("present").integer().take(),
                must("in_favour").integer().take(),
                must("against").integer().take(),
                must("abstained").integer().take(),
                must("recorded_at").timestamp_with_time_zone().take(),
            ],
            key: &["county", "project"],
            references: &[("project", "project"), ("department", "department")],
            rules: &[Rule::Check("in_favour >= 0 AND against >= 0 AND abstained >= 0 AND in_favour + against + abstained <= present AND present <= due")],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "evaluation",
            columns: vec![
                must("county").string_len(6).take(),
                must("project").uuid().take(),
                must("evaluated_on").date().take(),
                must("department").uuid().take(),
                must("satisfied").integer().take(),
                must("acceptable").integer().take(),
                must("dissatisfied").integer().take(),
                must("recorded_at").timestamp_with_time_zone().take(),
            ],
            key: &["county", "project", "evaluated_on"],
            references: &[("project", "project"), ("department", "department")],
            rules: &[Rule::Check("satisfied >= 0 AND acceptable >= 0 AND dissatisfied >= 0")],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "explanation",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("department").uuid().take(),
                must("campaign").uuid().take(),
                must("text").text().take(),
                must("channel").string_len(32).take(),
                may("delivered_on").date().take(),
                must("proof").text().take(),
                must("covered").integer().take(),
                must("created_at").timestamp_with_time_zone().take(),
                must("version").integer().take(),
            ],
            key: &["county", "id"],
            references: &[("department", "department"), ("campaign", "campaign")],
            rules: &[Rule::Unique(&["county", "id", "department"])],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "explanation_cover",
            columns: vec![
                must("county").string_len(6).take(),
                must("submission").uuid().take(),
                must("explanation").uuid().take(),
                must("department").uuid().take(),
                must("covered_at").timestamp_with_time_zone().take(),
            ],
            key: &["county", "submission"],
            references: &[("submission", "submission")],
            rules: &[
                Rule::Owner { row: "submission", owner: "department", table: "submission" },
                Rule::Owner { row: "explanation", owner: "department", table: "explanation" },
            ],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "campaign_closing",
            columns: vec![
                must("county").string_len(6).take(),
                must("campaign").uuid().take(),
                must("department").uuid().take(),
                must("closed_at").timestamp_with_time_zone().take(),
                must("remark").text().take(),
                must("figures").json_binary().take(),
            ],
            key: &["county", "campaign"],
            references: &[("campaign", "campaign"), ("department", "department")],
            rules: &[],
        },
    )
    .await?;
    Ok(())
}

/// One index for each filter and order.
async fn indexes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let all: &[(&str, &[&str], bool)] = &[
        ("merger", &["county", "merged"], false),
        ("merger", &["county", "target"], false),
        ("merger", &["county", "campaign", "merged_at", "id"], false),
        ("project", &["county", "campaign", "number"], true),
        ("project", &["county", "campaign", "created_at", "id"], false),
        ("project", &["county", "status"], false),
        ("project", &["county", "department"], false),
        ("project_source", &["county", "submission"], false),
        ("project_source", &["county", "department", "project"], false),
        ("project_source", &["county", "project", "linked_at", "submission"], false),
        ("project_view", &["county", "project"], false),
        ("meeting", &["county", "campaign", "created_at", "id"], false),
        ("agenda_item", &["county", "project"], false),
        ("progress", &["county", "project", "at"], false),
        ("explanation", &["county", "department", "created_at", "id"], false),
        ("explanation", &["county", "campaign", "created_at", "id"], false),
        ("explanation_cover", &["county", "explanation", "covered_at", "submission"], false),
        ("explanation_cover", &["county", "department"], false),
    ];
    for (table, columns, unique) in all {
        index(manager, table, columns, *unique).await?;
    }
    Ok(())
}
