//! Hearing what is committed: at an address of its own, with beats that must come back, and what a removal tells.

use std::time::Duration;

use entity::person;
use minsheng::db::{Changed, Db, Ear, Fault, Heard, ListenPlan, Predicate};

use super::*;
use crate::support::personas::SHUANGLUAN;
use crate::support::truth::Raw;
use crate::support::way::{Bent, Way};
use crate::support::{Backend, TestDatabase, on_both_databases};

/// Longest wait for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

fn plan(url: Option<String>) -> ListenPlan {
    ListenPlan { url, silence: Duration::from_millis(200), patience: Duration::from_secs(3) }
}

async fn listening(database: &TestDatabase, url: Option<String>) -> Db {
    database.connect().await.listening(&plan(url)).unwrap()
}

async fn next(ear: &mut Ear) -> Result<Heard, Fault> {
    tokio::time::timeout(PATIENCE, ear.next()).await.unwrap()
}

async fn assert_hears(ear: &mut Ear, app: &TestApp) {
    assert!(touch_all(app, HUOQIU).await > 0);
    assert!(matches!(next(ear).await, Ok(Heard::Notice(_))));
}

/// A database whose listener gets there by a way that takes so long for each connection, as long as that is open.
pub(super) async fn listening_slowly(database: &TestDatabase, delay: Duration) -> (Db, Way) {
    let bent = Bent { delay, ..Bent::default() };
    let (url, way) = Way::to(database, bent).await;
    (listening(database, Some(url)).await, way)
}

#[tokio::test]
async fn where_notifications_are_lost_the_listener_finds_out_and_listens_anew() {
    let app = TestApp::start(Backend::Postgres).await.with_both_counties().await;
    let clerk = officer(&app, "T_HEKOU").await;
    enter(&app, &clerk, "村口路灯不亮").await;
    let (through, way) = Way::to(&app.database, Bent::default()).await;
    let db = listening(&app.database, Some(through)).await;
    let mut ear = db.listen().await.unwrap();
    assert_hears(&mut ear, &app).await;
    // Silence and beats that come back are no news.
    let quiet = tokio::time::timeout(Duration::from_secs(1), ear.next()).await;
    assert!(quiet.is_err(), "{quiet:?}");
    way.deafen(true);
    let lost = next(&mut ear).await;
    assert!(matches!(lost, Err(Fault::Unavailable(_))), "{lost:?}");
    assert!(matches!(db.listen().await, Err(Fault::Unavailable(_))), "nobody listens behind such a way");
    way.deafen(false);
    let mut ear = db.listen().await.unwrap();
    assert_hears(&mut ear, &app).await;
}

#[tokio::test]
async fn the_listener_connects_by_the_address_of_its_own() {
    let app = TestApp::start(Backend::Postgres).await.with_both_counties().await;
    let clerk = officer(&app, "T_HEKOU").await;
    enter(&app, &clerk, "村口路灯不亮").await;
    let own = format!("{}?application_name=minsheng_listens", app.database.url());
    let db = listening(&app.database, Some(own)).await;
    let mut ear = db.listen().await.unwrap();
    assert_hears(&mut ear, &app).await;
    let raw = Raw::open(&app.database.unscoped_url()).await;
    let listeners = "SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'LISTEN%'";
    assert_eq!(raw.texts(listeners).await, ["minsheng_listens"]);
}

#[tokio::test]
async fn an_address_that_leads_elsewhere_is_found_out_before_anybody_subscribes() {
    let app = TestApp::start(Backend::Postgres).await;
    let elsewhere = TestDatabase::create(Backend::Postgres).await;
    let db = listening(&app.database, Some(elsewhere.url())).await;
    assert!(matches!(db.listen().await, Err(Fault::Unavailable(_))));
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_by_the_name_of_its_setting() {
    let postgres = TestDatabase::create(Backend::Postgres).await;
    let sqlite = TestDatabase::create(Backend::Sqlite).await;
    for (database, url) in [
        (&postgres, "postgres://app:plover@localhost:none/x"),
        (&postgres, "sqlite://plover.sqlite"),
        (&sqlite, "postgres://app:plover@localhost/x"),
    ] {
        let Err(Fault::Unfit(text)) = database.connect().await.listening(&plan(Some(url.to_owned()))) else {
            panic!("{url} was taken")
        };
        assert!(text.en.starts_with("MINSHENG_LISTEN_URL") && !text.en.contains("plover"), "{text}");
    }
}

on_both_databases! {
    async fn a_removal_is_told_as_a_change_is(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = officer(&app, "T_HEKOU").await;
        let input = json!({
            "idempotencyKey": "with-a-name", "title": "村口路灯不亮", "content": "已有半月。", "name": "村民甲",
            "phone": "19900000001", "channelId": app.channel_id(&clerk, "HOUSEHOLD_VISIT").await,
        });
        app.data(&clerk, RECORD, json!({ "input": input })).await;
        let submission = app.submissions(HUOQIU).await[0].id;
        let mut ear = app.app.db.listen().await.unwrap();
        for (county, removed) in [(SHUANGLUAN, 0), (HUOQIU, 1)] {
            let tx = app.app.db.begin_write(&system::operator(code(county))).await.unwrap();
            assert_eq!(tx.delete::<person::Entity>(Predicate::everything()).await.unwrap(), removed);
            tx.commit().await.unwrap();
        }
        let Ok(Heard::Notice(notice)) = next(&mut ear).await else { panic!("nothing was told") };
        assert_eq!(notice.county.as_str(), HUOQIU);
        let Changed::These(these) = notice.changed else { panic!("{notice:?}") };
        assert_eq!(these.into_keys().collect::<Vec<_>>(), [submission]);
    }
}
