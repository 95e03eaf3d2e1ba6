//! Coverage and duty: the register's versions, visits and symposiums, constituencies, rosters, unit plans, tasks.
#![expect(
    clippy::too_many_lines,
    clippy::large_futures,
    reason = "each function is a list of tables, made once"
)]

use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::columns::{Rule, TableSpec, create, index, may, must};
use crate::per_database;

/// The tables and their indexes.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        register(manager).await?;
        visits(manager).await?;
        constituencies(manager).await?;
        duties(manager).await?;
        indexes(manager).await?;
        per_database::run(
            manager,
            include_str!("sql/coverage.sqlite.sql"),
            include_str!("sql/coverage.pg.sql"),
        )
        .await
    }
}

/// How many households a village has, from which day on.
async fn register(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        TableSpec {
            name: "village_register",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("village").uuid().take(),
                must("department").uuid().take(),
                must("version").integer().take(),
                must("households").integer().take(),
                must("class").string_len(32).take(),
                must("effective_on").date().take(),
                must("created_at").timestamp_with_time_zone().take(),
            ],
            key: &["county", "id"],
            // None to the township: what a former version says must not keep it from leaving the plan.
            references: &[("village", "village")],
            rules: &[],
        },
    )
    .await
}

/// Visits and symposiums, and which households they reached.
async fn visits(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        TableSpec {
            name: "symposium",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("department").uuid().take(),
                may("township").uuid().take(),
                may("committee").uuid().take(),
                must("campaign").uuid().take(),
                may("village").uuid().take(),
                must("held_on").date().take(),
                must("place").text().take(),
                must("topic").text().take(),
                must("attendance").integer().take(),
                must("households").integer().take(),
                must("client_ref").text().take(),
                may("entered_by").uuid().take(),
                must("created_at").timestamp_with_time_zone().take(),
            ],
            key: &["county", "id"],
            references: &[
                ("department", "department"),
                ("township", "department"),
                ("committee", "department"),
                ("campaign", "campaign"),
                ("village", "village"),
            ],
            rules: &[Rule::Check("attendance >= 0 AND households >= 0")],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "visit",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("department").uuid().take(),
                must("township").uuid().take(),
                may("committee").uuid().take(),
                must("campaign").uuid().take(),
                must("village").uuid().take(),
                must("household").integer().take(),
                must("visited_on").date().take(),
                must("kind").string_len(32).take(),
                must("submissions").json_binary().take(),
                must("with_opinion").boolean().take(),
                must("sensitive").boolean().take(),
                must("note").text().take(),
                may("symposium").uuid().take(),
                must("client_ref").text().take(),
                may("entered_by").uuid().take(),
                must("created_at").timestamp_with_time_zone().take(),
                may("withdrawn_at").timestamp_with_time_zone().take(),
                may("withdrawn_reason").text().take(),
                must("version").integer().take(),
            ],
            key: &["county", "id"],
            references: &[
                ("department", "department"),
                ("township", "department"),
                ("committee", "department"),
                ("campaign", "campaign"),
                ("village", "village"),
                ("symposium", "symposium"),
            ],
            rules: &[Rule::Check("household >= 1")],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "household_reach",
            columns: vec![
                must("county").string_len(6).take(),
                must("campaign").uuid().take(),
                must("village").uuid().take(),
                must("household").integer().take(),
                must("department").uuid().take(),
                may("committee").uuid().take(),
                must("reached_on").date().take(),
                may("at_door_on").date().take(),
                may("spoke_on").date().take(),
                may("spoke_at_door_on").date().take(),
            ],
            key: &["county", "campaign", "village", "household"],
            references: &[
                ("campaign", "campaign"),
                ("village", "village"),
                ("department", "department"),
                ("committee", "department"),
            ],
            rules: &[],
        },
    )
    .await
}

/// Whom the streams without villages hear.
async fn constituencies(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        TableSpec {
            name: "constituent",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("department").uuid().take(),
                must("campaign").uuid().take(),
                must("stream").uuid().take(),
                must("constituency").text().take(),
                must("name_sealed").text().take(),
                must("person_index").text().take(),
                must("registered_on").date().take(),
                may("reached_on").date().take(),
                must("created_at").timestamp_with_time_zone().take(),
            ],
            key: &["county", "id"],
            references: &[("department", "department"), ("campaign", "campaign"), ("stream", "stream")],
            rules: &[],
        },
    )
    .await
}

/// Rosters, unit plans, tasks.
async fn duties(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        TableSpec {
            name: "roster",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("department").uuid().take(),
                must("campaign").uuid().take(),
                must("version").integer().take(),
                must("submitted_at").timestamp_with_time_zone().take(),
                must("submitted_on").date().take(),
                may("submitted_by").uuid().take(),
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
            name: "roster_line",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("department").uuid().take(),
                must("roster").uuid().take(),
                must("rank").integer().take(),
                must("position").string_len(32).take(),
                must("name").text().take(),
                must("title").text().take(),
                must("duty").text().take(),
                may("contact_sealed").text().take(),
            ],
            key: &["county", "id"],
            references: &[("department", "department"), ("roster", "roster")],
            rules: &[Rule::Owner { row: "roster", owner: "department", table: "roster" }],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "unit_plan",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("department").uuid().take(),
                must("campaign").uuid().take(),
                must("number").integer().take(),
                must("title").text().take(),
                must("content").text().take(),
                must("state").string_len(32).take(),
                must("submitted_at").timestamp_with_time_zone().take(),
                must("submitted_on").date().take(),
                may("submitted_by").uuid().take(),
                may("reviewed_at").timestamp_with_time_zone().take(),
                may("reason").text().take(),
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
            name: "duty_task",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("department").uuid().take(),
                must("campaign").uuid().take(),
                may("code").text().take(),
                must("text").text().take(),
                must("owner").text().take(),
                may("due_on").date().take(),
                must("progress").integer().take(),
                must("state").string_len(32).take(),
                must("note").text().take(),
                must("created_at").timestamp_with_time_zone().take(),
                must("updated_at").timestamp_with_time_zone().take(),
                must("version").integer().take(),
            ],
            key: &["county", "id"],
            references: &[("department", "department"), ("campaign", "campaign")],
            rules: &[Rule::Check("progress BETWEEN 0 AND 100")],
        },
    )
    .await
}

/// One index for each filter and order; unique ones start with the owner, so that a clash tells nobody else.
async fn indexes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let all: &[(&str, &[&str], bool)] = &[
        ("village_register", &["county", "village", "version"], true),
        ("visit", &["county", "department", "client_ref"], true),
        ("visit", &["county", "campaign", "village", "household"], false),
        ("visit", &["county", "department", "created_at", "id"], false),
        ("visit", &["county", "township", "created_at", "id"], false),
        ("visit", &["county", "committee", "created_at", "id"], false),
        ("visit", &["county", "created_at", "id"], false),
        ("visit", &["county", "village", "visited_on"], false),
        ("visit", &["county", "symposium"], false),
        ("symposium", &["county", "department", "client_ref"], true),
        ("symposium", &["county", "created_at", "id"], false),
        ("symposium", &["county", "township"], false),
        ("symposium", &["county", "village"], false),
        ("household_reach", &["county", "department"], false),
        ("household_reach", &["county", "committee"], false),
        ("constituent", &["county", "department", "stream", "person_index"], true),
        ("constituent", &["county", "created_at", "id"], false),
        ("constituent", &["county", "campaign", "person_index"], false),
        ("roster", &["county", "department", "campaign", "version"], true),
        ("roster_line", &["county", "roster", "rank"], true),
        ("roster_line", &["county", "department"], false),
        ("unit_plan", &["county", "department", "campaign", "number"], true),
        ("unit_plan", &["county", "submitted_at", "id"], false),
        ("duty_task", &["county", "department", "campaign", "code"], true),
        ("duty_task", &["county", "created_at", "id"], false),
    ];
    for (table, columns, unique) in all {
        index(manager, table, columns, *unique).await?;
    }
    Ok(())
}
