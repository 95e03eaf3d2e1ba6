//! The door (HTTP 入口): everything between the socket and the resolver, in this order: method, content type, bounded
//! body, JSON shape, linear scan, parse, cost, caller, execution with a deadline, status and codes.

mod answer;
mod body;
mod client;
mod cost;
mod credential;
mod door;
mod graphql;
mod language;
mod payload;
mod pipeline;
mod places;
mod probes;
mod refused;
mod router;
mod scan;
mod server;
mod socket;
mod sse;
mod trace;
mod vigil;

use std::time::Duration;

pub use client::Network;
pub use door::Door;
pub use router::router;
pub use server::{ServeError, bind, serve};

/// Limits of the door, by configuration.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// Deadline of one GraphQL request.
    pub request_timeout: Duration,
    /// Largest request body in bytes.
    pub body_limit: usize,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Pages of which other origins may open a socket.
    pub allowed_origins: Vec<String>,
    /// Most connections that stay: sockets and streams of events.
    pub sockets: u32,
    /// Most of them of one account.
    pub sockets_of_account: usize,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            request_timeout: Duration::from_secs(20),
            body_limit: 256 * 1024,
            trusted_proxies: Vec::new(),
            allowed_origins: Vec::new(),
            sockets: 2_000,
            sockets_of_account: 100,
        }
    }
}
