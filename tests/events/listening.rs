//! Hearing what is committed: at an address of its own, with beats that must come back, and what a removal tells.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use entity::person;
use minsheng::db::{Changed, Db, Ear, Fault, Heard, ListenPlan, Predicate};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::support::personas::SHUANGLUAN;
use crate::support::truth::Raw;
use crate::support::{Backend, TestDatabase, on_both_databases};

/// Longest wait for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

fn plan(url: Option<String>) -> ListenPlan {
    ListenPlan {
        url,
        silence: Duration::from_millis(200),
        patience: Duration::from_secs(3),
    }
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

/// A way to the server that can lose what is notified, and nothing else, as a pooler does; or that takes its time.
struct Way {
    address: SocketAddr,
    deaf: Arc<AtomicBool>,
}

/// A database whose listener gets there by a way that takes so long for each connection.
pub(super) async fn listening_slowly(database: &TestDatabase, delay: Duration) -> Db {
    let (url, way) = way(database, delay).await;
    drop(way);
    listening(database, Some(url)).await
}

/// A way to a database, and the address of the database behind it.
async fn way(database: &TestDatabase, delay: Duration) -> (String, Way) {
    let url = database.url();
    let (head, name) = url.rsplit_once('/').unwrap();
    let (login, place) = head.rsplit_once('@').unwrap();
    let way = Way::open(place, delay).await;
    let through = format!("{login}@{}/{name}?sslmode=disable", way.address);
    (through, way)
}

impl Way {
    async fn open(to: &str, delay: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let way = Self {
            address: listener.local_addr().unwrap(),
            deaf: Arc::default(),
        };
        let (to, deaf) = (to.to_owned(), Arc::clone(&way.deaf));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::time::sleep(delay).await;
                let server = TcpStream::connect(&to).await.unwrap();
                let (mut from_client, to_client) = client.into_split();
                let (from_server, mut to_server) = server.into_split();
                tokio::spawn(
                    async move { tokio::io::copy(&mut from_client, &mut to_server).await },
                );
                tokio::spawn(messages(from_server, to_client, Arc::clone(&deaf)));
            }
        });
        way
    }
}

/// Passes on the server's messages: a letter, a length that counts itself, and so many bytes. `A` is a notification.
async fn messages(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    deaf: Arc<AtomicBool>,
) -> std::io::Result<()> {
    loop {
        let letter = from.read_u8().await?;
        let length = from.read_u32().await?;
        let mut body = vec![0; length as usize - 4];
        from.read_exact(&mut body).await?;
        if letter == b'A' && deaf.load(Ordering::SeqCst) {
            continue;
        }
        to.write_u8(letter).await?;
        to.write_u32(length).await?;
        to.write_all(&body).await?;
    }
}

#[tokio::test]
async fn where_notifications_are_lost_the_listener_finds_out_and_listens_anew() {
    let app = TestApp::start(Backend::Postgres)
        .await
        .with_both_counties()
        .await;
    let clerk = officer(&app, "T_HEKOU").await;
    enter(&app, &clerk, "村口路灯不亮").await;
    let (through, way) = way(&app.database, Duration::ZERO).await;
    let db = listening(&app.database, Some(through)).await;
    let mut ear = db.listen().await.unwrap();
    assert_hears(&mut ear, &app).await;
    // Silence and beats that come back are no news.
    let quiet = tokio::time::timeout(Duration::from_secs(1), ear.next()).await;
    assert!(quiet.is_err(), "{quiet:?}");
    way.deaf.store(true, Ordering::SeqCst);
    let lost = next(&mut ear).await;
    assert!(matches!(lost, Err(Fault::Unavailable(_))), "{lost:?}");
    assert!(
        matches!(db.listen().await, Err(Fault::Unavailable(_))),
        "nobody listens behind such a way"
    );
    way.deaf.store(false, Ordering::SeqCst);
    let mut ear = db.listen().await.unwrap();
    assert_hears(&mut ear, &app).await;
}

#[tokio::test]
async fn the_listener_connects_by_the_address_of_its_own() {
    let app = TestApp::start(Backend::Postgres)
        .await
        .with_both_counties()
        .await;
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
        let Err(Fault::Broken(text)) = database
            .connect()
            .await
            .listening(&plan(Some(url.to_owned())))
        else {
            panic!("{url} was taken")
        };
        assert!(
            text.starts_with("MINSHENG_LISTEN_URL") && !text.contains("plover"),
            "{text}"
        );
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
        assert_eq!(notice.changed, Changed::These([submission].into()));
    }
}
