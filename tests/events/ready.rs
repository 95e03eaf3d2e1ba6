//! Subscribe, wait for READY, then read: a change is in the list or among the events, whenever it was committed.

use std::sync::Arc;
use std::time::Duration;

use super::client::Live;
use super::listening::listening_slowly;
use super::*;
use crate::support::{Backend, on_both_databases};

/// Titles that somebody's list holds.
const LIST: &str = "{ submissions(first: 100) { nodes { title } } }";

/// The titles of a list that is read over the socket after its subscription is ready.
async fn listed(app: &TestApp, clerk: &Persona) -> Vec<String> {
    let data = app.data(clerk, LIST, json!({})).await;
    let nodes = data["submissions"]["nodes"].as_array().unwrap().iter();
    nodes.map(|node| node["title"].as_str().unwrap().to_owned()).collect()
}

/// Subscribes as the clerk while another task enters a suggestion, and looks for it as a client would.
async fn one_try(app: &Arc<TestApp>, live: &Live, clerk: &Arc<Persona>, n: u64) {
    let title = format!("第{n:03}件");
    let entering = {
        let (app, clerk, title) = (Arc::clone(app), Arc::clone(clerk), title.clone());
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_micros(n % 12 * 700)).await;
            enter(&app, &clerk, &title).await;
        })
    };
    let mut socket = live.subscribed(&clerk.token, CHANGED, json!({})).await;
    if !listed(app, clerk).await.contains(&title) {
        // Waits for eight seconds and fails then: what is not in the list must be told.
        let told = socket.result().await["data"]["submissionChanged"].clone();
        assert_eq!(told["submission"]["title"], json!(title), "{told}");
    }
    entering.await.unwrap();
}

on_both_databases! {
    async fn nothing_is_lost_between_ready_and_the_list(app: TestApp) {
        let app = Arc::new(app.with_both_counties().await);
        let live = Live::start(&app.app).await;
        let clerk = Arc::new(officer(&app, "T_HEKOU").await);
        for n in 0..60 {
            one_try(&app, &live, &clerk, n).await;
        }
    }

    async fn figures_are_told_as_they_stand_once_the_subscription_has_begun(app: TestApp) {
        let app = app.with_both_counties().await;
        let live = Live::start(&app.app).await;
        let leaders = officer(&app, "LEADING_GROUP").await;
        let clerk = officer(&app, "T_HEKOU").await;
        let id = campaign(&app, &leaders).await;
        // Others watch already, so that an older snapshot is at hand.
        let mut earlier = live.subscribed(&leaders.token, OVERVIEW, json!({ "id": id })).await;
        enter(&app, &clerk, "村口路灯不亮").await;
        earlier.result().await;
        let mut socket = live.socket(Some(&leaders.token)).await;
        socket.begin("1", OVERVIEW, json!({ "id": id })).await;
        let told = socket.result().await["data"]["overviewChanged"].clone();
        assert_eq!((&told["kind"], &told["overview"]["total"]["received"]), (&json!("READY"), &json!(1)));
        enter(&app, &clerk, "水管漏水").await;
        let told = socket.result().await["data"]["overviewChanged"].clone();
        assert_eq!((&told["kind"], &told["overview"]["total"]["received"]), (&json!("CHANGED"), &json!(2)));
    }
}

/// The way of the one that listens takes half a second: whoever was told too early is told nothing of what follows.
#[tokio::test]
async fn a_server_is_ready_only_when_it_hears_what_others_commit() {
    let app = TestApp::start(Backend::Postgres).await;
    let app = app.with_both_counties().await;
    let clerk = officer(&app, "T_HEKOU").await;
    let (slow, _way) = listening_slowly(&app.database, Duration::from_millis(500)).await;
    let other = app.another_on(slow).await;
    let live = Live::start(&other).await;
    let mut socket = live.subscribed(&clerk.token, CHANGED, json!({})).await;
    enter(&app, &clerk, "另一服务器的一件").await;
    let told = socket.result().await["data"]["submissionChanged"].clone();
    assert_eq!(told["submission"]["title"], json!("另一服务器的一件"), "{told}");
}
