//! What a server asks of a PostgreSQL database before it serves: that every wall stands, as it was made, and that nothing
//! takes the serving role past it.

use migration::walls::{SCOPED_TABLES, policies};
use migration::{KEEPER_ROLE, SERVING_ROLE};
use minsheng::db::migrate::migrate;
use minsheng::db::{Db, Fault, PoolSize};

use crate::support::truth::Raw;
use crate::support::{Backend, TestDatabase, binary, postgres};

/// Why a server would refuse the database at this address; nothing if it would serve it.
async fn refusal(url: &str) -> Option<String> {
    let size = PoolSize { connections: 1, ..PoolSize::default() };
    let db = Db::connect(url, size).await.unwrap();
    let checked = match db.check_serving_role().await {
        Ok(()) => db.check_walls().await,
        refused => refused,
    };
    match checked {
        Ok(()) => None,
        Err(Fault::Unfit(text)) => Some(text.en),
        Err(other) => panic!("{other:?}"),
    }
}

struct Trial {
    database: TestDatabase,
    superuser: Raw,
    db: Db,
}

impl Trial {
    async fn start() -> Self {
        let database = TestDatabase::create(Backend::Postgres).await;
        Self { superuser: Raw::open(&database.unscoped_url()).await, db: database.connect().await, database }
    }

    /// Does something to the walls, sees the refusal name it, and undoes it.
    async fn refused(&self, done: &str, undone: &str, named: &[&str]) {
        self.superuser.run(done).await.unwrap();
        let Err(Fault::Unfit(text)) = self.db.check_walls().await else {
            panic!("served in spite of {done}")
        };
        for name in named {
            assert!(text.en.contains(name), "{done}: {text}");
        }
        self.superuser.run(undone).await.unwrap();
    }
}

#[tokio::test]
async fn a_policy_that_is_missing_is_named_whichever_it_is() {
    let trial = Trial::start().await;
    trial.db.check_walls().await.unwrap();
    let all = policies();
    assert!(all.len() > 150, "{}", all.len());
    for (table, policy) in all {
        let rename = |from: &str, to: &str| format!("ALTER POLICY {from} ON {table} RENAME TO {to}");
        let named = format!("policies are missing: {policy} on {table}");
        let (done, undone) = (rename(&policy, "elsewhere"), rename("elsewhere", &policy));
        trial.refused(&done, &undone, &[&named, "minsheng migrate"]).await;
    }
    trial.db.check_walls().await.unwrap();
}

#[tokio::test]
async fn a_table_that_stands_open_is_named_whichever_it_is() {
    let trial = Trial::start().await;
    for (table, _) in SCOPED_TABLES {
        let named = format!("row-level security is not enabled and forced on: {table}.");
        for (off, on) in [("DISABLE", "ENABLE"), ("NO FORCE", "FORCE")] {
            let alter = |what: &str| format!("ALTER TABLE {table} {what} ROW LEVEL SECURITY");
            trial.refused(&alter(off), &alter(on), &[&named]).await;
        }
    }
    trial.db.check_walls().await.unwrap();
}

#[tokio::test]
async fn what_is_no_longer_as_migrate_made_it_is_named() {
    let trial = Trial::start().await;
    let changes = [
        ("ALTER POLICY person_read ON person USING (true)".to_owned(), "person"),
        ("CREATE POLICY everybody ON record USING (true)".to_owned(), "record"),
        (format!("GRANT UPDATE ON share TO {SERVING_ROLE}"), "share"),
        (format!("GRANT UPDATE (title) ON submission_text TO {SERVING_ROLE}"), "submission_text"),
        ("GRANT SELECT ON person TO PUBLIC".to_owned(), "person"),
        (format!("GRANT CREATE ON SCHEMA public TO {SERVING_ROLE}"), "schema public"),
        ("ALTER TABLE share DISABLE TRIGGER share_counts".to_owned(), "share"),
        ("DROP TRIGGER summary_line_frozen ON summary_line".to_owned(), "summary_line"),
        ("GRANT EXECUTE ON FUNCTION submission_search TO PUBLIC".to_owned(), "function public.submission_search"),
        ("ALTER FUNCTION share_counts() RESET ALL".to_owned(), "function public.share_counts"),
        (
            "CREATE FUNCTION way_out() RETURNS SETOF person LANGUAGE sql SECURITY DEFINER AS 'SELECT * FROM person'".to_owned(),
            "function public.way_out",
        ),
        ("CREATE TABLE stranger (id int)".to_owned(), "stranger"),
    ];
    for (change, named) in changes {
        // Each on a database that is as it was made.
        let trial = Trial::start().await;
        trial
            .refused(&change, "SELECT 1", &["not those that `migrate` made", named, "minsheng migrate"])
            .await;
    }
    // A release with other walls has other policies than those that stand, even where it needs no migration.
    let comment = "SELECT split_part(obj_description('seaql_migrations'::regclass, 'pg_class'), E'\\n', 1)";
    let script = trial.superuser.texts(comment).await.remove(0);
    let rewrite = |from: &str, to: &str| {
        format!(
            "DO $$ BEGIN EXECUTE format('COMMENT ON TABLE seaql_migrations IS %L', replace(obj_description( \
             'seaql_migrations'::regclass, 'pg_class'), '{from}', '{to}')); END $$"
        )
    };
    trial.refused(&rewrite(&script, "another"), &rewrite("another", &script), &["another release"]).await;
    trial.db.check_walls().await.unwrap();
    trial.refused("COMMENT ON TABLE seaql_migrations IS NULL", "SELECT 1", &["nothing is written"]).await;
}

#[tokio::test]
async fn what_another_owner_keeps_beside_the_tables_is_left_alone() {
    let trial = Trial::start().await;
    for statement in [
        "CREATE TABLE public.theirs (id integer)",
        "ALTER TABLE public.theirs ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY of_theirs ON public.theirs USING (true)",
    ] {
        trial.superuser.run(statement).await.unwrap();
    }
    let name = trial.database.name().unwrap();
    migrate(&postgres::owner_url(name)).await.unwrap();
    let kept = "SELECT policyname::text FROM pg_policies WHERE tablename = 'theirs'";
    assert_eq!(trial.superuser.texts(kept).await, ["of_theirs"]);
    assert_eq!(refusal(&trial.database.url()).await, None);
}

#[tokio::test]
async fn migrate_mends_what_the_server_refuses_and_the_program_says_why() {
    let trial = Trial::start().await;
    let break_it = "DROP POLICY share_read ON share; GRANT DELETE ON record TO PUBLIC; ALTER TABLE post NO FORCE ROW LEVEL SECURITY";
    trial.superuser.run(break_it).await.unwrap();
    let serve = || {
        let arguments = ["serve", "--listen", "127.0.0.1:0"];
        binary::refusing(&mut binary::minsheng(&trial.database, &arguments))
    };
    let refused = serve();
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        !refused.status.success() && said.contains("post") && said.contains("minsheng migrate"),
        "{said}"
    );
    trial.superuser.run("ALTER TABLE post FORCE ROW LEVEL SECURITY").await.unwrap();
    let said = String::from_utf8_lossy(&serve().stderr).into_owned();
    assert!(said.contains("share_read on share"), "{said}");
    migrate(&postgres::owner_url(trial.database.name().unwrap())).await.unwrap();
    assert_eq!(refusal(&trial.database.url()).await, None);
    drop(binary::Server::start(&trial.database));
}

/// A role of this test's own that may serve, and its address; the roles that others use stay as they are.
async fn serving_role(superuser: &Raw, database: &TestDatabase) -> (String, String) {
    let role = format!("serving_{}", database.name().unwrap());
    let make = format!("CREATE ROLE {role} LOGIN PASSWORD 'trial'; GRANT {SERVING_ROLE} TO {role}");
    superuser.run(&make).await.unwrap();
    let url = database.url();
    let (_, rest) = url.split_once('@').unwrap();
    (role.clone(), format!("postgres://{role}:trial@{rest}"))
}

#[tokio::test]
async fn a_serving_role_that_is_or_may_become_the_keeper_or_the_owner_is_refused() {
    let Trial { database, superuser, .. } = Trial::start().await;
    let (role, url) = serving_role(&superuser, &database).await;
    let between = format!("between_{}", database.name().unwrap());
    let owner =
        superuser.texts("SELECT tableowner::text FROM pg_tables WHERE tablename = 'share'").await.remove(0);
    superuser.run(&format!("CREATE ROLE {between} NOINHERIT")).await.unwrap();
    assert_eq!(refusal(&url).await, None, "a member of the serving role alone");
    for (grant, revoke, named) in [
        (format!("GRANT {KEEPER_ROLE} TO {role}"), format!("REVOKE {KEEPER_ROLE} FROM {role}"), KEEPER_ROLE),
        (
            format!("GRANT {KEEPER_ROLE} TO {between}; GRANT {between} TO {role}"),
            format!("REVOKE {KEEPER_ROLE} FROM {between}; REVOKE {between} FROM {role}"),
            KEEPER_ROLE,
        ),
        (format!("GRANT {owner} TO {role}"), format!("REVOKE {owner} FROM {role}"), owner.as_str()),
        (format!("ALTER ROLE {role} BYPASSRLS"), format!("ALTER ROLE {role} NOBYPASSRLS"), "BYPASSRLS"),
        (format!("ALTER ROLE {role} CREATEROLE"), format!("ALTER ROLE {role} NOCREATEROLE"), "CREATEROLE"),
        (
            format!("ALTER ROLE {between} BYPASSRLS; GRANT {between} TO {role}"),
            format!("ALTER ROLE {between} NOBYPASSRLS; REVOKE {between} FROM {role}"),
            between.as_str(),
        ),
        (
            format!("GRANT pg_read_server_files TO {role}"),
            format!("REVOKE pg_read_server_files FROM {role}"),
            "pg_read_server_files",
        ),
        (
            format!("REVOKE {SERVING_ROLE} FROM {role}"),
            format!("GRANT {SERVING_ROLE} TO {role}"),
            "GRANT minsheng_app",
        ),
    ] {
        superuser.run(&grant).await.unwrap();
        let text = refusal(&url).await.unwrap_or_else(|| panic!("served after {grant}"));
        for part in ["MINSHENG_DATABASE_URL", "Mend it", named, role.as_str()] {
            assert!(text.contains(part), "{grant}: {text}");
        }
        superuser.run(&revoke).await.unwrap();
    }
    assert_eq!(refusal(&url).await, None);
    superuser.run(&format!("DROP ROLE {role}; DROP ROLE {between}")).await.unwrap();
}

/// A database with nothing in it, in which the owner has no right.
async fn bare() -> (String, Raw, TestDatabase) {
    let name = postgres::fresh_database_name();
    let maintenance = Raw::open(&postgres::superuser_url(postgres::MAINTENANCE_DATABASE)).await;
    maintenance.run(&postgres::create_database(&name, "template0")).await.unwrap();
    let database = TestDatabase::Postgres(name.clone());
    (name, maintenance, database)
}

#[tokio::test]
async fn an_owner_who_may_not_make_tables_is_told_what_a_superuser_has_to_run() {
    let (name, maintenance, database) = bare().await;
    let Err(Fault::Unfit(text)) = migrate(&postgres::owner_url(&name)).await else {
        panic!("migrated without a right")
    };
    let (_, mend) = text.en.split_once("run once: ").unwrap_or_else(|| panic!("{text}"));
    assert!(mend.starts_with("ALTER DATABASE"), "{text}");
    maintenance.run(mend).await.unwrap();
    migrate(&postgres::owner_url(&name)).await.unwrap();
    assert_eq!(refusal(&database.url()).await, None);
}

#[tokio::test]
async fn an_owner_who_may_make_some_things_and_grant_none_is_told_as_well() {
    let (name, _maintenance, database) = bare().await;
    let superuser = Raw::open(&database.unscoped_url()).await;
    // Tables, then extensions too; still nothing on the schema to others.
    for right in ["SCHEMA public".to_owned(), format!("DATABASE {name}")] {
        let grant = format!("GRANT CREATE ON {right} TO minsheng_owner");
        superuser.run(&grant).await.unwrap();
        let Err(Fault::Unfit(text)) = migrate(&postgres::owner_url(&name)).await else {
            panic!("migrated without a right")
        };
        assert!(text.en.contains("run once: ALTER DATABASE"), "{text}");
    }
}
