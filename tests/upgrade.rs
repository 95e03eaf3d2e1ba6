//! A database of the former release, brought up to date: it enforces what a fresh one does, and keeps its rows. The files
//! are made by `tests/fixtures/make`.

use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;

use flate2::read::GzDecoder;
use minsheng::db::migrate::migrate;

use crate::support::backend::run;
use crate::support::truth::{Raw, text};
use crate::support::{Backend, TestDatabase, postgres};

const POSTGRES: &[u8] = include_bytes!("fixtures/former.pg.sql.gz");
const SQLITE: &[u8] = include_bytes!("fixtures/former.sqlite.gz");

/// Folds what the former release had not folded yet, by the day.
const FOLD: &str = "INSERT INTO tally (county, department, campaign, relation, dimension, key, stage, grain, day, count) \
    SELECT county, department, campaign, relation, dimension, key, stage, 'DAY', day, sum(delta) FROM tally_delta \
    GROUP BY county, department, campaign, relation, dimension, key, stage, day; DELETE FROM tally_delta";

/// What PostgreSQL enforces, said without a glance at the code that is tested.
const ENFORCED: &str = "
SELECT format('policy %s %s %s %s %s %s %s', tablename, policyname, permissive, roles, cmd, qual, with_check) AS fact
  FROM pg_policies WHERE schemaname = 'public'
UNION ALL
SELECT format('table %s %s %s %s', relname, relowner::regrole, relrowsecurity, relforcerowsecurity)
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'S')
UNION ALL
SELECT format('grant %s %s', relname, acl) FROM pg_class, unnest(relacl) acl WHERE relnamespace = 'public'::regnamespace
UNION ALL
SELECT format('grant %s.%s %s', relname, attname, acl) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid, unnest(attacl) acl
 WHERE relnamespace = 'public'::regnamespace
UNION ALL
SELECT format('trigger %s %s', tgenabled, pg_get_triggerdef(pg_trigger.oid)) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT format('function %s %s %s', proowner::regrole, acl, pg_get_functiondef(pg_proc.oid)) FROM pg_proc LEFT JOIN LATERAL unnest(proacl) acl ON true
 WHERE pronamespace = 'public'::regnamespace AND prolang <> (SELECT oid FROM pg_language WHERE lanname = 'c')
UNION ALL
SELECT format('schema %s', acl) FROM pg_namespace, unnest(nspacl) acl WHERE nspname = 'public'
UNION ALL
SELECT format('written %s', obj_description('seaql_migrations'::regclass, 'pg_class'))
ORDER BY 1";

fn unpacked(packed: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut bytes).unwrap();
    bytes
}

/// The former release's PostgreSQL database, with the owner of this server. The roles are there since the first migration.
async fn former_postgres() -> TestDatabase {
    let name = postgres::fresh_database_name();
    let maintenance = postgres::owner_url(postgres::MAINTENANCE_DATABASE);
    run(&maintenance, &postgres::create_database(&name, "template0")).await;
    let (_, login) = maintenance.split_once("://").unwrap();
    let (owner, _) = login.split_once(':').unwrap();
    let script = String::from_utf8(unpacked(POSTGRES)).unwrap();
    run(&postgres::superuser_url(&name), &script.replace("{owner}", owner)).await;
    TestDatabase::Postgres(name)
}

async fn enforced(database: &TestDatabase) -> Vec<String> {
    let raw = Raw::open(&database.unscoped_url()).await;
    let enforced = raw.texts(ENFORCED).await;
    raw.close().await;
    enforced
}

async fn assert_rows_are_there(database: &TestDatabase) {
    let raw = Raw::open(&database.unscoped_url()).await;
    for (table, rows) in
        [("submission", 3), ("share", 3), ("submission_text", 3), ("person", 2), ("account", 1)]
    {
        assert_eq!(raw.rows(table).await.len(), rows, "{table}");
    }
    // Cells of a week are newer than that release: all that was received, from Wednesday to Friday, is one week's.
    let cells = raw.rows("tally").await;
    let of = |grain: &str| -> Vec<(String, i64)> {
        let own = cells.iter().filter(|cell| text(cell, "grain") == grain);
        own.map(|cell| {
            let day = text(cell, "day").chars().take(10).collect();
            (day, cell["count"].as_i64().unwrap())
        })
        .collect()
    };
    let sum = |cells: &[(String, i64)]| cells.iter().map(|(_, count)| count).sum::<i64>();
    let (days, weeks) = (of("DAY"), of("WEEK"));
    assert!(sum(&days) > 0 && sum(&days) == sum(&weeks), "{cells:?}");
    assert!(weeks.iter().all(|(day, _)| day == "2017-02-27"), "{weeks:?}");
}

#[tokio::test]
async fn a_former_postgres_database_enforces_what_a_fresh_one_does() {
    let fresh = TestDatabase::create(Backend::Postgres).await;
    let former = former_postgres().await;
    let name = former.name().unwrap();
    let wanted = enforced(&fresh).await;
    assert!(wanted.len() > 300, "{}", wanted.len());
    assert_ne!(enforced(&former).await, wanted, "nothing to bring up to date");
    // What somebody added or took away by hand does not outlive it either.
    let by_hand = format!(
        "DROP POLICY share_read ON share; CREATE POLICY everybody ON person USING (true); \
         ALTER TABLE account NO FORCE ROW LEVEL SECURITY; GRANT UPDATE ON share TO {role}; GRANT SELECT ON person TO PUBLIC; \
         GRANT UPDATE (title) ON submission_text TO {role}; GRANT CREATE ON SCHEMA public TO {role}; \
         ALTER POLICY account_read ON account USING (true)",
        role = migration::SERVING_ROLE
    );
    run(&former.unscoped_url(), &by_hand).await;
    run(&former.unscoped_url(), FOLD).await;
    migrate(&postgres::owner_url(name)).await.unwrap();
    let found = enforced(&former).await;
    let missing: Vec<&String> = wanted.iter().filter(|fact| !found.contains(fact)).collect();
    let further: Vec<&String> = found.iter().filter(|fact| !wanted.contains(fact)).collect();
    assert!(missing.is_empty() && further.is_empty(), "missing {missing:#?}, further {further:#?}");
    assert_rows_are_there(&former).await;
    let db = former.connect().await;
    assert!(db.missing_migrations().await.unwrap().is_empty());
    db.check_serving_role().await.unwrap();
    db.check_walls().await.unwrap();
}

#[tokio::test]
async fn a_former_sqlite_database_has_the_tables_and_triggers_of_a_fresh_one() {
    let fresh = TestDatabase::create(Backend::Sqlite).await;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("test.sqlite");
    std::fs::write(&file, unpacked(SQLITE)).unwrap();
    let former = TestDatabase::Sqlite(directory);
    run(&former.url(), "DROP TRIGGER summary_table_frozen").await;
    run(&former.url(), FOLD).await;
    migrate(&former.url()).await.unwrap();
    let everything = "SELECT coalesce(type || ' ' || name || ' ' || sql, type || ' ' || name) FROM sqlite_master ORDER BY type, name";
    let mut texts = Vec::new();
    for database in [&fresh, &former] {
        texts.push(Raw::open(&database.unscoped_url()).await.texts(everything).await);
    }
    assert_eq!(texts[0], texts[1]);
    assert!(texts[0].iter().any(|text| text.starts_with("trigger summary_table_frozen")));
    assert_rows_are_there(&former).await;
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
