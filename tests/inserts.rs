//! Whoever adds a row: both walls let in the same rows, those of the rights table, and no others.

use std::collections::BTreeSet;

use entity::enums::{Position, RightsProfile};
use entity::id::{County, DepartmentId, SubmissionId};
use entity::share;
use migration::walls::{SCOPED_TABLES, Wall};
use minsheng::access::authenticate::viewer_of_bearer;
use minsheng::db::{Document, Fault, Predicate};
use minsheng::scope::system;
use sea_orm::DbBackend;

use crate::support::personas::HUOQIU;
use crate::support::rights::adds;
use crate::support::tables::{Candidate, add};
use crate::support::truth::{Raw, Row, text};
use crate::support::world::{Who, World};
use crate::support::{Backend, TestApp};
use crate::walls::settings;

/// Whether the rows of a table are stamped with the department of whoever adds them, unless the whole county is written.
fn is_stamped(table: &str) -> bool {
    use Wall as W;
    let mut walls = SCOPED_TABLES.iter().filter(|(name, _)| *name == table);
    walls.any(|(_, wall)| {
        matches!(
            wall,
            W::Department
                | W::Figures
                | W::Share
                | W::Submission
                | W::Visit
                | W::Carried
                | W::Former
                | W::Inspected
                | W::Issued
                | W::Filed
        )
    })
}

/// Written beside the entities, by the text index.
const NO_ENTITY: &str = "submission_text";

/// The row as it would stand.
fn standing(candidate: &Candidate<'_>) -> Row {
    let mut row = candidate.row.clone();
    for (column, key) in &candidate.replaced {
        row.insert((*column).to_owned(), key.clone().into());
    }
    row
}

/// A row of the table that somebody may add and one that it may not, each also where it would show the row to a township
/// that the register does not say; `stamped` as the program stamps them.
fn candidates<'t>(world: &'t World, who: &Who, table: &'static str, stamped: bool) -> Vec<Candidate<'t>> {
    let office = who.profile == Some(RightsProfile::CampaignOffice);
    let stamps = stamped && !office && is_stamped(table);
    let own = if who.department.is_empty() { "0".repeat(32) } else { who.department.clone() };
    let county = if table == "county" { "code" } else { "county" };
    let rows = world.truth.rows(table).iter();
    let rows = rows.filter(|row| !stamped || text(row, county) == who.county);
    let all: Vec<Candidate<'t>> = rows
        .map(|row| Candidate {
            row,
            replaced: if stamps { vec![("department", own.clone())] } else { Vec::new() },
        })
        .collect();
    let mut chosen = Vec::new();
    for wanted in [true, false] {
        let mut found = all.iter();
        chosen.extend(found.find(|one| adds(&world.truth, who, table, &standing(one)) == wanted).cloned());
    }
    if table == "visit" || table == "symposium" {
        let forged = chosen.clone().into_iter().map(|mut one| {
            one.replaced.push((
                "township",
                text(world.truth.department(HUOQIU, "T_ZHOUJI").unwrap(), "id").to_owned(),
            ));
            one
        });
        chosen.extend(forged.collect::<Vec<_>>());
    }
    chosen
}

/// Somebody of every profile, heads apart from the others: they manage accounts.
fn whos(world: &World) -> impl Iterator<Item = &Who> {
    let mut known = BTreeSet::new();
    let whos = world.whos.iter().filter(|who| who.token.is_some());
    whos.filter(move |who| known.insert((who.profile, who.position == Position::Head)))
}

/// Each of both outcomes must have been seen of a table, but where there is only one.
fn assert_both(seen: &BTreeSet<(&str, bool)>) {
    for (table, _) in SCOPED_TABLES.iter().filter(|(table, _)| *table != NO_ENTITY) {
        let never =
            ["tally_delta", "household_reach", "audit_seal", "audit_head", "key_version"].contains(table);
        let always = ["audit_entry", "account_index", "receipt_index"].contains(table);
        assert!(never || seen.contains(&(*table, true)), "{table} was never added to");
        assert!(always || seen.contains(&(*table, false)), "{table} was never refused");
    }
}

/// Through the program, so that the first wall stands in front.
async fn through_the_program(world: &World, app: &TestApp) {
    let (mut wrong, mut seen) = (Vec::new(), BTreeSet::new());
    for who in whos(world) {
        let now = app.app.clock.now();
        let viewer = viewer_of_bearer(&app.app, who.token.as_deref().unwrap(), now).await.unwrap();
        let reader = system::operator(County::parse(&who.county).unwrap());
        for (table, _) in SCOPED_TABLES.iter().filter(|(table, _)| *table != NO_ENTITY) {
            for candidate in candidates(world, who, table, true) {
                let added = add(&app.app.db, &reader, &viewer, table, &candidate).await;
                let text = format!("{added:?}");
                // Taken by its key, or stopped by a trigger: it reached the table.
                let admitted = !text.contains("may not add");
                let wanted = adds(&world.truth, who, table, &standing(&candidate));
                seen.insert((*table, admitted));
                if admitted != wanted || text.contains("row-level security") {
                    wrong.push(format!("{}: {table}: {text} instead of {wanted}", who.name));
                }
                assert!(!matches!(added, Err(Fault::Busy | Fault::Unavailable(_))), "{text}");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_both(&seen);
}

mod the_program_adds_exactly_the_rows_of_the_rights_table {
    use super::*;

    #[tokio::test]
    async fn on_sqlite() {
        let world = World::of(Backend::Sqlite).await;
        through_the_program(world, &world.copy().await).await;
    }

    #[tokio::test]
    async fn on_postgres() {
        let world = World::of(Backend::Postgres).await;
        through_the_program(world, &world.copy().await).await;
    }
}

/// What the program writes beside the entities: texts of a suggestion that somebody does not work on, numbers of another
/// department.
async fn beside_the_entities(world: &World, app: &TestApp) {
    let who = world.who(HUOQIU, "T_CHENGGUAN", Position::Officer);
    let now = app.app.clock.now();
    let viewer = viewer_of_bearer(&app.app, who.token.as_deref().unwrap(), now).await.unwrap();
    let key = |text: &str| uuid::Uuid::parse_str(text).unwrap();
    let other = text(world.truth.department(HUOQIU, "T_ZHOUJI").unwrap(), "id");
    let mut shares = world.truth.rows("share").iter();
    let hidden = shares.find(|share| text(share, "department") == other).unwrap();
    let document = Document {
        submission: SubmissionId(key(text(hidden, "submission"))),
        departments: vec![viewer.department()],
        received_at: now,
        title: "别人的".to_owned(),
        content: "别人的".to_owned(),
    };
    let tx = app.app.db.begin_write(&viewer).await.unwrap();
    let indexed = [tx.index_texts(std::slice::from_ref(&document)).await, tx.reindex_text(&document).await];
    for refused in indexed {
        assert!(format!("{refused:?}").contains("may not add"), "{refused:?}");
    }
    let mut counters = world.truth.rows("counter").iter();
    let counter = counters.find(|counter| text(counter, "department") == other).unwrap();
    let taken = tx.take_numbers(DepartmentId(key(other)), text(counter, "name"), 1).await;
    assert!(taken.is_err(), "{taken:?}");

    drop(tx);

    // A share that was found once is looked for again after shares were removed.
    let department = text(world.truth.department(HUOQIU, "T_CHENGGUAN").unwrap(), "id");
    let mut shares = world.truth.rows("share").iter();
    let own = shares
        .find(|share| text(share, "department") == department && text(share, "capability") == "COLLECT");
    let own = SubmissionId(key(text(own.unwrap(), "submission")));
    let document = Document { submission: own, ..document };
    let tx = app.app.db.begin_write(&viewer).await.unwrap();
    tx.reindex_text(&document).await.unwrap();
    let this = Predicate::is(share::Column::Submission, own);
    let removed = tx.delete::<share::Entity>(this).await.unwrap();
    // PostgreSQL's own wall keeps the share, and with it the right.
    assert!(removed > 0 || tx.backend() == DbBackend::Postgres);
    let indexed = format!("{:?}", tx.reindex_text(&document).await);
    assert_eq!(removed > 0, indexed.contains("may not add"), "{indexed}");
}

mod what_stands_beside_the_entities_is_walled_too {
    use super::*;

    #[tokio::test]
    async fn on_sqlite() {
        let world = World::of(Backend::Sqlite).await;
        beside_the_entities(world, &world.copy().await).await;
    }

    #[tokio::test]
    async fn on_postgres() {
        let world = World::of(Backend::Postgres).await;
        beside_the_entities(world, &world.copy().await).await;
    }
}

/// What PostgreSQL says to an insert in somebody's settings. Triggers and foreign keys are lifted, so that nothing but the
/// policies and the grants decides before the key does.
async fn attempt(raw: &Raw, who: &Who, table: &str, row: &Row) -> Result<u64, String> {
    let json = serde_json::to_string(row).unwrap().replace('\'', "''");
    let insert =
        format!("INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::public.{table}, '{json}')");
    let role = migration::SERVING_ROLE;
    let lifted = format!(
        "BEGIN; SET LOCAL session_replication_role = replica; SET LOCAL ROLE {role}; {}",
        settings(who)
    );
    raw.run(&lifted).await.unwrap();
    let added = raw.run(&insert).await;
    raw.run("ROLLBACK").await.unwrap();
    added
}

#[tokio::test]
async fn postgres_alone_adds_exactly_the_rows_of_the_rights_table() {
    let world = World::of(Backend::Postgres).await;
    let app = world.copy().await;
    let raw = Raw::open(&app.database.unscoped_url()).await;
    let (mut wrong, mut seen) = (Vec::new(), BTreeSet::new());
    for who in whos(world) {
        for (table, _) in SCOPED_TABLES {
            let mut tried = candidates(world, who, table, false);
            tried.extend(candidates(world, who, table, true));
            for candidate in tried {
                let row = standing(&candidate);
                let added = attempt(&raw, who, table, &row).await;
                let admitted = !added.as_ref().is_err_and(|text| {
                    text.contains("row-level security") || text.contains("permission denied")
                });
                let wanted = adds(&world.truth, who, table, &row);
                seen.insert((*table, admitted));
                if admitted != wanted {
                    wrong.push(format!("{}: {table}: {added:?} instead of {wanted}: {row:?}", who.name));
                }
                let other = added.as_ref().err().filter(|text| admitted && !text.contains("duplicate key"));
                assert_eq!(other, None, "{table} was not reached");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_both(&seen);
}
