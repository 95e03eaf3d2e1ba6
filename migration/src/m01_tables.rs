//! Every table, portable.
#![expect(
    clippy::too_many_lines,
    clippy::large_futures,
    reason = "each function is a list of tables, made once"
)]

use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::columns::{Rule, TableSpec, create, index, may, must};

/// The tables and the indexes of every filter and order that the API offers.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        directory(manager).await?;
        access(manager).await?;
        intake(manager).await?;
        traces(manager).await?;
        figures(manager).await?;
        indexes(manager).await
    }
}

/// Who and what a county consists of.
async fn directory(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        TableSpec {
            name: "county",
            columns: vec![must("code").string_len(6).take(), must("name").text().take()],
            key: &["code"],
            references: &[],
            rules: &[],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "campaign",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("code").text().take(),
                must("name").text().take(),
                must("aliases").json_binary().take(),
                must("document_number").text().take(),
                must("issuers").json_binary().take(),
                must("issued_on").date().take(),
                must("opens_on").date().take(),
                may("closes_on").date().take(),
                must("handling").boolean().take(),
                must("public_submission").boolean().take(),
                must("anonymous_submission").boolean().take(),
                must("plan_digest").text().take(),
                must("plan").text().take(),
                must("applied_at").timestamp_with_time_zone().take(),
            ],
            key: &["county", "id"],
            references: &[],
            rules: &[],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "department",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("code").text().take(),
                must("name").text().take(),
                must("role").text().take(),
                must("role_name").text().take(),
                must("profile").string_len(32).take(),
                may("parent").uuid().take(),
                must("rank").integer().take(),
            ],
            key: &["county", "id"],
            references: &[],
            rules: &[],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "stream",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("department").uuid().take(),
                must("campaign").uuid().take(),
                must("code").text().take(),
                must("name").text().take(),
                must("constituencies").json_binary().take(),
                must("fields").json_binary().take(),
                must("rank").integer().take(),
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
            name: "channel",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("campaign").uuid().take(),
                must("code").text().take(),
                must("name").text().take(),
                may("owner").uuid().take(),
                must("routes").json_binary().take(),
                must("rank").integer().take(),
            ],
            key: &["county", "id"],
            references: &[("campaign", "campaign"), ("owner", "department")],
            rules: &[],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "category",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("campaign").uuid().take(),
                must("code").text().take(),
                must("name").text().take(),
                must("other").boolean().take(),
                must("rank").integer().take(),
            ],
            key: &["county", "id"],
            references: &[("campaign", "campaign")],
            rules: &[],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "village",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("department").uuid().take(),
                must("code").text().take(),
                must("name").text().take(),
                must("kind").string_len(32).take(),
                must("class").string_len(32).take(),
                must("households").integer().take(),
                may("committee").uuid().take(),
            ],
            key: &["county", "id"],
            references: &[("department", "department"), ("committee", "department")],
            rules: &[],
        },
    )
    .await?;
    Ok(())
}

/// Accounts, posts, sessions and credentials.
async fn access(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        TableSpec {
            name: "account",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("department").uuid().take(),
                must("login").text().take(),
                must("display_name").text().take(),
                must("password_hash").text().take(),
                must("epoch").integer().take(),
                may("disabled_at").timestamp_with_time_zone().take(),
                must("created_at").timestamp_with_time_zone().take(),
            ],
            key: &["county", "id"],
            references: &[("department", "department")],
            rules: &[],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "post",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("department").uuid().take(),
                must("account").uuid().take(),
                must("position").string_len(32).take(),
                must("duty").text().take(),
            ],
            key: &["county", "id"],
            references: &[("department", "department"), ("account", "account")],
            rules: &[],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "session",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("account").uuid().take(),
                must("post").uuid().take(),
                must("epoch").integer().take(),
                must("refresh_hash").text().take(),
                may("previous_hash").text().take(),
                must("confirmed").boolean().take(),
                must("created_at").timestamp_with_time_zone().take(),
                must("rotated_at").timestamp_with_time_zone().take(),
                must("expires_at").timestamp_with_time_zone().take(),
                may("ended_at").timestamp_with_time_zone().take(),
            ],
            key: &["county", "id"],
            // None to the post: whoever revokes one may not touch the sessions of others, which the epoch ends.
            references: &[("account", "account")],
            rules: &[],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "portal_client",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("campaign").uuid().take(),
                must("channel").uuid().take(),
                must("name").text().take(),
                must("secret_hash").text().take(),
                must("actions").json_binary().take(),
                may("disabled_at").timestamp_with_time_zone().take(),
                must("created_at").timestamp_with_time_zone().take(),
            ],
            key: &["county", "id"],
            references: &[("campaign", "campaign"), ("channel", "channel")],
            rules: &[],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "account_index",
            columns: vec![
                must("login").text().take(),
                must("county").string_len(6).take(),
                must("account").uuid().take(),
            ],
            key: &["login"],
            references: &[],
            rules: &[],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "receipt_index",
            columns: vec![
                must("receipt_hash").text().take(),
                must("county").string_len(6).take(),
                must("department").uuid().take(),
                must("submission").uuid().take(),
            ],
            key: &["receipt_hash"],
            references: &[],
            rules: &[],
        },
    )
    .await?;
    Ok(())
}

/// Suggestions, who sees them, and the people behind them.
async fn intake(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        TableSpec {
            name: "submission",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("department").uuid().take(),
                must("campaign").uuid().take(),
                must("stream").uuid().take(),
                must("channel").uuid().take(),
                may("entered_by").uuid().take(),
                may("client").uuid().take(),
                must("number").text().take(),
                must("kind").string_len(32).take(),
                must("stage").string_len(32).take(),
                must("title").text().take(),
                must("content").text().take(),
                may("category").uuid().take(),
                may("constituency").text().take(),
                may("village").uuid().take(),
                must("urgency").string_len(32).take(),
                may("beneficiaries").integer().take(),
                must("confidential").boolean().take(),
                must("anonymous").boolean().take(),
                must("on_behalf").boolean().take(),
                must("late").boolean().take(),
                must("received_at").timestamp_with_time_zone().take(),
                must("received_on").date().take(),
                may("external_ref").text().take(),
                must("extra").json_binary().take(),
                must("created_at").timestamp_with_time_zone().take(),
                must("version").integer().take(),
            ],
            key: &["county", "id"],
            references: &[
                ("department", "department"),
                ("campaign", "campaign"),
                ("stream", "stream"),
                ("channel", "channel"),
                ("category", "category"),
                ("village", "village"),
            ],
            rules: &[Rule::Unique(&["county", "id", "department"])],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "share",
            columns: vec![
                must("county").string_len(6).take(),
                must("department").uuid().take(),
                must("submission").uuid().take(),
                must("capability").string_len(32).take(),
                must("owner").uuid().take(),
                must("campaign").uuid().take(),
                must("stream").uuid().take(),
                must("channel").uuid().take(),
                may("category").uuid().take(),
                may("village").uuid().take(),
                must("kind").string_len(32).take(),
                must("stage").string_len(32).take(),
                must("late").boolean().take(),
                must("received_at").timestamp_with_time_zone().take(),
                must("received_on").date().take(),
            ],
            key: &["county", "department", "submission"],
            references: &[("department", "department"), ("submission", "submission")],
            rules: &[
                Rule::Owner { row: "submission", owner: "owner", table: "submission" },
                Rule::Check("capability <> 'COLLECT' OR department = owner"),
            ],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "person",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("submission").uuid().take(),
                may("name_sealed").text().take(),
                may("phone_sealed").text().take(),
                may("address_sealed").text().take(),
                may("phone_index").text().take(),
                may("erased_at").timestamp_with_time_zone().take(),
            ],
            key: &["county", "id"],
            references: &[("submission", "submission")],
            rules: &[],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "record",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("department").uuid().take(),
                must("number").big_integer().take(),
                must("submission").uuid().take(),
                must("action").string_len(32).take(),
                may("from_stage").string_len(32).take(),
                must("to_stage").string_len(32).take(),
                may("post").uuid().take(),
                must("note").text().take(),
                must("detail").json_binary().take(),
                must("at").timestamp_with_time_zone().take(),
            ],
            key: &["county", "id"],
            references: &[("submission", "submission"), ("department", "department")],
            rules: &[],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "counter",
            columns: vec![
                must("county").string_len(6).take(),
                must("department").uuid().take(),
                must("name").text().take(),
                must("next").big_integer().take(),
            ],
            key: &["county", "department", "name"],
            references: &[("department", "department")],
            rules: &[],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "import_batch",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("department").uuid().take(),
                must("campaign").uuid().take(),
                must("channel").uuid().take(),
                must("file_name").text().take(),
                must("file_hash").text().take(),
                must("status").string_len(32).take(),
                must("next_line").big_integer().take(),
                must("accepted").big_integer().take(),
                must("repeated").big_integer().take(),
                must("refused").big_integer().take(),
                must("failures").json_binary().take(),
                must("created_at").timestamp_with_time_zone().take(),
                must("updated_at").timestamp_with_time_zone().take(),
            ],
            key: &["county", "id"],
            references: &[("department", "department"), ("channel", "channel")],
            rules: &[],
        },
    )
    .await?;
    Ok(())
}

/// What was done by whom.
async fn traces(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        TableSpec {
            name: "audit_entry",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").uuid().take(),
                must("at").timestamp_with_time_zone().take(),
                must("actor").text().take(),
                may("profile").string_len(32).take(),
                may("department").uuid().take(),
                must("action").string_len(32).take(),
                must("subject").text().take(),
                must("detail").json_binary().take(),
            ],
            key: &["county", "id"],
            references: &[],
            rules: &[],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "audit_seal",
            columns: vec![
                must("county").string_len(6).take(),
                must("seq").big_integer().take(),
                must("entry").uuid().take(),
                must("hash").text().take(),
            ],
            key: &["county", "seq"],
            references: &[("entry", "audit_entry")],
            rules: &[],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "idempotency",
            columns: vec![
                must("county").string_len(6).take(),
                must("actor").uuid().take(),
                must("operation").text().take(),
                must("key_hash").text().take(),
                must("input_hash").text().take(),
                must("result").json_binary().take(),
                must("created_at").timestamp_with_time_zone().take(),
            ],
            key: &["county", "actor", "operation", "key_hash"],
            references: &[],
            rules: &[],
        },
    )
    .await?;
    Ok(())
}

/// The rollups.
async fn figures(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create(
        manager,
        TableSpec {
            name: "tally",
            columns: vec![
                must("county").string_len(6).take(),
                must("department").uuid().take(),
                must("campaign").uuid().take(),
                must("relation").string_len(32).take(),
                must("dimension").string_len(32).take(),
                must("key").text().take(),
                must("stage").string_len(32).take(),
                must("grain").string_len(32).take(),
                must("day").date().take(),
                must("count").big_integer().take(),
            ],
            key: &[
                "county",
                "department",
                "campaign",
                "relation",
                "dimension",
                "key",
                "stage",
                "grain",
                "day",
            ],
            references: &[],
            rules: &[],
        },
    )
    .await?;
    create(
        manager,
        TableSpec {
            name: "tally_delta",
            columns: vec![
                must("county").string_len(6).take(),
                must("id").big_integer().auto_increment().primary_key().take(),
                must("department").uuid().take(),
                must("campaign").uuid().take(),
                must("relation").string_len(32).take(),
                must("dimension").string_len(32).take(),
                must("key").text().take(),
                must("stage").string_len(32).take(),
                must("day").date().take(),
                must("delta").big_integer().take(),
            ],
            key: &[],
            references: &[],
            rules: &[],
        },
    )
    .await?;
    Ok(())
}

/// One index for each filter and order; unique ones start with the owner, so that a clash tells nobody else.
async fn indexes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let all: &[(&str, &[&str], bool)] = &[
        ("campaign", &["county", "code"], true),
        ("department", &["county", "code"], true),
        ("stream", &["county", "campaign", "code"], true),
        ("stream", &["county", "department"], false),
        ("channel", &["county", "campaign", "code"], true),
        ("category", &["county", "campaign", "code"], true),
        ("village", &["county", "code"], true),
        ("village", &["county", "department"], false),
        ("account", &["county", "login"], true),
        ("account", &["county", "department"], false),
        ("post", &["county", "account", "department", "position"], true),
        ("post", &["county", "department"], false),
        ("session", &["county", "account"], false),
        ("submission", &["county", "department", "number"], true),
        ("submission", &["county", "department", "channel", "external_ref"], true),
        ("tally", &["county", "dimension", "grain", "day", "department"], false),
        ("share", &["county", "department", "-received_at", "-submission"], false),
        ("person", &["county", "submission"], true),
        ("person", &["county", "phone_index"], false),
        ("record", &["county", "department", "number"], true),
        ("record", &["county", "submission", "at", "id"], false),
        ("audit_entry", &["county", "at", "id"], false),
        ("audit_seal", &["county", "entry"], true),
        ("idempotency", &["created_at"], false),
        ("tally_delta", &["county", "department"], false),
        ("import_batch", &["county", "department", "channel", "file_hash"], true),
    ];
    for (table, columns, unique) in all {
        index(manager, table, columns, *unique).await?;
    }
    Ok(())
}
