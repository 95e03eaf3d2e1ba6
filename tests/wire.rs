//! What a request costs on the wire to PostgreSQL: messages that wait for an answer, begin and end included, counted
//! between the server and the database and not by the server itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use entity::enums::Position;
use minsheng::db::{Db, PoolSize};
use minsheng::http::HttpSettings;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::queries::{fill, ids};
use crate::support::personas::HUOQIU;
use crate::support::{Backend, TestApp};

/// What follows an answer that was read for: the end of the transaction, and the pool's look whether the connection is sound.
const AFTER: usize = 2;

/// A way to the database that counts what is asked on it.
struct Counter {
    asked: Arc<AtomicUsize>,
    /// Where to connect.
    place: String,
    _ways: JoinSet<()>,
}

impl Counter {
    /// Opens it; `change` may change what passes.
    async fn open(to: String, change: fn(&mut [u8])) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let place = listener.local_addr().unwrap().to_string();
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        let mut ways = JoinSet::new();
        ways.spawn(async move {
            let mut passing = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&to).await.unwrap();
                let (mut from_client, mut to_client) = client.into_split();
                let (mut from_server, mut to_server) = server.into_split();
                let counted = Arc::clone(&counted);
                passing.spawn(async move {
                    let mut messages = Messages::default();
                    let mut buffer = vec![0; 64 * 1024];
                    while let Ok(length @ 1..) = from_client.read(&mut buffer).await {
                        counted.fetch_add(messages.questions(&buffer[..length]), Ordering::SeqCst);
                        change(&mut buffer[..length]);
                        to_server.write_all(&buffer[..length]).await.unwrap();
                    }
                });
                passing.spawn(async move {
                    // Either side may hang up.
                    let _ = tokio::io::copy(&mut from_server, &mut to_client).await;
                });
            }
        });
        Self {
            asked,
            place,
            _ways: ways,
        }
    }

    /// How often an answer was waited for since the last look.
    fn take(&self) -> usize {
        self.asked.swap(0, Ordering::SeqCst)
    }
}

/// The messages of one client, put together from what arrives.
#[derive(Default)]
struct Messages {
    rest: Vec<u8>,
    /// The first message has no kind; so has a question for encryption.
    begun: bool,
}

impl Messages {
    /// Simple queries and the ends of series of others: after each the client waits.
    fn questions(&mut self, bytes: &[u8]) -> usize {
        self.rest.extend(bytes);
        let mut count = 0;
        loop {
            let kind = usize::from(self.begun);
            let Some(length) = self.rest.get(kind..kind + 4) else {
                return count;
            };
            let length = u32::from_be_bytes(length.try_into().unwrap()) as usize + kind;
            if self.rest.len() < length {
                return count;
            }
            if self.begun && matches!(self.rest[0], b'Q' | b'S') {
                count += 1;
            }
            self.begun |= length > 8;
            self.rest.drain(..length);
        }
    }
}

/// The same application by way of a counter.
async fn counted(mut app: TestApp, change: fn(&mut [u8])) -> (TestApp, Counter) {
    let url = app.database.url();
    let (role, rest) = url.rsplit_once('@').unwrap();
    let (place, name) = rest.split_once('/').unwrap();
    let counter = Counter::open(place.to_owned(), change).await;
    let size = PoolSize {
        connections: 2,
        ..PoolSize::default()
    };
    let db = Db::connect(&format!("{role}@{}/{name}", counter.place), size)
        .await
        .unwrap();
    app.app = app.restarted(move |parts| parts.db = db).await.unwrap();
    (app.behind(HttpSettings::default()), counter)
}

#[tokio::test]
async fn every_hot_operation_keeps_to_its_messages() {
    let app = TestApp::start(Backend::Postgres)
        .await
        .with_both_counties()
        .await;
    fill(&app).await;
    let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
    let node = ids(
        &app,
        &clerk,
        "{ submissions(first: 1) { nodes { id } } }",
        &["submissions", "nodes"],
    )
    .await
    .remove(0);
    let channel = app
        .data(&clerk, "{ campaigns { channels { id } } }", json!({}))
        .await["campaigns"][0]["channels"][0]["id"]
        .clone();
    let (app, counter) = counted(app, |_| ()).await;
    let token = Some(&*clerk.token);
    let one = format!("{{ node(id: \"{node}\") {{ ... on Submission {{ title content stage category {{ name }} channel {{ name }}
        department {{ name }} records(last: 3) {{ action at }} }} }} }}");
    let queue = "{ submissions(first: 20) { nodes { id number title stage department { name } records(last: 3) { action at } } } }";
    let record = "mutation($input: SubmissionRecordInput!) { submissionRecord(input: $input) { submission { id stage createdAt } userErrors { code } } }";
    let mut writes = 0;
    for (name, token, query, most) in [
        ("nobody's name", None, "{ __typename }", 0),
        ("no document", token, "{ nonsense }", 1),
        ("a name", token, "{ __typename }", 1),
        ("viewer", token, "{ viewer { id } }", 4),
        ("one", token, &one, 9),
        ("queue", token, queue, 9),
        ("record", token, record, 40),
    ] {
        let mut variables = || {
            writes += 1;
            let key = format!("on-the-wire-{writes:04}");
            json!({ "input": { "idempotencyKey": key, "channelId": channel, "title": "路灯不亮", "content": "桥头的路灯不亮", "name": "测试甲" } })
        };
        // The first time prepares statements, which is a message of its own.
        for _ in 0..3 {
            app.graphql(token, query, variables()).await;
        }
        // What ends a read follows its answer.
        tokio::time::sleep(Duration::from_millis(100)).await;
        counter.take();
        let (_, answer): (_, Value) = app.graphql(token, query, variables()).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        let asked = counter.take();
        println!(
            "{name}: {asked} {}",
            answer.to_string().chars().take(80).collect::<String>()
        );
        assert!(
            asked <= most + if most == 0 { 0 } else { AFTER },
            "{name}: {asked} messages, at most {most} and those after"
        );
    }
}

/// Changes the name under which the session's question is prepared, so that it is never found under its own, as through a
/// pooler that hands out another connection for each transaction.
fn forgetting(bytes: &mut [u8]) {
    const PREPARED: &[u8] = b"PREPARE minsheng_login";
    if let Some(place) = bytes
        .windows(PREPARED.len())
        .position(|part| part == PREPARED)
    {
        bytes[place..place + PREPARED.len()].copy_from_slice(b"PREPARE minsheng_other");
    }
}

#[tokio::test]
async fn a_pooler_that_forgets_what_was_prepared_lets_people_in() {
    let app = TestApp::start(Backend::Postgres)
        .await
        .with_both_counties()
        .await;
    let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
    let (app, counter) = counted(app, forgetting).await;
    for _ in 0..3 {
        let data = app
            .data(&clerk, "{ viewer { department { code } } }", json!({}))
            .await;
        assert_eq!(data["viewer"]["department"]["code"], "T_CHENGGUAN");
    }
    assert!(counter.take() > 0);
    let refused = app
        .graphql(Some("nonsense"), "{ viewer { id } }", json!({}))
        .await;
    assert_eq!(crate::support::code(&refused.1), "UNAUTHENTICATED");
}
