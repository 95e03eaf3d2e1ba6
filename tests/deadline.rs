//! What the deadline ends is ended in the database too: no statement of a read goes on unheard, and its connection is
//! free for others. SQLite's side of it stands beside the code, in `db::deadline`.

use std::time::{Duration, Instant};

use entity::enums::Position;
use entity::id::County;
use entity::share;
use minsheng::db::{Fault, within};
use minsheng::http::HttpSettings;
use minsheng::scope::system;
use serde_json::json;

use crate::support::personas::{HUOQIU, Persona};
use crate::support::truth::Raw;
use crate::support::{Backend, TestApp, code, postgres};

/// The deadline of the requests here.
const SHORT: Duration = Duration::from_millis(800);
/// Reads every suggestion's share, and so waits for whoever holds that table.
const QUEUE: &str = "{ submissions { totalCount nodes { id } } }";

async fn clerk_at_a_short_deadline() -> (TestApp, Persona) {
    let app = TestApp::start(Backend::Postgres).await.with_both_counties().await;
    let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
    let app = app.behind(HttpSettings {
        request_timeout: SHORT,
        requests_of_account: 4,
        county_percent: 100,
        ..HttpSettings::default()
    });
    (app, clerk)
}

/// Somebody who holds the shares, so that reading them takes as long as that.
async fn hold(app: &TestApp) -> Raw {
    let raw = Raw::open(&postgres::superuser_url(app.database.name().unwrap())).await;
    raw.run("BEGIN; LOCK TABLE share IN ACCESS EXCLUSIVE MODE").await.unwrap();
    raw
}

/// How many statements of this database wait for a lock.
async fn waiting(app: &TestApp) -> usize {
    let name = app.database.name().unwrap();
    let raw = Raw::open(&postgres::superuser_url(name)).await;
    let statements = format!(
        "SELECT query FROM pg_stat_activity WHERE datname = '{name}' AND state = 'active' AND wait_event_type = 'Lock'"
    );
    raw.texts(&statements).await.len()
}

async fn until(mut come: impl AsyncFnMut() -> bool) {
    for _ in 0..200 {
        if come().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it never came");
}

#[tokio::test]
async fn what_the_deadline_ended_runs_no_more_and_its_connections_are_free() {
    let (app, clerk) = clerk_at_a_short_deadline().await;
    let held = hold(&app).await;
    // The first of a token's requests note its arrival: that write is no reason to go on for ever.
    let asked = (0..3).map(|_| app.graphql(Some(&clerk.token), QUEUE, json!({})));
    let answers = futures::future::join_all(asked);
    let seen = until(async || waiting(&app).await > 0);
    let (answers, ()) = tokio::join!(answers, seen);
    for (status, answer) in answers {
        assert_eq!((status, code(&answer)), (504, "TIMEOUT"), "{answer}");
    }
    let ended = Instant::now();
    until(async || waiting(&app).await == 0).await;
    assert!(ended.elapsed() < Duration::from_secs(2), "{:?}", ended.elapsed());
    // The table is held still; what does not read it is answered.
    let (status, answer) = app.graphql(Some(&clerk.token), "{ campaigns { code } }", json!({})).await;
    assert!(status == 200 && answer["data"]["campaigns"][0]["code"].is_string(), "{answer}");
    assert_eq!(waiting(&app).await, 0);
    let operator = system::operator(County::parse(HUOQIU).unwrap());
    let mut every = Vec::new();
    for _ in 0..4 {
        let read = app.app.db.begin_read(&operator);
        let free = tokio::time::timeout(Duration::from_secs(2), read).await;
        every.push(free.unwrap().unwrap());
    }
    held.run("ROLLBACK").await.unwrap();
}

#[tokio::test]
async fn a_statement_that_begins_late_has_only_what_is_left() {
    const TIME: Duration = Duration::from_secs(4);
    let (app, _) = clerk_at_a_short_deadline().await;
    let operator = system::operator(County::parse(HUOQIU).unwrap());
    let held = hold(&app).await;
    let begun = Instant::now();
    let read = async {
        let tx = app.app.db.begin_read(&operator).await.unwrap();
        tokio::time::sleep(TIME * 6 / 10).await;
        // They wait for each other, and the second never begins.
        let (one, other) =
            tokio::join!(tx.from::<share::Entity>().count(), tx.from::<share::Entity>().count());
        (one.err(), other.err())
    };
    let outcome = within(TIME, Box::pin(read)).await;
    assert!(matches!(outcome, (Some(Fault::Late), Some(Fault::Late))), "{outcome:?}");
    let took = begun.elapsed();
    // With the whole time for itself the statement would have taken 16 tenths.
    assert!(took < TIME * 14 / 10, "{took:?}");
    held.run("ROLLBACK").await.unwrap();
}
