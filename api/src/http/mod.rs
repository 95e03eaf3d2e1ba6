//! The door (HTTP 入口): everything between the socket and the resolver, in this order: method, content type, bounded
//! body, JSON shape, linear scan, parse, cost, caller, execution with a deadline, status and codes.

mod answer;
mod body;
mod client;
mod connections;
mod cost;
mod counts;
mod credential;
mod documents;
mod door;
mod explorer;
mod exports;
mod graphql;
mod headers;
mod labels;
mod language;
mod metrics;
mod misfit;
mod nowhere;
mod order;
mod origin;
mod pace;
mod parsed;
mod payload;
mod pipeline;
mod places;
mod probes;
mod refusals;
mod refused;
mod router;
mod running;
mod scan;
mod seats;
mod server;
mod shares;
mod socket;
mod sse;
mod trace;
mod vigil;
mod writes;

use std::sync::Arc;
use std::time::Duration;

pub use client::Network;
pub use documents::Documents;
pub use door::Door;
pub use router::router;
pub use server::{ServeError, bind, serve};

use crate::audience::Audience;
use crate::limits::request::Limits;
use crate::sensitive::Sensitive;

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
    /// Longest time that a reader may leave an answer lying, or be behind the slowest pace.
    pub write_timeout: Duration,
    /// Fewest bytes a minute that a reader takes of what waits for it.
    pub slowest_reader: u32,
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
    /// Most requests at once of one account; more of it wait.
    pub requests_of_account: usize,
    /// Most at once of one address that has shown no token.
    pub requests_of_address: usize,
    /// Most at once of one portal, for all of its citizens.
    pub requests_of_portal: usize,
    /// How long a request waits for its caller's others.
    pub share_wait: Duration,
    /// How much one county may have at once of the database's connections and of the sockets, in percent; all who are not
    /// signed in together have as much.
    pub county_percent: u32,
    /// Most connections that stay: sockets and streams of events.
    pub sockets: u32,
    /// Most of them of one account.
    pub sockets_of_account: usize,
    /// Most of them from one address that have shown no token.
    pub sockets_of_address: usize,
    /// Most operations of one account on all of its sockets together.
    pub socket_operations_of_account: usize,
    /// Whom the schema answers questions about itself.
    pub introspection: Audience,
    /// Most exports under way at once; each holds a database connection.
    pub exports: u32,
    /// Most of them of one account.
    pub exports_of_account: usize,
    /// Most of them of one county.
    pub exports_of_county: usize,
}

impl HttpSettings {
    /// One county's share of something, at least one.
    fn county_share(&self, all: u32) -> usize {
        let share = u64::from(all) * u64::from(self.county_percent) / 100;
        usize::try_from(share).unwrap_or(usize::MAX).max(1)
    }
}

/// So that one caller, whatever it asks, leaves a core to the others; more than four help nobody.
fn half_of_the_cores() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    (cores / 2).clamp(1, 4)
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
            slowest_reader: 4 * 1024 * 1024,
            connections: 4_096,
            connections_per_address: 1_024,
            allowed_origins: Vec::new(),
            metrics_networks: Network::loopback(),
            documents: Arc::default(),
            trusted_proxies: Vec::new(),
            demo_accounts: None,
            requests_of_account: half_of_the_cores(),
            requests_of_address: half_of_the_cores(),
            requests_of_portal: 8,
            share_wait: Duration::from_secs(5),
            county_percent: 75,
            sockets: 2_000,
            sockets_of_account: 100,
            sockets_of_address: 200,
            socket_operations_of_account: 200,
            introspection: Audience::SignedIn,
            exports: 4,
            exports_of_account: 1,
            exports_of_county: 2,
        }
    }
}
