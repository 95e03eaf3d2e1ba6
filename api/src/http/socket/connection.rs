//! The life of one socket: the first message, operations, pings, and its end.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior};

use super::operation::{Letter, Operation, Told};
use super::protocol::{self, Close, Incoming};
use crate::error::{ApiError, ErrorCode};
use crate::http::answer;
use crate::http::door::Door;
use crate::http::payload::Payload;
use crate::http::pipeline::{Asked, Carries};
use crate::http::places::Place;
use crate::http::vigil::Vigil;
use crate::refusal::Language;

/// Time for the first message.
const INIT: Duration = Duration::from_secs(10);
/// Most operations at once.
const MAX_OPERATIONS: usize = 20;
/// Results that wait for the socket, of all its operations.
const WAITING: usize = 16;
/// Time for one message to be taken by the client's side.
const SEND: Duration = Duration::from_secs(10);
/// Time for the client to answer a close frame.
const FAREWELL: Duration = Duration::from_secs(2);
/// Time between two looks at the socket.
const TICK: Duration = Duration::from_secs(1);
/// Silence after which the client is pinged.
const PING_AFTER: Duration = Duration::from_secs(15);
/// Silence after which nobody is taken to be there.
const SILENCE: Duration = Duration::from_secs(45);

/// One socket.
pub(super) struct Connection {
    door: Arc<Door>,
    place: Place,
    language: Language,
    address: IpAddr,
    /// A portal's mark of its citizen: of all operations of this socket.
    citizen: Option<String>,
    /// Who it is, from the first message on.
    caller: Option<Vigil>,
    operations: HashMap<String, Operation>,
    ids: HashMap<u64, String>,
    begun: u64,
    letters: (mpsc::Sender<Letter>, mpsc::Receiver<Letter>),
    opened: Instant,
    heard: Instant,
    pinged: Instant,
}

/// Why the loop ends.
enum End {
    /// With this frame.
    Close(Close),
    /// The client is gone, or takes nothing any more.
    Gone,
}

impl From<Close> for End {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}

impl Connection {
    pub(super) fn new(door: Arc<Door>, place: Place, language: Language, address: IpAddr) -> Self {
        let now = Instant::now();
        Self {
            door,
            place,
            language,
            address,
            citizen: None,
            caller: None,
            operations: HashMap::new(),
            ids: HashMap::new(),
            begun: 0,
            letters: mpsc::channel(WAITING),
            opened: now,
            heard: now,
            pinged: now,
        }
    }

    /// The same connection for a portal's citizen.
    pub(super) fn for_citizen(self, citizen: Option<String>) -> Self {
        Self { citizen, ..self }
    }

    pub(super) async fn run(mut self, mut socket: WebSocket) {
        let end = if socket.protocol().is_none() {
            Close::Subprotocol.into()
        } else {
            self.live(&mut socket).await
        };
        self.operations.clear();
        if let End::Close(close) = end {
            farewell(&mut socket, &close).await;
        }
    }

    /// Until it ends. Nothing is read while something is written: a client that does not read is not read either.
    async fn live(&mut self, socket: &mut WebSocket) -> End {
        let door = Arc::clone(&self.door);
        let closed = door.closed();
        tokio::pin!(closed);
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let step = tokio::select! {
                biased;
                () = &mut closed => Err(Close::GoingAway.into()),
                _ = ticks.tick() => self.look(socket).await,
                Some(letter) = self.letters.1.recv() => self.deliver(socket, letter).await,
                message = socket.recv() => match message {
                    Some(Ok(message)) => self.take(socket, message).await,
                    _ => Err(End::Gone),
                },
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    /// Once a second: whether the client came on time, is still there, and still may.
    async fn look(&mut self, socket: &mut WebSocket) -> Result<(), End> {
        let Some(caller) = &mut self.caller else {
            return if self.opened.elapsed() < INIT { Ok(()) } else { Err(Close::InitTimeout.into()) };
        };
        if !caller.may_stay(&self.door.app).await {
            return Err(Close::Forbidden.into());
        }
        if self.heard.elapsed() >= SILENCE {
            return Err(Close::Silent.into());
        }
        if self.heard.elapsed() >= PING_AFTER && self.pinged.elapsed() >= PING_AFTER {
            self.pinged = Instant::now();
            return send(socket, Message::Ping(Vec::new().into())).await;
        }
        Ok(())
    }

    async fn take(&mut self, socket: &mut WebSocket, message: Message) -> Result<(), End> {
        self.heard = Instant::now();
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => {
                return Err(Close::Invalid("A message must be a text".to_owned()).into());
            }
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
            Message::Close(_) => return Err(End::Gone),
        };
        match protocol::read(text.as_str())? {
            Incoming::Init(payload) => self.begin(socket, payload).await,
            Incoming::Ping(payload) => say(socket, protocol::pong(payload)).await,
            Incoming::Pong => Ok(()),
            Incoming::Subscribe(id, payload) => self.start(socket, id, payload).await,
            Incoming::Complete(id) => {
                self.forget(&id);
                Ok(())
            }
        }
    }

    /// The first message: who it is, once.
    async fn begin(
        &mut self,
        socket: &mut WebSocket,
        payload: serde_json::Map<String, serde_json::Value>,
    ) -> Result<(), End> {
        if self.caller.is_some() {
            return Err(Close::TooManyInits.into());
        }
        let bearer = protocol::bearer(payload)?;
        let caller =
            Vigil::begin(&self.door, bearer, self.address).await.map_err(|error| match error.code() {
                ErrorCode::Unauthenticated => Close::Forbidden,
                ErrorCode::RateLimited => Close::TooMany,
                _ => Close::GoingAway,
            })?;
        let welcome = caller.belongs(&mut self.place);
        self.caller = Some(caller);
        if !welcome {
            return Err(Close::TooMany.into());
        }
        say(socket, protocol::ack()).await
    }

    async fn start(&mut self, socket: &mut WebSocket, id: String, payload: Payload) -> Result<(), End> {
        let Some(caller) = &self.caller else {
            return Err(Close::Unauthorized.into());
        };
        if self.operations.contains_key(&id) {
            return Err(Close::Duplicate(id).into());
        }
        let room = self.place.operation();
        let room = room.filter(|_| self.operations.len() < MAX_OPERATIONS);
        let Some(room) = room else {
            let errors = answer::errors(too_many_operations().into(), self.language);
            return say(socket, protocol::with_payload("error", &id, &errors)).await;
        };
        let asked = Asked {
            payload,
            carries: Carries { mutations: true, subscriptions: true },
            bearer: caller.bearer().map(str::to_owned),
            language: self.language,
            address: self.address,
            citizen: self.citizen.clone(),
            cookie: None,
        };
        self.begun += 1;
        let (door, letters) = (Arc::clone(&self.door), self.letters.0.clone());
        let operation = Operation::start(door, asked, self.begun, letters, room);
        self.ids.insert(self.begun, id.clone());
        self.operations.insert(id, operation);
        Ok(())
    }

    /// What an operation tells, unless the client has ended it meanwhile.
    async fn deliver(&mut self, socket: &mut WebSocket, (number, told): Letter) -> Result<(), End> {
        let Some(id) = self.ids.get(&number).cloned() else {
            return Ok(());
        };
        if let Told::Next(result) = &told {
            return say(socket, protocol::with_payload("next", &id, result)).await;
        }
        self.forget(&id);
        match told {
            Told::Revoked => Err(Close::Forbidden.into()),
            Told::Error(errors) => say(socket, protocol::with_payload("error", &id, &errors)).await,
            Told::Next(_) | Told::Complete => say(socket, protocol::complete(&id)).await,
        }
    }

    fn forget(&mut self, id: &str) {
        if let Some(operation) = self.operations.remove(id) {
            self.ids.remove(&operation.number);
        }
    }
}

async fn say(socket: &mut WebSocket, text: String) -> Result<(), End> {
    send(socket, Message::Text(text.into())).await
}

/// A client that takes nothing for ten seconds is let go: what waits for it is bounded.
async fn send(socket: &mut WebSocket, message: Message) -> Result<(), End> {
    match tokio::time::timeout(SEND, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        _ => Err(End::Gone),
    }
}

/// Says why, and waits for the client to have read it: what is closed at once is lost with what was not read yet.
async fn farewell(socket: &mut WebSocket, close: &Close) {
    let frame = Message::Close(Some(close.frame()));
    let said = async {
        if socket.send(frame).await.is_ok() {
            while let Some(Ok(_)) = socket.recv().await {}
        }
    };
    // Whoever does not answer in time is closed all the same.
    let _ = tokio::time::timeout(FAREWELL, said).await;
}

fn too_many_operations() -> ApiError {
    ApiError::new(
        ErrorCode::RateLimited,
        format!("一个连接最多同时进行 {MAX_OPERATIONS} 个操作，同一账号所有连接合计亦有上限"),
        format!(
            "A connection carries at most {MAX_OPERATIONS} operations at once, and all of an account's have a limit too"
        ),
    )
}
