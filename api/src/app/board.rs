//! How the jobs of a server stand (后台任务状态): for `/metrics`, and for whether the server is ready.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Upper bounds of the histogram's buckets in seconds: from a look that finds nothing to a backlog.
const BUCKETS: [f64; 7] = [0.005, 0.025, 0.1, 0.5, 2.0, 10.0, 60.0];

/// A job by its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Named {
    job: &'static str,
}

/// What becomes of readiness when a job stands still. A database that refuses a job's writes refuses everybody's, and
/// then reads should go on: so no job that fails takes a server away, and only one that never ends a turn does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// `/health/ready` says `degraded` and names it, with status 200: any server may do the work.
    Warns,
    /// The same; and where no turn ends any more, neither well nor ill, status 503: the work is this server's alone, and
    /// what it holds in memory would be lost.
    Stops,
}

/// What is expected of a job.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    /// Its name.
    pub job: &'static str,
    /// How long it may be without success before it counts as standing still.
    pub patience: TimeDelta,
    /// What becomes of readiness then.
    pub effect: Effect,
}

/// The standing of the jobs of one server.
#[derive(Default)]
pub struct Board {
    jobs: Mutex<BTreeMap<&'static str, Standing>>,
    last_success: Family<Named, Gauge>,
    failures: Family<Named, Counter>,
    seconds: Seconds,
}

struct Seconds(Family<Named, Histogram>);

impl Default for Seconds {
    fn default() -> Self {
        Self(Family::new_with_constructor(|| Histogram::new(BUCKETS)))
    }
}

struct Standing {
    patience: TimeDelta,
    effect: Effect,
    /// The last success, or the server's start.
    succeeded: DateTime<Utc>,
    /// The last turn that ended by itself, well or ill.
    ended: DateTime<Utc>,
}

/// Whether the jobs let a server be ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fitness {
    /// All of them go on.
    Sound,
    /// These stand still, and the server goes on without them.
    Degraded(Vec<&'static str>),
    /// These no longer end a turn, and what they do is this server's alone.
    Unfit(Vec<&'static str>),
}

impl Board {
    /// From now on these jobs are expected to go on.
    pub fn expect(&self, jobs: impl IntoIterator<Item = Expected>, now: DateTime<Utc>) {
        self.with(|standings| {
            for Expected { job, patience, effect } in jobs {
                standings.insert(job, Standing { patience, effect, succeeded: now, ended: now });
                // Shown from the start, so that an alarm has something to look at.
                drop(self.failures.get_or_create(&Named { job }));
            }
        });
    }

    /// A turn ended well.
    pub fn succeeded(&self, job: &'static str, now: DateTime<Utc>, took: Duration) {
        let named = Named { job };
        self.last_success.get_or_create(&named).set(now.timestamp());
        self.seconds.0.get_or_create(&named).observe(took.as_secs_f64());
        self.with(|standings| {
            if let Some(standing) = standings.get_mut(job) {
                (standing.succeeded, standing.ended) = (now, now);
            }
        });
    }

    /// A turn failed.
    pub fn failed(&self, job: &'static str, now: DateTime<Utc>, took: Duration) {
        self.panicked(job, took);
        self.with(|standings| {
            if let Some(standing) = standings.get_mut(job) {
                standing.ended = now;
            }
        });
    }

    /// A turn did not end by itself.
    pub fn panicked(&self, job: &'static str, took: Duration) {
        let named = Named { job };
        self.failures.get_or_create(&named).inc();
        self.seconds.0.get_or_create(&named).observe(took.as_secs_f64());
    }

    /// When a job succeeded last; before that, when it was begun with.
    #[must_use]
    pub fn last_success(&self, job: &str) -> Option<DateTime<Utc>> {
        self.with(|standings| standings.get(job).map(|standing| standing.succeeded))
    }

    /// How often a job failed.
    #[must_use]
    pub fn failures(&self, job: &'static str) -> u64 {
        self.failures.get_or_create(&Named { job }).get()
    }

    /// How the server stands by its jobs.
    #[must_use]
    pub fn fitness(&self, now: DateTime<Utc>) -> Fitness {
        let (mut late, mut stuck) = (Vec::new(), Vec::new());
        self.with(|standings| {
            for (name, standing) in standings.iter() {
                if now - standing.succeeded > standing.patience {
                    late.push(*name);
                }
                if standing.effect == Effect::Stops && now - standing.ended > standing.patience {
                    stuck.push(*name);
                }
            }
        });
        match (late.is_empty(), stuck.is_empty()) {
            (_, false) => Fitness::Unfit(stuck),
            (false, true) => Fitness::Degraded(late),
            (true, true) => Fitness::Sound,
        }
    }

    /// Shows the jobs among the other figures of the server.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "job_last_success_seconds",
            "When a background job succeeded last, in seconds since 1970",
            self.last_success.clone(),
        );
        registry.register(
            "job_failures",
            "Turns of background jobs that failed or panicked",
            self.failures.clone(),
        );
        registry.register("job_seconds", "Time that turns of background jobs took", self.seconds.0.clone());
    }

    fn with<T>(&self, act: impl FnOnce(&mut BTreeMap<&'static str, Standing>) -> T) -> T {
        act(&mut self.jobs.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(job: &'static str, effect: Effect) -> Expected {
        Expected { job, patience: TimeDelta::minutes(2), effect }
    }

    #[test]
    fn a_job_that_fails_warns_and_only_one_that_never_ends_stops_the_server() {
        let board = Board::default();
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        let took = Duration::from_millis(3);
        board.expect([expected("notes", Effect::Stops), expected("seal", Effect::Warns)], at(0));
        assert_eq!(board.fitness(at(120)), Fitness::Sound);
        board.succeeded("notes", at(121), took);
        assert_eq!(board.fitness(at(121)), Fitness::Degraded(vec!["seal"]));
        board.succeeded("seal", at(122), took);
        assert_eq!(board.fitness(at(123)), Fitness::Sound);
        board.failed("notes", at(300), took);
        board.succeeded("seal", at(300), took);
        assert_eq!(board.fitness(at(300)), Fitness::Degraded(vec!["notes"]));
        board.panicked("notes", took);
        board.succeeded("seal", at(421), took);
        assert_eq!(board.fitness(at(421)), Fitness::Unfit(vec!["notes"]));
        assert_eq!(board.failures("notes"), 2);
        let mut registry = Registry::default();
        board.register(&mut registry);
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &registry).unwrap();
        assert!(text.contains("job_last_success_seconds{job=\"seal\"} 421"), "{text}");
    }
}
