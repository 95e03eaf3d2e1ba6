//! How long a change takes to a thousand subscribers of one server, and what each of them costs in memory. Not a test:
//! `tests/run --only-server -- cargo bench --bench subscribers`, or with `-- sqlite 1000 40` for SQLite and a thousand
//! subscribers of forty accounts.
#![expect(clippy::unwrap_used, reason = "a measurement that can't go on fails")]

#[expect(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "what all tests stand on; this needs a part of it"
)]
#[path = "support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use entity::enums::Position;
use entity::id::County;
use futures::stream::{self, SplitStream};
use futures::{SinkExt as _, StreamExt as _};
use minsheng::access::store::{Moment, NewAccount, NewPassword, NewPost, create_account, department_of_code};
use minsheng::clock::Clock;
use minsheng::limits::throttle::{Patience, ThrottlePlan};
use minsheng::scope::system;
use minsheng::secrets::entropy;
use minsheng::secrets::password::Secret;
use serde_json::{Value, json};
use support::binary::Server;
use support::personas::{HUOQIU, PASSWORD};
use support::records::RECORD;
use support::{Backend, TestApp, TestDatabase};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// How many changes are measured.
const ROUNDS: usize = 7;
/// Longest wait for one.
const PATIENCE: Duration = Duration::from_secs(30);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().filter(|word| !word.starts_with("--")).collect();
    let number = |place: usize| words.get(place).map_or(1_000, |word| word.parse().unwrap());
    let backend = match words.get(1).map(String::as_str) {
        Some("sqlite") => Backend::Sqlite,
        _ => Backend::Postgres,
    };
    let (subscribers, accounts) = (number(2), number(3));
    let app = patient(backend).await;
    let tokens = sign_in(&app, accounts).await;
    let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
    let channel = app.channel_id(&clerk, "HOUSEHOLD_VISIT").await;

    let server = Server::start(&app.database);
    // What the first request leaves behind is not the subscribers'.
    enter(&server, &clerk.token, &channel, 0).await;
    let before = resident(&server);
    let mut sockets = Vec::new();
    for place in 0..subscribers {
        sockets.push(subscribe(&server, &tokens[place % tokens.len()]).await);
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let after = resident(&server);
    println!(
        "{backend:?}: {subscribers} subscribers of {} accounts; resident {before} KiB before, {after} KiB with them, \
         {} KiB each",
        tokens.len(),
        (after - before) / i64::try_from(subscribers).unwrap()
    );
    for round in 1..=ROUNDS {
        let begin = Instant::now();
        let waiting: Vec<JoinHandle<(SplitStream<Socket>, Duration)>> =
            sockets.drain(..).map(|socket| tokio::spawn(next(socket, begin))).collect();
        enter(&server, &clerk.token, &channel, round).await;
        let answered = begin.elapsed();
        let mut delays = Vec::new();
        for told in waiting {
            let (socket, delay) = told.await.unwrap();
            sockets.push(socket);
            delays.push(delay);
        }
        delays.sort();
        let at = |percent: usize| delays[(delays.len() - 1) * percent / 100];
        println!(
            "change {round}: answered after {} ms; told after {} ms at the median, {} ms at p95, {} ms at the last",
            answered.as_millis(),
            at(50).as_millis(),
            at(95).as_millis(),
            at(100).as_millis()
        );
    }
    println!("resident {} KiB after {ROUNDS} changes", resident(&server));
}

/// An application by the machine's clock, that lets a thousand sign in from one address.
async fn patient(backend: Backend) -> TestApp {
    let endless = Patience { free: u32::MAX, ..ThrottlePlan::default().receipt };
    let throttle = ThrottlePlan {
        account: endless,
        strangers: endless,
        address: endless,
        receipt: endless,
        ..ThrottlePlan::default()
    };
    let app = TestApp::with_throttle(TestDatabase::create(backend).await, throttle).await;
    app.app.clock.set(Clock::System.now());
    app.with_both_counties().await
}

/// Members of the leading group, who see everything of their county, signed in.
async fn sign_in(app: &TestApp, how_many: usize) -> Vec<String> {
    let operator = system::operator(County::parse(HUOQIU).unwrap());
    let password = Secret::new(PASSWORD);
    let hash = app.app.hasher.hash(&password, entropy::random());
    let hash = hash.await.unwrap();
    let tx = app.app.db.begin_write(&operator).await.unwrap();
    let group = department_of_code(&tx, "LEADING_GROUP").await.unwrap().unwrap();
    let moment = Moment { app: &app.app, now: app.app.clock.now() };
    for place in 0..how_many {
        let new = NewAccount {
            login: format!("member-{place:04}"),
            display_name: "测试账号".to_owned(),
            department: group.id,
            password: NewPassword::own(hash.clone()),
            posts: vec![NewPost { department: group.id, position: Position::Officer, duty: String::new() }],
        };
        create_account(&tx, new, moment).await.unwrap_or_else(|_| panic!("no account"));
    }
    tx.commit().await.unwrap();
    let logins = stream::iter(0..how_many)
        .map(|place| async move { app.login(&format!("member-{place:04}"), PASSWORD).await });
    logins.buffered(4).collect().await
}

async fn subscribe(server: &Server, token: &str) -> SplitStream<Socket> {
    let mut request =
        format!("{}/graphql", server.address.replace("http", "ws")).into_client_request().unwrap();
    let protocol = "graphql-transport-ws".parse().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", protocol);
    let (mut socket, _) = connect_async(request).await.unwrap();
    let init =
        json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } });
    socket.send(Message::text(init.to_string())).await.unwrap();
    let ack = socket.next().await.unwrap().unwrap();
    assert!(ack.to_text().unwrap().contains("connection_ack"), "{ack:?}");
    let document = "subscription { submissionChanged { kind submission { id title stage version } } }";
    let begin = json!({ "type": "subscribe", "id": "1", "payload": { "query": document } });
    socket.send(Message::text(begin.to_string())).await.unwrap();
    let ready = socket.next().await.unwrap().unwrap();
    assert!(ready.to_text().unwrap().contains("READY"), "{ready:?}");
    // The half that writes goes on in the other: it answers pings.
    socket.split().1
}

async fn next(mut socket: SplitStream<Socket>, begin: Instant) -> (SplitStream<Socket>, Duration) {
    let told = async {
        loop {
            let message = socket.next().await.unwrap().unwrap();
            if let Message::Text(text) = message {
                assert!(text.contains("submissionChanged"), "{text}");
                break begin.elapsed();
            }
        }
    };
    let delay = tokio::time::timeout(PATIENCE, told).await.unwrap();
    (socket, delay)
}

async fn enter(server: &Server, token: &str, channel: &Value, round: usize) {
    let input = json!({
        "idempotencyKey": format!("round-{round:04}"), "channelId": channel, "title": "村口路灯不亮", "content": "已有半月。",
    });
    let request = reqwest::Client::new()
        .post(format!("{}/graphql", server.address))
        .bearer_auth(token)
        .json(&json!({ "query": RECORD, "variables": { "input": input } }));
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    let errors = &answer["data"]["submissionRecord"]["userErrors"];
    assert_eq!(errors, &json!([]), "{answer}");
}

/// What the server holds in memory, in KiB.
fn resident(server: &Server) -> i64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.unwrap().trim().trim_end_matches(" kB").parse().unwrap()
}
