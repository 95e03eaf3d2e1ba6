//! What has happened (事件): a change that was committed is told to those who subscribe, and each of them reads it anew in
//! a scope of its own.
//!
//! `Tx` writes down which suggestions it changed, and whether anything else, and tells so at the commit; `app::bus` hears that, on whichever server it
//! was committed, and passes it on; a [`Subscriber`] looks whether its caller still stands, opens a snapshot, and shows what
//! is in it.

pub mod graphql;
mod moves;
mod news;
mod payload;
mod queues;
mod subscriber;

pub use payload::ChangeKind;
pub use subscriber::{PerEvent, Subscriber};
