//! A server on a socket of its own, and a client that speaks graphql-transport-ws to it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use minsheng::app::App;
use minsheng::http::{Door, HttpSettings, bind, serve};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Longest wait for what must come.
const PATIENCE: Duration = Duration::from_secs(8);

/// A server; it is asked to stop when it is dropped.
pub(super) struct Live {
    pub(super) address: SocketAddr,
    app: Arc<App>,
    stop: Option<oneshot::Sender<()>>,
    pub(super) ended: JoinHandle<std::io::Result<()>>,
}

impl Live {
    pub(super) async fn start(app: &Arc<App>) -> Self {
        Self::behind(app, HttpSettings::default()).await
    }

    pub(super) async fn behind(app: &Arc<App>, settings: HttpSettings) -> Self {
        let listener = bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let door = Door::new(Arc::clone(app), settings);
        let ended = tokio::spawn(serve(listener, door, async {
            let _ = stopped.await;
        }));
        Self { address, app: Arc::clone(app), stop: Some(stop), ended }
    }

    pub(super) fn stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    pub(super) fn request(&self) -> Request {
        let mut request = format!("ws://{}/graphql", self.address).into_client_request().unwrap();
        let protocol = "graphql-transport-ws".parse().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", protocol);
        request
    }

    /// A socket whose first message was not sent yet.
    pub(super) async fn connect(&self) -> Socket {
        Socket::open(self.request()).await.unwrap()
    }

    /// A socket of somebody who was let in.
    pub(super) async fn socket(&self, token: Option<&str>) -> Socket {
        let mut socket = self.connect().await;
        socket.init(token).await;
        let answer = socket.next().await;
        assert_eq!(answer, Got::Message(json!({ "type": "connection_ack" })));
        socket
    }

    /// A socket that subscribes and was told that it is ready: what is committed from now on reaches it.
    pub(super) async fn subscribed(&self, token: &str, document: &str, variables: Value) -> Socket {
        let mut socket = self.socket(Some(token)).await;
        self.subscribe(&mut socket, "1", document, variables).await;
        socket
    }

    pub(super) async fn subscribe(&self, socket: &mut Socket, id: &str, document: &str, variables: Value) {
        socket.begin(id, document, variables).await;
        let first = socket.result().await;
        let told = first["data"].as_object().and_then(|data| data.values().next());
        assert_eq!(told.map(|told| &told["kind"]), Some(&json!("READY")), "{first}");
    }

    pub(super) async fn until(&self, come: impl Fn(&App) -> bool) {
        for _ in 0..500 {
            if come(&self.app) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it never came");
    }
}

/// What a socket receives.
#[derive(Debug, PartialEq)]
pub(super) enum Got {
    /// A message.
    Message(Value),
    /// A close frame's code.
    Closed(u16),
    /// The end without one.
    Gone,
}

pub(super) struct Socket(pub(super) WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    pub(super) async fn open(request: Request) -> Result<Self, Error> {
        connect_async(request).await.map(|(socket, _)| Self(socket))
    }

    pub(super) async fn init(&mut self, token: Option<&str>) {
        let payload = token.map(|token| json!({ "authorization": format!("Bearer {token}") }));
        self.send(json!({ "type": "connection_init", "payload": payload })).await;
    }

    pub(super) async fn begin(&mut self, id: &str, document: &str, variables: Value) {
        let payload = json!({ "query": document, "variables": variables });
        self.send(json!({ "type": "subscribe", "id": id, "payload": payload })).await;
    }

    pub(super) async fn send(&mut self, message: Value) {
        self.say(&message.to_string()).await;
    }

    pub(super) async fn say(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    /// The next message or the end; pings are answered by the library.
    pub(super) async fn next(&mut self) -> Got {
        let next = async {
            loop {
                match self.0.next().await {
                    Some(Ok(Message::Text(text))) => {
                        break Got::Message(serde_json::from_str(&text).unwrap());
                    }
                    Some(Ok(Message::Close(Some(frame)))) => {
                        assert!(frame.reason.len() <= 123);
                        break Got::Closed(frame.code.into());
                    }
                    Some(Ok(Message::Close(None)) | Err(_)) | None => break Got::Gone,
                    Some(Ok(_)) => {}
                }
            }
        };
        tokio::time::timeout(PATIENCE, next).await.unwrap()
    }

    /// The next message, which must be a result.
    pub(super) async fn result(&mut self) -> Value {
        match self.next().await {
            Got::Message(message) if message["type"] == "next" => message["payload"].clone(),
            other => panic!("no result: {other:?}"),
        }
    }

    /// The code of the errors for which an operation never began.
    pub(super) async fn refusal(&mut self) -> String {
        match self.next().await {
            Got::Message(message) if message["type"] == "error" => {
                let code = message["payload"][0]["extensions"]["code"].as_str();
                code.unwrap().to_owned()
            }
            other => panic!("not refused: {other:?}"),
        }
    }

    /// Nothing comes for a while.
    pub(super) async fn assert_silent(&mut self) {
        let wait = Duration::from_millis(400);
        let got = tokio::time::timeout(wait, self.next()).await;
        assert!(got.is_err(), "{got:?}");
    }
}
