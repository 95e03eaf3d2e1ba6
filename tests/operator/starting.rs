//! Starts that can't succeed: every one says what was tried and what to do, and none repeats a password.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use super::{is_chinese, said};
use crate::support::truth::Raw;
use crate::support::{Backend, TestApp, TestDatabase, binary, on_both_databases, postgres};

/// A command on another address.
fn at(database: &TestDatabase, url: &str, arguments: &[&str]) -> Command {
    let mut command = binary::minsheng(database, arguments);
    command.env("MINSHENG_DATABASE_URL", url).env("MINSHENG_OWNER_URL", url);
    command
}

/// `serve`, a command of one's own and `migrate` refuse alike, in either language.
fn refused_everywhere(database: &TestDatabase, url: &str, wanted: &str) {
    for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["tally", "verify"], &["migrate"]] {
        let mut command = at(database, url, arguments);
        let (code, english) = said(&mut command);
        assert_eq!(code, Some(1), "{url} {arguments:?}: {english}");
        assert!(english.contains(wanted), "{url} {arguments:?}: {english}");
        let (code, chinese) = said(command.env("MINSHENG_LANG", "zh"));
        assert!(code == Some(1) && is_chinese(&chinese), "{url} {arguments:?}: {chinese}");
        assert!(!english.contains("plover") && !chinese.contains("plover"), "{english}\n{chinese}");
    }
}

#[tokio::test]
async fn an_address_that_is_none_or_leads_nowhere_is_told_with_what_to_do() {
    let database = TestDatabase::create(Backend::Sqlite).await;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(
        path("text.sqlite"),
        "this is no database, however long it may be, and will never be one".repeat(20),
    )
    .unwrap();
    for (url, wanted) in [
        ("mysql://app:plover@db/minsheng".to_owned(), "mysql:// is not supported"),
        (path("plain.sqlite"), "write sqlite://"),
        (format!("sqlite://{}", path("missing.sqlite")), "?mode=rwc"),
        (format!("sqlite://{}?mode=rwc", path("nowhere/a.sqlite")), "mkdir -p"),
        (format!("sqlite://{}?mode=rwc", path("")), "is a folder"),
        (format!("sqlite://{}?mode=rwc", path("text.sqlite")), "is no SQLite database"),
        ("postgres://app:plover@localhost:none/x".to_owned(), "the PostgreSQL address is malformed"),
    ] {
        refused_everywhere(&database, &url, wanted);
    }
    assert!(!Path::new(&path("missing.sqlite")).exists(), "nothing is made that was not asked for");
}

#[tokio::test]
async fn what_a_server_answers_is_told_with_what_to_do() {
    let database = TestDatabase::create(Backend::Postgres).await;
    let url = database.url();
    let (login, place) = url.split_once('@').unwrap();
    let (role, _) = login.rsplit_once(':').unwrap();
    let missing = postgres::app_url("no_such_database");
    refused_everywhere(&database, &missing, "CREATE DATABASE");
    let wrong = format!("{role}:plover@{place}");
    let (code, told) = said(&mut at(&database, &wrong, &["tally", "verify"]));
    // A server that trusts every local connection asks for no password.
    assert!(code == Some(0) || told.contains("pg_hba.conf"), "{told}");
    assert!(!told.contains("plover"), "{told}");
}

#[tokio::test]
async fn a_server_that_is_away_is_told_of_by_its_address() {
    let database = TestDatabase::create(Backend::Sqlite).await;
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("postgres://app:plover@127.0.0.1:{port}/minsheng");
    for arguments in [&["tally", "verify"][..], &["migrate"]] {
        let (code, told) = said(at(&database, &url, arguments).env("MINSHENG_POOL_WAIT_SECONDS", "1"));
        let shown = format!("postgres://app@127.0.0.1:{port}/minsheng does not answer");
        assert!(code == Some(1) && told.contains(&shown) && !told.contains("plover"), "{told}");
    }
}

on_both_databases! {
    async fn a_database_of_a_later_release_and_one_that_is_not_migrated_are_refused(app: TestApp) {
        let database = app.database;
        let raw = Raw::open(&database.unscoped_url()).await;
        raw.run("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m99_future', 0)").await.unwrap();
        let owner = database.name().map_or_else(|| database.url(), postgres::owner_url);
        for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["tally", "verify"], &["migrate"]] {
            let mut command = binary::minsheng(&database, arguments);
            let (code, told) = said(command.env("MINSHENG_OWNER_URL", &owner));
            assert!(code == Some(1) && told.contains("newer than this program: it has m99_future"), "{told}");
        }
        raw.run("DELETE FROM seaql_migrations WHERE version = 'm99_future' OR version = 'm17_directory'").await.unwrap();
        raw.close().await;
        for arguments in [&["serve", "--listen", "127.0.0.1:0"][..], &["tally", "verify"]] {
            let (code, told) = said(&mut binary::minsheng(&database, arguments));
            assert!(code == Some(1) && told.contains("lacks m17_directory: run `minsheng migrate`"), "{told}");
        }
    }
}

#[tokio::test]
async fn where_to_listen_is_an_address_or_a_port_and_one_in_use_is_told() {
    let database = TestDatabase::create(Backend::Sqlite).await;
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    for listen in [format!("{port}"), format!(":{port}"), format!("127.0.0.1:{port}")] {
        let (code, told) = said(&mut binary::minsheng(&database, &["serve", "--listen", &listen]));
        assert!(code == Some(1) && told.contains(&format!("127.0.0.1:{port}: the port is in use")), "{told}");
        let (code, told) = said(binary::minsheng(&database, &["serve"]).env("MINSHENG_LISTEN", &listen));
        assert!(code == Some(1) && told.contains("the port is in use"), "{told}");
    }
    let (code, told) = said(&mut binary::minsheng(&database, &["serve", "--listen", "localhost:8080"]));
    assert!(code == Some(2) && told.contains("write 127.0.0.1"), "{told}");
    let (code, told) = said(binary::minsheng(&database, &["serve"]).env("MINSHENG_LISTEN", "70000"));
    assert!(code == Some(1) && told.starts_with("minsheng: MINSHENG_LISTEN: 70000 is no port"), "{told}");
}

#[tokio::test]
async fn a_misspelt_setting_subcommand_or_file_is_told_with_what_is_meant() {
    let database = TestDatabase::create(Backend::Sqlite).await;
    let (code, told) = said(binary::minsheng(&database, &["serve"]).env("MINSHENG_LISTNE", "8080"));
    assert!(code == Some(1) && told.contains("did you mean MINSHENG_LISTEN?"), "{told}");
    let (code, told) = said(&mut binary::minsheng(&database, &["servee"]));
    assert!(code == Some(2) && told.contains("serve"), "{told}");
    let (code, told) =
        said(&mut binary::minsheng(&database, &["serve", "--config", "/nowhere/minsheng.toml"]));
    assert!(code == Some(1) && told.contains("/nowhere/minsheng.toml can't be read"), "{told}");
}

#[tokio::test]
async fn the_help_of_serve_lists_every_setting_in_the_reader_s_language() {
    let database = TestDatabase::create(Backend::Sqlite).await;
    let (code, english) = said(&mut binary::minsheng(&database, &["serve", "--help"]));
    assert_eq!(code, Some(0));
    let (_, chinese) = said(&mut binary::minsheng(&database, &["serve", "--help", "--lang", "zh"]));
    for setting in minsheng::config::SETTINGS {
        let variable = format!("MINSHENG_{}", setting.key.to_uppercase());
        assert!(english.contains(&variable) && chinese.contains(&variable), "{variable}");
    }
    assert!(english.contains("database that is served") && chinese.contains("所服务的数据库"));
    let (_, short) = said(&mut binary::minsheng(&database, &["serve", "-h"]));
    assert!(!short.contains("MINSHENG_DATABASE_URL") && short.contains("18120"), "{short}");
}
