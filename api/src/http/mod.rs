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

use crate::graphql::introspection::Introspection;

/// Limits of the door, by configuration.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// Deadline of one GraphQL request.
    pub request_timeout: Duration,
    /// Largest request body in bytes.
    pub body_limit: usize,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Whom the schema answers questions about itself.
    pub introspection: Introspection,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            request_timeout: Duration::from_secs(20),
            body_limit: 256 * 1024,
            trusted_proxies: Vec::new(),
            introspection: Introspection::default(),
        }
    }
}
