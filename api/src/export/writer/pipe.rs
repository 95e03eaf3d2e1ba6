//! From a thread that writes to a client that reads: bounded, so that a slow reader slows the writer.

use std::io::{self, Write};

use axum::body::Bytes;
use tokio::sync::mpsc;

/// Bytes that go out at once.
const CHUNK: usize = 64 * 1024;

/// The writing end.
pub(in crate::export) struct Pipe {
    out: mpsc::Sender<Bytes>,
    buffer: Vec<u8>,
}

impl Pipe {
    pub(in crate::export) fn new(out: mpsc::Sender<Bytes>) -> Self {
        Self { out, buffer: Vec::with_capacity(CHUNK) }
    }

    fn send(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let full = std::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK));
        self.out.blocking_send(full.into()).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = CHUNK - self.buffer.len();
        let taken = bytes.len().min(room);
        self.buffer.extend_from_slice(&bytes[..taken]);
        if self.buffer.len() == CHUNK {
            self.send()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.send()
    }
}
