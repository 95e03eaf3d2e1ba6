//! That an agenda may have changed: told without anything of what changed, within the county alone.

use super::client::Live;
use super::*;
use crate::support::on_both_databases;
use crate::support::personas::SHUANGLUAN;

const AGENDA: &str = "subscription { agendaChanged { kind } }";

on_both_databases! {
    async fn whatever_people_work_by_is_told_in_its_county_and_what_the_program_keeps_is_not(app: TestApp) {
        let app = app.with_both_counties().await;
        let live = Live::start(&app.app).await;
        let (own, other) = (officer(&app, "T_HEKOU").await, officer(&app, "T_ZHOUJI").await);
        let abroad = app.persona(SHUANGLUAN, "STS_TOWN", Position::Officer).await;
        // The first suggestion of a department also makes the counters of its numbers.
        for clerk in [&own, &other] {
            enter(&app, clerk, &format!("{}的第一件", clerk.department)).await;
        }
        let mut socket = live.subscribed(&own.token, AGENDA, json!({})).await;
        let mut silent = live.subscribed(&abroad.token, AGENDA, json!({})).await;
        let mut suggestions = live.subscribed(&own.token, CHANGED, json!({})).await;
        let changed = json!({ "data": { "agendaChanged": { "kind": "CHANGED" } } });
        let campaign = campaign(&app, &own).await;
        let task = json!({ "idempotencyKey": "agenda-event-1", "campaignId": campaign, "text": "召开座谈会", "owner": "副书记乙" });
        let made = crate::decision::done(&app, &own, "taskCreate", "task { id }", task).await["task"]["id"].clone();
        assert_eq!(socket.result().await, changed);
        let step = json!({ "taskId": made, "expectedVersion": 1, "progress": 100, "state": "DONE", "note": "" });
        crate::decision::done(&app, &own, "taskProgress", "task { id }", step).await;
        assert_eq!(socket.result().await, changed);
        // Signing in changes sessions and nothing that anybody owes; neither do another's suggestions.
        officer(&app, "T_LINSHUI").await;
        enter(&app, &other, "水管漏水").await;
        socket.assert_silent().await;
        enter(&app, &own, "村口路灯不亮").await;
        assert_eq!(socket.result().await, changed);
        assert_eq!(suggestions.result().await["data"]["submissionChanged"]["submission"]["title"], "村口路灯不亮", "of tasks it tells nothing");
        suggestions.assert_silent().await;
        silent.assert_silent().await;
    }

    async fn a_portal_is_told_nothing(app: TestApp) {
        let app = app.with_both_counties().await;
        let live = Live::start(&app.app).await;
        let mut socket = live.socket(Some(&crate::permissions::portal(&app).await)).await;
        socket.begin("1", AGENDA, json!({})).await;
        assert_eq!(crate::support::code(&socket.result().await), "FORBIDDEN");
    }

    async fn many_changes_are_told_together(app: TestApp) {
        let app = app.with_both_counties().await;
        let live = Live::start(&app.app).await;
        let own = officer(&app, "T_HEKOU").await;
        let campaign = campaign(&app, &own).await;
        let mut socket = live.subscribed(&own.token, AGENDA, json!({})).await;
        for n in 0..20 {
            let task = json!({ "idempotencyKey": format!("agenda-event-{n:02}"), "campaignId": campaign, "text": "召开座谈会", "owner": "" });
            crate::decision::done(&app, &own, "taskCreate", "task { id }", task).await;
        }
        let mut told = 0;
        while tokio::time::timeout(std::time::Duration::from_millis(1_500), socket.result()).await.is_ok() {
            told += 1;
        }
        assert!((1..10).contains(&told), "{told} events");
    }
}
