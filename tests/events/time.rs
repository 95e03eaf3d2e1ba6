//! What time ends and what it slows.

use std::time::{Duration, Instant};

use chrono::TimeDelta;

use super::client::{Got, Live};
use super::*;
use crate::support::on_both_databases;

on_both_databases! {
    async fn a_token_that_expires_closes_4403(app: TestApp) {
        let app = app.with_both_counties().await;
        let live = Live::start(&app.app).await;
        let clerk = officer(&app, "T_HEKOU").await;
        let mut socket = live.subscribed(&clerk.token, CHANGED, json!({})).await;
        app.app.clock.set(app.app.clock.now() + TimeDelta::hours(2));
        assert_eq!(socket.next().await, Got::Closed(4403));
    }

    async fn figures_are_told_at_most_once_a_second_and_after_the_last_change(app: TestApp) {
        let app = app.with_both_counties().await;
        let live = Live::start(&app.app).await;
        let (clerk, leaders) = (officer(&app, "T_HEKOU").await, officer(&app, "LEADING_GROUP").await);
        let outsider = officer(&app, "T_ZHOUJI").await;
        let id = campaign(&app, &leaders).await;
        let mut socket = live.subscribed(&leaders.token, OVERVIEW, json!({ "id": id })).await;
        let mut unmoved = live.subscribed(&outsider.token, OVERVIEW, json!({ "id": id })).await;
        let (start, mut told, mut entered) = (Instant::now(), Vec::new(), 0);
        while start.elapsed() < Duration::from_millis(2_500) {
            app.app.clock.set(app.app.clock.now() + TimeDelta::seconds(1));
            enter(&app, &clerk, &format!("第{entered:03}件")).await;
            entered += 1;
        }
        let last = app.app.clock.now();
        while told.last() != Some(&json!(entered)) {
            let event = socket.result().await;
            told.push(event["data"]["overviewChanged"]["overview"]["total"]["received"].clone());
            let as_of = event["data"]["overviewChanged"]["overview"]["asOf"].as_str().unwrap().to_owned();
            assert!(as_of.parse::<chrono::DateTime<chrono::Utc>>().unwrap() <= last);
        }
        let seconds = usize::try_from(start.elapsed().as_secs()).unwrap();
        assert!((2..=seconds + 2).contains(&told.len()), "{told:?} in {seconds} s of {entered} changes");
        socket.assert_silent().await;
        unmoved.assert_silent().await;
    }

    async fn a_campaign_that_is_not_there_or_not_ones_own_is_one_answer(app: TestApp) {
        let app = app.with_both_counties().await;
        let live = Live::start(&app.app).await;
        let clerk = officer(&app, "T_HEKOU").await;
        let abroad = app.persona(crate::support::personas::SHUANGLUAN, "LEADING_GROUP", Position::Officer).await;
        let mut socket = live.socket(Some(&clerk.token)).await;
        let mut answers = Vec::new();
        for id in [campaign(&app, &abroad).await, json!("nonsense")] {
            socket.begin("1", OVERVIEW, json!({ "id": id })).await;
            answers.push(socket.result().await);
            assert_eq!(socket.next().await, Got::Message(json!({ "type": "complete", "id": "1" })));
        }
        assert_eq!(crate::support::code(&answers[0]), "BAD_USER_INPUT");
        assert_eq!(answers[0], answers[1]);
    }
}
