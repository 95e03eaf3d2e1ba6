//! More than one server, a connection that breaks, and the end of a server.

use std::time::Duration;

use super::client::{Got, Live};
use super::*;
use crate::support::backend::run;
use crate::support::{Backend, on_both_databases, postgres};

on_both_databases! {
    async fn a_server_that_ends_closes_its_sockets_with_1001(app: TestApp) {
        let app = app.with_both_counties().await;
        let mut live = Live::start(&app.app).await;
        let clerk = officer(&app, "T_HEKOU").await;
        let mut busy = live.subscribed(&clerk.token, CHANGED, json!({})).await;
        let mut idle = live.socket(None).await;
        let mut fresh = live.connect().await;
        live.stop();
        for socket in [&mut busy, &mut idle, &mut fresh] {
            assert_eq!(socket.next().await, Got::Closed(1001));
        }
        drop((busy, idle, fresh));
        let ended = tokio::time::timeout(Duration::from_secs(5), &mut live.ended).await;
        ended.unwrap().unwrap().unwrap();
    }
}

#[tokio::test]
async fn two_servers_on_one_postgres_pass_changes_to_each_other() {
    let app = TestApp::start(Backend::Postgres).await.with_both_counties().await;
    let other = app.another().await;
    let (here, there) = (Live::start(&app.app).await, Live::start(&other).await);
    let clerk = officer(&app, "T_HEKOU").await;
    let mut sockets = [
        here.subscribed(&clerk.token, CHANGED, json!({})).await,
        there.subscribed(&clerk.token, CHANGED, json!({})).await,
    ];
    let id = enter(&app, &clerk, "村口路灯不亮").await;
    for socket in &mut sockets {
        assert_eq!(socket.result().await["data"]["submissionChanged"]["submission"]["id"], id);
        socket.assert_silent().await;
    }
}

#[tokio::test]
async fn after_a_broken_connection_subscribers_are_told_to_read_anew() {
    let app = TestApp::start(Backend::Postgres).await.with_both_counties().await;
    let live = Live::start(&app.app).await;
    let clerk = officer(&app, "T_HEKOU").await;
    let id = campaign(&app, &clerk).await;
    let mut changes = live.subscribed(&clerk.token, CHANGED, json!({})).await;
    let mut figures = live.subscribed(&clerk.token, OVERVIEW, json!({ "id": id })).await;
    let name = app.database.name().unwrap();
    let cut = format!(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}' AND query LIKE 'LISTEN%'"
    );
    run(&postgres::superuser_url(postgres::MAINTENANCE_DATABASE), &cut).await;
    let lagged = json!({ "data": { "submissionChanged": { "kind": "LAGGED", "submission": null } } });
    assert_eq!(changes.result().await, lagged);
    let moved = figures.result().await["data"]["overviewChanged"].clone();
    assert_eq!((&moved["kind"], &moved["overview"]["total"]["received"]), (&json!("LAGGED"), &json!(0)));
    enter(&app, &clerk, "村口路灯不亮").await;
    assert_eq!(changes.result().await["data"]["submissionChanged"]["submission"]["title"], "村口路灯不亮");
}
