//! A floor under the pace of readers (最低读取速度): who takes an answer or a file byte by byte must not hold what was
//! made for it for an hour. A reader may fall behind the floor by so long, and catches up by reading faster.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

/// A connection whose reader is held to a pace.
pub(super) struct Paced<S> {
    stream: S,
    floor: Floor,
    /// Since when the reader is waited for.
    waiting: Option<Instant>,
}

/// How far the reader is behind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Floor {
    bytes_a_minute: u32,
    longest: Duration,
    behind: Duration,
}

impl Floor {
    /// So many bytes a minute, and how long a reader may be behind.
    pub(super) const fn new(bytes_a_minute: u32, longest: Duration) -> Self {
        Self { bytes_a_minute, longest, behind: Duration::ZERO }
    }

    /// Notes that bytes were taken after a wait; says whether the reader keeps up.
    fn took(&mut self, bytes: usize, waited: Duration) -> bool {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let earned = Duration::from_mins(1) * bytes / self.bytes_a_minute.max(1);
        self.behind = (self.behind + waited).saturating_sub(earned);
        self.behind <= self.longest
    }
}

impl<S> Paced<S> {
    pub(super) const fn new(stream: S, floor: Floor) -> Self {
        Self { stream, floor, waiting: None }
    }

    /// What became of a write: while it is pending the reader is waited for.
    fn judge(&mut self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match written {
            Poll::Pending => {
                self.waiting.get_or_insert_with(Instant::now);
                Poll::Pending
            }
            Poll::Ready(Ok(bytes)) => {
                let waited = self.waiting.take();
                let waited = waited.map_or(Duration::ZERO, |since| since.elapsed());
                if self.floor.took(bytes, waited) {
                    return Poll::Ready(Ok(bytes));
                }
                let slow = io::Error::new(io::ErrorKind::TimedOut, "the client reads too slowly");
                Poll::Ready(Err(slow))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write(cx, bytes);
        this.judge(written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write_vectored(cx, pieces);
        this.judge(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_reader_at_the_floor_goes_on_and_one_below_it_is_found_out() {
        let mut floor = Floor::new(60_000, 30 * SECOND);
        assert!((0..3_600).all(|_| floor.took(1_000, SECOND)));
        let mut floor = Floor::new(60_000, 30 * SECOND);
        let kept = (0..3_600).take_while(|_| floor.took(500, SECOND)).count();
        assert_eq!(kept, 60, "half a second behind with each second");
    }

    #[test]
    fn a_pause_is_caught_up_with_and_haste_is_not_saved_up() {
        let mut floor = Floor::new(60_000, 30 * SECOND);
        assert!(floor.took(0, 29 * SECOND));
        assert!(floor.took(29_000, Duration::ZERO));
        assert!(floor.took(0, 29 * SECOND));
        assert!(floor.took(10_000_000, Duration::ZERO));
        assert!(!floor.took(0, 31 * SECOND));
    }
}
