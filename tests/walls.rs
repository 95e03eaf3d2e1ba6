//! The second wall alone: what PostgreSQL lets the serving role see and do, whatever the program asks for.

use std::collections::{BTreeMap, BTreeSet};

use entity::enums::{Position, RightsProfile};
use migration::walls::SCOPED_TABLES;
use minsheng::access::authenticate::viewer_of_bearer;
use minsheng::db::{Db, PoolSize};

use crate::support::personas::{HUOQIU, SHUANGLUAN};
use crate::support::rights::{changes, manages_county, manages_department, sees, sees_county};
use crate::support::tables::{Seen, changeable, expected, read_all};
use crate::support::truth::{Raw, Row, text};
use crate::support::world::{Who, World};
use crate::support::{Backend, TestApp, TestDatabase, postgres};

/// Tables that belong to nobody and that the serving role does not change.
const OUTSIDE: [&str; 1] = ["seaql_migrations"];

/// The settings of somebody's transaction, written out by the rights table of the mission.
pub(crate) fn settings(who: &Who) -> String {
    let reads = match who.profile {
        Some(RightsProfile::Portal) => "PUBLIC",
        _ if sees_county(who) => "COUNTY",
        _ => "OWN",
    };
    let writes = match who.profile {
        Some(RightsProfile::Collector | RightsProfile::ChannelOwner) => "OWN",
        Some(RightsProfile::CampaignOffice) => "COUNTY",
        Some(
            RightsProfile::Supervision
            | RightsProfile::Analysis
            | RightsProfile::Discipline
            | RightsProfile::Publication,
        ) => "PAPERS",
        _ => "NONE",
    };
    let accounts = match who {
        who if manages_county(who) => "COUNTY",
        who if manages_department(who) => "OWN",
        _ => "SELF",
    };
    let audit = if who.profile == Some(RightsProfile::Auditor) { "COUNTY" } else { "NONE" };
    let visits = match who.profile {
        Some(RightsProfile::Collector | RightsProfile::ChannelOwner) => "ANYWHERE",
        Some(RightsProfile::Village) => "OWN_VILLAGE",
        _ => "NOWHERE",
    };
    let pairs = [
        ("visits", visits),
        ("county", who.county.as_str()),
        ("department", &who.department),
        ("account", &who.actor),
        ("reads", reads),
        ("writes", writes),
        ("accounts", accounts),
        ("audit", audit),
        ("lookup", "NO"),
    ];
    pairs.map(|(name, value)| format!("SET LOCAL minsheng.{name} = '{value}'")).join("; ")
}

async fn serving(app: &TestApp) -> Raw {
    Raw::open(&app.database.url()).await
}

/// Keys that a table shows inside a transaction with these settings.
async fn shown(raw: &Raw, table: &str) -> Vec<Row> {
    raw.rows(table).await
}

fn print(rows: &[Row]) -> BTreeSet<String> {
    rows.iter().map(|row| serde_json::to_string(row).unwrap()).collect()
}

#[tokio::test]
async fn every_table_stands_behind_the_wall_or_is_named_as_outside() {
    let database = TestDatabase::create(Backend::Postgres).await;
    let raw = Raw::open(&database.unscoped_url()).await;
    let tables = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')";
    let tables: BTreeSet<String> = raw.texts(tables).await.into_iter().collect();
    let walled = SCOPED_TABLES.iter().map(|(table, _)| (*table).to_owned());
    let known: BTreeSet<String> = walled.chain(OUTSIDE.map(str::to_owned)).collect();
    assert_eq!(tables, known, "a table without a wall, or a wall without a table");
    let open = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') \
                AND NOT (relrowsecurity AND relforcerowsecurity)";
    assert_eq!(raw.texts(open).await, OUTSIDE);
    // The version of the schema may be read, so that a server can say that it is not migrated.
    for table in OUTSIDE {
        let role = migration::SERVING_ROLE;
        let may = format!(
            "SELECT has_table_privilege('{role}', '{table}', 'INSERT, UPDATE, DELETE, TRUNCATE')::text"
        );
        assert_eq!(raw.texts(&may).await, ["false"], "{table}");
    }
}

#[tokio::test]
async fn without_settings_nothing_is_shown_of_any_table() {
    let world = World::of(Backend::Postgres).await;
    let app = world.copy().await;
    let raw = serving(&app).await;
    for (table, _) in SCOPED_TABLES {
        assert!(!world.truth.rows(table).is_empty(), "{table} is empty, so nothing is proved");
        assert_eq!(shown(&raw, table).await.len(), 0, "{table} before any settings");
        // A transaction leaves empty settings behind, which must deny as unset ones do.
        let who = world.who(SHUANGLUAN, "LEADING_GROUP", Position::Head);
        raw.run("BEGIN").await.unwrap();
        raw.run(&settings(who)).await.unwrap();
        raw.rows(table).await;
        raw.run("COMMIT").await.unwrap();
        assert_eq!(shown(&raw, table).await.len(), 0, "{table} after a transaction");
        // Nor do empty settings of a transaction of its own open anything.
        raw.run("BEGIN; SET LOCAL minsheng.county = ''; SET LOCAL minsheng.department = ''; SET LOCAL minsheng.account = ''").await.unwrap();
        assert_eq!(shown(&raw, table).await.len(), 0, "{table} with empty settings");
        raw.run("ROLLBACK").await.unwrap();
    }
}

#[tokio::test]
async fn everybody_is_shown_exactly_the_rows_of_the_rights_table() {
    let world = World::of(Backend::Postgres).await;
    let app = world.copy().await;
    let raw = serving(&app).await;
    let mut wrong = Vec::new();
    let mut seen_by_somebody: BTreeMap<&str, usize> = BTreeMap::new();
    for who in world.whos.iter().filter(|who| who.token.is_some()) {
        for (table, _) in SCOPED_TABLES {
            let rows = world.truth.rows(table).iter();
            let wanted: Vec<Row> = rows.filter(|row| sees(&world.truth, who, table, row)).cloned().collect();
            raw.run("BEGIN").await.unwrap();
            raw.run(&settings(who)).await.unwrap();
            let found = shown(&raw, table).await;
            raw.run("ROLLBACK").await.unwrap();
            *seen_by_somebody.entry(table).or_default() += found.len();
            if print(&found) != print(&wanted) {
                wrong.push(format!(
                    "{}: {table}: {} rows instead of {}",
                    who.name,
                    found.len(),
                    wanted.len()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(seen_by_somebody.values().all(|count| *count > 0), "{seen_by_somebody:?}");
}

/// What a transaction of the program reads, on either database.
async fn through_the_program(world: &World, app: &TestApp) {
    let mut wrong = Vec::new();
    for who in world.whos.iter().filter(|who| who.token.is_some()) {
        let now = app.app.clock.now();
        let viewer = viewer_of_bearer(&app.app, who.token.as_deref().unwrap(), now).await;
        let tx = app.app.db.begin_read(&viewer.unwrap()).await.unwrap();
        let found = read_all(&tx).await;
        let wanted = expected(&world.truth, |table, row| sees(&world.truth, who, table, row));
        wrong.extend(differences(&who.name, &found, &wanted));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn differences(who: &str, found: &Seen, wanted: &Seen) -> Vec<String> {
    let tables = found.iter().filter(|(table, rows)| wanted[*table] != **rows);
    tables
        .map(|(table, rows)| {
            format!("{who}: {table}: {} rows instead of {}", rows.len(), wanted[table].len())
        })
        .collect()
}

mod the_program_reads_the_same_rows_as_the_wall_shows {
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

/// Tables that only grow, or whose rows nothing but a trigger or an erasure changes: PostgreSQL grants no UPDATE of their
/// county.
const NEVER_UPDATED: [&str; 14] = [
    "symposium",
    "household_reach",
    "share",
    "record",
    "tally_delta",
    "audit_entry",
    "audit_seal",
    "audit_head",
    "weekly_report",
    "summary_document",
    "summary_scan",
    "explanation_version",
    "former_version",
    "former_text",
];

/// What a transaction of the program can change, on either database: a step that forgets to look whose row it has is
/// stopped here.
async fn changes_through_the_program(world: &World, app: &TestApp) {
    let postgres = app.database.name().is_some();
    let mut wrong = Vec::new();
    for who in world.whos.iter().filter(|who| who.token.is_some()) {
        let now = app.app.clock.now();
        let viewer = viewer_of_bearer(&app.app, who.token.as_deref().unwrap(), now).await;
        for (table, reached) in changeable(&app.app.db, &viewer.unwrap()).await {
            let rows = world.truth.rows(table).iter();
            let wanted = rows.filter(|row| changes(&world.truth, who, table, row)).count();
            let wanted = if postgres && NEVER_UPDATED.contains(&table) { 0 } else { wanted };
            if usize::try_from(reached) != Ok(wanted) {
                wrong.push(format!("{}: {table}: {reached} rows instead of {wanted}", who.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

mod the_program_changes_no_row_out_of_scope {
    use super::*;

    #[tokio::test]
    async fn on_sqlite() {
        let world = World::of(Backend::Sqlite).await;
        changes_through_the_program(world, &world.copy().await).await;
    }

    #[tokio::test]
    async fn on_postgres() {
        let world = World::of(Backend::Postgres).await;
        changes_through_the_program(world, &world.copy().await).await;
    }
}

/// Tries a statement in somebody's settings; says how many rows it touched, or nothing when it was refused.
async fn attempt(raw: &Raw, who: &Who, sql: &str) -> Option<u64> {
    raw.run("BEGIN").await.unwrap();
    raw.run(&settings(who)).await.unwrap();
    let touched = raw.run(sql).await;
    raw.run("ROLLBACK").await.unwrap();
    touched.ok()
}

/// Columns of a table, and a select list in which some are replaced.
async fn copied(raw: &Raw, table: &str, replaced: &[(&str, String)]) -> String {
    let columns = format!(
        "SELECT attname::text FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
    );
    let columns = raw.texts(&columns).await;
    let value = |column: &String| {
        let found = replaced.iter().find(|(name, _)| name == column);
        found.map_or_else(|| column.clone(), |(_, value)| value.clone())
    };
    columns.iter().map(value).collect::<Vec<_>>().join(", ")
}

#[tokio::test]
async fn a_department_grants_itself_no_share_and_writes_no_row_of_another() {
    let world = World::of(Backend::Postgres).await;
    let app = world.copy().await;
    let raw = serving(&app).await;
    let superuser = Raw::open(&app.database.unscoped_url()).await;
    let who = world.who(HUOQIU, "T_CHENGGUAN", Position::Officer);
    let hidden = world.truth.department(HUOQIU, "T_ZHOUJI").unwrap();
    let hidden = text(hidden, "id");
    let foreign = world.truth.rows("share").iter().find(|row| text(row, "department") == hidden).unwrap();
    let (submission, owner) = (text(foreign, "submission"), text(foreign, "owner"));
    // As a superuser the row can be copied, so the refusal below is the wall's; the values are spelt out, for the
    // department can't select the row that it would copy.
    for (capability, as_owner) in [("COLLECT", who.department.as_str()), ("HANDLE", owner), ("READ", owner)] {
        let values = foreign.iter().map(|(column, value)| match column.as_str() {
            "department" => format!("'{}'", who.department),
            "capability" => format!("'{capability}'"),
            "owner" => format!("'{as_owner}'"),
            _ => value.as_str().map_or_else(|| value.to_string(), |text| format!("'{text}'")),
        });
        let columns: Vec<&str> = foreign.keys().map(String::as_str).collect();
        let values: Vec<String> = values.collect();
        let grant = format!("INSERT INTO share ({}) VALUES ({})", columns.join(", "), values.join(", "));
        assert_eq!(attempt(&raw, who, &grant).await, None, "a {capability} share of a hidden suggestion");
    }
    for (sql, what) in [
        (format!("UPDATE submission SET title = 'x' WHERE id = '{submission}'"), "a title"),
        (
            format!("UPDATE submission SET department = '{}' WHERE id = '{submission}'", who.department),
            "the collector",
        ),
        (format!("DELETE FROM share WHERE submission = '{submission}'"), "a share"),
        (
            format!("UPDATE share SET assignee = '{}' WHERE submission = '{submission}'", who.actor),
            "an assignee",
        ),
        ("UPDATE share SET stage = 'CLOSED'".to_owned(), "what a share repeats"),
        (format!("DELETE FROM share WHERE department = '{}'", who.department), "a share of one's own"),
        (format!("DELETE FROM person WHERE submission = '{submission}'"), "a person"),
        (format!("UPDATE counter SET next = 1 WHERE department = '{hidden}'"), "a counter"),
        (format!("UPDATE import_batch SET accepted = 0 WHERE department = '{hidden}'"), "an import"),
        (format!("DELETE FROM tally WHERE department = '{hidden}'"), "a rollup"),
        (format!("DELETE FROM tally_delta WHERE department = '{hidden}'"), "a change of a rollup"),
        (
            format!("UPDATE stream SET department = '{}' WHERE department = '{hidden}'", who.department),
            "a stream",
        ),
        (format!("UPDATE account SET disabled_at = now() WHERE department = '{hidden}'"), "an account"),
        (
            format!("UPDATE post SET department = '{}' WHERE department = '{hidden}'", who.department),
            "a post",
        ),
        (format!("UPDATE submission SET county = '{SHUANGLUAN}'"), "the county"),
        ("UPDATE county SET name = 'x'".to_owned(), "the county's name"),
        ("UPDATE campaign SET name = 'x'".to_owned(), "a campaign"),
        ("UPDATE audit_entry SET actor = 'x'".to_owned(), "the trail"),
        ("DELETE FROM audit_entry".to_owned(), "the trail"),
        ("UPDATE record SET note = 'x'".to_owned(), "a record"),
    ] {
        let touched = attempt(&raw, who, &sql).await;
        assert!(matches!(touched, None | Some(0)), "{what}: {touched:?} rows");
    }
    let own = "UPDATE share SET assignee = NULL WHERE assignee IS NOT NULL";
    assert!(
        attempt(&raw, who, own).await.is_some_and(|rows| rows > 0),
        "of its own share a department says who works on it"
    );
    // Each table once more, generally: a row of another county or department can't be added under its name.
    for (table, _) in SCOPED_TABLES {
        let abroad = [("county", format!("'{SHUANGLUAN}'")), ("code", format!("'{SHUANGLUAN}'"))];
        let list = copied(&superuser, table, &abroad[..if *table == "county" { 2 } else { 1 }]).await;
        let insert = format!("INSERT INTO {table} SELECT {list} FROM {table}");
        let touched = attempt(&raw, who, &insert).await;
        assert!(matches!(touched, None | Some(0)), "{table} of another county: {touched:?}");
    }
}

#[tokio::test]
async fn reading_all_of_a_county_changes_nothing_in_it() {
    let world = World::of(Backend::Postgres).await;
    let app = world.copy().await;
    let raw = serving(&app).await;
    for (county, department, position) in [
        (SHUANGLUAN, "LEADING_GROUP", Position::Head),
        (SHUANGLUAN, "SUPERVISION_OFFICE", Position::Officer),
        (HUOQIU, "COUNTY_GOVERNMENT_OFFICE", Position::Officer),
    ] {
        let who = world.who(county, department, position);
        for sql in [
            "UPDATE submission SET title = 'x'",
            "DELETE FROM person",
            "DELETE FROM share",
            "UPDATE counter SET next = 1",
            "DELETE FROM tally",
            "UPDATE import_batch SET accepted = 0",
            "UPDATE stream SET name = 'x'",
            "UPDATE submission_text SET title = 'x'",
        ] {
            let touched = attempt(&raw, who, sql).await;
            assert!(matches!(touched, None | Some(0)), "{department}: {sql}: {touched:?}");
        }
    }
}

#[tokio::test]
async fn a_name_or_a_code_is_given_to_nobody_else() {
    let world = World::of(Backend::Postgres).await;
    let app = world.copy().await;
    let raw = serving(&app).await;
    for who in world.whos.iter().filter(|who| who.token.is_some()) {
        for table in ["account_index", "receipt_index"] {
            for sql in [format!("UPDATE {table} SET county = county"), format!("DELETE FROM {table}")] {
                assert_eq!(attempt(&raw, who, &sql).await, None, "{}: {sql}", who.name);
            }
        }
    }
}

#[tokio::test]
async fn the_server_refuses_a_role_that_the_wall_does_not_bind() {
    let database = TestDatabase::create(Backend::Postgres).await;
    let TestDatabase::Postgres(name) = &database else { unreachable!() };
    let accepts = async |url: &str| {
        let db = Db::connect(url, PoolSize::default()).await.unwrap();
        db.check_serving_role().await.is_ok()
    };
    assert!(accepts(&postgres::app_url(name)).await, "the serving role");
    assert!(!accepts(&postgres::owner_url(name)).await, "the owner");
    assert!(!accepts(&postgres::superuser_url(name)).await, "a superuser");
    let superuser = Raw::open(&database.unscoped_url()).await;
    let role = format!("bypass_{name}");
    let make = format!(
        "CREATE ROLE {role} LOGIN BYPASSRLS PASSWORD 'trial'; GRANT {} TO {role}",
        migration::SERVING_ROLE
    );
    superuser.run(&make).await.unwrap();
    let url = postgres::app_url(name);
    let (_, rest) = url.split_once('@').unwrap();
    assert!(!accepts(&format!("postgres://{role}:trial@{rest}")).await, "a role with BYPASSRLS");
    superuser
        .run(&format!("REVOKE {} FROM {role}; DROP ROLE {role}", migration::SERVING_ROLE))
        .await
        .unwrap();
}

#[tokio::test]
async fn five_hundred_mixed_requests_on_one_connection_never_mix() {
    let world = World::of(Backend::Postgres).await;
    let app = world.copy().await;
    let size = PoolSize { connections: 1, ..PoolSize::default() };
    let db = Db::connect(&app.database.url(), size).await.unwrap();
    let mut viewers = Vec::new();
    for who in world.whos.iter().filter(|who| who.token.is_some()) {
        let now = app.app.clock.now();
        viewers.push((who, viewer_of_bearer(&app.app, who.token.as_deref().unwrap(), now).await.unwrap()));
    }
    for turn in 0..500_usize {
        let (who, viewer) = &viewers[(turn * 7) % viewers.len()];
        // Some end, some are dropped half way, some write.
        let tx =
            if turn % 3 == 0 { db.begin_write(viewer).await } else { db.begin_read(viewer).await }.unwrap();
        let count = tx.from::<entity::submission::Entity>().count().await.unwrap();
        let rows = world.truth.rows("submission").iter();
        let wanted = rows.filter(|row| sees(&world.truth, who, "submission", row)).count();
        assert_eq!(usize::try_from(count), Ok(wanted), "{} in turn {turn}", who.name);
        if turn % 2 == 0 {
            tx.commit().await.unwrap();
        }
    }
}
