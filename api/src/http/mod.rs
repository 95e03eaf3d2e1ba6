//! The door (HTTP 入口): everything between the socket and the resolver, in this order: method, content type, bounded
//! body, JSON shape, linear scan, parse, cost, caller, execution with a deadline, status and codes.

mod answer;
mod audience;
mod body;
mod client;
mod connections;
mod cost;
mod credential;
mod documents;
mod door;
mod explorer;
mod exports;
mod graphql;
mod headers;
mod language;
mod limits;
mod metrics;
mod order;
mod origin;
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

use std::sync::Arc;
use std::time::Duration;

pub use audience::Audience;
pub use client::Network;
pub use documents::Documents;
pub use door::Door;
pub use limits::Limits;
pub use router::router;
pub use server::{ServeError, bind, serve};

use crate::config::Sensitive;

/// Limits of the door, by configuration.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// Deadline of one GraphQL request.
    pub request_timeout: Duration,
    /// What one request may ask.
    pub limits: Limits,
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
    /// Other origins whose pages may call, such as `https://portal.example`.
    pub allowed_origins: Vec<String>,
    /// Who may collect `/metrics`.
    pub metrics_networks: Vec<Network>,
    /// Trusted documents, and whose free text is served.
    pub documents: Arc<Documents>,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// What `/explorer` offers to sign in with, as JSON: in a demonstration on its own machine, and nowhere else.
    pub demo_accounts: Option<Sensitive>,
    /// Most connections that stay: sockets and streams of events.
    pub sockets: u32,
    /// Most of them of one account.
    pub sockets_of_account: usize,
    /// Most of them from one address that have shown no token.
    pub sockets_of_address: usize,
    /// Whom the schema answers questions about itself.
    pub introspection: Audience,
    /// Most exports under way at once; each holds a database connection.
    pub exports: u32,
    /// Most of them of one account.
    pub exports_of_account: usize,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            request_timeout: Duration::from_secs(20),
            limits: Limits::USUAL,
            body_limit: 256 * 1024,
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(30),
            connections: 4_096,
            connections_per_address: 1_024,
            allowed_origins: Vec::new(),
            metrics_networks: Network::loopback(),
            documents: Arc::default(),
            trusted_proxies: Vec::new(),
            demo_accounts: None,
            sockets: 2_000,
            sockets_of_account: 100,
            sockets_of_address: 200,
            introspection: Audience::SignedIn,
            exports: 2,
            exports_of_account: 1,
        }
    }
}
