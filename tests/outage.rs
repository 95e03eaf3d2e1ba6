//! A database that is away: when the server starts, and while it serves.

use std::net::SocketAddr;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::binary::{minsheng, refusing};
use crate::support::way::{Bent, Way};
use crate::support::{Backend, TestApp};

/// Longest wait for what must come.
const PATIENCE: Duration = Duration::from_secs(30);
/// What only a database can answer: whose codes these are.
const RECEIPT: &str = r#"{ receipt(code: "0000-0000-0000-0000") { number } }"#;

/// A server that was started and not waited for; killed when it is dropped.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn free_port() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap()
}

async fn ready(server: SocketAddr) -> Option<u16> {
    let answer = reqwest::get(format!("http://{server}/health/ready")).await;
    answer.ok().map(|answer| answer.status().as_u16())
}

async fn until_ready(server: SocketAddr, wanted: u16) {
    let begin = Instant::now();
    while ready(server).await != Some(wanted) {
        assert!(begin.elapsed() < PATIENCE, "never {wanted}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn ask(server: SocketAddr) -> (u16, Value) {
    let request = reqwest::Client::new()
        .post(format!("http://{server}/graphql"))
        .header("accept", "application/graphql-response+json")
        .json(&json!({ "query": RECEIPT }));
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn a_server_waits_for_a_database_that_is_away_and_outlives_one_that_goes() {
    let app = TestApp::start(Backend::Postgres).await.with_both_counties().await;
    let url = app.database.url();
    let (head, tail) = url.rsplit_once('/').unwrap();
    let (role, place) = head.rsplit_once('@').unwrap();
    let (way, server) = (free_port().await, free_port().await);
    let log = tempfile::NamedTempFile::new().unwrap();
    let listen = server.to_string();
    let mut command = minsheng(&app.database, &["serve", "--listen", &listen]);
    command
        .env("MINSHENG_DATABASE_URL", format!("{role}@{way}/{tail}?sslmode=disable"))
        .env("MINSHENG_POOL_WAIT_SECONDS", "1")
        .stderr(Stdio::from(log.reopen().unwrap()));
    let _started = Started(command.spawn().unwrap());

    until_ready(server, 503).await;
    let live = reqwest::get(format!("http://{server}/health/live")).await;
    assert_eq!(live.unwrap().status(), 200);
    let (status, answer) = ask(server).await;
    assert_eq!((status, crate::support::code(&answer)), (503, "UNAVAILABLE"));

    let bent = Bent { from: way, ..Bent::default() };
    let open = Way::open(place, bent).await;
    until_ready(server, 200).await;
    assert_eq!(ask(server).await, (200, json!({ "data": { "receipt": null } })));

    open.cut().await;
    until_ready(server, 503).await;
    let (status, answer) = ask(server).await;
    assert_eq!((status, crate::support::code(&answer)), (503, "UNAVAILABLE"), "{answer}");

    let _open = Way::open(place, bent).await;
    until_ready(server, 200).await;
    assert_eq!(ask(server).await.0, 200);

    let log = std::fs::read_to_string(log.path()).unwrap();
    let told = log.lines().filter(|line| line.contains("does not answer")).count();
    assert_eq!(told, 1, "{log}");
    assert!(!log.contains("panic") && !log.contains(role), "{log}");
}

#[tokio::test]
async fn a_wrong_password_is_no_absence_and_ends_the_server() {
    let app = TestApp::start(Backend::Postgres).await;
    let url = app.database.url();
    let (_, tail) = url.rsplit_once('@').unwrap();
    let mut serve = minsheng(&app.database, &["serve", "--listen", "127.0.0.1:0"]);
    let output =
        refusing(serve.env("MINSHENG_DATABASE_URL", format!("postgres://nobody-of-this-name:plover@{tail}")));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && !said.contains("plover"), "{said}");
}
