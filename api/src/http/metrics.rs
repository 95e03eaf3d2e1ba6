//! What the service counts of itself, for Prometheus (监控指标): operations by name and outcome, how long they took, how
//! many run, how many connections and sockets are open. Never who asked or what.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::app::board::Board;

/// Most names of operations that are told apart: each is a time series, and clients choose them.
const MOST_NAMES: usize = 200;
/// Longest name that is kept.
const LONGEST_NAME: usize = 64;
/// Upper bounds of the histogram's buckets in seconds: from one read by key to the deadline.
const BUCKETS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0, 20.0];

/// An operation by its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Named {
    operation: String,
}

/// How an operation ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ended {
    operation: String,
    /// `OK`, or the code of its first error.
    code: &'static str,
}

/// The counts of one server.
pub(super) struct Metrics {
    registry: Registry,
    ended: Family<Ended, Counter>,
    seconds: Family<Named, Histogram>,
    /// Operations that run now.
    pub(super) running: Gauge,
    /// Client connections that are open now.
    pub(super) connections: Gauge,
    /// WebSockets and streams of events that are open now.
    pub(super) sockets: Gauge,
    /// Requests that were refused because their caller, or its county, had too many under way.
    pub(super) turned_away: Counter,
    hashes: Gauge,
    names: Mutex<HashSet<String>>,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let mut registry = Registry::with_prefix("minsheng");
        let ended = Family::<Ended, Counter>::default();
        let seconds = Family::<Named, Histogram>::new_with_constructor(|| Histogram::new(BUCKETS));
        let (running, connections) = (Gauge::default(), Gauge::default());
        let (sockets, hashes) = (Gauge::default(), Gauge::default());
        let turned_away = Counter::default();
        registry.register(
            "requests_turned_away",
            "Requests refused because their caller or county had too many under way",
            turned_away.clone(),
        );
        registry.register("operations", "GraphQL operations by name and outcome", ended.clone());
        registry.register("operation_seconds", "Time that GraphQL operations took", seconds.clone());
        registry.register("operations_running", "GraphQL operations that run now", running.clone());
        registry.register("connections_open", "Client connections that are open now", connections.clone());
        registry.register(
            "sockets_open",
            "WebSockets and streams of events that are open now",
            sockets.clone(),
        );
        registry.register(
            "password_hashes_peak",
            "Most password hashes that ran at once; never more than cores",
            hashes.clone(),
        );
        Self {
            registry,
            turned_away,
            hashes,
            ended,
            seconds,
            running,
            connections,
            sockets,
            names: Mutex::default(),
        }
    }

    /// The same with the figures of the background jobs.
    pub(super) fn with_jobs(mut self, jobs: &Board) -> Self {
        jobs.register(&mut self.registry);
        self
    }

    /// Counts an operation that ended, and says under which name.
    pub(super) fn count(&self, operation: Option<&str>, code: &'static str, took: Duration) -> String {
        let operation = self.known(operation);
        self.seconds.get_or_create(&Named { operation: operation.clone() }).observe(took.as_secs_f64());
        let ended = Ended { operation, code };
        self.ended.get_or_create(&ended).inc();
        ended.operation
    }

    /// The name to count under.
    fn known(&self, name: Option<&str>) -> String {
        let Some(name) = name.filter(|name| name.len() <= LONGEST_NAME) else {
            return "unnamed".to_owned();
        };
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if names.contains(name) || (names.len() < MOST_NAMES && names.insert(name.to_owned())) {
            name.to_owned()
        } else {
            "other".to_owned()
        }
    }

    /// All of it, as Prometheus reads it; `hashes` ran at once at most.
    pub(super) fn text(&self, hashes: usize) -> String {
        self.hashes.set(hashes.try_into().unwrap_or(i64::MAX));
        let mut text = String::new();
        // Writing to a String can't fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_clients_choose_do_not_grow_without_bound() {
        let metrics = Metrics::new();
        for name in 0..1_000 {
            metrics.count(Some(&format!("N{name}")), "OK", Duration::from_millis(3));
        }
        metrics.count(Some(&"x".repeat(1_000)), "OK", Duration::ZERO);
        metrics.count(None, "FORBIDDEN", Duration::ZERO);
        let text = metrics.text(1);
        let series = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
        assert_eq!(series("minsheng_operations_total{"), MOST_NAMES + 3);
        assert!(text.contains("minsheng_operations_total{operation=\"unnamed\",code=\"FORBIDDEN\"} 1"));
        assert!(text.contains("minsheng_operations_total{operation=\"other\",code=\"OK\"} 800"));
    }
}
