//! Wrong passwords by a stranger: they make the stranger wait, and nobody where the account is known.

use axum::body::Body;
use chrono::TimeDelta;
use minsheng::http::HttpSettings;

use super::*;
use crate::support::{on_both_databases, post};

/// Signs in from an address; the code of the answer or of its refusal, empty when let in.
async fn knock(app: &TestApp, from: &str, account: &str, password: &str) -> String {
    let variables = json!({ "account": account, "password": password });
    let body = json!({ "query": LOGIN, "variables": variables }).to_string();
    let request = post().header("x-forwarded-for", from).body(Body::from(body));
    let (_, _, text) = app.send(request.unwrap()).await;
    let answer: Value = serde_json::from_str(&text).unwrap();
    let refusal = &answer["data"]["sessionLogin"]["userErrors"][0]["code"];
    let told = refusal.as_str().unwrap_or_else(|| code(&answer));
    told.to_owned()
}

/// Wrong passwords from an address until it has to wait; how many were looked at.
async fn guess(app: &TestApp, from: &str, account: &str) -> usize {
    let mut guesses = 0;
    while knock(app, from, account, &format!("wrong-{guesses}-xx")).await == "WRONG_CREDENTIALS" {
        guesses += 1;
    }
    guesses
}

fn behind_a_proxy(app: TestApp) -> TestApp {
    app.behind(HttpSettings {
        trusted_proxies: vec!["127.0.0.1".parse().unwrap()],
        ..HttpSettings::default()
    })
}

const HOME: &str = "192.0.2.9";

on_both_databases! {
    async fn a_stranger_locks_nobody_out_elsewhere(app: TestApp) {
        let app = behind_a_proxy(app);
        let Staff { officer, .. } = Staff::of(&app).await;
        assert_eq!(guess(&app, "198.51.100.1", &officer.login).await, 5);
        // Also where the account has never been: one address does not use up what all share.
        assert_eq!(knock(&app, HOME, &officer.login, &officer.password).await, "");
        // An attack by one address for an hour, at each moment that it is let.
        for _ in 0..360 {
            app.app.clock.set(app.app.clock.now() + TimeDelta::seconds(10));
            guess(&app, "198.51.100.1", &officer.login).await;
        }
        assert_eq!(knock(&app, HOME, &officer.login, &officer.password).await, "");
        assert_eq!(knock(&app, "203.0.113.5", &officer.login, &officer.password).await, "");
    }

    async fn many_strangers_lock_nobody_out_where_the_account_is_known(app: TestApp) {
        let app = behind_a_proxy(app);
        let Staff { officer, head, .. } = Staff::of(&app).await;
        assert_eq!(knock(&app, HOME, &officer.login, &officer.password).await, "");
        let mut guesses = 0;
        for last in 1..=40 {
            guesses += guess(&app, &format!("198.51.100.{last}"), &officer.login).await;
        }
        assert_eq!(guesses, 20, "all strangers together");
        assert_eq!(knock(&app, "203.0.113.5", &officer.login, &officer.password).await, "RATE_LIMITED");
        for _ in 0..10 {
            assert_eq!(knock(&app, HOME, &officer.login, &officer.password).await, "");
        }
        // The owner's sign-in gives the strangers no new tries.
        assert_eq!(knock(&app, "198.51.100.41", &officer.login, "wrong").await, "RATE_LIMITED");
        assert_eq!(knock(&app, "203.0.113.5", &head.login, &head.password).await, "");
        // A network is known for thirty days, also by a server that has just been started.
        app.app.clock.set(app.app.clock.now() + TimeDelta::days(29));
        for last in 1..=40 {
            guess(&app, &format!("198.51.100.{last}"), &officer.login).await;
        }
        assert_eq!(knock(&app, HOME, &officer.login, &officer.password).await, "");
        app.app.clock.set(app.app.clock.now() + TimeDelta::days(31));
        for last in 1..=40 {
            guess(&app, &format!("198.51.100.{last}"), &officer.login).await;
        }
        assert_eq!(knock(&app, HOME, &officer.login, &officer.password).await, "RATE_LIMITED");
    }

    async fn at_a_known_address_guesses_are_few_too(app: TestApp) {
        let app = behind_a_proxy(app);
        let Staff { officer, .. } = Staff::of(&app).await;
        assert_eq!(knock(&app, HOME, &officer.login, &officer.password).await, "");
        assert_eq!(guess(&app, HOME, &officer.login).await, 5);
        assert_eq!(knock(&app, HOME, &officer.login, &officer.password).await, "RATE_LIMITED");
    }

    async fn refused_attempts_at_accounts_are_charged_to_the_address(app: TestApp) {
        let app = behind_a_proxy(app);
        let Staff { officer, head, .. } = Staff::of(&app).await;
        for _ in 0..30 {
            knock(&app, "198.51.100.1", &officer.login, "wrong").await;
        }
        assert_eq!(knock(&app, "198.51.100.1", &head.login, &head.password).await, "RATE_LIMITED");
        assert_eq!(knock(&app, HOME, &head.login, &head.password).await, "");
    }

    async fn strangers_do_not_keep_anybody_from_changing_the_password(app: TestApp) {
        let app = behind_a_proxy(app);
        let Staff { officer, .. } = Staff::of(&app).await;
        let pair = login(&app, &officer).await;
        for last in 1..=40 {
            guess(&app, &format!("198.51.100.{last}"), &officer.login).await;
        }
        let input = json!({ "currentPassword": officer.password, "newPassword": "tide lamp orchard 7" });
        let changed = act(&app, &pair.access, "passwordChange", "accessToken", input).await;
        assert_eq!(changed["userErrors"], json!([]), "{changed}");
    }
}
