//! What every test stands on: an application on a database of its own, asked through the real router.

pub(crate) mod backend;
pub(crate) mod binary;
pub(crate) mod counted;
pub(crate) mod duties;
pub(crate) mod handed_in;
mod pending;
pub(crate) mod personas;
pub(crate) mod postgres;
pub(crate) mod records;
pub(crate) mod rights;
pub(crate) mod tables;
pub(crate) mod truth;
pub(crate) mod way;
pub(crate) mod world;

pub(crate) mod decided;
pub(crate) mod filed;
pub(crate) mod files;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use minsheng::app::{App, Parts};
use minsheng::clock::Clock;
use minsheng::db::Db;
use minsheng::http::{Door, HttpSettings, router};
use minsheng::keys::{KeyFault, take_up};
use minsheng::limits::rates::{Rate, RatePlan};
use minsheng::limits::throttle::ThrottlePlan;
use minsheng::secrets::password::{HashCost, PasswordPolicy};
use serde_json::{Value, json};
use tower::ServiceExt as _;

pub(crate) use backend::{Backend, TestDatabase};

/// Half past nine on a working day in both counties' campaigns: 2022-03-16T09:30:00+08:00.
const NOW: &str = "2022-03-16T01:30:00Z";

/// An application on a fresh, migrated database; the clock stands until the test sets it.
pub(crate) struct TestApp {
    /// The application, for what a test does without HTTP.
    pub(crate) app: Arc<App>,
    /// The database; dropped with the application.
    pub(crate) database: TestDatabase,
    pub(crate) router: Router,
}

impl TestApp {
    /// Starts on a database of its own.
    pub(crate) async fn start(backend: Backend) -> Self {
        Self::on(TestDatabase::create(backend).await).await
    }

    /// Starts on a database that is there.
    pub(crate) async fn on(database: TestDatabase) -> Self {
        let rates = RatePlan {
            // All of a test's people sign in from one address, some of them hundreds of times within seconds.
            writes_of_address: Rate::new(1_000_000, 1_000_000),
            ..RatePlan::default()
        };
        Self::with_plans(database, ThrottlePlan::default(), rates).await
    }

    /// Starts with another patience against guessing, for whoever writes far more often than people do.
    pub(crate) async fn with_throttle(database: TestDatabase, throttle: ThrottlePlan) -> Self {
        let endless = Rate::new(1_000_000, 1_000_000);
        let rates = RatePlan {
            writes_of_address: endless,
            writes_of_account: endless,
            writes_of_portal: endless,
            submissions_of_address: endless,
            submissions_of_county: endless,
        };
        Self::with_plans(database, throttle, rates).await
    }

    /// Starts with another patience against guessing, and other rates of writes.
    pub(crate) async fn with_plans(database: TestDatabase, throttle: ThrottlePlan, rates: RatePlan) -> Self {
        let parts = Parts { throttle, ..parts(&database).await };
        let app = Arc::new(App::new(parts).unwrap().with_rates(rates));
        // What is sent at once races at once.
        let settings = HttpSettings { requests_of_account: 64, ..HttpSettings::default() };
        let router = router(Door::new(Arc::clone(&app), settings));
        Self { app, database, router }
    }

    /// The same application behind a door with other limits.
    pub(crate) fn behind(mut self, settings: HttpSettings) -> Self {
        self.router = router(Door::new(Arc::clone(&self.app), settings));
        self
    }

    /// The same database under an application with other rates of writes; it forgets what was counted.
    pub(crate) async fn with_rates(self, rates: RatePlan) -> Self {
        let Self { app, database, router } = self;
        drop((app, router));
        Self::with_plans(database, ThrottlePlan::default(), rates).await
    }

    /// The same database under an application whose access tokens live so long.
    pub(crate) async fn with_token_life(self, life: TimeDelta) -> Self {
        let Self { app, database, router: door } = self;
        drop((app, door));
        let app = Arc::new(App::new(parts(&database).await).unwrap().with_token_life(life));
        let router = router(Door::new(Arc::clone(&app), HttpSettings::default()));
        Self { app, database, router }
    }

    /// The same database served anew with other keys, as after a change of the settings; refuses what a start refuses.
    pub(crate) async fn restarted(&self, change: impl FnOnce(&mut Parts)) -> Result<Arc<App>, String> {
        let mut parts = parts(&self.database).await;
        parts.clock = Clock::fixed(self.app.clock.now());
        change(&mut parts);
        let app = Arc::new(App::new(parts).unwrap());
        match take_up(&app).await {
            Ok(()) => Ok(app),
            Err(KeyFault::Unfit(unfit)) => Err(unfit.message().en),
            Err(KeyFault::Fault(fault)) => panic!("{fault:?}"),
        }
    }

    /// Goes on with another application over the same database.
    pub(crate) fn go_on(&mut self, app: Arc<App>) {
        self.router = router(Door::new(Arc::clone(&app), HttpSettings::default()));
        self.app = app;
    }

    /// A second server's application on the same database, with the same keys and a clock of its own.
    pub(crate) async fn another(&self) -> Arc<App> {
        Arc::new(App::new(parts(&self.database).await).unwrap())
    }

    /// Another server on the same database, which reaches it in its own way.
    pub(crate) async fn another_on(&self, db: Db) -> Arc<App> {
        let parts = parts(&self.database).await;
        Arc::new(App::new(Parts { db, ..parts }).unwrap())
    }

    /// Sends one GraphQL request and gives status and answer.
    pub(crate) async fn graphql(&self, token: Option<&str>, query: &str, variables: Value) -> (u16, Value) {
        let mut request = post().header("accept", "application/graphql-response+json");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = json!({ "query": query, "variables": variables }).to_string();
        let (status, _, text) = self.send(request.body(Body::from(body)).unwrap()).await;
        (status.as_u16(), serde_json::from_str(&text).unwrap())
    }

    /// Sends any request through the whole router.
    pub(crate) async fn send(&self, mut request: Request<Body>) -> (StatusCode, HeaderMap, String) {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000))));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        (parts.status, parts.headers, String::from_utf8(bytes.to_vec()).unwrap())
    }
}

/// A POST of JSON to `/graphql`, to be given its body.
pub(crate) fn post() -> axum::http::request::Builder {
    Request::builder().method(Method::POST).uri("/graphql").header("content-type", "application/json")
}

/// The code of the first error of an answer; empty when there is none.
pub(crate) fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
}

async fn parts(database: &TestDatabase) -> Parts {
    Parts {
        db: database.connect().await,
        clock: Clock::fixed(NOW.parse::<DateTime<Utc>>().unwrap()),
        master: vec![master_key()],
        signing: vec![signing_key()],
        document: Vec::new(),
        document_public: Vec::new(),
        issuer: "minsheng-test".to_owned(),
        hash_cost: HashCost::CHEAPEST,
        policy: PasswordPolicy::default(),
        throttle: ThrottlePlan::default(),
    }
}

/// The master key of every test.
pub(crate) fn master_key() -> String {
    key(37)
}

/// The seed of the signing key of every test.
pub(crate) fn signing_key() -> String {
    key(41)
}

/// A key that is the same in every run and yet passes for random.
pub(crate) fn key(step: u8) -> String {
    BASE64_STANDARD
        .encode((0..32).map(|place: u8| place.wrapping_mul(step).wrapping_add(11)).collect::<Vec<u8>>())
}

/// One test body, run on both databases: `name::on_sqlite` and `name::on_postgres`.
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident: TestApp) $body:block)*) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn body($app: TestApp) $body

            #[tokio::test]
            async fn on_sqlite() {
                body(TestApp::start($crate::support::Backend::Sqlite).await).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                body(TestApp::start($crate::support::Backend::Postgres).await).await;
            }
        }
    )*};
}
pub(crate) use on_both_databases;
