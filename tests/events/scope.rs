//! Who is told what: each event is read anew by the one who subscribed.

use super::client::{Got, Live};
use super::*;
use crate::support::on_both_databases;
use crate::support::personas::SHUANGLUAN;

on_both_databases! {
    async fn a_change_is_told_to_those_who_see_it_and_to_nobody_else(app: TestApp) {
        let app = app.with_both_counties().await;
        let live = Live::start(&app.app).await;
        let (own, other) = (officer(&app, "T_HEKOU").await, officer(&app, "T_ZHOUJI").await);
        let leaders = officer(&app, "LEADING_GROUP").await;
        let abroad = app.persona(SHUANGLUAN, "LEADING_GROUP", Position::Officer).await;
        let clerk = officer(&app, "ADMINISTRATOR").await;
        let mut told = Vec::new();
        for who in [&own, &leaders] {
            told.push(live.subscribed(&who.token, CHANGED, json!({})).await);
        }
        let mut untold = Vec::new();
        for who in [&other, &abroad, &clerk] {
            untold.push(live.subscribed(&who.token, CHANGED, json!({})).await);
        }
        let id = enter(&app, &own, "村口路灯不亮").await;
        for socket in &mut told {
            let submission = json!({ "id": id, "title": "村口路灯不亮", "version": 1 });
            let told = json!({ "kind": "CHANGED", "submission": submission });
            assert_eq!(socket.result().await, json!({ "data": { "submissionChanged": told } }));
        }
        enter(&app, &other, "水管漏水").await;
        assert_eq!(told[1].result().await["data"]["submissionChanged"]["submission"]["title"], "水管漏水");
        assert_eq!(untold[0].result().await["data"]["submissionChanged"]["submission"]["title"], "水管漏水");
        told[0].assert_silent().await;
        for socket in &mut untold {
            socket.assert_silent().await;
        }
    }

    async fn an_event_shows_the_row_as_it_stands_with_what_hangs_on_it(app: TestApp) {
        let app = app.with_both_counties().await;
        let live = Live::start(&app.app).await;
        let own = officer(&app, "T_HEKOU").await;
        let id = enter(&app, &own, "村口路灯不亮").await;
        let document = "subscription { submissionChanged { kind submission { title version records { action } permissions { canEdit } } } }";
        let mut socket = live.subscribed(&own.token, document, json!({})).await;
        for version in 1..4_usize {
            let edit = "mutation ($input: SubmissionEditInput!) { submissionEdit(input: $input) { userErrors { message } } }";
            let title = format!("路灯第{version}次");
            let input = json!({ "submissionId": id, "expectedVersion": version, "title": title });
            let done = app.data(&own, edit, json!({ "input": input })).await;
            assert_eq!(done["submissionEdit"]["userErrors"], json!([]), "{done}");
            let event = socket.result().await;
            let submission = &event["data"]["submissionChanged"]["submission"];
            assert_eq!((&submission["title"], &submission["version"]), (&json!(title), &json!(version + 1)), "{event}");
            assert_eq!(submission["records"].as_array().map(Vec::len), Some(version + 1), "{event}");
            assert_eq!(submission["permissions"]["canEdit"], true, "{event}");
        }
    }

    async fn only_the_streams_that_were_asked_for_are_told(app: TestApp) {
        let app = app.with_both_counties().await;
        let live = Live::start(&app.app).await;
        let (one, other) = (officer(&app, "T_HEKOU").await, officer(&app, "T_ZHOUJI").await);
        let leaders = officer(&app, "LEADING_GROUP").await;
        let data = app.data(&one, "{ campaigns { streams { id } } }", json!({})).await;
        let document = "subscription ($ids: [ID!]) { submissionChanged(streamIds: $ids) { kind submission { title } } }";
        let streams: Vec<Value> = data["campaigns"][0]["streams"].as_array().unwrap().iter()
            .map(|stream| stream["id"].clone()).collect();
        let mut socket = live.subscribed(&leaders.token, document, json!({ "ids": streams })).await;
        enter(&app, &other, "水管漏水").await;
        enter(&app, &one, "村口路灯不亮").await;
        assert_eq!(socket.result().await["data"]["submissionChanged"]["submission"]["title"], "村口路灯不亮");
    }

    async fn whoever_is_revoked_is_told_nothing_more_and_closed_4403(app: TestApp) {
        let app = app.with_both_counties().await;
        let live = Live::start(&app.app).await;
        let admin = officer(&app, "ADMINISTRATOR").await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Head).await;
        let disabled = officer(&app, "T_HEKOU").await;
        let mut socket = live.subscribed(&disabled.token, CHANGED, json!({})).await;
        enter(&app, &clerk, "村口路灯不亮").await;
        socket.result().await;
        let accounts = app.data(&admin, "{ accounts(first: 100) { nodes { id login } } }", json!({})).await;
        let account = accounts["accounts"]["nodes"].as_array().unwrap().iter()
            .find(|account| account["login"] == disabled.login.as_str()).unwrap();
        let disable = "mutation ($input: AccountDisableInput!) { accountDisable(input: $input) { userErrors { code } } }";
        app.data(&admin, disable, json!({ "input": { "accountId": account["id"] } })).await;
        enter(&app, &clerk, "水管漏水").await;
        assert_eq!(socket.next().await, Got::Closed(4403));
    }

    async fn whoever_signs_out_everywhere_or_loses_the_post_is_closed_4403(app: TestApp) {
        let app = app.with_both_counties().await;
        let live = Live::start(&app.app).await;
        let admin = officer(&app, "ADMINISTRATOR").await;
        let (leaving, moved) = (officer(&app, "T_HEKOU").await, app.persona(HUOQIU, "T_HEKOU", Position::Deputy).await);
        let mut sockets = vec![
            live.subscribed(&leaving.token, CHANGED, json!({})).await,
            live.subscribed(&moved.token, CHANGED, json!({})).await,
        ];
        let viewer = app.data(&moved, "{ viewer { post { id } } }", json!({})).await;
        app.data(&leaving, "mutation { sessionLogoutEverywhere { userErrors { code } } }", json!({})).await;
        let revoke = "mutation ($input: PostRevokeInput!) { postRevoke(input: $input) { userErrors { code } } }";
        let input = json!({ "postId": viewer["viewer"]["post"]["id"] });
        let revoked = app.data(&admin, revoke, json!({ "input": input })).await;
        assert_eq!(revoked["postRevoke"]["userErrors"], json!([]));
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Head).await;
        enter(&app, &clerk, "水管漏水").await;
        for socket in &mut sockets {
            assert_eq!(socket.next().await, Got::Closed(4403));
        }
    }

    async fn more_than_fifty_at_once_are_told_by_the_overview_alone(app: TestApp) {
        let app = app.with_both_counties().await;
        let live = Live::start(&app.app).await;
        let (clerk, leaders) = (officer(&app, "T_HEKOU").await, officer(&app, "LEADING_GROUP").await);
        for n in 0..51 {
            enter(&app, &clerk, &format!("第{n:02}件")).await;
        }
        let id = campaign(&app, &leaders).await;
        let mut changes = live.subscribed(&leaders.token, CHANGED, json!({})).await;
        let mut figures = live.subscribed(&leaders.token, OVERVIEW, json!({ "id": id })).await;
        assert_eq!(touch_all(&app, HUOQIU).await, 51);
        assert_eq!(figures.result().await["data"]["overviewChanged"]["overview"]["total"]["received"], 51);
        changes.assert_silent().await;
        enter(&app, &clerk, "水管漏水").await;
        assert_eq!(changes.result().await["data"]["submissionChanged"]["submission"]["title"], "水管漏水");
    }

    async fn what_is_rolled_back_is_not_told(app: TestApp) {
        let app = app.with_both_counties().await;
        let live = Live::start(&app.app).await;
        let clerk = officer(&app, "T_HEKOU").await;
        let mut socket = live.subscribed(&clerk.token, CHANGED, json!({})).await;
        enter(&app, &clerk, "村口路灯不亮").await;
        socket.result().await;
        let operator = system::operator(code(HUOQIU));
        let tx = app.app.db.begin_write(&operator).await.unwrap();
        let changes = vec![(entity::submission::Column::Beneficiaries, 7.into())];
        let everything = minsheng::db::Predicate::everything();
        assert_eq!(tx.update::<entity::submission::Entity>(everything, changes).await.unwrap(), 1);
        drop(tx);
        socket.assert_silent().await;
    }

    async fn a_portal_that_is_revoked_is_closed_4403_though_nothing_happens(app: TestApp) {
        let app = app.with_both_counties().await;
        let live = Live::start(&app.app).await;
        let admin = officer(&app, "ADMINISTRATOR").await;
        let token = crate::permissions::portal(&app).await;
        let mut socket = live.socket(Some(&token)).await;
        let list = app.data(&admin, "{ portalClients { nodes { id } } }", json!({})).await;
        let revoke = "mutation ($input: ClientRevokeInput!) { clientRevoke(input: $input) { userErrors { code } } }";
        let input = json!({ "clientId": list["portalClients"]["nodes"][0]["id"] });
        let done = app.data(&admin, revoke, json!({ "input": input })).await;
        assert_eq!(done["clientRevoke"]["userErrors"], json!([]));
        let begun = std::time::Instant::now();
        assert_eq!(socket.next().await, Got::Closed(4403));
        assert!(begun.elapsed() < std::time::Duration::from_secs(4), "{:?}", begun.elapsed());
    }

    async fn a_portal_whose_last_day_is_over_is_closed_4403(app: TestApp) {
        let app = app.with_both_counties().await;
        let live = Live::start(&app.app).await;
        let token = crate::permissions::portal(&app).await;
        let mut socket = live.socket(Some(&token)).await;
        app.app.clock.set(app.app.clock.now() + chrono::TimeDelta::days(367));
        assert_eq!(socket.next().await, Got::Closed(4403));
    }

    async fn an_assignment_is_told_with_the_name_to_colleagues_alone(app: TestApp) {
        let app = app.with_both_counties().await;
        let live = Live::start(&app.app).await;
        let head = app.persona(HUOQIU, "T_HEKOU", Position::Head).await;
        let (own, other, leaders) = (officer(&app, "T_HEKOU").await, officer(&app, "T_ZHOUJI").await, officer(&app, "LEADING_GROUP").await);
        let id = enter(&app, &own, "村口路灯不亮").await;
        let accounts = app.data(&head, "{ accounts(first: 100) { nodes { id login } } }", json!({})).await["accounts"]["nodes"].clone();
        let clerk = accounts.as_array().unwrap().iter().find(|account| account["login"] == own.login.as_str()).unwrap()["id"].clone();
        let document = "subscription { submissionChanged { kind submission { version assignee isMine } } }";
        let mut colleague = live.subscribed(&own.token, document, json!({})).await;
        let mut leader = live.subscribed(&leaders.token, document, json!({})).await;
        let mut silent = live.subscribed(&other.token, document, json!({})).await;
        let rows = json!([{ "submissionId": id, "expectedVersion": 1, "accountId": clerk }]);
        let done = crate::decision::done(&app, &head, "submissionsAssign", "taken", json!({ "rows": rows })).await;
        assert_eq!(done["taken"], 1);
        let told = colleague.result().await["data"]["submissionChanged"]["submission"].clone();
        assert_eq!(told, json!({ "version": 2, "assignee": "测试账号", "isMine": true }));
        let told = leader.result().await["data"]["submissionChanged"]["submission"].clone();
        assert_eq!(told, json!({ "version": 2, "assignee": "", "isMine": false }));
        silent.assert_silent().await;
    }
}
