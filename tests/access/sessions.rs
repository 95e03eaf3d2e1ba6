//! Signing in, renewing, switching and leaving.

use std::time::Duration;

use chrono::TimeDelta;
use entity::enums::Position;
use serde_json::json;

use super::staff::{account, audited, department, person};
use super::*;
use crate::support::on_both_databases;

const FORK: &str = "mutation($input: SessionForkInput!) {
    sessionFork(input: $input) { accessToken refreshToken userErrors { code field } viewer { department { code } } } }";

on_both_databases! {
    async fn whoever_knows_the_password_gets_in(app: TestApp) {
        let staff = Staff::of(&app).await;
        let answer = try_login(&app, &staff.head.login, &staff.head.password).await;
        let payload = &answer["data"]["sessionLogin"];
        assert_eq!(payload["userErrors"], json!([]));
        assert_eq!(payload["viewer"]["profile"], "COLLECTOR");
        assert_eq!(payload["viewer"]["department"]["code"], "A1");
        assert_eq!(payload["viewer"]["post"]["position"], "HEAD");
        let operations = payload["viewer"]["operations"].as_array().unwrap();
        assert!(operations.contains(&json!("OFFICER_MANAGE")) && !operations.contains(&json!("ACCOUNT_MANAGE")));
        assert_eq!(payload["accessExpiresAt"], "2022-03-16T09:40:00+08:00");
        assert_eq!(seen_as(&app, &Pair::of(payload).access).await, "A1");
        assert_eq!(audited(&app, "SESSION_LOGIN").await, 1);
        let typed = try_login(&app, " 999999-Ａ1-HEAD ", &staff.head.password).await;
        assert_eq!(typed["data"]["sessionLogin"]["viewer"]["department"]["code"], "A1", "{typed}");
    }

    async fn nobody_is_a_viewer_without_a_token(app: TestApp) {
        let (status, answer) = app.graphql(None, VIEWER, json!({})).await;
        assert_eq!((status, &answer), (200, &json!({ "data": { "viewer": null } })));
    }

    async fn every_way_to_be_wrong_is_one_answer(app: TestApp) {
        let staff = Staff::of(&app).await;
        let admin = login(&app, &staff.administrator).await;
        let id = account(&app, &admin, &staff.other_officer.login).await;
        act(&app, &admin.access, "accountDisable", "", json!({ "accountId": id })).await;
        let wrong = try_login(&app, &staff.officer.login, "not the password").await;
        let payload = &wrong["data"]["sessionLogin"];
        assert_eq!(payload["accessToken"], json!(null));
        assert_eq!(refusal(payload), refused("WRONG_CREDENTIALS", ""));
        for (login, password) in [
            ("nobody-here", "not the password"),
            ("", ""),
            (staff.other_officer.login.as_str(), staff.other_officer.password.as_str()),
        ] {
            assert_eq!(try_login(&app, login, password).await, wrong, "{login}");
        }
        // What no database stores is refused before anybody is looked up.
        assert_eq!(code(&try_login(&app, "a\u{0}b", "a\u{0}b").await), "BAD_USER_INPUT");
    }

    async fn an_unknown_name_costs_the_same_work_as_a_wrong_password(app: TestApp) {
        let staff = Staff::of(&app).await;
        let mut trips = Vec::new();
        for login in [staff.officer.login.as_str(), "nobody-here"] {
            let before = app.app.db.trips();
            try_login(&app, login, "not the password").await;
            tokio::time::sleep(Duration::from_millis(300)).await;
            trips.push(app.app.db.trips() - before);
        }
        assert_eq!(trips[0], trips[1], "{trips:?}");
        // Each has a line in a trail, which is written later.
        assert_eq!(audited(&app, "SESSION_LOGIN_FAILED").await, 2);
    }

    async fn a_guesser_has_to_wait_and_others_have_not(app: TestApp) {
        let staff = Staff::of(&app).await;
        for _ in 0..5 {
            try_login(&app, &staff.officer.login, "not the password").await;
        }
        let (_, answer) = app.graphql(None, LOGIN, json!({
            "account": staff.officer.login, "password": staff.officer.password,
        })).await;
        assert_eq!(code(&answer), "RATE_LIMITED", "{answer}");
        assert_eq!(answer["errors"][0]["extensions"]["retryAfter"], 1);
        login(&app, &staff.head).await;
        app.app.clock.set(app.app.clock.now() + TimeDelta::seconds(1));
        login(&app, &staff.officer).await;
    }

    async fn a_refresh_token_gives_the_next_pair(app: TestApp) {
        let staff = Staff::of(&app).await;
        let first = login(&app, &staff.officer).await;
        let second = Pair::of(&refresh(&app, &first.refresh).await);
        assert_ne!(first.refresh, second.refresh);
        let third = Pair::of(&refresh(&app, &second.refresh).await);
        assert_eq!(seen_as(&app, &third.access).await, "A1");
        app.app.clock.set(app.app.clock.now() + TimeDelta::minutes(11));
        assert_eq!(seen_as(&app, &third.access).await, "UNAUTHENTICATED");
        let fourth = Pair::of(&refresh(&app, &third.refresh).await);
        assert_eq!(seen_as(&app, &fourth.access).await, "A1");
        app.app.clock.set(app.app.clock.now() + TimeDelta::days(7));
        assert_eq!(refusal(&refresh(&app, &fourth.refresh).await), refused("SESSION_ENDED", ""));
    }

    async fn nonsense_renews_nothing(app: TestApp) {
        let staff = Staff::of(&app).await;
        let pair = login(&app, &staff.officer).await;
        let (_, rest) = pair.refresh.split_once('.').unwrap();
        for token in ["", "nonsense", &format!("130803.{rest}"), &pair.access] {
            assert_eq!(refusal(&refresh(&app, token).await), refused("SESSION_ENDED", ""), "{token}");
        }
        Pair::of(&refresh(&app, &pair.refresh).await);
    }

    async fn a_session_acts_in_one_post_at_a_time(app: TestApp) {
        let staff = Staff::of(&app).await;
        let admin = login(&app, &staff.administrator).await;
        let (id, a2) = (account(&app, &admin, "999999-a1-officer").await, department(&app, &admin, "A2").await);
        let grant = json!({ "accountId": id, "departmentId": a2, "position": "DEPUTY", "duty": "兼任" });
        let granted = act(&app, &admin.access, "postGrant", "account { posts { duty } }", grant).await;
        assert_eq!(granted["account"]["posts"], json!([{ "duty": "" }, { "duty": "兼任" }]), "{granted}");
        let answer = try_login(&app, "999999-a1-officer", &staff.officer.password).await;
        let payload = &answer["data"]["sessionLogin"];
        assert_eq!(payload["viewer"]["department"]["code"], "A1");
        let to = &payload["viewer"]["posts"][1];
        assert_eq!(to["department"]["code"], "A2");
        let pair = Pair::of(payload);
        let switched = act(&app, &pair.access, "sessionSwitch", "accessToken viewer { post { id } }", json!({ "postId": to["id"] })).await;
        assert_eq!(switched["viewer"]["post"]["id"], to["id"]);
        assert_eq!(seen_as(&app, &pair.access).await, "UNAUTHENTICATED");
        assert_eq!(seen_as(&app, switched["accessToken"].as_str().unwrap()).await, "A2");
        assert_eq!(refresh(&app, &pair.refresh).await["viewer"]["department"]["code"], "A2");
        assert_eq!(audited(&app, "SESSION_SWITCH").await, 1);
    }

    async fn a_second_window_acts_in_another_post_and_the_first_goes_on(app: TestApp) {
        let staff = Staff::of(&app).await;
        let admin = login(&app, &staff.administrator).await;
        let (id, a2) = (account(&app, &admin, "999999-a1-officer").await, department(&app, &admin, "A2").await);
        act(&app, &admin.access, "postGrant", "", json!({ "accountId": id, "departmentId": a2, "position": "OFFICER" })).await;
        let answer = try_login(&app, "999999-a1-officer", &staff.officer.password).await;
        let payload = &answer["data"]["sessionLogin"];
        let (first, to) = (Pair::of(payload), &payload["viewer"]["posts"][1]["id"]);
        let fork = async |bearer: Option<&str>, token: Option<&str>, post: &Value| {
            let input = json!({ "postId": post, "refreshToken": token });
            app.graphql(bearer, FORK, json!({ "input": input })).await.1
        };
        // The refresh token proves who asks; the bearer may be over.
        let answer = fork(Some("nonsense"), Some(&first.refresh), to).await;
        let beside = &answer["data"]["sessionFork"];
        assert_eq!(beside["viewer"]["department"]["code"], "A2", "{answer}");
        let second = Pair::of(beside);
        let stand = async || (seen_as(&app, &first.access).await, seen_as(&app, &second.access).await);
        assert_eq!(stand().await, ("A1".to_owned(), "A2".to_owned()));
        let renewed = [Pair::of(&refresh(&app, &first.refresh).await), Pair::of(&refresh(&app, &second.refresh).await)];
        assert_eq!((seen_as(&app, &renewed[0].access).await, seen_as(&app, &renewed[1].access).await), ("A1".to_owned(), "A2".to_owned()));
        assert_eq!(audited(&app, "SESSION_FORK").await, 1);
        // Neither stays longer than the sign-in allows.
        app.app.clock.set(app.app.clock.now() + TimeDelta::days(7));
        for pair in &renewed {
            assert_eq!(refusal(&refresh(&app, &pair.refresh).await), refused("SESSION_ENDED", ""));
        }
    }

    async fn nobody_forks_without_proof_or_into_a_strange_post(app: TestApp) {
        let staff = Staff::of(&app).await;
        let other = try_login(&app, &staff.other_officer.login, &staff.other_officer.password).await;
        let strange = &other["data"]["sessionLogin"]["viewer"]["post"]["id"];
        let answer = try_login(&app, &staff.officer.login, &staff.officer.password).await;
        let own = &answer["data"]["sessionLogin"]["viewer"]["post"]["id"];
        let pair = Pair::of(&answer["data"]["sessionLogin"]);
        let fork = async |token: Option<&str>, post: &Value| {
            let input = json!({ "postId": post, "refreshToken": token });
            app.graphql(Some(&pair.access), FORK, json!({ "input": input })).await.1
        };
        for post in [strange, &json!("nonsense")] {
            let answer = fork(Some(&pair.refresh), post).await;
            assert_eq!(refusal(&answer["data"]["sessionFork"]), refused("NOT_FOUND", "input.postId"), "{answer}");
        }
        let answer = fork(Some("nonsense"), own).await;
        assert_eq!(refusal(&answer["data"]["sessionFork"]), refused("SESSION_ENDED", ""), "{answer}");
        assert_eq!(code(&fork(None, own).await), "UNAUTHENTICATED", "an access token alone opens no session");
        // A token of an earlier turn ends the session here too.
        let second = Pair::of(&refresh(&app, &pair.refresh).await);
        assert_eq!(seen_as(&app, &second.access).await, "A1");
        app.app.clock.set(app.app.clock.now() + TimeDelta::minutes(1));
        let answer = fork(Some(&pair.refresh), own).await;
        assert_eq!(refusal(&answer["data"]["sessionFork"]), refused("SESSION_ENDED", ""), "{answer}");
        assert_eq!(seen_as(&app, &second.access).await, "UNAUTHENTICATED");
        assert_eq!(audited(&app, "SESSION_REUSE").await, 1);
        assert_eq!(audited(&app, "SESSION_FORK").await, 0);
    }

    async fn nobody_switches_to_a_post_of_somebody_else(app: TestApp) {
        let staff = Staff::of(&app).await;
        let other = try_login(&app, &staff.other_officer.login, &staff.other_officer.password).await;
        let post = &other["data"]["sessionLogin"]["viewer"]["post"]["id"];
        let pair = login(&app, &staff.officer).await;
        for id in [post, &json!("nonsense")] {
            let payload = act(&app, &pair.access, "sessionSwitch", "accessToken", json!({ "postId": id })).await;
            assert_eq!(refusal(&payload), refused("NOT_FOUND", "input.postId"));
        }
        assert_eq!(seen_as(&app, &pair.access).await, "A1");
    }

    async fn leaving_ends_the_session_at_once(app: TestApp) {
        let staff = Staff::of(&app).await;
        let (one, two) = (login(&app, &staff.officer).await, login(&app, &staff.officer).await);
        let left = act(&app, &one.access, "sessionLogout", "", json!({})).await;
        assert_eq!(left["userErrors"], json!([]));
        assert_eq!(seen_as(&app, &one.access).await, "UNAUTHENTICATED");
        assert_eq!(refusal(&refresh(&app, &one.refresh).await), refused("SESSION_ENDED", ""));
        assert_eq!(seen_as(&app, &two.access).await, "A1");
        for _ in 0..2 {
            let text = "mutation($t: String!) { sessionLogout(input: { refreshToken: $t }) { userErrors { code } } }";
            let answer = app.graphql(None, text, json!({ "t": two.refresh })).await.1;
            assert_eq!(answer["data"]["sessionLogout"]["userErrors"], json!([]), "{answer}");
        }
        assert_eq!(seen_as(&app, &two.access).await, "UNAUTHENTICATED");
        assert_eq!(audited(&app, "SESSION_LOGOUT").await, 2);
        let nobody = app.graphql(None, "mutation { sessionLogout(input: {}) { userErrors { code } } }", json!({})).await.1;
        assert_eq!(code(&nobody), "UNAUTHENTICATED");
    }

    async fn leaving_everywhere_ends_every_session_of_the_account_and_no_other(app: TestApp) {
        let staff = Staff::of(&app).await;
        let (one, two) = (login(&app, &staff.officer).await, login(&app, &staff.officer).await);
        let head = login(&app, &staff.head).await;
        let text = "mutation { sessionLogoutEverywhere { userErrors { code } } }";
        let answer = app.graphql(Some(&one.access), text, json!({})).await.1;
        assert_eq!(answer["data"]["sessionLogoutEverywhere"]["userErrors"], json!([]), "{answer}");
        for pair in [one, two] {
            assert_eq!(seen_as(&app, &pair.access).await, "UNAUTHENTICATED");
            assert_eq!(refusal(&refresh(&app, &pair.refresh).await), refused("SESSION_ENDED", ""));
        }
        assert_eq!(seen_as(&app, &head.access).await, "A1");
        assert_eq!(audited(&app, "SESSION_LOGOUT_EVERYWHERE").await, 1);
        login(&app, &staff.officer).await;
    }

    async fn the_first_post_is_the_first_by_department_and_rank(app: TestApp) {
        let staff = Staff::of(&app).await;
        let deputy = person(&app, "A3", "999999-a3-deputy", Position::Deputy).await;
        let admin = login(&app, &staff.administrator).await;
        let id = account(&app, &admin, "999999-a3-deputy").await;
        for (code, position) in [("A3", "OFFICER"), ("A2", "OFFICER"), ("A2", "DEPUTY")] {
            let department = department(&app, &admin, code).await;
            let input = json!({ "accountId": id, "departmentId": department, "position": position });
            act(&app, &admin.access, "postGrant", "", input).await;
        }
        let answer = try_login(&app, &deputy.login, &deputy.password).await;
        let viewer = &answer["data"]["sessionLogin"]["viewer"];
        assert_eq!((&viewer["department"]["code"], &viewer["post"]["position"]), (&json!("A2"), &json!("DEPUTY")));
        assert_eq!(viewer["posts"].as_array().map(Vec::len), Some(4));
    }
}
