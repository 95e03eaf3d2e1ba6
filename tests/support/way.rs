//! A way to PostgreSQL beside which a test stands: it counts what is asked, and can be cut, slow, deaf or forgetful.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::TestDatabase;

/// How a way is not straight.
#[derive(Clone, Copy)]
pub(crate) struct Bent {
    /// Where it begins.
    pub(crate) from: SocketAddr,
    /// How long it takes each connection to get there.
    pub(crate) delay: Duration,
    /// What becomes of the client's bytes.
    pub(crate) change: fn(&mut [u8]),
}

impl Default for Bent {
    fn default() -> Self {
        Self { from: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), delay: Duration::ZERO, change: |_| () }
    }
}

/// An open way; whoever goes through it loses the connection when it is dropped.
pub(crate) struct Way {
    address: SocketAddr,
    seen: Arc<Seen>,
    tasks: JoinSet<()>,
}

#[derive(Default)]
struct Seen {
    asked: AtomicUsize,
    deaf: AtomicBool,
}

impl Way {
    /// A way to a database's server, and the address of the database behind it.
    pub(crate) async fn to(database: &TestDatabase, bent: Bent) -> (String, Self) {
        let url = database.url();
        let (head, name) = url.rsplit_once('/').unwrap();
        let (login, place) = head.rsplit_once('@').unwrap();
        let way = Self::open(place, bent).await;
        let through = format!("{login}@{}/{name}?sslmode=disable", way.address);
        (through, way)
    }

    /// A way to a server.
    pub(crate) async fn open(to: &str, bent: Bent) -> Self {
        let listener = TcpListener::bind(bent.from).await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Seen::default());
        let (to, seen_by_all) = (to.to_owned(), Arc::clone(&seen));
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut passing = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                tokio::time::sleep(bent.delay).await;
                let server = TcpStream::connect(&to).await.unwrap();
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = server.into_split();
                let seen = Arc::clone(&seen_by_all);
                passing.spawn(questions(from_client, to_server, Arc::clone(&seen), bent));
                passing.spawn(answers(from_server, to_client, seen));
            }
        });
        Self { address, seen, tasks }
    }

    /// Ends it, and every connection that goes through it.
    pub(crate) async fn cut(mut self) {
        self.tasks.shutdown().await;
    }

    /// Loses what is notified, and nothing else, as a pooler does.
    pub(crate) fn deafen(&self, deaf: bool) {
        self.seen.deaf.store(deaf, Ordering::SeqCst);
    }

    /// How often an answer was waited for since the last look.
    pub(crate) fn asked(&self) -> usize {
        self.seen.asked.swap(0, Ordering::SeqCst)
    }
}

/// Passes on what the client sends; either side may hang up.
async fn questions(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, seen: Arc<Seen>, bent: Bent) {
    let mut messages = Messages::default();
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        let asked = messages.questions(&buffer[..length]);
        seen.asked.fetch_add(asked, Ordering::SeqCst);
        (bent.change)(&mut buffer[..length]);
        if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}

/// Passes on what the server sends; either side may hang up.
async fn answers(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, seen: Arc<Seen>) {
    while let Ok(message) = answer(&mut from).await {
        if message[0] == b'A' && seen.deaf.load(Ordering::SeqCst) {
            continue;
        }
        if to.write_all(&message).await.is_err() {
            return;
        }
    }
}

/// A message of the server: a letter, a length that counts itself, and so many bytes. `A` is a notification.
async fn answer(from: &mut OwnedReadHalf) -> std::io::Result<Vec<u8>> {
    let mut message = vec![from.read_u8().await?];
    let length = from.read_u32().await?;
    message.extend(length.to_be_bytes());
    message.resize(1 + length as usize, 0);
    from.read_exact(&mut message[5..]).await?;
    Ok(message)
}

/// The messages of one client, put together from what arrives.
#[derive(Default)]
struct Messages {
    rest: Vec<u8>,
    /// The first message has no letter.
    begun: bool,
}

impl Messages {
    /// Simple queries and the ends of series of others: after each the client waits for an answer.
    fn questions(&mut self, bytes: &[u8]) -> usize {
        self.rest.extend(bytes);
        let mut count = 0;
        loop {
            let letter = usize::from(self.begun);
            let Some(length) = self.rest.get(letter..letter + 4) else {
                return count;
            };
            let length = u32::from_be_bytes(length.try_into().unwrap()) as usize + letter;
            if self.rest.len() < length {
                return count;
            }
            if self.begun && matches!(self.rest[0], b'Q' | b'S') {
                count += 1;
            }
            self.begun = true;
            self.rest.drain(..length);
        }
    }
}
