//! The door (HTTP 入口): everything between the socket and the resolver, in this order: method, content type, bounded
//! body, JSON shape, linear scan, parse, cost, caller, execution with a deadline, status and codes.

mod answer;
mod body;
mod client;
mod cost;
mod credential;
mod door;
mod explorer;
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

use crate::config::Sensitive;

/// Limits of the door, by configuration.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// Deadline of one GraphQL request.
    pub request_timeout: Duration,
    /// Largest request body in bytes.
    pub body_limit: usize,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// What `/explorer` offers to sign in with, as JSON: in a demonstration on its own machine, and nowhere else.
    pub demo_accounts: Option<Sensitive>,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            request_timeout: Duration::from_secs(20),
            body_limit: 256 * 1024,
            trusted_proxies: Vec::new(),
            demo_accounts: None,
        }
    }
}
