//! The door (HTTP 入口): everything between the socket and the resolver, in this order: method, content type, bounded
//! body, JSON shape, linear scan, parse, cost, caller, execution with a deadline, status and codes.

mod answer;
mod body;
mod client;
mod connections;
mod cost;
mod credential;
mod door;
mod graphql;
mod language;
mod payload;
mod pipeline;
mod probes;
mod refused;
mod router;
mod scan;
mod server;
mod trace;

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
    /// Longest time for the header of a request, and so for an idle connection.
    pub header_timeout: Duration,
    /// Longest time for the body of a request.
    pub body_timeout: Duration,
    /// Longest time that a reader may leave an answer lying.
    pub write_timeout: Duration,
    /// Most connections at once.
    pub connections: usize,
    /// Most connections at once from one address that is no trusted proxy.
    pub connections_per_address: usize,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            request_timeout: Duration::from_secs(20),
            body_limit: 256 * 1024,
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(30),
            connections: 4_096,
            connections_per_address: 1_024,
            trusted_proxies: Vec::new(),
        }
    }
}
