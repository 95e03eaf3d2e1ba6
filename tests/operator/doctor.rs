//! `minsheng doctor`: it finds what is wrong, says so line by line, and changes nothing.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use serde_json::Value;

use super::{is_chinese, said};
use crate::support::truth::Raw;
use crate::support::{TestApp, TestDatabase, binary, key, on_both_databases};

/// Exit code and the level of each check, the worst where one has several lines.
fn examined(command: &mut Command) -> (Option<i32>, BTreeMap<String, String>, Value) {
    // The log goes to standard error.
    let output = binary::refusing(command);
    let (code, told) = (output.status.code(), String::from_utf8(output.stdout).unwrap());
    let report: Value = serde_json::from_str(&told).unwrap_or_else(|_| panic!("{told}"));
    let mut levels = BTreeMap::new();
    for line in report["checks"].as_array().unwrap() {
        let (check, level) = (line["check"].as_str().unwrap(), line["level"].as_str().unwrap());
        assert!(!line["message"].as_str().unwrap().is_empty(), "{line}");
        let worst = levels.entry(check.to_owned()).or_insert_with(|| level.to_owned());
        if *worst == "OK" {
            level.clone_into(worst);
        }
    }
    (code, levels, report)
}

fn doctor(database: &TestDatabase) -> Command {
    binary::minsheng(database, &["doctor", "--json", "--thorough"])
}

on_both_databases! {
    async fn a_sound_installation_has_no_error_and_is_left_as_it_is(app: TestApp) {
        let database = app.with_both_counties().await.database;
        let raw = Raw::open(&database.unscoped_url()).await;
        let before = raw.rows("key_version").await.len();
        let (code, levels, report) = examined(&mut doctor(&database));
        assert_eq!(code, Some(0), "{report}");
        for check in ["keys", "database", "release", "role", "walls", "master-key", "document-keys", "plans", "folding", "tally", "trail"] {
            assert_eq!(levels.get(check).map(String::as_str), Some("OK"), "{check}: {report}");
        }
        assert_eq!(raw.rows("key_version").await.len(), before, "no key is written down");
        raw.close().await;
        let (code, told) = said(binary::minsheng(&database, &["doctor"]).env("MINSHENG_LANG", "zh"));
        assert!(code == Some(0) && is_chinese(&told) && told.lines().count() >= levels.len() - 2, "{told}");
    }

    async fn a_foreign_key_a_later_release_and_a_broken_chain_are_errors_or_warnings(app: TestApp) {
        let app = app.with_both_counties().await;
        let database = &app.database;
        let registered = said(&mut binary::minsheng(database, &["tally", "verify"]));
        assert_eq!(registered.0, Some(0), "{}", registered.1);
        let (code, levels, report) = examined(doctor(database).env("MINSHENG_MASTER_KEY", key(53)));
        assert_eq!((code, levels["master-key"].as_str()), (Some(1), "ERROR"), "{report}");
        assert_eq!(levels["database"], "OK");
        let (code, levels, report) = examined(doctor(database).env("MINSHENG_MASTER_KEY", "c2hvcnQ="));
        assert_eq!((code, levels["keys"].as_str(), levels["master-key"].as_str()), (Some(1), "ERROR", "SKIPPED"), "{report}");
        let raw = Raw::open(&database.unscoped_url()).await;
        raw.run("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m99_future', 0)").await.unwrap();
        let (code, levels, report) = examined(&mut doctor(database));
        assert_eq!((code, levels["release"].as_str(), levels["plans"].as_str()), (Some(1), "ERROR", "SKIPPED"), "{report}");
        raw.run("DELETE FROM seaql_migrations WHERE version = 'm99_future'").await.unwrap();
        // A plan that this release would refuse runs, so it is a warning, which counts only where one is strict.
        raw.run("UPDATE campaign SET plan = replace(plan, 'percent = 95', 'percent = 101')").await.unwrap();
        raw.close().await;
        let (code, levels, report) = examined(&mut doctor(database));
        assert_eq!((code, levels["plans"].as_str()), (Some(0), "WARNING"), "{report}");
        let (code, ..) = examined(&mut binary::minsheng(database, &["doctor", "--json", "--strict"]));
        assert_eq!(code, Some(1));
    }

    async fn a_database_that_can_not_be_reached_skips_what_comes_after_it(app: TestApp) {
        let mut command = doctor(&app.database);
        let (code, levels, report) = examined(command.env("MINSHENG_DATABASE_URL", "mysql://app:plover@db/x"));
        assert_eq!((code, levels["database"].as_str(), levels["walls"].as_str()), (Some(1), "ERROR", "SKIPPED"), "{report}");
        assert!(!report.to_string().contains("plover"));
        let (code, levels, report) = examined(command.env_remove("MINSHENG_DATABASE_URL"));
        assert_eq!((code, levels["database"].as_str()), (Some(1), "ERROR"), "{report}");
        assert!(report.to_string().contains("MINSHENG_DATABASE_URL"), "{report}");
    }
}

#[tokio::test]
async fn a_settings_file_that_others_may_read_is_a_warning() {
    let database = TestDatabase::create(crate::support::Backend::Sqlite).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("minsheng.toml");
    std::fs::write(&file, "issuer = \"x\"\n").unwrap();
    for (mode, level) in [(0o644, "WARNING"), (0o600, "OK")] {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        // Looking at them closes the files of SQLite, so only the settings stand open.
        let opened = said(&mut binary::minsheng(&database, &["tally", "verify"]));
        assert_eq!(opened.0, Some(0), "{}", opened.1);
        let (_, levels, report) = examined(doctor(&database).env("MINSHENG_CONFIG", &file));
        assert_eq!(levels["files"], level, "{report}");
    }
}
