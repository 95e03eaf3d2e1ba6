//! Weekly reports and summary tables (S19–S23): what was handed in stays, and what was signed never changes.

use sea_orm_migration::prelude::{DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::columns::{Rule, TableSpec, create, index, may, must};

/// The tables and their indexes.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Below a table of the same department.
const BELOW: Rule<'static> = Rule::Owner { row: "summary", owner: "department", table: "summary_table" };

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        weekly_report(manager).await?;
        summary_table(manager).await?;
        summary_line(manager).await?;
        summary_source(manager).await?;
        signed(manager).await
    }
}

async fn weekly_report(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let spec = TableSpec {
        name: "weekly_report",
        columns: vec![
            must("county").string_len(6).take(),
            must("id").uuid().take(),
            must("department").uuid().take(),
            must("campaign").uuid().take(),
            must("due_key").text().take(),
            must("period_start").date().take(),
            must("period_end").date().take(),
            must("edition").integer().take(),
            must("narrative").text().take(),
            must("figures").json_binary().take(),
            must("submitted_by").uuid().take(),
            must("submitted_at").timestamp_with_time_zone().take(),
            must("late").boolean().take(),
        ],
        key: &["county", "id"],
        references: &[("department", "department"), ("campaign", "campaign")],
        rules: &[Rule::Unique(&["county", "campaign", "due_key", "period_end", "department", "edition"])],
    };
    create(manager, spec).await?;
    for columns in
        [["county", "campaign", "-submitted_at", "-id"], ["county", "department", "-submitted_at", "-id"]]
    {
        index(manager, "weekly_report", &columns, false).await?;
    }
    Ok(())
}

async fn summary_table(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let spec = TableSpec {
        name: "summary_table",
        columns: vec![
            must("county").string_len(6).take(),
            must("id").uuid().take(),
            must("department").uuid().take(),
            must("campaign").uuid().take(),
            must("kind").string_len(32).take(),
            must("number").integer().take(),
            must("edition").integer().take(),
            must("version").integer().take(),
            must("status").string_len(32).take(),
            may("former").uuid().take(),
            may("return_reason").text().take(),
            may("frame").json_binary().take(),
            may("reviewed_by").text().take(),
            may("reviewed_at").timestamp_with_time_zone().take(),
            may("signed_by").text().take(),
            may("signed_at").timestamp_with_time_zone().take(),
            may("decided_at").timestamp_with_time_zone().take(),
            must("created_at").timestamp_with_time_zone().take(),
        ],
        key: &["county", "id"],
        references: &[("department", "department"), ("campaign", "campaign")],
        rules: &[
            Rule::Unique(&["county", "id", "department"]),
            Rule::Unique(&["county", "campaign", "department", "number", "edition"]),
            Rule::Owner { row: "former", owner: "department", table: "summary_table" },
            Rule::Check("(kind = 'MAIN') = (number = 1)"),
            Rule::Check("(status IN ('SIGNED', 'ACCEPTED', 'RETURNED')) = (signed_at IS NOT NULL)"),
        ],
    };
    create(manager, spec).await?;
    for columns in
        [["county", "campaign", "-created_at", "-id"], ["county", "department", "-created_at", "-id"]]
    {
        index(manager, "summary_table", &columns, false).await?;
    }
    Ok(())
}

async fn summary_line(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let spec = TableSpec {
        name: "summary_line",
        columns: vec![
            must("county").string_len(6).take(),
            must("id").uuid().take(),
            must("department").uuid().take(),
            must("summary").uuid().take(),
            must("position").integer().take(),
            must("category").uuid().take(),
            must("category_code").text().take(),
            must("category_name").text().take(),
            must("text").text().take(),
            must("count").integer().take(),
            must("proposers").integer().take(),
            may("beneficiaries").big_integer().take(),
            must("urgency").string_len(32).take(),
            must("villages").json_binary().take(),
            may("project").json_binary().take(),
            must("remark").text().take(),
        ],
        key: &["county", "id"],
        references: &[("category", "category")],
        rules: &[BELOW, Rule::Unique(&["county", "summary", "id"])],
    };
    create(manager, spec).await?;
    index(manager, "summary_line", &["county", "summary", "position"], true).await
}

async fn summary_source(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let spec = TableSpec {
        name: "summary_source",
        columns: vec![
            must("county").string_len(6).take(),
            must("summary").uuid().take(),
            must("submission").uuid().take(),
            must("line").uuid().take(),
            must("number").text().take(),
            must("department").uuid().take(),
        ],
        key: &["county", "summary", "submission"],
        references: &[("line", "summary_line")],
        rules: &[
            BELOW,
            // Only what the department itself collected.
            Rule::Owner { row: "submission", owner: "department", table: "submission" },
        ],
    };
    create(manager, spec).await?;
    for columns in [["county", "line", "number"], ["county", "submission", "summary"]] {
        index(manager, "summary_source", &columns, false).await?;
    }
    Ok(())
}

/// What a signature leaves behind.
async fn signed(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let document = TableSpec {
        name: "summary_document",
        columns: vec![
            must("county").string_len(6).take(),
            must("summary").uuid().take(),
            must("department").uuid().take(),
            must("canonical").text().take(),
            must("sha256").string_len(64).take(),
            must("kid").text().take(),
            must("signature").text().take(),
        ],
        key: &["county", "summary"],
        references: &[],
        rules: &[BELOW],
    };
    create(manager, document).await?;
    let scan = TableSpec {
        name: "summary_scan",
        columns: vec![
            must("county").string_len(6).take(),
            must("id").uuid().take(),
            must("department").uuid().take(),
            must("summary").uuid().take(),
            must("media_type").text().take(),
            must("content").blob().take(),
            must("sha256").string_len(64).take(),
            must("attached_by").uuid().take(),
            must("attached_at").timestamp_with_time_zone().take(),
        ],
        key: &["county", "id"],
        references: &[],
        rules: &[BELOW],
    };
    create(manager, scan).await?;
    index(manager, "summary_scan", &["county", "summary", "-id"], false).await
}
