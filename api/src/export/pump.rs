//! From a snapshot to a client (输送): one task reads batches of rows, one thread writes them, and between every two that
//! wait stands a bound. What ends it early ends it so that the client notices.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tracing::Instrument as _;

use super::cell::Cell;
use super::format::Format;
use super::printable::Printed;
use super::source::Source;
use super::ticket::Ticket;
use super::writer::{Frame, Pipe, writer};
use crate::app::App;
use crate::error::{ApiError, ErrorCode};
use crate::graphql::context::Request;
use crate::scope::viewer::Viewer;

/// Batches that wait for the writer.
const BATCHES: usize = 2;
/// Chunks that wait for the client.
const CHUNKS: usize = 4;
/// Time between two looks at the session.
const RECHECK: Duration = Duration::from_secs(5);
/// Longest time for one export.
const LONGEST: Duration = Duration::from_hours(1);

/// An export that is let out.
pub struct Job {
    /// The application.
    pub app: Arc<App>,
    /// In whose scope.
    pub viewer: Viewer,
    /// What, and by whose leave.
    pub ticket: Ticket,
    /// Where it goes.
    pub address: IpAddr,
}

/// What comes out: chunks, and at the end whether that was all.
pub struct Outflow {
    chunks: mpsc::Receiver<Bytes>,
    end: Option<oneshot::Receiver<Result<(), ApiError>>>,
}

impl Outflow {
    /// The next chunk; nothing when the file is whole. After an error it is not, and nothing more comes.
    pub async fn next(&mut self) -> Option<Result<Bytes, ApiError>> {
        while let Some(end) = &mut self.end {
            let ended = tokio::select! {
                ended = &mut *end => ended,
                chunk = self.chunks.recv() => match chunk {
                    Some(chunk) => return Some(Ok(chunk)),
                    None => (&mut *end).await,
                },
            };
            self.end = None;
            let ended = ended.unwrap_or_else(|_| Err(ApiError::internal("an export panicked")));
            if let Err(error) = ended {
                self.chunks.close();
                while self.chunks.try_recv().is_ok() {}
                return Some(Err(error));
            }
        }
        self.chunks.recv().await.map(Ok)
    }
}

/// Waits for a place among the requests of the account that exports.
pub trait Turn<T>: Fn() -> BoxFuture<'static, T> + Send + Sync + 'static {}

impl<T, F: Fn() -> BoxFuture<'static, T> + Send + Sync + 'static> Turn<T> for F {}

/// What goes to the writer; without an end a file is never finished.
enum Feed {
    Rows(Vec<Vec<Cell>>),
    End,
}

/// Opens the snapshot and reads the first rows; the rest follows as it is taken. `closing` returns when the server ends,
/// `held` is given back when the export does. Each batch waits for a `turn` of its own and holds it while it is read, so
/// that an export takes no more of the server than the other requests of its account, and goes after them.
pub async fn begin<T>(
    job: Job,
    closing: impl Future<Output = ()> + Send + 'static,
    held: impl Send + 'static,
    turn: impl Turn<T>,
) -> Result<Outflow, ApiError>
where
    T: Send + 'static,
{
    let Job { app, viewer, ticket, address } = job;
    let request = Request::new(Arc::clone(&app), Some(viewer.clone()), ticket.language, address);
    // Before the snapshot is opened: whoever waits holds no connection.
    let place = turn().await;
    let mut source = ticket.subject.open(&Arc::new(request)).await?;
    let first = source.next().await?;
    drop(place);
    let frame = Frame {
        title: ticket.subject.title().in_language(ticket.language),
        heading: source.heading(),
        preface: source.preface(),
        closing: source.closing(),
        to_write_in: source.to_write_in(),
        columns: source.columns(),
    };
    let (out, chunks) = mpsc::channel(CHUNKS);
    let (rows, fed) = mpsc::channel(BATCHES);
    let (tell, end) = oneshot::channel();
    let format = ticket.format;
    let pipe = Pipe::new(out.clone());
    let writing = tokio::task::spawn_blocking(move || write(format, frame, pipe, fed));
    let pump = async move {
        let mut halt = std::pin::pin!(halted(&app, &viewer, &ticket, &out, closing));
        let fed = feed(source, first, &rows, format, &turn, halt.as_mut()).await;
        let ended = match fed {
            Ok(()) => finish(rows, writing, halt).await,
            Err(error) => Err(error),
        };
        if let Err(error) = &ended {
            tracing::info!(code = error.code().as_str(), "an export ended early");
        }
        drop(held);
        // Nobody listens when the client has gone.
        let _ = tell.send(ended);
    };
    tokio::spawn(pump.in_current_span());
    let end = Some(end);
    Ok(Outflow { chunks, end })
}

/// Hands the rows to the writer to the last, or until something ends it. A statement is never dropped half way: what ends
/// it is looked at between two batches.
async fn feed<T>(
    mut source: Box<dyn Source>,
    first: Vec<Vec<Cell>>,
    rows: &mpsc::Sender<Feed>,
    format: Format,
    turn: &impl Turn<T>,
    mut halt: Pin<&mut impl Future<Output = ApiError>>,
) -> Result<(), ApiError> {
    let (mut batch, mut printed) = (first, Printed::default());
    while !batch.is_empty() {
        if format == Format::Docx {
            printed.add(&batch)?;
        }
        tokio::select! {
            biased;
            reason = halt.as_mut() => return Err(reason),
            // A writer that has failed takes nothing more, and says so at the end.
            sent = rows.send(Feed::Rows(batch)) => if sent.is_err() { break },
        }
        let place = tokio::select! {
            biased;
            reason = halt.as_mut() => return Err(reason),
            place = turn() => place,
        };
        batch = source.next().await?;
        drop(place);
        if let Some(reason) = halt.as_mut().now_or_never() {
            return Err(reason);
        }
    }
    Ok(())
}

/// The rows are read, so the connection is free again; a workbook is still being put together.
async fn finish(
    rows: mpsc::Sender<Feed>,
    writing: JoinHandle<std::io::Result<()>>,
    halt: Pin<&mut impl Future<Output = ApiError>>,
) -> Result<(), ApiError> {
    let _ = rows.send(Feed::End).await;
    tokio::select! {
        biased;
        reason = halt => Err(reason),
        written = writing => match written {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(ApiError::internal(&error.to_string())),
            Err(_) => Err(ApiError::internal("the writer of an export panicked")),
        },
    }
}

/// Returns when the export may not go on: the server ends, the client has gone, the session no longer holds in the same
/// scope, or it takes too long.
async fn halted(
    app: &App,
    viewer: &Viewer,
    ticket: &Ticket,
    out: &mpsc::Sender<Bytes>,
    closing: impl Future<Output = ()>,
) -> ApiError {
    let revoked = async {
        loop {
            tokio::time::sleep(RECHECK).await;
            // While the database is away nothing is read either.
            if let Ok(now) = ticket.pass.viewer(app, app.clock.now()).await
                && now.as_ref() != Some(viewer)
            {
                break;
            }
        }
    };
    tokio::select! {
        () = closing => busy(),
        () = out.closed() => ApiError::new(ErrorCode::Unavailable, "客户端已断开", "The client has gone"),
        () = revoked => ApiError::unauthenticated(),
        () = tokio::time::sleep(LONGEST) => {
            ApiError::new(ErrorCode::Timeout, "导出超时", "The export took too long")
        }
    }
}

fn busy() -> ApiError {
    ApiError::new(
        ErrorCode::Unavailable,
        "系统正在停止，请稍后再试",
        "The server is stopping; try again shortly",
    )
}

fn write(format: Format, frame: Frame, out: Pipe, mut fed: mpsc::Receiver<Feed>) -> std::io::Result<()> {
    let mut writer = writer(format, frame, out)?;
    loop {
        match fed.blocking_recv() {
            Some(Feed::Rows(rows)) => {
                for row in rows {
                    writer.row(row)?;
                }
            }
            Some(Feed::End) => return writer.finish(),
            None => return Err(std::io::ErrorKind::BrokenPipe.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use async_graphql::async_trait::async_trait;

    use super::*;
    use crate::export::Column;

    /// So many batches, each of which looks whether its turn is held.
    struct Watched {
        batches: usize,
        held: Arc<AtomicUsize>,
    }

    #[async_trait]
    impl Source for Watched {
        fn columns(&self) -> Vec<Column> {
            Vec::new()
        }

        async fn next(&mut self) -> Result<Vec<Vec<Cell>>, ApiError> {
            assert_eq!(self.held.load(Ordering::SeqCst), 1);
            self.batches -= 1;
            Ok(vec![Vec::new(); self.batches])
        }
    }

    struct Held(Arc<AtomicUsize>);

    impl Drop for Held {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::SeqCst);
        }
    }

    #[tokio::test]
    async fn each_batch_is_read_in_a_turn_of_its_own() {
        let held = Arc::new(AtomicUsize::new(0));
        let source = Box::new(Watched { batches: 3, held: Arc::clone(&held) });
        let counted = Arc::clone(&held);
        let turn = move || {
            counted.fetch_add(1, Ordering::SeqCst);
            let turn = Held(Arc::clone(&counted));
            async move { turn }.boxed()
        };
        let (rows, mut fed) = mpsc::channel(8);
        let halt = std::pin::pin!(std::future::pending());
        let first = vec![Vec::new()];
        feed(source, first, &rows, Format::Csv, &turn, halt).await.unwrap();
        drop(rows);
        assert_eq!(held.load(Ordering::SeqCst), 0);
        let mut batches = 0;
        while fed.recv().await.is_some() {
            batches += 1;
        }
        assert_eq!(batches, 3);
    }
}
