//! The listening socket, and the end of the server.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::mpsc;
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

use super::connections::{Connections, Place};
use super::door::Door;
use super::pace::{Floor, Paced};
use super::router::router;
use crate::refusal::{Message, message};

/// How long open connections may go on after the signal.
const DRAIN: Duration = Duration::from_secs(20);
/// How long executions whose clients have gone may go on after that.
const FINISH: Duration = Duration::from_secs(5);
/// How long to wait when no connection can be taken.
const BREATH: Duration = Duration::from_millis(200);
/// Most connections that wait to be taken; the system may allow fewer.
const MOST_WAITING: u32 = 4_096;
/// Most bytes of a request's header.
const MOST_HEADER: usize = 32 * 1024;

/// Why the server can't listen.
#[derive(Debug)]
pub enum ServeError {
    /// Somebody else listens there.
    InUse(SocketAddr),
    /// The system does not let this user listen there.
    NotPermitted(SocketAddr),
    /// The machine has no such address.
    NoSuchAddress(SocketAddr),
    /// Anything else.
    Failed(SocketAddr, io::Error),
}

impl ServeError {
    /// Where it was tried, and what to do.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::InUse(address) => message!(
                "监听地址 {address} 已被占用；请停止占用它的程序，或用 --listen、MINSHENG_LISTEN 换一个端口",
                "{address}: the port is in use; stop the other program, or set another by --listen or MINSHENG_LISTEN"
            ),
            Self::NotPermitted(address) => message!(
                "无权监听 {address}；1024 以下端口需要 root 或 CAP_NET_BIND_SERVICE，可用 --listen、MINSHENG_LISTEN 换一个端口",
                "{address}: not permitted; ports below 1024 need root or CAP_NET_BIND_SERVICE, set another by --listen or \
                 MINSHENG_LISTEN"
            ),
            Self::NoSuchAddress(address) => message!(
                "本机没有地址 {address}；0.0.0.0 代表本机全部地址",
                "{address}: this machine has no such address; 0.0.0.0 stands for all that it has"
            ),
            Self::Failed(address, error) => {
                message!("无法监听 {address}：{error}", "{address}: can't listen there: {error}")
            }
        }
    }
}

/// Listens, or says what to do.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    listen(address).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => ServeError::InUse(address),
        io::ErrorKind::PermissionDenied => ServeError::NotPermitted(address),
        io::ErrorKind::AddrNotAvailable => ServeError::NoSuchAddress(address),
        _ => ServeError::Failed(address, error),
    })
}

/// As the runtime's own listener, but with room for as many that wait as may be served: what overflows is heard of by
/// nobody, seconds later.
fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(MOST_WAITING)
}

/// Serves until `stop`, then takes no more connections and lets what is under way end, for at most 25 seconds.
pub async fn serve(
    listener: TcpListener,
    door: Arc<Door>,
    stop: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let router = router(Arc::clone(&door));
    let connections = Connections::new(&door.settings, door.metrics.connections.clone());
    // Everyone who serves a connection holds a sender; when the last is dropped, all have ended.
    let (alive, mut ended) = mpsc::channel::<()>(1);
    let mut stop = std::pin::pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    recover(&error).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        match connections.place(peer.ip()) {
            Some(place) => take(stream, peer, &router, Arc::clone(&door), place, alive.clone()),
            None => turn_away(&stream),
        }
    }
    drop((listener, alive));
    door.close();
    if tokio::time::timeout(DRAIN, ended.recv()).await.is_err() {
        tracing::warn!("connections are cut off after {} s", DRAIN.as_secs());
    }
    if !door.idle(FINISH).await {
        tracing::warn!("requests are cut off after {} s more", FINISH.as_secs());
    }
    Ok(())
}

/// Serves one connection in a task of its own. HTTP/1.1 alone: it is what proxies speak to us.
fn take(
    stream: TcpStream,
    peer: SocketAddr,
    router: &Router,
    door: Arc<Door>,
    place: Place,
    alive: mpsc::Sender<()>,
) {
    // An answer is one piece; waiting for more to send only delays it. It works without, too.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(door.settings.write_timeout));
    let floor = Floor::new(door.settings.slowest_reader, door.settings.write_timeout);
    let router = router.clone();
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request.map(Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(door.settings.header_timeout)
        .max_buf_size(MOST_HEADER)
        .max_headers(100)
        .serve_connection(TokioIo::new(Paced::new(Box::pin(stream), floor)), service)
        .with_upgrades();
    tokio::spawn(async move {
        let mut connection = std::pin::pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = door.closed() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        // A client that breaks off is its own affair.
        if let Err(error) = ended {
            tracing::debug!(%error, "connection ended");
        }
        drop((place, alive));
    });
}

/// Says so and hangs up: all places are taken. In Chinese, for no header was read that would ask for another language. A new socket's buffer is empty, so nothing waits here.
fn turn_away(stream: &TcpStream) {
    let body = r#"{"errors":[{"message":"连接数已满，请稍后再试","extensions":{"code":"UNAVAILABLE"}}]}"#;
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json; charset=utf-8\r\n\
         content-length: {}\r\nretry-after: 1\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    if let Err(error) = stream.try_write(answer.as_bytes()) {
        tracing::debug!(%error, "a connection too many was closed without a word");
    }
}

/// A connection that broke off before it was taken is nothing; when the process may open no more files, those that end
/// make room.
async fn recover(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        return;
    }
    tracing::error!(%error, "no connection can be taken");
    tokio::time::sleep(BREATH).await;
}
