//! How long a write may wait and hold others up: whoever is stopped is told to try again, and nothing of it stays.

use std::time::{Duration, Instant};

use entity::enums::Position;
use entity::submission::{Column, Entity};
use minsheng::access::authenticate::viewer_of_bearer;
use minsheng::db::{Fault, Predicate, Tx};
use minsheng::scope::system;
use serde_json::{Value, json};

use crate::support::personas::{HUOQIU, Persona};
use crate::support::records::{RECORD, code as county};
use crate::support::truth::Raw;
use crate::support::{Backend, TestApp, code};

/// The deadline of a request: what waits shorter is answered by its own code.
const DEADLINE: Duration = Duration::from_secs(20);

struct Trial {
    app: TestApp,
    clerk: Persona,
    channel: Value,
    raw: Raw,
}

impl Trial {
    async fn start(backend: Backend) -> Self {
        let app = TestApp::start(backend).await.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        Self {
            channel: app.channel_id(&clerk, "HOUSEHOLD_VISIT").await,
            raw: Raw::open(&app.database.unscoped_url()).await,
            app,
            clerk,
        }
    }

    /// The clerk enters a suggestion; gives the code of the failure, if any, and how long it took.
    async fn enter(&self) -> (String, Duration) {
        let begin = Instant::now();
        let input = json!({ "input": {
            "idempotencyKey": "the-same-key", "channelId": self.channel, "title": "村口路灯不亮", "content": "已有半月。",
        } });
        let (_, answer) = self.app.graphql(Some(&self.clerk.token), RECORD, input).await;
        (code(&answer).to_owned(), begin.elapsed())
    }

    /// Refused in time; the same entry succeeds once nothing stands in its way, and stands there once.
    async fn assert_refused_in_time(&self, least: u64) {
        let (code, took) = self.enter().await;
        assert_eq!(code, "UNAVAILABLE");
        assert!(took >= Duration::from_secs(least) && took < DEADLINE, "{took:?}");
    }

    async fn assert_entered_once(&self) {
        assert_eq!(self.enter().await.0, "");
        assert_eq!(self.enter().await.0, "");
        assert_eq!(self.app.submissions(HUOQIU).await.len(), 1);
    }
}

#[tokio::test]
async fn on_postgres_a_caller_waits_for_a_lock_for_seconds_and_the_operator_longer() {
    let trial = Trial::start(Backend::Postgres).await;
    trial.raw.run("BEGIN; LOCK TABLE submission IN SHARE MODE").await.unwrap();
    let db = trial.app.app.db.clone();
    let operator = tokio::spawn(async move {
        let tx = db.begin_write(&system::operator(county(HUOQIU))).await?;
        touch(&tx).await?;
        tx.commit().await
    });
    trial.assert_refused_in_time(4).await;
    assert!(!operator.is_finished());
    trial.raw.run("COMMIT").await.unwrap();
    operator.await.unwrap().unwrap();
    trial.assert_entered_once().await;
}

#[tokio::test]
async fn on_postgres_a_statement_of_a_write_that_runs_on_is_ended() {
    let trial = Trial::start(Backend::Postgres).await;
    let slow = "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NEW; END'; \
                CREATE TRIGGER slow BEFORE INSERT ON record FOR EACH ROW EXECUTE FUNCTION slow()";
    trial.raw.run(slow).await.unwrap();
    trial.assert_refused_in_time(10).await;
    trial.raw.run("DROP TRIGGER slow ON record").await.unwrap();
    trial.assert_entered_once().await;
}

#[tokio::test]
async fn on_postgres_a_write_that_does_nothing_lets_go_of_what_it_holds() {
    let trial = Trial::start(Backend::Postgres).await;
    assert_eq!(trial.enter().await.0, "");
    let (app, now) = (&trial.app.app, trial.app.app.clock.now());
    let clerk = viewer_of_bearer(app, &trial.clerk.token, now).await.unwrap();
    let idle = app.db.begin_write(&clerk).await.unwrap();
    assert_eq!(touch(&idle).await.unwrap(), 1);
    let other = app.db.begin_write(&clerk).await.unwrap();
    assert!(matches!(touch(&other).await, Err(Fault::Busy)), "it was not held");
    drop(other);
    tokio::time::sleep(Duration::from_secs(7)).await;
    let other = app.db.begin_write(&clerk).await.unwrap();
    assert_eq!(touch(&other).await.unwrap(), 1);
    other.commit().await.unwrap();
    assert!(matches!(idle.commit().await, Err(Fault::Unavailable(_))));
    trial.assert_entered_once().await;
}

#[tokio::test]
async fn on_sqlite_a_write_waits_for_one_of_this_process_for_seconds() {
    let trial = Trial::start(Backend::Sqlite).await;
    let operator = system::operator(county(HUOQIU));
    let held = trial.app.app.db.begin_write(&operator).await.unwrap();
    trial.assert_refused_in_time(5).await;
    drop(held);
    trial.assert_entered_once().await;
}

#[tokio::test]
async fn on_sqlite_a_write_waits_for_one_of_another_process_for_seconds() {
    let trial = Trial::start(Backend::Sqlite).await;
    trial.raw.run("BEGIN IMMEDIATE").await.unwrap();
    trial.assert_refused_in_time(5).await;
    trial.raw.run("ROLLBACK").await.unwrap();
    trial.assert_entered_once().await;
}

/// Changes every suggestion in scope, and so holds its row.
async fn touch(tx: &Tx) -> Result<u64, Fault> {
    let changes = vec![(Column::Beneficiaries, 7.into())];
    tx.update::<Entity>(Predicate::everything(), changes).await
}
