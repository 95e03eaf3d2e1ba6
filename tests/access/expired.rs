//! A bearer that does not hold: it keeps nobody from what is for anybody, and shows nothing of whose it was.

use chrono::TimeDelta;
use entity::enums::Position;
use serde_json::json;

use super::staff::audited;
use super::*;
use crate::permissions::portal;
use crate::support::on_both_databases;
use crate::support::personas::HUOQIU;

const LOGOUT: &str =
    "mutation($token: String!) { sessionLogout(input: { refreshToken: $token }) { userErrors { code } } }";
const SUBMIT: &str = "mutation($input: SubmissionSubmitInput!) { submissionSubmit(input: $input) { receipt { code number } userErrors { code field } } }";

/// Sends something with a bearer and gives its data; fails on any error.
async fn data(app: &TestApp, bearer: &str, query: &str, variables: Value) -> Value {
    let (status, answer) = app.graphql(Some(bearer), query, variables).await;
    assert!(status == 200 && answer.get("errors").is_none(), "{query}: {status} {answer}");
    answer["data"].clone()
}

/// Whether something is refused as a whole for its bearer.
async fn turned_away(app: &TestApp, bearer: &str, query: &str, variables: Value) {
    let (status, answer) = app.graphql(Some(bearer), query, variables).await;
    assert_eq!((status, code(&answer)), (401, "UNAUTHENTICATED"), "{query}: {answer}");
    assert!(answer.get("data").is_none(), "{query}: {answer}");
}

/// Tokens of an officer that let nobody in, and a refresh token that is good: of a session that was left everywhere, of no
/// session at all, none, and one whose time is over.
async fn dead(app: &TestApp, staff: &Staff) -> ([String; 4], Pair) {
    let left = login(app, &staff.officer).await;
    let everywhere = "mutation { sessionLogoutEverywhere { userErrors { code } } }";
    data(app, &left.access, everywhere, json!({})).await;
    let pair = login(app, &staff.officer).await;
    assert_eq!(seen_as(app, &pair.access).await, "A1");
    app.app.clock.set(app.app.clock.now() + TimeDelta::minutes(11));
    let tokens = [left.access, "nonsense".to_owned(), String::new(), pair.access.clone()];
    (tokens, pair)
}

on_both_databases! {
    async fn it_keeps_nobody_from_what_is_for_anybody(app: TestApp) {
        let staff = Staff::of(&app).await;
        let (tokens, mut pair) = dead(&app, &staff).await;
        let variables = json!({ "account": staff.officer.login, "password": staff.officer.password });
        for token in &tokens {
            for query in [
                "{ serverTime passwordRules { minLength } receipt(code: \"XXXX-XXXX-XXXX-XXXX\") { number } }",
                "{ ...a } fragment a on Query { x: serverTime __typename }",
            ] {
                let (_, anonymous) = app.graphql(None, query, json!({})).await;
                assert_eq!(data(&app, token, query, json!({})).await, anonymous["data"]);
            }
            let entered = data(&app, token, LOGIN, variables.clone()).await;
            let other = Pair::of(&entered["sessionLogin"]);
            let left = data(&app, token, LOGOUT, json!({ "token": other.refresh })).await;
            assert_eq!(left["sessionLogout"]["userErrors"], json!([]));
            assert_eq!(seen_as(&app, &other.access).await, "UNAUTHENTICATED");
            let renewed = data(&app, token, REFRESH, json!({ "token": pair.refresh })).await;
            pair = Pair::of(&renewed["sessionRefresh"]);
            assert_eq!(seen_as(&app, &pair.access).await, "A1");
        }
    }

    async fn it_opens_nothing_else_and_shows_nothing_of_whose_it_was(app: TestApp) {
        let staff = Staff::of(&app).await;
        let (tokens, pair) = dead(&app, &staff).await;
        for token in &tokens {
            for query in [
                VIEWER,
                "{ serverTime viewer { name } }",
                "{ serverTime ...a } fragment a on Query { departments(first: 1) { totalCount } }",
                "{ serverTime ... @include(if: false) { viewer { name } } }",
                "{ __schema { queryType { name } } }",
                "mutation { sessionLogoutEverywhere { userErrors { code } } }",
            ] {
                turned_away(&app, token, query, json!({})).await;
            }
            let both = "mutation($token: String!) { sessionRefresh(input: { refreshToken: $token }) { accessToken } sessionLogoutEverywhere { userErrors { code } } }";
            turned_away(&app, token, both, json!({ "token": pair.refresh })).await;
            // Nobody is known, so nobody's session ends, and strangers write once in a request.
            let (_, answer) = app.graphql(Some(token), "mutation { sessionLogout(input: {}) { userErrors { code } } }", json!({})).await;
            assert_eq!(code(&answer), "UNAUTHENTICATED", "{answer}");
            let twice = "mutation($token: String!) { a: sessionRefresh(input: { refreshToken: $token }) { accessToken } b: sessionRefresh(input: { refreshToken: $token }) { accessToken } }";
            let (_, answer) = app.graphql(Some(token), twice, json!({ "token": pair.refresh })).await;
            assert_eq!(code(&answer), "QUERY_TOO_COMPLEX", "{answer}");
        }
        assert_eq!(audited(&app, "SESSION_LOGOUT").await, 0);
    }

    async fn a_citizen_writes_with_it_as_without_and_a_portal_is_told(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        let credential = portal(&app).await;
        let input = |key: &str| json!({ "input": {
            "to": { "county": "130803", "campaign": "MXGC-2020", "channel": "WEBSITE" },
            "title": "村口路灯不亮", "content": "已有半月。", "idempotencyKey": key,
        } });
        let signed_in = app.graphql(Some(&clerk.token), SUBMIT, input("while-signed-in")).await.1;
        assert_eq!(code(&signed_in), "FORBIDDEN", "{signed_in}");
        app.app.clock.set(app.app.clock.now() + TimeDelta::minutes(11));
        let made = data(&app, &clerk.token, SUBMIT, input("after-it-expired")).await;
        let receipt = &made["submissionSubmit"]["receipt"];
        assert!(receipt["code"].is_string(), "{made}");
        let query = "query($code: String!) { receipt(code: $code) { number title stage } }";
        let variables = json!({ "code": receipt["code"] });
        let (_, anonymous) = app.graphql(None, query, variables.clone()).await;
        assert_eq!(data(&app, &clerk.token, query, variables.clone()).await, anonymous["data"]);
        // A portal's citizens would land in another channel.
        let (name, secret) = credential.split_once('.').unwrap();
        let first = if secret.starts_with('A') { 'B' } else { 'A' };
        let wrong = format!("{name}.{first}{}", &secret[1..]);
        for (query, variables) in [(SUBMIT, input("with-a-wrong-credential")), (query, variables)] {
            turned_away(&app, &wrong, query, variables).await;
        }
    }

    /// As urql's `authExchange` and Apollo's links go about it: send, be told UNAUTHENTICATED, renew with the old bearer still
    /// attached, send again. `tests/clients/src/exchange.mjs` does the same with the clients themselves.
    async fn the_usual_exchange_survives_a_token_of_one_second(app: TestApp) {
        let app = app.with_token_life(TimeDelta::seconds(1)).await;
        let staff = Staff::of(&app).await;
        let mut pair = login(&app, &staff.officer).await;
        for _ in 0..5 {
            assert_eq!(seen_as(&app, &pair.access).await, "A1");
            app.app.clock.set(app.app.clock.now() + TimeDelta::seconds(3));
            turned_away(&app, &pair.access, VIEWER, json!({})).await;
            let renewed = data(&app, &pair.access, REFRESH, json!({ "token": pair.refresh })).await;
            pair = Pair::of(&renewed["sessionRefresh"]);
        }
        assert_eq!(seen_as(&app, &pair.access).await, "A1");
        assert_eq!(audited(&app, "SESSION_REUSE").await, 0);
    }
}
