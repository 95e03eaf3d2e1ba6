//! Background work is supervised: one server at a time, none stopped by another, all of it told, nothing lost at the end.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use chrono::TimeDelta;
use entity::audit_entry;
use entity::enums::{AuditAction, Position};
use minsheng::app::App;
use minsheng::app::board::Effect;
use minsheng::background::job::work;
use minsheng::background::{Background, Job, Work};
use minsheng::jobs;
use serde_json::{Value, json};

use crate::support::binary::Server;
use crate::support::personas::HUOQIU;
use crate::support::records::code;
use crate::support::{TestApp, on_both_databases};

/// Longest wait for what must come.
const PATIENCE: Duration = Duration::from_secs(20);
/// Time in which a job that may not run would have run.
const LONG_ENOUGH: Duration = Duration::from_millis(2_500);

fn job(name: &'static str, work: Work) -> Job {
    Job { name, period: TimeDelta::seconds(1), patience: TimeDelta::minutes(2), effect: Effect::Warns, work }
}

async fn until(what: &str, true_now: impl Fn() -> bool) {
    let wait = async {
        while !true_now() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, wait).await.is_ok(), "{what}");
}

/// A server whose job writes down that it was this server's turn.
fn server(app: &Arc<App>, number: u32, turns: &Arc<Mutex<Vec<u32>>>) -> Background {
    let turns = Arc::clone(turns);
    let mark = work(move |turn| {
        let turns = Arc::clone(&turns);
        async move {
            let mark = |_: Arc<App>, _| {
                turns.lock().unwrap().push(number);
                std::future::ready(Ok(()))
            };
            turn.in_each(vec![code(HUOQIU)], mark).await
        }
    });
    Background::start(Arc::clone(app), vec![job("mark", mark)])
}

async fn get(app: &TestApp, path: &str) -> (u16, String) {
    let request = Request::get(path).header("host", "127.0.0.1").body(Body::empty()).unwrap();
    let (status, _, text) = app.send(request).await;
    (status.as_u16(), text)
}

on_both_databases! {
    async fn of_two_servers_one_does_a_job_and_the_other_follows_when_it_ends_or_is_gone(app: TestApp) {
        let app = app.with_both_counties().await;
        let (others, thirds) = (app.another().await, app.another().await);
        let turns = Arc::new(Mutex::new(Vec::new()));
        let did = |number: u32| turns.lock().unwrap().contains(&number);
        let first = server(&app.app, 1, &turns);
        until("the first server's turn", || did(1)).await;
        let second = server(&others, 2, &turns);
        tokio::time::sleep(LONG_ENOUGH).await;
        assert!(!did(2), "the first one holds the lease");
        first.stop().await;
        until("the second server's turn, after the first handed over", || did(2)).await;

        // Dropped is as good as killed: nothing is handed back.
        drop(second);
        tokio::time::sleep(Duration::from_millis(100)).await;
        let third = server(&thirds, 3, &turns);
        tokio::time::sleep(LONG_ENOUGH).await;
        assert!(!did(3), "the lease of the one that was killed still runs");
        thirds.clock.set(thirds.clock.now() + TimeDelta::seconds(61));
        until("the third server's turn, once the lease is over", || did(3)).await;
        third.stop().await;
    }

    async fn a_job_that_panics_starts_again_and_stops_no_other(app: TestApp) {
        let turns = Arc::new(Mutex::new((0, 0)));
        let (ours, others) = (Arc::clone(&turns), Arc::clone(&turns));
        let panics = work(move |_| {
            let number = {
                let mut turns = ours.lock().unwrap();
                turns.0 += 1;
                turns.0
            };
            async move {
                assert!(number > 1, "a defect");
                Ok(())
            }
        });
        let goes_on = work(move |_| {
            others.lock().unwrap().1 += 1;
            std::future::ready(Ok(()))
        });
        let background = Background::start(Arc::clone(&app.app), vec![job("panics", panics), job("goes-on", goes_on)]);
        until("further turns of both", || {
            let turns = *turns.lock().unwrap();
            turns.0 >= 2 && turns.1 >= 2
        }).await;
        background.stop().await;
        assert_eq!((app.app.jobs.failures("panics"), app.app.jobs.failures("goes-on")), (1, 0));
        let (_, metrics) = get(&app, "/metrics").await;
        let at = app.app.clock.now().timestamp();
        for line in [
            format!("minsheng_job_last_success_seconds{{job=\"panics\"}} {at}\n"),
            "minsheng_job_failures_total{job=\"panics\"} 1\n".to_owned(),
            "minsheng_job_failures_total{job=\"goes-on\"} 0\n".to_owned(),
        ] {
            assert!(metrics.contains(&line), "{line}{metrics}");
        }
    }

    async fn a_job_that_stands_still_is_told_by_readiness(app: TestApp) {
        let now = || app.app.clock.now();
        let took = Duration::from_millis(1);
        app.app.jobs.expect(jobs::all().iter().map(Job::expected), now());
        let ready = async || {
            let (status, text) = get(&app, "/health/ready").await;
            (status, serde_json::from_str::<Value>(&text).unwrap())
        };
        assert_eq!(ready().await, (200, json!({ "status": "ready" })));
        app.app.clock.set(now() + TimeDelta::minutes(6));
        app.app.jobs.failed("notes", now(), took);
        let degraded = json!({ "status": "degraded", "jobs": ["fold", "notes", "seal"] });
        assert_eq!(ready().await, (200, degraded), "a database that refuses writes takes no server away");
        for job in ["fold", "notes", "seal"] {
            app.app.jobs.succeeded(job, now(), took);
        }
        assert_eq!(ready().await, (200, json!({ "status": "ready" })));
        app.app.clock.set(now() + TimeDelta::minutes(3));
        assert_eq!(ready().await, (503, json!({ "status": "unavailable", "jobs": ["notes"] })), "its turns no longer end");
    }

    async fn what_waits_is_written_before_the_background_ends(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let background = Background::start(Arc::clone(&app.app), jobs::all());
        for _ in 0..15 {
            let (_, answer) = app.graphql(Some(&clerk.token), "{ auditEntries { nodes { id } } }", json!({})).await;
            assert_eq!(crate::support::code(&answer), "FORBIDDEN");
        }
        background.stop().await;
        let tx = app.county_read(HUOQIU).await;
        let lines = tx.from::<audit_entry::Entity>().all().await.unwrap();
        let refused = lines.iter().filter(|line| line.action == AuditAction::Forbidden);
        assert_eq!(refused.map(|line| line.detail["count"].as_u64().unwrap_or(1)).sum::<u64>(), 15);
        assert_eq!(tx.from::<entity::job_lease::Entity>().count().await.unwrap(), 0, "leases are handed back");
    }

    async fn a_server_that_is_asked_to_end_writes_the_notes_of_its_last_second(app: TestApp) {
        let server = Server::start(&app.database);
        let http = reqwest::Client::new();
        for n in 0..15 {
            let query = format!("mutation {{ sessionLogin(input: {{ account: \"nobody-{n}\", password: \"x\" }}) {{ userErrors {{ code }} }} }}");
            let sent = http.post(format!("{}/graphql", server.address)).json(&json!({ "query": query })).send();
            assert!(sent.await.unwrap().status().is_success());
        }
        assert!(server.stop().success());
        let tx = app.county_read("000000").await;
        let lines = tx.from::<audit_entry::Entity>().all().await.unwrap();
        let failed = lines.iter().filter(|line| line.action == AuditAction::SessionLoginFailed);
        assert_eq!(failed.map(|line| line.detail["count"].as_u64().unwrap_or(1)).sum::<u64>(), 15);
    }
}
