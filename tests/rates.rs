//! How often one may write: without signing in by address and county, an account, a portal and its citizens. Each rate is
//! met and broken, and what is refused leaves nothing behind.

use std::time::Instant;

use axum::body::Body;
use entity::enums::Position;
use minsheng::http::HttpSettings;
use minsheng::limits::rates::{Rate, RatePlan};
use serde_json::{Value, json};

use crate::permissions::portal;
use crate::support::personas::{HUOQIU, SHUANGLUAN};
use crate::support::records::RECORD;
use crate::support::{TestApp, code, on_both_databases, post};

const SUBMIT: &str = "mutation ($input: SubmissionSubmitInput!) { submissionSubmit(input: $input) { receipt { code } userErrors { code } } }";
const LOOK_UP: &str = "query ($code: String!) { receipt(code: $code) { number } }";

/// A server that believes this machine's word about whom it speaks for.
fn behind_a_proxy(app: TestApp) -> TestApp {
    app.behind(HttpSettings {
        trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()],
        ..HttpSettings::default()
    })
}

/// One request with headers of its own; status, seconds to wait, answer.
async fn sent(
    app: &TestApp,
    headers: &[(&str, &str)],
    query: &str,
    variables: Value,
) -> (u16, Option<u64>, Value) {
    let mut request = post().header("accept", "application/graphql-response+json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let body = json!({ "query": query, "variables": variables }).to_string();
    let (status, headers, text) = app.send(request.body(Body::from(body)).unwrap()).await;
    let wait = headers.get("retry-after");
    let wait = wait.map(|wait| wait.to_str().unwrap().parse().unwrap());
    (status.as_u16(), wait, serde_json::from_str(&text).unwrap())
}

fn suggestion(county: &str, key: &str) -> Value {
    let (campaign, channel) = match county {
        HUOQIU => ("MSQT-2022", "WEBSITE"),
        _ => ("MXGC-2020", "WEBSITE"),
    };
    json!({ "input": {
        "idempotencyKey": format!("key-of-{key}"), "to": { "county": county, "campaign": campaign, "channel": channel },
        "title": "村口路灯不亮", "content": format!("已有半月，请尽快修好。{key}"),
    } })
}

/// A suggestion from an address; its code when it is refused.
async fn submit(app: &TestApp, from: &str, county: &str, key: &str) -> String {
    let headers = [("x-forwarded-for", from)];
    let (status, wait, answer) = sent(app, &headers, SUBMIT, suggestion(county, key)).await;
    let code = code(&answer).to_owned();
    assert_eq!(wait.is_some(), code == "RATE_LIMITED", "{answer}");
    assert_eq!(status, if code == "RATE_LIMITED" { 429 } else { 200 }, "{answer}");
    if code.is_empty() {
        assert!(answer["data"]["submissionSubmit"]["receipt"]["code"].is_string(), "{answer}");
    } else {
        assert_eq!(answer["errors"][0]["extensions"]["retryAfter"], json!(wait.unwrap()));
    }
    code
}

fn plan(change: impl FnOnce(&mut RatePlan)) -> RatePlan {
    let mut plan = RatePlan::default();
    change(&mut plan);
    plan
}

on_both_databases! {
    async fn one_address_submits_thirty_at_once_and_others_go_on(app: TestApp) {
        let app = behind_a_proxy(app.with_both_counties().await);
        let begin = Instant::now();
        let mut taken = 0;
        while submit(&app, "2001:db8::7", HUOQIU, &format!("flood-{taken}")).await.is_empty() {
            taken += 1;
            assert!(taken <= 60, "nothing bounds it");
        }
        // One more for each six seconds that the test itself took.
        let more = usize::try_from(begin.elapsed().as_secs() / 6).unwrap() + 1;
        assert!((30..=30 + more).contains(&taken), "{taken}");
        assert_eq!(submit(&app, "2001:db8::8", HUOQIU, "same-network").await, "RATE_LIMITED");
        assert_eq!(submit(&app, "2001:db8:0:1::7", HUOQIU, "other-network").await, "");
        assert_eq!(submit(&app, "192.0.2.7", HUOQIU, "other-address").await, "");
        assert_eq!(app.submissions(HUOQIU).await.len(), taken + 2, "what was refused left nothing");
    }

    async fn one_anonymous_write_a_request_however_it_is_written(app: TestApp) {
        let app = app.with_both_counties().await;
        let one = |alias: &str| {
            let to = format!(r#"{{ county: "{HUOQIU}", campaign: "MSQT-2022", channel: "WEBSITE" }}"#);
            format!(r#"{alias}: submissionSubmit(input: {{ to: {to}, title: "村口路灯不亮", content: "已有半月。", idempotencyKey: "key-of-{alias}" }}) {{ userErrors {{ code }} }}"#)
        };
        for many in [
            format!("mutation {{ {} {} }}", one("a1"), one("a2")),
            format!("mutation {{ {} ... {{ {} }} }}", one("a1"), one("a2")),
            format!("mutation {{ {} ...f }} fragment f on Mutation {{ {} }}", one("a1"), one("a2")),
            format!("mutation {{ {} sessionLogin(input: {{ account: \"nobody\", password: \"wrong\" }}) {{ accessToken }} }}", one("a1")),
        ] {
            let (_, answer) = app.graphql(None, &many, json!({})).await;
            assert_eq!((code(&answer), answer.get("data")), ("QUERY_TOO_COMPLEX", None), "{answer}");
        }
        assert_eq!(app.submissions(HUOQIU).await.len(), 0);
        let single = format!("mutation {{ __typename {} }}", one("a1"));
        let (_, answer) = app.graphql(None, &single, json!({})).await;
        assert_eq!(answer["data"]["a1"]["userErrors"], json!([]), "{answer}");
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let leave = "sessionLogout(input: {}) { userErrors { code } }";
        let several = format!("mutation {{ a: {leave} b: {leave} }}");
        let (_, answer) = app.graphql(Some(&clerk.token), &several, json!({})).await;
        assert_ne!(code(&answer), "QUERY_TOO_COMPLEX", "who has signed in may write several: {answer}");
    }

    async fn a_county_takes_so_many_from_everywhere_and_what_it_refuses_costs_it_nothing(app: TestApp) {
        let rates = plan(|plan| plan.submissions_of_county = Rate::new(3, 1));
        let app = behind_a_proxy(app.with_both_counties().await.with_rates(rates).await);
        let nowhere = json!({ "input": { "idempotencyKey": "nowhere-1", "title": "无", "content": "无",
            "to": { "county": HUOQIU, "campaign": "NONE", "channel": "WEBSITE" } } });
        for _ in 0..5 {
            let refused = sent(&app, &[], SUBMIT, nowhere.clone()).await.2;
            assert_eq!(refused["data"]["submissionSubmit"]["userErrors"][0]["code"], "NOT_FOUND", "{refused}");
        }
        for n in 0..3 {
            assert_eq!(submit(&app, &format!("192.0.2.{n}"), HUOQIU, &n.to_string()).await, "");
        }
        assert_eq!(submit(&app, "192.0.2.1", HUOQIU, "1").await, "", "what was sent before is no new one");
        assert_eq!(submit(&app, "192.0.2.9", HUOQIU, "9").await, "RATE_LIMITED");
        assert_eq!(app.submissions(HUOQIU).await.len(), 3);
        // The other county's campaign is over on this day: it is asked, and says so.
        let elsewhere = sent(&app, &[], SUBMIT, suggestion(SHUANGLUAN, "elsewhere")).await.2;
        assert_eq!(code(&elsewhere), "", "{elsewhere}");
    }

    async fn an_account_writes_so_often_and_reads_on(app: TestApp) {
        let rates = plan(|plan| plan.writes_of_account = Rate::new(5, 1));
        let app = app.with_both_counties().await.with_rates(rates).await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let channel = app.channel_id(&clerk, "HOUSEHOLD_VISIT").await;
        let enter = async |who: &str, n: u32| {
            let input = json!({ "input": { "idempotencyKey": format!("entry-of-{n}"), "channelId": channel,
                "title": "村口路灯不亮", "content": "已有半月，请尽快修好。" } });
            let (_, answer) = app.graphql(Some(who), RECORD, input).await;
            let refused = answer["data"]["submissionRecord"]["userErrors"][0]["code"].as_str();
            refused.unwrap_or(code(&answer)).to_owned()
        };
        for n in 0..3 {
            assert_eq!(enter(&clerk.token, n).await, "");
        }
        let logout = "sessionRefresh(input: {}) { userErrors { code } }";
        let three = format!("mutation {{ a: {logout} b: {logout} c: {logout} }}");
        let (status, answer) = app.graphql(Some(&clerk.token), &three, json!({})).await;
        assert_eq!((status, code(&answer)), (429, "RATE_LIMITED"), "three where two are left: {answer}");
        assert_eq!([enter(&clerk.token, 3).await, enter(&clerk.token, 4).await, enter(&clerk.token, 5).await], ["", "", "RATE_LIMITED"]);
        let own = app.data(&clerk, "{ submissions { totalCount } }", json!({})).await;
        assert_eq!(own["submissions"]["totalCount"], 5);
        let other = app.persona(HUOQIU, "T_CHENGGUAN", Position::Officer).await;
        assert_eq!(enter(&other.token, 0).await, "", "another goes on");
    }

    async fn the_citizens_of_a_portal_do_not_share_one_throttle(app: TestApp) {
        let rates = plan(|plan| plan.submissions_of_address = Rate::new(2, 1));
        let app = app.with_both_counties().await.with_rates(rates).await;
        let bearer = format!("Bearer {}", portal(&app).await);
        let asked = async |citizen: &str, query: &str, variables: Value| {
            let headers = [("authorization", &*bearer), ("minsheng-citizen", citizen)];
            let (_, _, answer) = sent(&app, &headers, query, variables).await;
            code(&answer).to_owned()
        };
        let guess = |n: u32| json!({ "code": format!("0000-0000-0000-{n:04}") });
        let mut tries = 0;
        while asked("one", LOOK_UP, guess(tries)).await.is_empty() {
            tries += 1;
            assert!(tries <= 20, "nothing bounds it");
        }
        assert_eq!(tries, 10);
        assert_eq!(asked("one", LOOK_UP, guess(90)).await, "RATE_LIMITED");
        assert_eq!(asked("other", LOOK_UP, guess(91)).await, "", "another citizen looks on");
        let input = |key: &str| {
            let mut input = suggestion(HUOQIU, key);
            input["input"]["to"] = Value::Null;
            input
        };
        for (citizen, key, wanted) in [("one", "p1", ""), ("one", "p2", ""), ("one", "p3", "RATE_LIMITED"), ("other", "p4", "")] {
            assert_eq!(asked(citizen, SUBMIT, input(key)).await, wanted, "{key}");
        }
        assert_eq!(app.submissions(HUOQIU).await.len(), 3);
    }

    async fn a_stranger_neither_learns_of_a_key_nor_makes_it_useless(app: TestApp) {
        let app = behind_a_proxy(app.with_both_counties().await);
        let receipt = async |from: &str, key: &str, title: &str| {
            let mut input = suggestion(HUOQIU, key);
            input["input"]["title"] = json!(title);
            let (_, _, answer) = sent(&app, &[("x-forwarded-for", from)], SUBMIT, input).await;
            let code = answer["data"]["submissionSubmit"]["receipt"]["code"].as_str();
            code.unwrap_or_else(|| panic!("{answer}")).to_owned()
        };
        let squatted = receipt("192.0.2.66", "mine", "占用他人的键").await;
        let own = receipt("192.0.2.1", "mine", "村口路灯不亮").await;
        assert_ne!(own, squatted);
        assert_eq!(receipt("192.0.2.1", "mine", "村口路灯不亮").await, own, "sent twice is one");
        assert_eq!(receipt("198.51.100.1", "mine", "村口路灯不亮").await, own, "also from another network");
        assert_eq!(app.submissions(HUOQIU).await.len(), 2);
    }
}

on_both_databases! {
    async fn only_a_portal_names_a_citizen_and_only_so(app: TestApp) {
        let app = app.with_both_counties().await;
        let clerk = app.persona(HUOQIU, "T_HEKOU", Position::Officer).await;
        let portal = portal(&app).await;
        let long = "x".repeat(129);
        for (token, mark, wanted) in [
            (Some(&*portal), "a-7", (200, "")),
            (Some(&*portal), "", (400, "BAD_USER_INPUT")),
            (Some(&*portal), "two words", (400, "BAD_USER_INPUT")),
            (Some(&*portal), &long, (400, "BAD_USER_INPUT")),
            (Some(&*clerk.token), "a-7", (400, "BAD_USER_INPUT")),
            (None, "a-7", (400, "BAD_USER_INPUT")),
        ] {
            let bearer = token.map(|token| format!("Bearer {token}"));
            let mut headers = vec![("minsheng-citizen", mark)];
            headers.extend(bearer.iter().map(|bearer| ("authorization", &**bearer)));
            let (status, _, answer) = sent(&app, &headers, "{ serverTime }", json!({})).await;
            assert_eq!((status, code(&answer)), wanted, "{mark:?}: {answer}");
            if status == 400 {
                let message = answer["errors"][0]["message"].as_str().unwrap();
                assert!(message.contains("Minsheng-Citizen"), "{message}");
            }
        }
    }
}
