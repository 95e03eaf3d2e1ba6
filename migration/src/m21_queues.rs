//! What queues are further cut and ordered by: urgency, beneficiaries, the class that a citizen proposes, who entered it and
//! when. Shares repeat it, as they do the rest.

use sea_orm_migration::prelude::{
    Alias, ColumnDef, DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, Table, async_trait,
};

use crate::columns::{index, may, must};
use crate::per_database;

/// The columns, their values of the shares that are there, and the indexes.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [
            ("submission", may("proposed_category").uuid().take()),
            ("share", must("urgency").integer().default(0).take()),
            ("share", must("beneficiaries").integer().default(-1).take()),
            ("share", must("proposed").boolean().default(false).take()),
            ("share", may("entered_by").uuid().take()),
            ("share", must("created_on").date().default("1970-01-01").take()),
        ] {
            add(manager, table, column).await?;
        }
        // What is copied changes no figure; the triggers are made anew after the migrations. The owner is bound by the row
        // policies too, unless it is let off until they are.
        let quiet = "DROP TRIGGER IF EXISTS share_before; DROP TRIGGER IF EXISTS share_after";
        let free = "DROP TRIGGER IF EXISTS share_recounts ON share; ALTER TABLE share NO FORCE ROW LEVEL SECURITY; \
                    ALTER TABLE submission NO FORCE ROW LEVEL SECURITY";
        per_database::run(manager, quiet, free).await?;
        let of = |day: &str| format!("{COPY} created_on = {day} {FROM}");
        per_database::run(
            manager,
            &of("date(submission.created_at, '+8 hours')"),
            &of("(submission.created_at AT TIME ZONE 'Asia/Shanghai')::date"),
        )
        .await?;
        for columns in INDEXES {
            index(manager, "share", columns, false).await?;
        }
        let partial = PARTIAL.join("; ");
        let facets = format!("{partial}; {FACETS}");
        per_database::run(manager, &partial, &facets).await
    }
}

async fn add(manager: &SchemaManager<'_>, table: &str, mut column: ColumnDef) -> Result<(), DbErr> {
    let mut change = Table::alter();
    change.table(Alias::new(table)).add_column(&mut column);
    manager.alter_table(change).await
}

const COPY: &str = "UPDATE share SET \
    urgency = CASE submission.urgency WHEN 'NORMAL' THEN 0 WHEN 'URGENT' THEN 1 ELSE 2 END, \
    beneficiaries = coalesce(submission.beneficiaries, -1), entered_by = submission.entered_by,";
const FROM: &str =
    "FROM submission WHERE submission.county = share.county AND submission.id = share.submission";

/// A department's orders, and what cuts its queue to few: equality first, then the order.
const INDEXES: &[&[&str]] = &[
    &["county", "department", "-urgency", "-received_at", "-submission"],
    &["county", "department", "-beneficiaries", "-received_at", "-submission"],
    &["county", "department", "entered_by", "-received_at", "-submission"],
    &["county", "department", "created_on"],
];

/// The same orders for whoever sees the county, and what citizens propose, which is little.
const PARTIAL: [&str; 3] = [
    "CREATE INDEX share_of_county_by_urgency ON share (county, urgency DESC, received_at DESC, submission DESC) \
     WHERE capability = 'COLLECT'",
    "CREATE INDEX share_of_county_by_beneficiaries ON share (county, beneficiaries DESC, received_at DESC, submission DESC) \
     WHERE capability = 'COLLECT'",
    "CREATE INDEX share_proposed ON share (county, department, received_at DESC, submission DESC) WHERE proposed",
];

/// Equality operators of scalars are leakproof, so this index serves filters under row security.
const FACETS: &str = "DROP INDEX share_by_facet; CREATE INDEX share_by_facet ON share USING gin \
    (county, department, capability, stage, category, kind, channel, village, campaign, stream, urgency) \
    WITH (fastupdate = off)";
