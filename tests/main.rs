//! The one test binary: each file one behaviour, each behaviour on both databases. Run it with `tests/run`.
#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod http;
mod descriptions;
mod schema;
mod support;
mod walker;
mod walls;
