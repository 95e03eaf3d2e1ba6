//! What the server asks of its database before it serves, and what it promises about it.

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::time::Duration;

use entity::enums::Position;
use minsheng::db::migrate::migrate;
use minsheng::db::{Db, Fault, PoolSize};
use minsheng::http::{Door, HttpSettings, ServeError, bind, serve};
use serde_json::json;

use crate::support::personas::HUOQIU;
use crate::support::truth::Raw;
use crate::support::{Backend, TestApp, TestDatabase, code, on_both_databases, postgres};

on_both_databases! {
    async fn what_is_acknowledged_is_on_the_disk(app: TestApp) {
        let promised = app.app.db.durability().await.unwrap();
        let promised: Vec<(&str, &str)> =
            promised.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        match app.database {
            TestDatabase::Sqlite(_) => assert_eq!(promised, [("journal_mode", "wal"), ("synchronous", "2")]),
            TestDatabase::Postgres(_) => assert_eq!(promised, [("fsync", "on"), ("synchronous_commit", "on")]),
        }
    }

    async fn a_migrated_database_lacks_nothing_and_its_serving_role_is_bound(app: TestApp) {
        assert!(app.app.db.missing_migrations().await.unwrap().is_empty());
        app.app.db.check_serving_role().await.unwrap();
    }
}

// Whoever may read the file is bound by no wall.
#[tokio::test]
async fn the_files_of_sqlite_are_made_for_their_owner_alone_and_closed_where_they_stood_open() {
    let directory = tempfile::tempdir().unwrap();
    let file = |suffix: &str| directory.path().join(format!("a.sqlite{suffix}"));
    let url = format!("sqlite://{}?mode=rwc", file("").display());
    let modes = || {
        let modes = ["", "-wal", "-shm"].map(|suffix| std::fs::metadata(file(suffix)).unwrap());
        modes.map(|file| file.permissions().mode() & 0o777)
    };
    migrate(&url).await.unwrap();
    let db = Db::connect(&url, PoolSize::default()).await.unwrap();
    assert_eq!(modes(), [0o600; 3]);
    for suffix in ["", "-wal", "-shm"] {
        std::fs::set_permissions(file(suffix), std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    let again = Db::connect(&url, PoolSize::default()).await.unwrap();
    assert_eq!(modes(), [0o600; 3]);
    // Connecting alone makes a file of its own too.
    let url = format!("sqlite://{}?mode=rwc", file("2").display());
    let fresh = Db::connect(&url, PoolSize::default()).await.unwrap();
    let mode = std::fs::metadata(file("2")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    drop((db, again, fresh));
}

#[tokio::test]
async fn a_database_that_is_not_migrated_lacks_everything_until_two_migrate_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", directory.path().join("empty.sqlite").display());
    let db = Db::connect(&url, PoolSize::default()).await.unwrap();
    assert!(db.missing_migrations().await.unwrap().len() > 3);
    let (one, other) = tokio::join!(migrate(&url), migrate(&url));
    one.unwrap();
    other.unwrap();
    assert!(db.missing_migrations().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_role_past_row_level_security_is_refused() {
    let app = TestApp::start(Backend::Postgres).await;
    let name = app.database.name().unwrap();
    for url in [postgres::owner_url(name), postgres::superuser_url(name)] {
        let db = Db::connect(&url, PoolSize::default()).await.unwrap();
        let Err(Fault::Unfit(text)) = db.check_serving_role().await else { panic!("served as its owner") };
        assert!(text.en.contains("MINSHENG_DATABASE_URL"), "{text}");
    }
}

// Longer than the request's own deadline it would hold its connection for nobody.
#[tokio::test]
async fn a_statement_of_a_caller_that_waits_too_long_is_given_up_before_the_request_is() {
    let app = TestApp::start(Backend::Postgres).await.with_both_counties().await;
    let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
    let raw = Raw::open(&app.database.unscoped_url()).await;
    raw.run("BEGIN").await.unwrap();
    raw.run("LOCK TABLE share IN ACCESS EXCLUSIVE MODE").await.unwrap();
    let page = "{ submissions(first: 1) { nodes { id } } }";
    let (_, answer) = app.graphql(Some(&clerk.token), page, json!({})).await;
    assert_eq!(code(&answer), "UNAVAILABLE", "{answer}");
    raw.run("ROLLBACK").await.unwrap();
    raw.close().await;
    app.data(&clerk, page, json!({})).await;
}

#[tokio::test]
async fn a_server_asked_to_stop_answers_what_it_has_taken_and_ends() {
    let app = TestApp::start(Backend::Sqlite).await;
    let listener = bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let address = listener.local_addr().unwrap();
    assert!(matches!(bind(address).await, Err(ServeError::InUse(_))));
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let door = Door::new(Arc::clone(&app.app), HttpSettings::default());
    let ended = tokio::spawn(serve(listener, door, async {
        let _ = stopped.await;
    }));
    let answer = reqwest::get(format!("http://{address}/health/ready")).await.unwrap();
    assert_eq!(answer.status(), 200);
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(5), ended).await.unwrap().unwrap().unwrap();
    assert!(reqwest::get(format!("http://{address}/health/live")).await.is_err());
}
