//! What the server asks of its database before it serves, and what it promises about it.

use minsheng::db::migrate::migrate;
use minsheng::db::{Db, Fault, PoolSize};

use crate::support::{Backend, TestApp, TestDatabase, on_both_databases, postgres};

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

#[tokio::test]
async fn a_database_that_is_not_migrated_lacks_everything_until_two_migrate_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!(
        "sqlite://{}?mode=rwc",
        directory.path().join("empty.sqlite").display()
    );
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
        let Err(Fault::Broken(text)) = db.check_serving_role().await else {
            panic!("served as its owner")
        };
        assert!(text.contains("MINSHENG_DATABASE_URL"), "{text}");
    }
}
