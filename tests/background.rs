//! What a server does by itself, for every county and for as long as it serves.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use entity::enums::Position;
use entity::{idempotency, session, tally_delta};
use minsheng::app::counties::counties;
use minsheng::audit;
use minsheng::background::Background;
use minsheng::jobs;
use serde_json::json;

use crate::support::personas::{HUOQIU, SHUANGLUAN};
use crate::support::records::{RECORD, code};
use crate::support::{TestApp, on_both_databases};

/// How many changes wait to be folded, keys are remembered, and sessions are kept in a county.
async fn left(app: &TestApp, county: &str) -> (u64, u64, u64) {
    let tx = app.county_read(county).await;
    (
        tx.from::<tally_delta::Entity>().count().await.unwrap(),
        tx.from::<idempotency::Entity>().count().await.unwrap(),
        tx.from::<session::Entity>().count().await.unwrap(),
    )
}

async fn unsealed(app: &TestApp, county: &str) -> u64 {
    let verified = audit::verify(&app.app, &code(county), &[]).await.unwrap();
    verified.unsealed_tail
}

/// Two servers' rounds until nothing waits any more.
async fn rounds(app: &TestApp) {
    let servers = [0, 1].map(|_| Background::start(Arc::clone(&app.app), jobs::all()));
    let idle = async || {
        let mut waiting = 0;
        for county in [HUOQIU, SHUANGLUAN] {
            waiting += left(app, county).await.0 + unsealed(app, county).await;
        }
        waiting == 0
    };
    for _ in 0..200 {
        if idle().await {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for server in servers {
        server.stop().await;
    }
    assert!(idle().await, "something still waits");
}

on_both_databases! {
    async fn the_doorkeeper_knows_every_county_and_nobody_else_does(app: TestApp) {
        let app = app.with_both_counties().await;
        assert_eq!(counties(&app.app).await.unwrap(), [code(SHUANGLUAN), code(HUOQIU)]);
        let tx = app.county_read(HUOQIU).await;
        let own = tx.from::<entity::county::Entity>().all().await.unwrap();
        assert_eq!(own.into_iter().map(|county| county.code).collect::<Vec<_>>(), [code(HUOQIU)]);
    }

    async fn rollups_are_folded_lines_are_sealed_and_what_has_expired_is_forgotten(app: TestApp) {
        let app = app.with_both_counties().await;
        for (county, department) in [(HUOQIU, "T_HEKOU"), (SHUANGLUAN, "STS_TOWN")] {
            let clerk = app.persona(county, department, Position::Officer).await;
            let input = json!({
                "idempotencyKey": "of-the-first-day", "channelId": app.channel_id(&clerk, "HOUSEHOLD_VISIT").await,
                "title": "村口路灯不亮", "content": "已有半月。",
            });
            let data = app.data(&clerk, RECORD, json!({ "input": input })).await;
            assert_eq!(data["submissionRecord"]["userErrors"], json!([]));
            let (waiting, keys, sessions) = left(&app, county).await;
            assert!(waiting > 0 && keys == 1 && sessions == 1);
        }
        rounds(&app).await;
        for county in [HUOQIU, SHUANGLUAN] {
            assert_eq!(left(&app, county).await, (0, 1, 1));
            app.assert_tally_is_right(county).await;
            app.assert_trail_holds(county).await;
        }
        app.app.clock.set(app.app.clock.now() + TimeDelta::days(60));
        let other = app.persona(HUOQIU, "T_ZHOUJI", Position::Officer).await;
        rounds(&app).await;
        assert_eq!(left(&app, HUOQIU).await, (0, 0, 1), "{} has just signed in", other.login);
    }
}
