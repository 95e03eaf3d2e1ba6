//! The listening socket, and the end of the server.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use super::door::Door;
use super::router::router;

/// How long open connections may go on after the signal.
const DRAIN: Duration = Duration::from_secs(20);
/// How long executions whose clients have gone may go on after that.
const FINISH: Duration = Duration::from_secs(5);

/// Why the server can't listen or go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Somebody else listens there.
    #[error("{0}: the port is in use; stop the other program or set another MINSHENG_LISTEN")]
    InUse(SocketAddr),
    /// The system does not let this user listen there.
    #[error(
        "{0}: not permitted; ports below 1024 need root or CAP_NET_BIND_SERVICE, set another MINSHENG_LISTEN"
    )]
    NotPermitted(SocketAddr),
    /// The machine has no such address.
    #[error("{0}: this machine has no such address; 0.0.0.0 stands for all that it has")]
    NoSuchAddress(SocketAddr),
    /// Anything else.
    #[error("{0}: {1}")]
    Failed(SocketAddr, io::Error),
}

/// Listens, or says what to do.
pub async fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address)
        .await
        .map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => ServeError::InUse(address),
            io::ErrorKind::PermissionDenied => ServeError::NotPermitted(address),
            io::ErrorKind::AddrNotAvailable => ServeError::NoSuchAddress(address),
            _ => ServeError::Failed(address, error),
        })
}

/// Serves until `stop`, then takes no more connections and lets what is under way end, for at most 25 seconds.
pub async fn serve(
    listener: TcpListener,
    door: Arc<Door>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (tell, told) = tokio::sync::oneshot::channel();
    let closing = Arc::clone(&door);
    let stopped = async move {
        stop.await;
        closing.close();
        // Nobody listens any more only when serving has failed, and then there is nothing to drain.
        let _ = tell.send(());
    };
    let service = router(Arc::clone(&door)).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(stopped);
    tokio::select! {
        ended = serving.into_future() => ended?,
        () = past_draining(told) => tracing::warn!("connections are cut off after {} s", DRAIN.as_secs()),
    }
    if !door.idle(FINISH).await {
        tracing::warn!("requests are cut off after {} s more", FINISH.as_secs());
    }
    Ok(())
}

async fn past_draining(told: tokio::sync::oneshot::Receiver<()>) {
    if told.await.is_ok() {
        tokio::time::sleep(DRAIN).await;
    } else {
        std::future::pending::<()>().await;
    }
}
