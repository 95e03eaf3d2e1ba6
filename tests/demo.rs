//! The demonstration and the generated county: the same rows everywhere, nothing twice, figures that hold.

use std::collections::HashSet;
use std::path::Path;

use entity::enums::{Capability, Stage};
use entity::id::County;
use entity::{account, share, submission};
use minsheng::app::App;
use minsheng::cli::demo::{Args, Demo, prepare};
use minsheng::cli::generate::Owner;
use minsheng::demo::{self, PLANS, Seed, Wanted};
use minsheng::error::Stop;
use minsheng::limits::throttle::ThrottlePlan;
use minsheng::plan::Plan;
use minsheng::scope::system;
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DbBackend, Statement};
use serde_json::Value;

use crate::support::{Backend, TestApp, TestDatabase, on_both_databases, postgres};

const ROWS: u64 = 150;
/// What the last week's departments enter beside them, for projects to be drawn from.
const MATTERS: u64 = 9;

async fn start(folder: &Path) -> Demo {
    let args = Args {
        listen: None,
        data_dir: folder.join("data"),
        accounts: Some(folder.join("accounts.json")),
        submissions: ROWS,
    };
    prepare(&args, ThrottlePlan::default()).await.unwrap()
}

/// What its people see of every suggestion, without the keys.
async fn told(app: &App) -> Vec<String> {
    let mut told = Vec::new();
    for text in PLANS {
        let plan = Plan::parse("plan", text).unwrap();
        let tx =
            app.db.begin_read(&system::operator(County::parse(&plan.county.code).unwrap())).await.unwrap();
        for row in tx.from::<submission::Entity>().all().await.unwrap() {
            let submission::Model { number, title, content, stage, kind, received_at, extra, late, .. } = row;
            told.push(format!("{number} {title} {content} {stage:?} {kind:?} {received_at} {extra} {late}"));
        }
        assert_eq!(tx.check_tally().await.unwrap().wrong_cells, 0);
    }
    told.sort();
    told
}

async fn accounts(app: &App) -> u64 {
    let mut count = 0;
    for county in ["130803", "341522"] {
        let tx = app.db.begin_read(&system::operator(County::parse(county).unwrap())).await.unwrap();
        let rows = tx.from::<account::Entity>().all().await.unwrap();
        assert!(rows.iter().all(|row| row.password_hash.contains("$m=19456,t=2,p=1$")));
        count += rows.len() as u64;
    }
    count
}

#[tokio::test]
async fn a_second_start_changes_nothing_and_another_folder_tells_the_same() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = start(one.path()).await;
    let rows = told(&first.app).await;
    assert_eq!(rows.len() as u64, ROWS + MATTERS);
    assert_eq!(accounts(&first.app).await, first.accounts.len() as u64);
    let file = std::fs::read(one.path().join("accounts.json")).unwrap();
    let tokens: Vec<String> = first.portals.iter().map(|portal| portal.token.clone()).collect();
    drop(first);

    let second = start(one.path()).await;
    assert_eq!(told(&second.app).await, rows);
    assert_eq!(accounts(&second.app).await, second.accounts.len() as u64);
    assert_eq!(std::fs::read(one.path().join("accounts.json")).unwrap(), file);
    assert!(second.portals.iter().map(|portal| &portal.token).eq(&tokens));

    let elsewhere = start(other.path()).await;
    assert_eq!(told(&elsewhere.app).await, rows);
    assert_ne!(std::fs::read(other.path().join("accounts.json")).unwrap(), file);
    check_accounts(&file);
}

/// The file's form is a contract, and no role is missing.
fn check_accounts(file: &[u8]) {
    let lines: Vec<Value> = serde_json::from_slice(file).unwrap();
    let text = String::from_utf8(file.to_vec()).unwrap();
    let keys =
        ["county", "department", "role", "profile", "position", "account", "password", "departmentCode"];
    let places: Vec<usize> = keys.iter().map(|key| text.find(&format!("\"{key}\"")).unwrap()).collect();
    assert!(places.is_sorted() && lines.iter().all(|line| line.as_object().unwrap().len() == keys.len()));
    let present: HashSet<(&str, &str)> =
        lines.iter().map(|line| (line["county"].as_str().unwrap(), line["role"].as_str().unwrap())).collect();
    for text in PLANS {
        let plan = Plan::parse("plan", text).unwrap();
        for role in &plan.roles {
            assert!(present.contains(&(plan.county.code.as_str(), role.code.as_str())), "{}", role.code);
        }
    }
    let passwords: HashSet<&str> = lines.iter().map(|line| line["password"].as_str().unwrap()).collect();
    assert_eq!(passwords.len(), lines.len());
}

fn wanted(submissions: u32) -> Wanted {
    Wanted { county: County::parse("990001").unwrap(), departments: 40, submissions, seed: Seed(1) }
}

on_both_databases! {
    async fn a_generated_county_has_every_row_and_its_figures_hold(app: TestApp) {
        let wanted = wanted(500);
        demo::generate(&app.app, &wanted, |_| {}).await.unwrap();
        demo::count(&app.app, &wanted).await.unwrap();
        let tx = app.app.db.begin_read(&system::operator(wanted.county.clone())).await.unwrap();
        let rows = tx.from::<submission::Entity>().all().await.unwrap();
        let stages: HashSet<Stage> = rows.iter().map(|row| row.stage).collect();
        let owners: HashSet<_> = rows.iter().map(|row| row.department).collect();
        assert_eq!((rows.len(), stages.len(), owners.len()), (500, Stage::ALL.len(), 40));
        let shares = tx.from::<share::Entity>().all().await.unwrap();
        let collected = shares.iter().filter(|share| share.capability == Capability::Collect).count();
        assert_eq!(collected, 500);
        assert!(shares.iter().filter(|share| share.capability == Capability::Handle).all(|share| share.department != share.owner));
        let check = tx.check_tally().await.unwrap();
        assert_eq!((check.wrong_cells, check.unfolded), (0, 0));
        drop(tx);
        let again = demo::generate(&app.app, &wanted, |_| {}).await;
        assert!(matches!(again, Err(Stop::Refused(_))));
    }
}

/// Definitions of the indexes, and which triggers are on.
#[expect(clippy::disallowed_methods, reason = "the catalogue is read as no viewer")]
async fn catalogue(url: &str) -> Vec<String> {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let connection = Database::connect(options).await.unwrap();
    let sql = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' \
               UNION ALL SELECT tgname || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1";
    let rows = connection.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await.unwrap();
    connection.close().await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

#[tokio::test]
async fn what_a_bulk_fill_sets_aside_comes_back_as_it_was() {
    let database = TestDatabase::create(Backend::Postgres).await;
    let TestDatabase::Postgres(name) = &database else {
        return;
    };
    let url = postgres::owner_url(name);
    let before = catalogue(&url).await;
    let mut owner = Owner::set_aside(&url).await.unwrap();
    assert_ne!(catalogue(&url).await, before);
    owner.put_back().await.unwrap();
    assert_eq!(catalogue(&url).await, before);
}
